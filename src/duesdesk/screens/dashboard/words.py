"""What the Dashboard says, as plain texts with their tone: used by the screen and by the first paint before it.

Nothing of the terminal app is imported here (start-up).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from duesdesk import i18n
from duesdesk.domain import next_step
from duesdesk.domain.ageing import DEFAULT_EDGES
from duesdesk.domain.next_step import Step
from duesdesk.i18n import _, ngettext
from duesdesk.messages import N_
from duesdesk.screens.contact_words import NOTICE_CHANNELS, OUTCOMES, word
from duesdesk.screens.signs import sign
from duesdesk.services.dashboard import Figures, Summary
from duesdesk.services.debtors import LISTS, PARTIAL, PENDING, UNPAID, Debtor, LastContact

if TYPE_CHECKING:
    from duesdesk.services.collection.explain import Explained

COLLECTED, CARES = "collected", "cares"
TILES = (UNPAID, PARTIAL, PENDING, COLLECTED, CARES)
TITLES = {
    UNPAID: N_("Unpaid"),
    PARTIAL: N_("Partially paid"),
    PENDING: N_("Due in 7 days"),
    COLLECTED: N_("Collected today"),
    CARES: N_("To look after"),
}
ACCOUNTING, CALENDAR, FORECAST, EARLY_SIGNS = "accounting", "calendar", "forecast", "early_signs"
TABS: dict[str, str] = {
    ACCOUNTING: N_("Accounting"),
    CALENDAR: N_("Calendar"),
    FORECAST: N_("Forecast"),
    EARLY_SIGNS: N_("Early signs"),
}
"""The tabs of the Dashboard in their order."""
SHORT_TABS: dict[str, str] = {EARLY_SIGNS: N_("Signs")}
"""Shorter words, for where what stands beside them needs the room."""
LEVEL_TONES = ("dim", "text", "warn", "bad")
# Up to 30 days late one sign, up to 60 two, beyond three; as on CRM Daily.
LEVEL_EDGES = DEFAULT_EDGES[:2]
Said = tuple[str, str]
"""A text and its tone."""

LOW_LINES, WIDE_COLUMNS = 30, 110
TILE_CELLS = 18
"""Cells of a figure in the narrowest tile."""
LEAST_AMOUNT, MOST_AMOUNT, ROOMY_AMOUNT = 11, 20, 17
"""Cells of the column of amounts: as much as the largest sum wants; above the last the name gives way."""
_LEAST_ROWS, _OTHER_LINES = 16, 12


def first_rows(lines: int) -> int:
    """How many people are read at once for a terminal of so many lines."""
    return max(_LEAST_ROWS, lines - _OTHER_LINES)


class ColumnSpec(NamedTuple):
    """A column of a list: see `widgets.line_list.Column`."""

    key: str
    title: str
    width: int
    align: str = "left"
    min_terminal_width: int = 0
    flex: bool = False


def people_columns(kind: str, title: str, sums: Figures | None = None) -> tuple[ColumnSpec, ...]:
    """The columns of a list of people; `title` stands over the names, no amount is larger than `sums`."""
    due = _("Due") if kind == PENDING else _("Oldest")
    cells = LEAST_AMOUNT
    if sums is not None:
        largest = i18n.amount(max(sums.unpaid_minor, sums.partial_minor, sums.pending_minor), sums.currency)
        cells = max(LEAST_AMOUNT, min(MOST_AMOUNT, len(largest)))
    return (
        ColumnSpec("name", title, 22 - max(0, cells - ROOMY_AMOUNT), flex=True),
        ColumnSpec("amount", _("Owes"), cells, "right"),
        ColumnSpec("due", due, 8, min_terminal_width=WIDE_COLUMNS),
        ColumnSpec("days", _("Days"), 5, "right"),
        ColumnSpec("late", "", 3),
        ColumnSpec("paid", _("Last paid"), 10, min_terminal_width=150),
        ColumnSpec("visit", _("Last visit"), 11, min_terminal_width=WIDE_COLUMNS),
        ColumnSpec("contact", _("Last contact"), 21, min_terminal_width=WIDE_COLUMNS, flex=True),
        ColumnSpec("next", _("Next"), 21, flex=True),
    )


def list_title(kind: str, total: int, *, of: int | None = None, marked: int = 0) -> str:
    """What a list is, and how many stand in it (of how many when it is filtered); marked ones are counted, too."""
    count = i18n.number(total) if of is None else _("{count} of {all}").format(count=i18n.number(total), all=of)
    parts = [f"{_(TITLES[kind])} {count}"]
    if marked:
        parts.append(ngettext("{count} marked", "{count} marked", marked).format(count=marked))
    return f" {sign('dot')} ".join(parts)


def empty_words(kind: str, *, filtered: bool) -> str:
    """What is said in place of a list without rows."""
    if filtered and kind in LISTS:
        return _("Nobody fits the filter. Esc takes it away.")
    told = {
        PARTIAL: _("Nobody has paid a part only."),
        PENDING: _("Nothing is due in the next seven days."),
        COLLECTED: _("Nothing was paid today so far."),
        CARES: _("Nothing to look after. Well done."),
    }
    return told.get(kind) or _("Nobody owes anything. Well done.")


def people_cells(one: Debtor, today: date, found: Explained | None = None) -> tuple[Said, ...]:
    """The cells of a row of people, in the order of `people_columns`; the second is an amount.

    `found` is what the rule does next, None while it is read.
    """
    level = late_level(one.days)
    tone = LEVEL_TONES[level]
    return (
        (name_with_others(one), "text"),
        (i18n.short_money(one.owes_minor, one.currency, MOST_AMOUNT, symbol=False), "text"),
        (short(one.due_on, today), "dim"),
        (str(one.days) if one.days else "", tone),
        (sign("late", level) if level else "", tone),
        (short(one.last_paid_on, today), "dim"),
        visit(one, today),
        contact(one.contact, today),
        next_said(one.step, found, today, one.currency),
    )


def name_with_others(one: Debtor) -> str:
    """The name, and how many others they pay for: 'Rossi Giulia (+2)'."""
    return f"{one.name} (+{one.children})" if one.children else one.name


def late_level(days: int) -> int:
    """How many signs stand beside a debt of so many days."""
    return 0 if days <= 0 else 1 + sum(days > edge for edge in LEVEL_EDGES)


def short(day: date | None, today: date) -> str:
    """'14 Sep', for another year 'Sep 2025', in eight cells; a dash without a day."""
    if day is None:
        return sign("none")
    if day.year == today.year:
        return i18n.day_month(day, today)
    return f"{i18n.current().table.months_short[day.month - 1]} {day.year}"


def visit(one: Debtor, today: date) -> Said:
    """When somebody of the household was here last, or is expected today."""
    if one.comes_at is not None:
        return f"{i18n.relative_day(today, today)} {one.comes_at}".rstrip(), "ok"
    if one.came_at is not None:
        return " ".join((sign("done"), _("in"), one.came_at)).rstrip(), "ok"
    return short(one.last_visit_on, today) if one.last_visit_on is not None else "", "dim"


def contact(one: LastContact | None, today: date) -> Said:
    """The last word with the payer; blank where there was none, as with visits: most rows have neither."""
    if one is None:
        return "", "dim"
    day = short(one.on, today)
    if one.kind == "promise_broken":
        return _("promise broken {day}").format(day=day), "bad"
    if one.kind == "notice":
        return f"{word(NOTICE_CHANNELS, one.what)} {day}", "dim"
    return f"{day}: {word(OUTCOMES, one.outcome)}", "dim"


def next_said(one: Step, found: Explained | None, today: date, currency: str = "") -> Said:
    """What is next: somebody comes or is to be spoken to, else what the rule does, of one currency when it is named.

    While that is read, only what holds in any case is said: a column that guesses would contradict the rule.
    """
    day = i18n.relative_day(one.on, today) if one.on is not None else ""
    if one.code == next_step.COMES:
        return _("comes today {time}").format(time=one.at_time).rstrip(), "ok"
    following, leaves_on = None, one.on if one.code == next_step.NOTICE else None
    if found is not None:
        following = (
            next((it.next for it in found.accounts if it.currency == currency), None) if currency else found.next
        )
        leaves_on = min((waits.leaves_on for waits in found.waiting), default=leaves_on)
    if one.code == next_step.CALL and one.on is not None:
        first = leaves_on or (following.on if following is not None else None)
        if one.on == today or (found is not None and (first is None or one.on <= first)):
            return _("call {day}").format(day=day), "text" if one.on == today else "dim"
    if leaves_on is not None:
        # What should have left on a day that is over waits for the next sending.
        return _("notice goes {day}").format(day=i18n.relative_day(max(leaves_on, today), today)), "dim"
    if found is not None:
        from duesdesk.services.collection.why import short as short_why  # imported late: start-up

        return short_why(following, today)
    if one.code == next_step.DISPUTED:
        return _("held: disputed"), "dim"
    if one.code == next_step.PROMISED:
        return _("promised {day}").format(day=day), "dim"
    return "", "dim"


class TileText(NamedTuple):
    """A tile as texts: `is_money` says that its figure is hidden when amounts are."""

    key: str
    title: str
    figure: str
    sub: str
    is_money: bool = True


def tile_texts(summary: Summary, currency: str, cares: tuple[int, int] | None) -> list[TileText]:
    """The tiles in one currency. `cares` are promises and notices to look after, None while nobody knows."""
    one = summary.of(currency)
    return [
        TileText(UNPAID, _(TITLES[UNPAID]), _money(one.unpaid_minor, one), _debtors(one)),
        TileText(
            PARTIAL,
            _(TITLES[PARTIAL]),
            _money(one.partial_minor, one),
            ngettext("{count} member", "{count} members", one.partial_members).format(
                count=i18n.number(one.partial_members)
            ),
        ),
        TileText(
            PENDING,
            _(TITLES[PENDING]),
            _money(one.pending_minor, one),
            ngettext("{count} invoice", "{count} invoices", one.pending_invoices).format(
                count=i18n.number(one.pending_invoices)
            ),
        ),
        TileText(
            COLLECTED,
            _(TITLES[COLLECTED]),
            _money(one.collected_minor, one),
            ngettext("{count} payment", "{count} payments", one.payments).format(count=i18n.number(one.payments)),
        ),
        _care_tile(cares),
    ]


def _money(minor: int, one: Figures) -> str:
    return i18n.short_money(minor, one.currency, TILE_CELLS)


def exact_money(kind: str, one: Figures) -> str:
    """The figure of a tile in all its digits, where the tile has no room for them; else ""."""
    minor = {UNPAID: one.unpaid_minor, PARTIAL: one.partial_minor, PENDING: one.pending_minor}
    found = minor.get(kind, one.collected_minor if kind == COLLECTED else 0)
    exact = i18n.money(found, one.currency)
    return "" if exact == _money(found, one) else exact


def _debtors(one: Figures) -> str:
    return ngettext("{count} debtor", "{count} debtors", one.debtors).format(count=i18n.number(one.debtors))


def _care_tile(cares: tuple[int, int] | None) -> TileText:
    title = _(TITLES[CARES])
    if cares is None:
        return TileText(CARES, title, "", "", is_money=False)
    promised, notices = cares
    told = []
    if promised:
        told.append(ngettext("{count} promise", "{count} promises", promised).format(count=promised))
    if notices:
        told.append(ngettext("{count} notice", "{count} notices", notices).format(count=notices))
    return TileText(CARES, title, i18n.number(promised + notices), ", ".join(told) or _("nothing"), is_money=False)


def waiting_words(summary: Summary) -> str:
    """How many notices wait to leave; empty for none."""
    count = summary.notices_waiting
    if not count:
        return ""
    told = ngettext("{count} notice waits to leave", "{count} notices wait to leave", count)
    return told.format(count=i18n.number(count))
