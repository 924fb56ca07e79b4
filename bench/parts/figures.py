"""The Dashboard's figures with its first page, the full list with ageing, and the same for a past day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bench import book, raw
from bench.running import Run, size
from bench.stores import Store
from bench.table import Figure, in_turn

PART = "figures"
PAST_DAYS = 100


def measure(run: Run) -> Iterator[Figure]:
    """On every size."""
    for made in run.stores.values():
        yield from _figures(run, made)


def _figures(run: Run, made: Store) -> Iterator[Figure]:
    desk, bare = made.desk(), raw.connect(made.raw)
    past = book.TODAY - timedelta(days=PAST_DAYS)
    today_values, past_values = raw.days(book.TODAY), raw.days(past)

    def first_page() -> None:
        summary = desk.dashboard.summary()
        desk.dashboard.people(total=summary.of("EUR").debtors)

    def bare_page() -> None:
        bare.execute(raw.HEADLINE).fetchall()
        bare.execute(raw.FIRST_PAGE, today_values).fetchall()

    page, floor = in_turn(run.rounds, first_page, bare_page)
    yield Figure(PART, "figures and first page, CPU", size(made), page.cpu_ms, "ms", floor.cpu_ms, "raw", most=10)
    rounds = max(3, run.rounds // 2)
    for what, report, sql, values in (
        ("all who owe, CPU", lambda: desk.reports.read("unpaid", scope="open"), raw.DEBTORS, today_values),
        ("all who owe with ageing, CPU", lambda: desk.reports.read("ageing"), raw.AGEING, today_values),
        (
            f"the same {PAST_DAYS} days ago, CPU",
            lambda: desk.reports.read("ageing", as_of=past),
            raw.AGEING_COMPUTED,
            past_values,
        ),
    ):
        ours, floor = in_turn(rounds, report, lambda sql=sql, values=values: bare.execute(sql, values).fetchall())
        yield Figure(PART, what, size(made), ours.cpu_ms, "ms", floor.cpu_ms, "raw", most_ratio=1.3)
    desk.close()
    bare.close()
