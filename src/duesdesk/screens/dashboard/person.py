"""The pane below the list: who is selected, what is open, and why something is next; and the strip below the tiles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from duesdesk import i18n
from duesdesk.i18n import _, ngettext
from duesdesk.screens.contact_words import METHODS, word
from duesdesk.screens.dashboard.words import late_level
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, bar, fit, join, pad, spread, width_of
from duesdesk.services.dashboard import Figures

if TYPE_CHECKING:
    from duesdesk.services.debts import Head, OwedInvoice, PersonDebt

if TYPE_CHECKING:
    from duesdesk.services.collection.explain import Explained

MOST_ITEMS = 4
GROUP_TONES = ("accent", "warn", "warn", "bad")


def person_lines(debt: PersonDebt, head: Head, others: int, today: date, room: int) -> list[Line]:
    """A rule and two lines about the selected person, who pays for `others`; at most `room` cells wide."""
    return [
        (Piece(sign("horizontal") * room, "line"),),
        spread(_who(debt, head, others), _open_count(debt), room),
        _items(debt.invoices, today, room),
    ]


def _who(debt: PersonDebt, head: Head, others: int) -> Line:
    known = [debt.member, (head.language or "").upper(), head.phone or "", head.email or ""]
    if others:
        known.append(ngettext("pays for {count} other", "pays for {count} others", others).format(count=others))
    elif not debt.pays_for_themselves:
        known.append(_("{payer} pays").format(payer=debt.payer_name))
    return join(Piece(debt.name, "white", bold=True), Piece("   " + "   ".join(part for part in known if part), "dim"))


def _open_count(debt: PersonDebt) -> Line:
    count = len(debt.invoices)
    if not count:
        return (Piece(_("nothing open"), "dim"),)
    return (Piece(ngettext("{count} invoice open", "{count} invoices open", count).format(count=count), "dim"),)


def _items(invoices: Sequence[OwedInvoice], today: date, room: int) -> Line:
    """The open invoices, as many as fit: `51.50 since 14 Sep · 45.00 due 14 Oct`."""
    several = len({one.currency for one in invoices}) > 1
    pieces: list[Piece] = []
    for place, one in enumerate(invoices):
        shown = _item(one, today, several=several)
        if place == MOST_ITEMS or width_of((*pieces, *shown)) > room - 8:
            pieces.append(Piece(f" {sign('dot')} {sign('cut')}", "dim"))
            break
        pieces += [Piece(f" {sign('dot')} ", "dim"), *shown] if pieces else shown
    return tuple(pieces)


def _item(one: OwedInvoice, today: date, *, several: bool) -> list[Piece]:
    figure = i18n.money(one.open_minor, one.currency) if several else i18n.amount(one.open_minor, one.currency)
    if one.due_on is None:
        told = _("without a due date")
    else:
        day = i18n.day_month(one.due_on, today)
        told = (_("since {day}") if one.days else _("due {day}")).format(day=day)
    part = f" {sign('part')}" if one.paid_minor else ""
    return [amount(figure, "text"), Piece(f" {told}{part}", "dim")]


def why_line(debt: PersonDebt, comes_at: str | None, room: int) -> Line:
    """Why something is next, what holds it, and whether they come today.

    Where that is longer than `room` cells the visit stands first: it is what somebody has to know now.
    """
    pieces: list[Piece] = []
    if debt.days:
        tone = ("dim", "text", "warn", "bad")[late_level(debt.days)]
        pieces.append(Piece(ngettext("{count} day late", "{count} days late", debt.days).format(count=debt.days), tone))
        pieces.append(Piece(". "))
    pieces.append(Piece(debt.why))
    label = _label(_("Why now") if debt.days else _("Now"))
    if comes_at is None:
        return (label, *pieces)
    words = _("Comes today {time}: a word first.").format(time=comes_at) if comes_at else _("Comes today.")
    told = Piece(words, "warn")
    if width_of((label, *pieces, told)) + 1 > room:
        return (label, told, Piece(" "), *pieces)
    return (label, *pieces, Piece(" "), told)


def rule_line(found: Explained | None, currency: str, room: int) -> Line:
    """What the rule does next about what is owed in `currency`, and what holds it; empty while it is read.

    In fewer words where it would be longer than `room` cells.
    """
    if found is None:
        return ()
    from duesdesk.services.collection.why import sentences  # imported late: start-up

    label = _label(_("Rule"))
    told = " ".join(sentences(found, currency))
    if width_of(label) + width_of(told) > room:
        told = " ".join(sentences(found, currency, brief=True))
    return (label, Piece(told)) if told else ()


def _label(word: str) -> Piece:
    return Piece(pad(word, max(width_of(label) for label in (_("Why now"), _("Now"), _("Rule")))) + "  ", "accent")


def ageing_lines(figures: Figures, room: int) -> list[Line]:
    """The ageing bar with its groups below, in two lines; what is not due yet is left out."""
    groups = figures.ageing[1:]
    # The last tone is for the last group, whatever their number.
    tones = [*GROUP_TONES[: len(groups) - 1], GROUP_TONES[-1]] if len(groups) <= len(GROUP_TONES) else None
    parts = [
        (group.name, group.amount_minor, (tones or [*GROUP_TONES[:-1], *["bad"] * len(groups)])[place])
        for place, group in enumerate(groups)
    ]
    return _bar_lines(_("Ageing"), parts, figures.currency, room)


def method_lines(figures: Figures, room: int) -> list[Line]:
    """What was collected today by method, as a bar."""
    tones = ("ok", "accent", "warn", "text", "dim", "faint", "bad")
    parts = [
        (word(METHODS, method), minor, tones[place % len(tones)])
        for place, (method, minor) in enumerate(figures.by_method)
    ]
    return _bar_lines(_("By method"), parts, figures.currency, room)


def _bar_lines(label: str, parts: Sequence[tuple[str, int, str]], currency: str, room: int) -> list[Line]:
    shown = [part for part in parts if part[1] > 0]
    if not shown:
        return [(), ()]
    texts = [(name, i18n.amount(minor, currency)) for name, minor, _tone in shown]
    least = [width_of(name) + 1 + width_of(figure) + 1 for name, figure in texts]
    lead = width_of(label) + 3
    cells = room - lead - 1
    wide = [count for count, _tone in bar([(minor, tone) for _name, minor, tone in shown], cells)]
    if len(wide) != len(shown) or sum(least) > cells:
        return [(), ()]
    wide = _at_least(wide, least)
    top: list[Piece] = [Piece(label + "   ", "dim")]
    below: list[Piece] = [Piece(" " * lead)]
    for width, (name, figure), (_name, _minor, tone) in zip(wide, texts, shown, strict=True):
        top += [Piece(sign("block") * width, tone), Piece(" ")]
        below += fit(join(Piece(name + " ", "text"), amount(figure, "dim")), width + 1)
    return [tuple(top), tuple(below)]


def _at_least(wide: list[int], least: list[int]) -> list[int]:
    """Each part as wide as its words want; what the small ones get is taken from the widest."""
    found = [max(cells, want) for cells, want in zip(wide, least, strict=True)]
    over = sum(found) - sum(wide)
    while over > 0:
        spare = [cells - want for cells, want in zip(found, least, strict=True)]
        place = spare.index(max(spare))
        taken = min(over, max(1, spare[place] // 2))
        if spare[place] <= 0:
            break
        found[place] -= taken
        over -= taken
    return found
