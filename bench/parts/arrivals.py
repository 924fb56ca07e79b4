"""Who comes today, and what they owe: the page of CRM Daily."""

from __future__ import annotations

from collections.abc import Iterator

from bench import book, raw
from bench.running import Run, size
from bench.table import Figure, in_turn
from duesdesk.domain.arrivals import UNPAID

PART = "arrivals"
MOST_MS = {10_000: 5.0, 100_000: 40.0}
SHOWN = 30
"""Rows of two lines on the tallest terminal."""


def measure(run: Run) -> Iterator[Figure]:
    """On every size; the floor tells only who owes, ours everybody who comes, with what is known of them."""
    for made in run.stores.values():
        desk, bare = made.desk(), raw.connect(made.raw)
        values = raw.days(book.TODAY)

        def page() -> None:
            # All sections with their counts, and in full those who are seen first.
            _ = tuple(desk.daily.page().arrivals[:SHOWN])  # noqa: B023  # called within this round

        def owing() -> None:
            _ = tuple(desk.daily.page().section(UNPAID))  # noqa: B023  # called within this round

        ours, whole, floor = in_turn(
            run.rounds, page, owing, lambda bare=bare, values=values: bare.execute(raw.ARRIVALS, values).fetchall()
        )
        desk.close()
        bare.close()
        most = MOST_MS.get(made.members)
        yield Figure(PART, "page of today, CPU", size(made), ours.cpu_ms, "ms", floor.cpu_ms, "raw", most=most)
        yield Figure(PART, "all who come and owe, CPU", size(made), whole.cpu_ms, "ms", floor.cpu_ms, "raw")
