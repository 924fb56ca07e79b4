"""Whatever a book holds, a forecast loses no minor unit, invents none, and knows nothing of later days."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from duesdesk.domain.forecast.courses import Befell, Course, Settled, at, settlings
from duesdesk.domain.forecast.expected import PLANNED, PROMISED, Agreed, Outlook, bounds_of
from duesdesk.domain.forecast.opened import OpenBook

# A short stretch with few days, payers and amounts: invoices that are alike, and enough of them that habits are known.
FIRST, LAST = 738_000, 738_070
DAYS = st.integers(FIRST, LAST)
STARTS = st.sampled_from(range(FIRST, LAST, 10))
CURRENCIES = st.sampled_from(("EUR", "EUR", "JPY"))
PAYERS = st.integers(1, 4)
KINDS = st.sampled_from(("disputed", "undisputed", "due_moved", "voided", "restored"))


@st.composite
def course(draw: st.DrawFn, invoice_id: int) -> Course:
    start, total = draw(STARTS), draw(st.sampled_from((0, 1, 7, 100, 3_333, 5_000)))
    due = draw(st.sampled_from((start, start + 10, start + 20, None)))
    moves: list[tuple[int, int, bool]] = []
    if draw(st.booleans()):
        moves.append((start + draw(st.integers(0, 30)), total, True))
    else:
        rest = total
        for day in sorted(draw(st.lists(st.integers(start, LAST + 30), max_size=3))):
            # Part of what is open is paid, or some of what lies on it is taken back.
            minor = draw(st.integers(-(total - rest), rest))
            if minor:
                moves.append((day, minor, draw(st.booleans())))
                rest -= minor
    befell: list[Befell] = []
    if draw(st.integers(0, 5)) == 0:
        days = sorted(draw(st.lists(st.integers(start, LAST + 30), max_size=2)))
        befell = [Befell(day, draw(KINDS), draw(st.one_of(st.none(), DAYS))) for day in days]
    return Course(invoice_id, draw(PAYERS), draw(CURRENCIES), start, due, total, 0, tuple(moves), tuple(befell))


@st.composite
def books(draw: st.DrawFn) -> list[Course]:
    return [draw(course(number)) for number in range(1, draw(st.integers(2, 40)))]


AGREED = st.lists(
    st.builds(
        Agreed,
        st.sampled_from((PROMISED, PLANNED)),
        PAYERS,
        CURRENCIES,
        st.integers(FIRST, LAST + 60),
        st.integers(1, 9_000),
        st.one_of(st.none(), st.integers(1, 40)),
    ),
    max_size=4,
)


def settled_in(courses: list[Course]) -> dict[int, list[Settled]]:
    found: dict[int, list[Settled]] = {}
    for one in courses:
        for day, settled in settlings(one):
            found.setdefault(day, []).append(settled)
    return found


def outlook(courses: list[Course], agreed: list[Agreed], days: list[int], weeks: int) -> Outlook:
    """On the last of these days, the book having gone from one to the next."""
    book = OpenBook(courses, settled_in(courses))
    for day in days:
        book.to(day)
    return Outlook(book, agreed, days[-1], bounds_of(days[-1], weeks))


@settings(max_examples=150, deadline=None)
@given(books(), AGREED, DAYS, st.integers(1, 12))
def test_every_open_minor_unit_stands_in_one_week_or_in_later(
    courses: list[Course], agreed: list[Agreed], day: int, weeks: int
) -> None:
    seen = outlook(courses, agreed, [day], weeks)
    opened = {item.invoice_id: item for one in courses if (item := at(one, day)) is not None}
    whole: Counter[str] = Counter()
    for item in opened.values():
        whole[item.currency] += item.open_minor
    sums = seen.sums()
    assert {currency: sum(sum(week.values()) for week in places) for currency, places in sums.items()} == whole
    assert all(minor > 0 for places in sums.values() for week in places for minor in week.values())
    by_invoice: Counter[int] = Counter()
    by_place: Counter[tuple[str, int, str]] = Counter()
    for item, part in seen.rows():
        assert part.minor > 0
        assert item == opened[item.invoice_id]
        by_invoice[item.invoice_id] += part.minor
        by_place[item.currency, part.place, part.source] += part.minor
    assert by_invoice == Counter({identity: item.open_minor for identity, item in opened.items()})
    assert by_place == Counter(
        {
            (currency, place, source): minor
            for currency, places in sums.items()
            for place, week in enumerate(places)
            for source, minor in week.items()
        }
    )


@settings(max_examples=150, deadline=None)
@given(books(), AGREED, DAYS)
def test_nothing_dated_later_changes_what_was_expected(courses: list[Course], agreed: list[Agreed], day: int) -> None:
    known = [
        one._replace(
            moves=tuple(move for move in one.moves if move[0] <= day),
            befell=tuple(befell for befell in one.befell if befell.day <= day),
        )
        for one in courses
        if one.start <= day
    ]
    assert outlook(courses, agreed, [day], 8).sums() == outlook(known, agreed, [day], 8).sums()


@settings(max_examples=50, deadline=None)
@given(books(), AGREED, st.lists(DAYS, min_size=1, max_size=4), DAYS)
def test_a_book_that_went_from_day_to_day_is_the_book_of_its_last_day(
    courses: list[Course], agreed: list[Agreed], days: list[int], day: int
) -> None:
    last = max(*days, day)
    gone = outlook(courses, agreed, [*sorted(days), last], 8)
    once = outlook(courses, agreed, [last], 8)
    assert gone.book.cells == once.book.cells
    assert gone.sums() == once.sums()
