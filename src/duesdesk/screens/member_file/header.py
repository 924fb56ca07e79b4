"""The head of the Member File: two lines about the person, and the tiles Unpaid, Open, Credit, Next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from duesdesk import i18n
from duesdesk.domain.arrivals import late_level
from duesdesk.i18n import _, ngettext
from duesdesk.screens.contact_words import MEMBERS, NOTICE_CHANNELS, word
from duesdesk.screens.dashboard.words import next_said
from duesdesk.screens.member_file.dues import next_dues
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, join, line, width_of, wrap
from duesdesk.screens.widgets.tiles import Tile
from duesdesk.services.member_files import FileFigures, MemberFile

if TYPE_CHECKING:
    from duesdesk.bootstrap import Desk
    from duesdesk.services.collection.explain import Explained

MOST_WHY_LINES = 2
LEVEL_TONES = ("white", "white", "warn", "bad")


def head_lines(file: MemberFile) -> list[Line]:
    """Name, number, since when, language, who pays; and how to reach them. Contacts are hidden as amounts are."""
    details = file.details
    dot = Piece(f" {sign('dot')} ", "dim")
    about: list[Piece] = [Piece(file.number, "dim")]
    if details.joined_on is not None:
        about.append(Piece(_("member since {month}").format(month=i18n.month_year(details.joined_on)), "dim"))
    if details.language:
        about.append(Piece(details.language.upper(), "dim"))
    if file.pays_for_themselves:
        others = len(file.household) - 1
        told = ngettext("pays for {count} other", "pays for {count} others", others).format(count=others)
        about.append(Piece(told if others > 0 else _("pays for themselves"), "dim"))
    else:
        about.append(Piece(_("{payer} pays").format(payer=file.payer_name), "accent"))
    if details.status != "active":
        about.append(Piece(word(MEMBERS, details.status), "warn"))
    if details.left_on is not None:
        about.append(Piece(_("left on {day}").format(day=i18n.day_year(details.left_on)), "dim"))
    reach: list[Piece] = []
    if details.phone:
        reach.append(Piece(details.phone, "dim", secret=True))
    if details.email:
        reach.append(Piece(details.email, "dim" if file.email_works else "bad", secret=True))
        if not file.email_works:
            reach.append(Piece(_("this address does not work"), "bad"))
    if file.stopped:
        names = i18n.listing([word(NOTICE_CHANNELS, channel) for channel in file.stopped])
        reach.append(Piece(_("wants nothing by {channels}").format(channels=names), "warn"))
    if details.card:
        reach.append(Piece(_("card {card}").format(card=details.card), "dim", secret=True))
    if details.group:
        reach.append(Piece(details.group, "dim"))
    if not details.phone and not details.email:
        reach.append(Piece(_("no phone, no e-mail"), "warn"))
    first = join(Piece(details.name, "white", bold=True), Piece("   "), *_between(about, dot))
    return [first, join(*_between(reach, dot))]


class Why(NamedTuple):
    """What the rule does next, and the name of the rule where it is not the centre's ('' where it is)."""

    explained: Explained
    rule: str

    @property
    def member(self) -> str:
        """Whom it is about."""
        return self.explained.member


def read_why(desk: Desk, member: str) -> Why:
    """Read it, beside the keyboard. Raises NotFound."""
    own = desk.rules.of_member(member)
    return Why(desk.explains.of(member), own.rule.name if own is not None else "")


def why_lines(found: Why | None, room: int) -> list[Line]:
    """What the rule does next about what is open, and what holds it, in one or two lines of at most `room` cells.

    An empty line when nothing is open, and while it is read.
    """
    if found is None:
        return [()]
    from duesdesk.services.collection.why import sentences  # imported late: start-up

    own = [_("Rule: {rule}.").format(rule=found.rule)] if found.rule else []
    return [line(part) for part in wrap(" ".join([*own, *sentences(found.explained)]), room, MOST_WHY_LINES)]


def _between(pieces: Sequence[Piece], dot: Piece) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        found += [dot, piece] if found else [piece]
    return found


FIGURE_CELLS, PLUS_CELLS = 18, 3


def tiles(file: MemberFile, currency: str, today: date, found: Why | None = None) -> list[Tile]:
    """The four tiles. Several currencies stand side by side and are never added up.

    `found` is what the rule does next, None while it is read.
    """
    figures = sorted(file.figures, key=lambda one: one.currency != currency) or [
        FileFigures(currency, 0, 0, 0, 0, 0, None)
    ]
    explained = found.explained if found is not None else None
    return [_unpaid(figures), _open(file, figures, today), _credit(figures), _next(file, today, explained)]


def _money(figures: Sequence[FileFigures], name: str, tone: str) -> Line:
    shown = [one for one in figures if getattr(one, name)] or figures[:1]
    pieces: list[Piece] = []
    for one in shown:
        figure = amount(i18n.short_money(getattr(one, name), one.currency, FIGURE_CELLS), tone, bold=True)
        if pieces and width_of((*pieces, figure)) + PLUS_CELLS > FIGURE_CELLS:
            # A figure that is cut would be another one: the lists below have them all.
            pieces.append(Piece(f" + {sign('cut')}", "dim"))
            break
        pieces += [Piece(" + ", "dim"), figure] if pieces else [figure]
    return tuple(pieces)


def _unpaid(figures: Sequence[FileFigures]) -> Tile:
    days = max(one.days for one in figures)
    count = sum(one.unpaid_invoices for one in figures)
    told = sign("none")
    if count:
        invoices = ngettext("{count} invoice", "{count} invoices", count).format(count=count)
        told = invoices + ", " + ngettext("{count} day", "{count} days", days).format(count=days)
    return Tile("unpaid", _("Unpaid"), _money(figures, "unpaid_minor", LEVEL_TONES[late_level(days)]), told)


def _open(file: MemberFile, figures: Sequence[FileFigures], today: date) -> Tile:
    due = min((one.next_due for one in figures if one.next_due), default=None)
    told = _("next due {day}").format(day=i18n.relative_day(due, today)) if due else next_dues(file, today)
    return Tile("open", _("Open"), _money(figures, "open_minor", "white"), told or sign("none"))


def _credit(figures: Sequence[FileFigures]) -> Tile:
    has_some = any(one.credit_minor for one in figures)
    return Tile(
        "credit", _("Credit"), _money(figures, "credit_minor", "white"), _("on account") if has_some else sign("none")
    )


def _next(file: MemberFile, today: date, found: Explained | None) -> Tile:
    """The next step, and how often the payer was told."""
    told = file.debt.about.told
    sub = ngettext("told once", "told {count} times", told).format(count=told) if told else ""
    if not file.debt.debts:
        return Tile("next", _("Next"), line(_("nothing overdue"), "dim"), sub)
    words, tone = next_said(file.debt.step, found, today)
    return Tile("next", _("Next"), (Piece(words, "white" if tone == "dim" else tone, bold=True),), sub)
