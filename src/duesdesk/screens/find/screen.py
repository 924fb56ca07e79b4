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

from duesdesk import i18n
from duesdesk.domain.roles import may
from duesdesk.i18n import _
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, join, line
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.search import Found
from duesdesk.services.standing import Standing

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

WIDE_TERMINAL, WIDE_BOX = 110, 96
MOST_ROWS = 12
LEAST_ROWS = 5
OTHER_LINES = 10


class FindModal(DeskModal[tuple[str, str]]):
    """The dialog; its result is an act (`member` or `pay`) and the member's number. See the module."""

    SAVES = False
    WIDTH = 74
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
        self._wide = False

    def heading(self) -> str:
        return _("Find")

    def compose_box(self) -> ComposeResult:
        hint = _("name, number, phone, e-mail, card or invoice")
        yield Field(self._typed, placeholder=hint, on_change=self.look, on_submit=self._submitted, id="find-typed")
        yield Panel([()], surface="bar")
        columns = (
            Column("name", _("Who"), 24, flex=True),
            Column("number", _("Number"), 10),
            Column("phone", _("Phone"), 18, min_terminal_width=WIDE_TERMINAL),
            Column("owes", _("Unpaid"), 13, "right"),
            Column("open", _("Open"), 13, "right"),
        )
        yield LineList(columns, more=False, surface="bar", id="find-list")

    def on_mount(self) -> None:
        super().on_mount()
        wide = self.app.size.width >= WIDE_TERMINAL
        if wide:
            self.query_one("#box").styles.width = WIDE_BOX
        self._wide = wide
        found = self.query_one("#find-list", LineList)
        # The field keeps the keyboard; arrows go to the list.
        found.can_focus = False
        self._rows = max(LEAST_ROWS, min(MOST_ROWS, self.app.size.height - OTHER_LINES))
        found.styles.height = self._rows + 1
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
        list_.set_source(Rows([found_row(one, own, phone_apart=self._wide) for one in found]), keep=False)

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


def found_row(one: Found, own: str, *, phone_apart: bool = False) -> Row:
    """A member who fits: name, who pays, number, and what is unpaid and open in each currency."""
    name: Line = (Piece(one.name),)
    if one.matched:
        name = join(Piece(f"{one.matched}  ", "accent"), *name)
    if one.payer_name:
        told = _("{payer} pays").format(payer=one.payer_name)
        name = join(*name, Piece(f"  {told}", "dim"))
    elif one.phone and not one.matched and not phone_apart:
        name = join(*name, Piece(f"  {one.phone}", "dim"))
    return Row(
        one.member,
        (
            name,
            Piece(one.member, "dim"),
            Piece(one.phone or "", "dim"),
            _sums([(item, item.unpaid_minor) for item in one.standings], own, "bad"),
            _rest(one.standings, own),
        ),
    )


def _sums(figures: list[tuple[Standing, int]], own: str, tone: str) -> Line:
    """One figure per currency; they are never added."""
    pieces: list[Piece] = []
    for standing, minor in figures:
        if minor:
            shown = i18n.amount(minor, own) if standing.currency == own else i18n.money(minor, standing.currency)
            pieces += [Piece(" ")] if pieces else []
            pieces.append(amount(shown, tone, bold=True))
    return tuple(pieces)


def _rest(standings: tuple[Standing, ...], own: str) -> Line:
    """What is open in all; where nothing is, what lies on account."""
    opened = _sums([(one, one.open_minor) for one in standings], own, "dim")
    if opened:
        return opened
    credit = _sums([(one, one.credit_minor) for one in standings], own, "ok")
    return join(Piece("+", "ok"), *credit) if credit else (Piece(sign("none"), "faint"),)


def open_find(app: DuesdeskApp, typed: str) -> None:
    """Open Find; `typed` is what is looked for from the start."""

    def chosen(result: tuple[str, str] | None) -> None:
        if result is not None:
            app.act(*result)

    app.push_screen(FindModal(typed), chosen)
