"""The tab Early signs: who may soon be a debtor, with each reason and the rows behind it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.binding import BindingType

from duesdesk.i18n import _
from duesdesk.reports.signs import Signs, SignsIn, SignsRow
from duesdesk.screens.dashboard.tabs import signs_rows as rows
from duesdesk.screens.dashboard.tabs.listing import Listing, ListTab
from duesdesk.screens.dashboard.words import EARLY_SIGNS
from duesdesk.screens.keys import bindings_for
from duesdesk.screens.text import line
from duesdesk.screens.widgets.line_list import LineList, Row


class SignsScreen(ListTab):
    """See the module."""

    ID = "early_signs"
    TAB = EARLY_SIGNS
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("early_signs")
    FOOTER = ("open", "pay", "notice", "talk", "promise", "next_tab", "help")
    FOOTER_MORE = ("currency", "find", "privacy", "undo")

    def __init__(self) -> None:
        super().__init__()
        self._found: Signs | None = None
        self._listing: Listing[SignsRow] | None = None

    # --- reading

    def refresh_data(self) -> None:
        first = self._found is None
        self.load(self._read, self._show, hold_keys=first and self.is_current, may_leave=True)

    def _read(self) -> Signs:
        """In a thread."""
        found = self.desk.reports.read("signs")
        assert isinstance(found, Signs)  # noqa: S101  # what this report answers
        return found

    def _show(self, found: Signs) -> None:
        self._found = found
        self._show_list(keep=True)

    def currencies(self) -> Sequence[str]:
        return [one.currency for one in self._found.currencies] if self._found is not None else ()

    def _shown(self) -> SignsIn | None:
        known = self._found.currencies if self._found is not None else ()
        return next((one for one in known if one.currency == self.currency), None)

    # --- what is shown

    def draw_all(self) -> None:
        if self.is_mounted:
            self._draw_frame()
            self._draw_selected()

    def draw_currency(self) -> None:
        if self.is_mounted:
            self._show_list(keep=False)

    def _draw_frame(self) -> None:
        one, waits = self._shown(), self._found is None
        self.list_.empty = line(
            _("The signs are read …") if waits else _("Nobody shows an early sign. Well done."), "dim"
        )
        self.list_.set_columns(rows.columns(rows.title_of(one)))
        self.draw_head(rows.head_lines(self._found, one, self.size.width - 2))

    def _show_list(self, *, keep: bool) -> None:
        self._draw_frame()
        one = self._shown()
        if self._listing is None or not keep:
            self._listing = Listing(self.list_, lambda row: row.member, self._row)
        self._listing.show(one.rows if one is not None else (), keep=keep)
        self._draw_selected()
        self.member_changed()

    def _row(self, one: SignsRow) -> Row:
        left = self._listing is not None and self._listing.has_left(one)
        return rows.row_of(one, self.currency, left=left)

    def moved(self, key: Hashable | None) -> None:
        if self._listing is not None:
            self._listing.moved(key)
        self.member_changed()
        self.follow(self._draw_selected)

    def _draw_selected(self) -> None:
        one, found, today = self._selected(), self._found, self.desk.today()
        if one is None or found is None or self._listing is None:
            self.draw_beside(lambda _room: (), lambda _room: ())
        elif self._listing.has_left(one):
            self.draw_beside(lambda _room: rows.gone_lines(one), lambda _room: rows.gone_lines(one))
        else:
            self.draw_beside(
                lambda room: rows.about_lines(one, self.currency, today, room, found.not_looked_at),
                lambda room: rows.below_lines(one, self.currency, room),
            )

    # --- the person

    def _selected(self) -> SignsRow | None:
        return self._listing.selected() if self._listing is not None else None

    def current_member(self) -> str | None:
        one = self._selected()
        return one.member if one is not None else None

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_open()
