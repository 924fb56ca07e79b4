"""Days: one order for the whole column, never guessed row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duesdesk.domain.errors import WrongUsage
from duesdesk.services.imports.dates import Moment, check_pattern, clock, days, moments
from duesdesk.services.imports.problems import Faults, Problem

MADRID = ZoneInfo("Europe/Madrid")


def read(column: Sequence[object], pattern: str = "") -> tuple[list[str | None], dict[int, str]]:
    faults = Faults()
    found = days(column, "due_on", faults, pattern=pattern, zone=MADRID)
    return found, {row: fault.problem.code for row, fault in faults}


@pytest.mark.parametrize(
    "text", ["2026-03-04", "2026/3/4", "2026.03.04", "20260304", " 2026-03-04 ", "2026-03-04 00:00:00"]
)
def test_days_that_begin_with_the_year_are_read(text: str) -> None:
    assert read([text, ""]) == (["2026-03-04", None], {})


def test_one_day_that_can_be_read_one_way_tells_how_all_are_read() -> None:
    assert read(["03/04/2026", "25/03/2026"])[0] == ["2026-04-03", "2026-03-25"]
    assert read(["03/04/2026", "03/25/2026"])[0] == ["2026-03-04", "2026-03-25"]


def test_dotted_days_begin_with_the_day() -> None:
    assert read(["03.04.2026", "3.4.2026"])[0] == ["2026-04-03", "2026-04-03"]


def test_nothing_is_guessed_where_nothing_tells() -> None:
    found, codes = read(["03/04/2026", "05/05/2026", "2026-01-02"])
    assert found == [None, "2026-05-05", "2026-01-02"]
    assert codes == {0: "import-date-order-unclear"}
    assert read(["03/04/2026"], "%d/%m/%Y")[0] == ["2026-04-03"]
    assert read(["03/04/2026"], "%m/%d/%Y")[0] == ["2026-03-04"]


def test_a_column_that_contradicts_itself_loses_what_is_unusual_or_unclear() -> None:
    found, codes = read(["25/03/2026", "26/03/2026", "03/27/2026", "03/04/2026", "07/07/2026"])
    assert found == ["2026-03-25", "2026-03-26", None, None, None]
    assert set(codes.values()) == {"import-date-order-mixed"}
    assert read(["25/03/2026", "03/27/2026"])[0] == [None, None]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31/02/2026", "impossible"),
        ("2026-02-30", "impossible"),
        ("29.02.2025", "impossible"),
        ("2026-13-01", "impossible"),
        ("32/01/2026", "impossible"),
        ("00/05/2026", "impossible"),
        ("13/13/2026", "impossible"),
        ("0000-01-01", "impossible"),
        ("1799-01-01", "far"),
        ("9999-12-31", "far"),
        ("25/12/26", "short-year"),
        ("soon", "unreadable"),
        ("2026-3", "unreadable"),
        ("46000", "unreadable"),
        ("2026-01-01x", "unreadable"),
        ("٢٠٢٦-٠١-٠١", "unreadable"),
        ("1/2/3/4", "unreadable"),
        ("25/03-2026", "unreadable"),
        ("2026-01-01 25:00", None),
    ],
)
def test_days_that_are_none_are_rejected_alone(text: str, code: str | None) -> None:
    found, codes = read([text, "25/03/2026", "2026-02-28"])
    assert found == [None, "2026-03-25", "2026-02-28"]
    assert codes == {0: f"import-date-{code}" if code else "import-time-unreadable"}


def test_a_pattern_that_was_asked_for_is_kept_to() -> None:
    found, codes = read(["1/15/2013", "15/1/2013", "2013-01-15", "1/15/2013 0:00"], "%m/%d/%Y")
    assert found == ["2013-01-15", None, None, "2013-01-15"]
    assert set(codes.values()) == {"import-date-not-as-asked"}
    assert read(["25/12/26"], "%d/%m/%y")[0] == ["2026-12-25"]


@pytest.mark.parametrize("pattern", ["dmy", "%H:%M", "%d/%m", "%Q", "%", "%d/%d/%Y"])
def test_a_pattern_that_tells_no_day_is_wrong_usage(pattern: str) -> None:
    with pytest.raises(WrongUsage):
        check_pattern(pattern)


def test_days_of_a_spreadsheet_are_taken_as_they_are_and_numbers_are_none() -> None:
    found, codes = read(
        [date(2026, 3, 4), datetime.fromisoformat("2026-03-04 18:00"), Decimal(46000), time(18, 0), "25/03/2026"]
    )
    assert found == ["2026-03-04", "2026-03-04", None, None, "2026-03-25"]
    assert set(codes) == {2, 3}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-09-04T18:00", ("2026-09-04", "18:00")),
        ("2026-09-04 18:00:59", ("2026-09-04", "18:00")),
        ("2026-09-04T16:00:00Z", ("2026-09-04", "18:00")),
        ("2026-09-04T23:30:00+00:00", ("2026-09-05", "01:30")),
        ("2026-09-04 6:05 PM", ("2026-09-04", "18:05")),
        ("25/09/2026 12:15 am", ("2026-09-25", "00:15")),
        ("2026-09-04", ("2026-09-04", "")),
    ],
)
def test_times_are_the_wall_clock_of_the_centre(text: str, moment: tuple[str, str]) -> None:
    faults = Faults()
    assert moments([text], "starts_at", faults, zone=MADRID) == [Moment(*moment)]
    assert not len(faults)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("18:00", "18:00"),
        ("8:05", "08:05"),
        ("18.30", "18:30"),
        ("18h", "18:00"),
        ("18h30", "18:30"),
        ("6 PM", "18:00"),
        ("6:15 p.m.", "18:15"),
        ("18:00-19:00", "18:00"),
        ("18:00:00", "18:00"),
        ("00:00", "00:00"),
    ],
)
def test_times_of_day_are_read(text: str, told: str) -> None:
    assert clock(text) == told


@pytest.mark.parametrize("text", ["18", "25:00", "18:60", "13 PM", "0 PM", "noon", "18:0", "-1:00", "18:00x"])
def test_times_that_are_none_are_rejected(text: str) -> None:
    assert isinstance(clock(text), Problem)


REAL = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(
    st.lists(REAL, min_size=1, max_size=12),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]),
)
def test_a_day_is_itself_or_is_asked_about_never_another(written: list[date], way: str) -> None:
    found, _ = read([day.strftime(way) for day in written])
    assert all(value in (day.isoformat(), None) for value, day in zip(found, written, strict=True))
    assert read([day.strftime(way) for day in written], way) == ([day.isoformat() for day in written], {})


@given(st.lists(REAL, min_size=1, max_size=12), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_a_day_after_the_twelfth_makes_the_whole_column_clear(written: list[date], way: str) -> None:
    clear = date(2026, 3, 31)
    column = [*written, clear]
    assert read([day.strftime(way) for day in column])[0] == [day.isoformat() for day in column]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=6), st.booleans())
def test_any_text_is_a_day_blank_or_rejected(texts: list[str], asked: bool) -> None:
    found, codes = read(texts, "%d/%m/%Y" if asked else "")
    for row, (text, value) in enumerate(zip(texts, found, strict=True)):
        assert (value is None) == (row in codes or not text.strip())
        assert value is None or date.fromisoformat(value) > date(1900, 1, 1) - timedelta(days=1)
