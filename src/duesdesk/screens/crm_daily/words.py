"""Words of CRM Daily: its sections, the day, and the line above the list."""

from __future__ import annotations

from duesdesk import i18n
from duesdesk.domain.arrivals import ALL, CANCELLED, EXPECTED, PARTIAL, PROMISES, UNPAID
from duesdesk.i18n import _, ngettext
from duesdesk.messages import N_
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, join, line
from duesdesk.screens.widgets.bars import Tab
from duesdesk.services.acts import Plain
from duesdesk.services.daily import DAILY, MONTHLY, WEEKLY, Countdown, DailyPage, countdown

SECTION_WORDS = {
    ALL: N_("All"),
    UNPAID: N_("Unpaid"),
    PARTIAL: N_("Partially paid"),
    PROMISES: N_("Promises"),
    EXPECTED: N_("Not yet in"),
    CANCELLED: N_("Cancelled"),
}
SHORT_WORDS = {PARTIAL: N_("Part paid"), EXPECTED: N_("Not in")}


def section_tabs(counts: dict[str, int]) -> list[Tab]:
    """The sections with how many rows each has, and a shorter word for where there is little room."""
    tabs = []
    for name, label in SECTION_WORDS.items():
        tone = "warn" if name == UNPAID and counts.get(name) else "dim"
        short = _(SHORT_WORDS[name]) if name in SHORT_WORDS else ""
        tabs.append(Tab(name, _(label), i18n.number(counts[name]) if counts else "", tone, short))
    return tabs


def day_words(page: DailyPage) -> str:
    """The day, week or month in words."""
    if page.mode == MONTHLY:
        return i18n.month_year(page.day)
    if page.mode == WEEKLY:
        return f"{i18n.day_month(page.first, page.today)} – {i18n.day_month(page.last, page.today)}"
    told = i18n.long_day(page.day)
    return told if page.day.year == page.today.year else f"{told} {page.day.year}"


def empty_words(page: DailyPage) -> str:
    """What a list without rows says."""
    if page.counts[ALL]:
        return _("Nobody is in this section.")
    return _("Nobody is booked on this day.") if page.mode == DAILY else _("Nobody is booked in these days.")


def told_line(page: DailyPage, section: str, now: str, currency: str) -> Line:
    """The line above the list: who comes next and owes, or the sum of days that are over or to come."""
    if page.mode == DAILY and page.day == page.today:
        return _soon(countdown(page.arrivals, now), currency, anybody=page.counts[ALL] > 0)
    live = page.counts[ALL] - page.counts[CANCELLED]
    told = ngettext("{count} booked", "{count} booked", live).format(count=i18n.number(live))
    owing = len({row.member for row in page.section(UNPAID).booked})
    if owing:
        told += ", " + ngettext("{count} who owes", "{count} who owe", owing).format(count=i18n.number(owing))
    if page.folded and section in (ALL, EXPECTED):
        told += f" {sign('dot')} " + _("Enter opens a day, 2 shows who owes")
    return line(told if live else "", "dim")


def checked_in_words(answer: Plain, left: str, *, owes: bool) -> str:
    """What is said after a check-in; to who owes, a few words more. `left`: the dialog that the card has closed."""
    told = _("{name} was in already.") if answer["already"] else _("{name} is in.")
    told = told.format(name=answer["name"])
    more = [told, _("A word, please.") if owes else ""]
    more.append(_("“{dialog}” closed, nothing saved.").format(dialog=left) if left else "")
    return "  ".join(part for part in more if part)


def _soon(soon: Countdown, currency: str, *, anybody: bool) -> Line:
    if soon.debtors:
        told = ngettext(
            "next {minutes} minutes: {count} person who owes",
            "next {minutes} minutes: {count} people who owe",
            soon.debtors,
        ).format(minutes=soon.minutes, count=soon.debtors)
        return join(Piece(told + " ", "warn"), *_amounts(soon.owed, currency))
    if soon.people:
        told = ngettext(
            "next {minutes} minutes: {count} person, nothing overdue",
            "next {minutes} minutes: {count} people, nothing overdue",
            soon.people,
        )
        return line(told.format(minutes=soon.minutes, count=soon.people), "dim")
    if soon.next_time is not None:
        told = _("nobody in the next {minutes} minutes; the next at {time}")
        return line(told.format(minutes=soon.minutes, time=soon.next_time), "dim")
    return line(_("nobody more is expected today") if anybody else "", "dim")


def _amounts(owed: tuple[tuple[str, int], ...], own: str) -> list[Piece]:
    found: list[Piece] = []
    for currency, minor in owed:
        shown = i18n.amount(minor, currency) if currency == own else i18n.money(minor, currency)
        found += [Piece(" + ", "warn")] if found else []
        found.append(amount(shown, "warn"))
    return found
