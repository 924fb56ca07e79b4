"""What the law of a place forbids: the packs that are shipped, and the strictest of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duesdesk import config
from duesdesk.domain.collection import packs
from duesdesk.domain.collection.packs import Law, Pack, strictest
from duesdesk.domain.errors import BadInput
from duesdesk.domain.hours import WeekHours, common, parse_hours

HOUSE = parse_hours("Mon-Fri 09:00-19:00, Sat 09:00-14:00")
ALWAYS = parse_hours("always")
HOLIDAY = date(2026, 10, 12)


def shipped(code: str) -> Pack:
    return packs.parse((config.data_folder() / "packs" / f"{code}.toml").read_text(encoding="utf-8"))


def is_holiday(day: date) -> bool:
    return day == HOLIDAY


@pytest.mark.parametrize("code", packs.CODES)
def test_every_shipped_pack_is_dated_has_its_sources_and_no_early_or_late_hour(code: str) -> None:
    pack = shipped(code)
    # A pack whose figures changed is named by the day it was read again.
    assert pack.code == code
    assert pack.version in (f"{code}-2026-11", f"{code}-{pack.reviewed_on}")
    assert pack.reviewed_on == date(2026, 11, 27)
    assert len(pack.sources) >= 3
    assert pack.barred_days is not None
    assert "whatsapp" in pack.opt_in
    assert all(8 * 60 <= span.first < span.end <= 21 * 60 for span in pack.hours.spans)


def test_a_debt_is_left_to_a_person_from_the_shortest_age_at_which_it_may_be_barred_there() -> None:
    years = {code: (shipped(code).barred_days or 0) / 365 for code in packs.CODES}
    assert years == {"br": 5, "es": 3, "eu": 2, "it": 5, "pt": 5, "ro": 1, "uk": 5, "us": 2}
    for code in packs.CODES:
        (told,) = [one for one in shipped(code).sources if one.startswith("Age of a debt")]
        assert "2026-11-27" in told, told


def test_every_pack_in_the_folder_is_known_and_each_country_has_one() -> None:
    assert tuple(sorted(path.stem for path in (config.data_folder() / "packs").glob("*.toml"))) == packs.CODES
    assert (packs.pack_code("gb"), packs.pack_code("ES"), packs.pack_code("FR"), packs.pack_code(None)) == (
        "uk", "es", "eu", "eu",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("version =", "# version ="),
        ('hours = "Mon-Sun 08:00-21:00"', 'hours = "at night"'),
        ("barred_days = 1095", "barred_days = 0"),
        ("on_holidays = true", 'on_holidays = "yes"'),
        ("reviewed_on = 2026-11-27", 'reviewed_on = "lately"'),
        ("sources = [", "sources = ["[:-1]),
    ],
)
def test_a_damaged_pack_is_refused(was: str, now: str) -> None:
    text = (config.data_folder() / "packs" / "es.toml").read_text(encoding="utf-8")
    assert was in text
    with pytest.raises(BadInput) as refused:
        packs.parse(text.replace(was, now))
    assert refused.value.code == "pack-damaged"


def test_the_strictest_of_centre_member_and_house_wins() -> None:
    spain, brazil, states = shipped("es"), shipped("br"), shipped("us")
    law = strictest([spain, brazil], HOUSE, 3)
    assert law.max_per_week == 3
    assert strictest([spain, states], HOUSE, 9).max_per_week == 7
    assert law.barred_days == 1095
    assert strictest([spain, states], HOUSE, 3).barred_days == 730
    assert law.version == "es-2026-11-27+br-2026-11"
    assert strictest([states], HOUSE, 3).opt_in == {"sms", "whatsapp"}
    saturday = datetime(2026, 10, 10, 14, 30)  # noqa: DTZ001  # a wall clock
    assert not law.allows(saturday, is_holiday)
    assert strictest([spain], ALWAYS, 3).allows(saturday, is_holiday)
    assert not strictest([brazil], ALWAYS, 3).allows(saturday, is_holiday)


def test_a_house_that_writes_always_keeps_the_hard_hours_and_rests_on_holidays_only_where_the_law_says_so() -> None:
    spain, brazil = strictest([shipped("es")], ALWAYS, 3), strictest([shipped("br")], ALWAYS, 3)
    noon, night = datetime(2026, 10, 12, 12), datetime(2026, 10, 12, 22)  # noqa: DTZ001  # wall clocks
    assert spain.allows(noon, is_holiday)
    assert not spain.allows(night, is_holiday)
    assert not brazil.allows(noon, is_holiday)
    assert not strictest([shipped("es")], HOUSE, 3).allows(noon, is_holiday)


def test_hours_that_have_nothing_in_common_are_never() -> None:
    law = strictest([shipped("br")], parse_hours("Sun 10:00-12:00"), 3)
    assert law.hours is None
    assert not law.is_open(date(2026, 10, 11), is_holiday)
    assert law.next_allowed(datetime(2026, 10, 11, 11, tzinfo=UTC), is_holiday) is None


spans = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 23), st.integers(0, 59), st.integers(1, 300)), min_size=1, max_size=6
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))  # noqa: DTZ001  # wall clocks


def hours_of(drawn: list[tuple[int, int, int, int]]) -> WeekHours:
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    parts = []
    for day, hour, minute, length in drawn:
        end = min(24 * 60, hour * 60 + minute + length)
        parts.append(f"{days[day]} {hour:02d}:{minute:02d}-{end // 60:02d}:{end % 60:02d}")
    return parse_hours(", ".join(parts))


@given(spans, spans, moments)
def test_common_hours_are_those_that_both_allow(
    first: list[tuple[int, int, int, int]], second: list[tuple[int, int, int, int]], moment: datetime
) -> None:
    one, other = hours_of(first), hours_of(second)
    both = common(one, other)
    assert (both is not None and both.allow(moment)) == (one.allow(moment) and other.allow(moment))


@given(spans, st.sampled_from(packs.CODES), st.sampled_from(packs.CODES), moments, st.sampled_from(
    ["Europe/Madrid", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Auckland"]
))  # fmt: skip
def test_the_next_allowed_moment_is_allowed_and_none_before_it_is(
    drawn: list[tuple[int, int, int, int]], centre: str, member: str, moment: datetime, zone: str
) -> None:
    def sundays_off(day: date) -> bool:
        return day.day == 12

    law: Law = strictest([shipped(centre), shipped(member)], hours_of(drawn), 2)
    local = moment.replace(tzinfo=ZoneInfo(zone))
    found = law.next_allowed(local, sundays_off)
    if found is None:
        assert not any(law.allows(local + timedelta(hours=n), sundays_off) for n in range(24 * 14))
        return
    assert law.allows(found, sundays_off)
    assert found >= local
    between = (found - local) // 5
    assert found == local or not any(law.allows(local + between * n, sundays_off) for n in range(5))
