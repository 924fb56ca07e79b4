"""Find, from anywhere: results with what is owed stand there in the same frame as the letter typed.

Enter opens the Member File; F9 takes a payment, since letters are for the name. The list is read while one types: a
query takes less than a frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from duesdesk.domain.roles import may
from duesdesk.i18n import _, short_money
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, cut, join, line, width_of
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.search import Found
from duesdesk.services.standing import Standing

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

WIDE_TERMINAL, WIDE_BOX = 110, 96
MOST_ROWS = 12
LEAST_ROWS = 3
ROW_LINES = 2
OTHER_LINES = 10
LEAST_NUMBER, MOST_NUMBER = 8, 18
FIGURE_CELLS, PAYER_CELLS = 11, 22


class FindModal(DeskModal[tuple[str, str]]):
    """The dialog; its result is an act (`member` or `pay`) and the member's number. See the module."""

    SAVES = False
    WIDTH = 78
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "choose('pay')", show=False),
        Binding("enter", "choose('member')", show=False),
        Binding("f2", "close", show=False),
    ]

    def __init__(self, typed: str = "") -> None:
        """`typed` is looked for from the start."""
        super().__init__()
        self._typed = typed
        self._rows = MOST_ROWS

    def heading(self) -> str:
        return _("Find")

    def compose_box(self) -> ComposeResult:
        hint = _("name, number, phone, e-mail, card or invoice")
        yield Field(self._typed, placeholder=hint, on_change=self.look, on_submit=self._submitted, id="find-typed")
        yield Panel([()], surface="bar")
        yield LineList(find_columns(LEAST_NUMBER), row_height=ROW_LINES, more=False, surface="bar", id="find-list")

    def on_mount(self) -> None:
        super().on_mount()
        if self.app.size.width >= WIDE_TERMINAL:
            self.query_one("#box").styles.width = WIDE_BOX
        found = self.query_one("#find-list", LineList)
        # The field keeps the keyboard; arrows go to the list.
        found.can_focus = False
        self._rows = max(LEAST_ROWS, min(MOST_ROWS, (self.app.size.height - OTHER_LINES) // ROW_LINES))
        found.styles.height = self._rows * ROW_LINES + 1
        self.look(self._typed)

    def hint(self) -> Line:
        keys = [("Enter", _("open"))]
        if may(self.desk.actor.role, "pay"):
            keys.append(("F9", _("pay")))
        return keys_line(*keys, (sign("up") + sign("down"), _("choose")), ("Esc", _("back")))

    def look(self, typed: str) -> None:
        """Show who fits; called by the field for each letter, in its frame where the store is near."""
        self.load(
            lambda: self.desk.search.find(typed, most=self._rows),
            lambda found: self._show(typed, found),
            now=self.desk.is_near,
            hold_keys=True,
            may_leave=True,
        )

    def _show(self, typed: str, found: Sequence[Found]) -> None:
        list_ = self.query_one("#find-list", LineList)
        list_.empty = line(self._empty(typed), "dim")
        own = self.desk.centre.currency
        # What tells two of one name apart is never cut: the number has the room it needs.
        list_.set_columns(find_columns(max((width_of(one.member) for one in found), default=0)))
        list_.set_source(Rows([found_row(one, own) for one in found]), keep=False)

    @staticmethod
    def _empty(typed: str) -> str:
        if not typed.strip():
            return _("Type any part of a name, in any order, with accents or without.")
        return _("Nobody fits. Fewer letters find more.")

    def _submitted(self, _typed: str) -> None:
        self.action_choose("member")

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_choose("member")

    def action_choose(self, act: str) -> None:
        member = self.query_one("#find-list", LineList).selected_key
        if member is not None and (act != "pay" or may(self.desk.actor.role, "pay")):
            self.dismiss((act, str(member)))

    async def _on_key(self, event: events.Key) -> None:
        # Letters went to the field already; what it has no use for may move the list.
        if event.key in ("up", "down", "pageup", "pagedown") and self.query_one("#find-list", LineList).press(
            event.key
        ):
            event.stop()
            event.prevent_default()


def find_columns(number_cells: int) -> tuple[Column, ...]:
    """The columns; the longest number shown is `number_cells` wide."""
    return (
        Column("name", _("Who"), 24, flex=True),
        Column("number", _("Number"), max(LEAST_NUMBER, min(MOST_NUMBER, number_cells))),
        Column("owes", _("Unpaid"), FIGURE_CELLS, "right"),
        Column("open", _("Open"), FIGURE_CELLS, "right"),
    )


def found_row(one: Found, own: str) -> Row:
    """A member who fits, in two lines: name, number, what is unpaid and open; below who pays and how to reach them.

    Currencies are never added: the second stands below the first, and more are told by a mark.
    """
    name: Line = (Piece(one.name),)
    if one.matched:
        name = join(Piece(f"{one.matched}  ", "accent"), *name)
    unpaid = _figures([(item, item.unpaid_minor) for item in one.standings], own, "bad")
    opened = _figures([(item, item.open_minor) for item in one.standings], own, "dim")
    if not opened:
        credit = _figures([(item, item.credit_minor) for item in one.standings], own, "ok")
        opened = [join(Piece("+", "ok"), *figure) for figure in credit] or [(Piece(sign("none"), "faint"),)]
    return Row(
        one.member,
        (name, Piece(one.member, "dim"), *(figures[0] if figures else () for figures in (unpaid, opened))),
        second=(_known(one), "", *(figures[1] if len(figures) > 1 else () for figures in (unpaid, opened))),
    )


def _known(one: Found) -> Line:
    """Who pays, phone and e-mail; the last two are hidden with the amounts, as in the Member File."""
    payer = cut(one.payer_name, PAYER_CELLS)
    known = [Piece(_("{payer} pays").format(payer=payer), "dim")] if payer else []
    known += [Piece(text, "dim", secret=True) for text in (one.phone, one.email) if text]
    dot = Piece(f" {sign('dot')} ", "dim")
    return join(*(piece for place, part in enumerate(known) for piece in ((dot, part) if place else (part,))))


def _figures(figures: list[tuple[Standing, int]], own: str, tone: str) -> list[Line]:
    """At most two figures, the centre's currency first; a third is told by a mark."""
    some = sorted(((one, minor) for one, minor in figures if minor), key=lambda pair: pair[0].currency != own)
    shown: list[Line] = []
    for standing, minor in some[:2]:
        currency = standing.currency
        told = short_money(minor, currency, FIGURE_CELLS - 2, symbol=currency != own)
        shown.append((amount(told, tone, bold=True),))
    if len(some) > len(shown):
        shown[-1] = join(*shown[-1], Piece(f" {sign('cut')}", "dim"))
    return shown


def open_find(app: DuesdeskApp, typed: str) -> None:
    """Open Find; `typed` is what is looked for from the start."""

    def chosen(result: tuple[str, str] | None) -> None:
        if result is not None:
            app.act(*result)

    app.push_screen(FindModal(typed), chosen)
