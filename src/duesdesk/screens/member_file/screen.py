"""The Member File: the head, the lists by keys 1 to 7, the timeline beside them, and the acts on what is selected."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from duesdesk import i18n
from duesdesk.domain.dues import ENDED
from duesdesk.domain.errors import Refused
from duesdesk.domain.roles import may, require
from duesdesk.i18n import _
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import BY_ID, KeySpec, bindings_for
from duesdesk.screens.member_file import lists
from duesdesk.screens.member_file.header import head_lines, read_why, tiles, why_lines
from duesdesk.screens.refusals import refusal
from duesdesk.screens.text import line
from duesdesk.screens.widgets.bars import Tab, Tabs
from duesdesk.screens.widgets.line_list import LineList, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.screens.widgets.tiles import Tiles
from duesdesk.services.credits import KINDS as CREDIT_KINDS
from duesdesk.services.member_files import InvoiceDetail, InvoiceView, MemberFile, Move, PaymentView
from duesdesk.services.membership_views import ChargeView, MembershipView
from duesdesk.services.reach import ChannelView

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp
    from duesdesk.screens.member_file.header import Why

SCREEN = "member_file"
WIDE_COLUMNS, WIDEST_COLUMNS, ROOMY_LINES = 110, 150, 28
MOST_IN_PANE = 60


def open_member_file(app: DuesdeskApp, member: str) -> None:
    """Show the file of `member`; a card that nobody has any more is said."""

    def show(file: MemberFile) -> None:
        before = app.desk_screen()
        screen = app.show_screen(SCREEN, MemberFileScreen)
        assert isinstance(screen, MemberFileScreen)  # noqa: S101  # made on the line above
        screen.show_file(file, from_a_file=before is screen)

    app.open_with(lambda: app.desk.member_files.open(member), show)


class MemberFileScreen(DeskScreen):
    """See the module."""

    ID = "member_file"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("member_file")
    FOOTER = ("pay", "notice", "talk", "promise", "detail", "statement", "help")
    FOOTER_MORE = ("edit", "issue", "membership", "take_back", "lower", "note", "reach", "list")
    AUTO_FOCUS = "#file-list"

    def __init__(self) -> None:
        super().__init__()
        self._member: str | None = None
        self._before: list[str] = []
        self._tab = lists.INVOICES
        self._file: MemberFile | None = None
        self._given: MemberFile | None = None
        self._why: Why | None = None

    def compose_body(self) -> ComposeResult:
        yield Panel([()], classes="gap")
        yield Panel([(), (), ()], id="file-head")
        yield Panel([()], classes="gap")
        yield Tiles([], focusable=False, id="file-tiles")
        yield Panel([()], classes="gap")
        yield Tabs(self._tabs(), numbered=True, on_change=self._show_tab, id="file-tabs")
        yield Panel([()], classes="gap")
        with Horizontal(id="file-body"):
            yield LineList(lists.columns(self._tab), on_move=self._moved, id="file-list")
            yield Panel(rule=True, id="file-pane", classes="pane")

    # --- what is shown

    def show_file(self, file: MemberFile, *, from_a_file: bool) -> None:
        """Show the file of somebody; coming `from_a_file`, Esc goes back to that one."""
        if not from_a_file:
            self._before = []
        elif self._member not in (None, file.number):
            self._before.append(str(self._member))
        self._begin(file.number)
        self._given = file
        if self.is_mounted:
            self.refresh_data()

    def _begin(self, member: str) -> None:
        if member == self._member and self._file is not None:
            return
        self._member = member
        self._file = None
        self._tab = lists.INVOICES
        if self.is_mounted:
            self.query_one("#file-tabs", Tabs).set_active(self._tab)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= WIDE_COLUMNS, "-wide")
        self.set_class(event.size.width >= WIDEST_COLUMNS, "-widest")
        self.set_class(event.size.height < ROOMY_LINES, "-low")
        self.call_after_refresh(self._show_pane)
        if self._file is not None:
            self.call_after_refresh(self._show_head, self._file)

    def refresh_data(self) -> None:
        member = self._member
        given, self._given = self._given, None
        if given is not None and given.number == member:
            # Read a moment ago, by the key that opened it; an answer on its way is older.
            self._next_load("main")
            self._show(given)
        elif member is not None:
            self.load(lambda: self.desk.member_files.open(member), self._show)

    def _show(self, file: MemberFile) -> None:
        is_new = self._file is None or self._file.number != file.number
        self._file = file
        if is_new:
            self._why = None
        self._show_head(file)
        number = file.number
        self.load(lambda: read_why(self.desk, number), self._show_why, group="why")
        tabs = self.query_one("#file-tabs", Tabs)
        tabs.set_tabs(self._tabs())
        self._show_list(keep=not is_new)
        self._show_pane()

    def _show_head(self, file: MemberFile) -> None:
        head = self.query_one("#file-head", Panel)
        head.set_lines([*head_lines(file), *why_lines(self._why, head.room)])
        shown = tiles(file, self.desk.centre.currency, self.desk.today(), self._why)
        self.query_one("#file-tiles", Tiles).set_tiles(shown)

    def _show_why(self, found: Why) -> None:
        if self._file is not None and found.member == self._file.number:
            self._why = found
            self._show_head(self._file)

    def _tabs(self) -> list[Tab]:
        file = self._file
        counts = {lists.NOTES: len(file.notes), lists.HOUSEHOLD: len(file.household)} if file is not None else {}
        shown = [tab for tab in lists.TITLES if tab != lists.HOUSEHOLD or counts.get(tab)]
        return [Tab(tab, _(lists.TITLES[tab]), i18n.number(counts[tab]) if counts.get(tab) else "") for tab in shown]

    def _show_list(self, *, keep: bool = True) -> None:
        if self._file is None:
            return
        listed = self.query_one("#file-list", LineList)
        listed.empty = line(lists.empty_words(self._tab), "dim")
        columns = lists.columns(self._tab, self._file, self.desk.centre.currency)
        if listed.columns != columns:
            listed.set_columns(columns)
        listed.set_source(
            Rows(lists.rows(self._file, self._tab, self.desk.today(), self.desk.centre.currency)), keep=keep
        )
        self.refresh_footer()

    def _show_pane(self) -> None:
        file = self._file
        pane = self.query_one("#file-pane", Panel)
        if file is None or not self.has_class("-wide"):
            return
        if self._tab == lists.TIMELINE:
            index = self.query_one("#file-list", LineList).index
            from duesdesk.screens.member_file.detail import entry_lines  # imported late: only this list needs it

            entries = file.timeline[index : index + 1]
            pane.set_lines(entry_lines(entries[0], self.desk.today(), pane.room) if entries else [])
            return
        pane.set_lines(lists.timeline_lines(file.timeline, self.desk.today(), pane.room, MOST_IN_PANE))

    def _moved(self, _key: Hashable | None) -> None:
        self.refresh_footer()
        if self._tab == lists.TIMELINE:
            self._show_pane()

    def current_member(self) -> str | None:
        return self._member

    # --- what is selected

    def _key(self) -> Hashable | None:
        return self.query_one("#file-list", LineList).selected_key

    def _invoice(self) -> InvoiceView | None:
        if self._file is None or self._tab != lists.INVOICES:
            return None
        return next((one for one in self._file.invoices if one.number == self._key()), None)

    def _payment(self) -> PaymentView | None:
        if self._file is None or self._tab != lists.PAYMENTS:
            return None
        return next((one for one in self._file.payments if one.reference == self._key()), None)

    def _membership(self) -> MembershipView | None:
        """The selected membership; outside their list the only one of the member that has not ended."""
        file = self._file
        if file is None:
            return None
        if self._tab == lists.DUES:
            return next((one for one in file.memberships if one.id == self._key()), None)
        own = self._own_memberships(file)
        return own[0] if len(own) == 1 else None

    def _own_memberships(self, file: MemberFile) -> list[MembershipView]:
        return [one for one in file.memberships if one.member == file.number and one.state != ENDED]

    def can_act(self, spec: KeySpec) -> bool:
        if spec.id == "detail":
            return self._key() is not None
        if spec.id == "take_back":
            invoice, payment = self._invoice(), self._payment()
            if invoice is not None:
                return invoice.state not in ("void", "draft") and self.may("invoice.void")
            return payment is not None and payment.is_live and self.may("reverse")
        if spec.id == "lower":
            invoice = self._invoice()
            role = self.desk.actor.role
            return invoice is not None and invoice.open_minor > 0 and any(may(role, kind) for kind in CREDIT_KINDS)
        return super().can_act(spec)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # These two answer also when the role forbids them: who may is told.
        return True if action in ("take_back", "lower") else super().check_action(action, parameters)

    def _forbidden(self, act: str) -> bool:
        """Whether the role may not do `act`; then it is said who may."""
        try:
            require(self.desk.actor.role, act)
        except Refused as error:
            self.app.show_message(refusal(error, "warn"), "warn")
            return True
        return False

    # --- keys

    def action_back(self) -> None:
        if self._before:
            self._begin(self._before.pop())
            self.refresh_data()
        else:
            self.app.back()

    def action_section(self, number: int) -> None:
        self.query_one("#file-tabs", Tabs).choose(number)

    def _show_tab(self, tab: str) -> None:
        self._tab = tab
        self._show_list(keep=False)
        self._show_pane()

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_detail()

    def action_detail(self) -> None:
        key = self._key()
        file = self._file
        if key is None or file is None:
            return
        if self._tab == lists.HOUSEHOLD:
            if key != file.number:
                open_member_file(self.app, str(key))
            return
        invoice, payment = self._invoice(), self._payment()
        if self._tab == lists.DUES:
            self._read_membership()
        elif invoice is not None:
            number = invoice.number
            self.load(
                lambda: self.desk.member_files.invoice(number),
                self._show_invoice,
                group="detail",
                hold_keys=True,
                may_leave=True,
            )
        elif payment is not None:
            self.open_with(
                lambda: (payment, self.desk.member_files.payment_moves(payment.reference)),
                self._show_payment,
            )
        else:
            self._read_row(file)

    def _show_invoice(self, detail: InvoiceDetail) -> None:
        from duesdesk.screens.member_file.detail import invoice_lines  # imported late: start-up
        from duesdesk.screens.modals.reading import ReadModal

        title = _("Invoice {number}").format(number=detail.invoice.number)
        self.app.push_screen(ReadModal(title, invoice_lines(detail, self.desk.today())))

    def _show_payment(self, found: tuple[PaymentView, tuple[Move, ...]]) -> None:
        from duesdesk.screens.member_file.detail import payment_lines  # imported late: start-up
        from duesdesk.screens.modals.reading import ReadModal

        payment, moves = found
        title = _("Payment {number}").format(number=payment.reference)
        self.app.push_screen(ReadModal(title, payment_lines(payment, moves, self.desk.today())))

    def _read_row(self, file: MemberFile) -> None:
        from duesdesk.screens.member_file.detail import entry_lines, note_lines  # imported late: start-up
        from duesdesk.screens.modals.reading import ReadModal

        index = self.query_one("#file-list", LineList).index
        if self._tab == lists.TIMELINE:
            self.app.push_screen(ReadModal(file.details.name, entry_lines(file.timeline[index], self.desk.today())))
        elif self._tab == lists.NOTES:
            note = file.notes[index]
            self.app.push_screen(ReadModal(_("Note"), note_lines(note, i18n.day_year(note.at.date()))))

    def _read_membership(self) -> None:
        one = self._membership()
        if one is not None:
            self.open_with(lambda: (one, self.desk.memberships.charges(one.id)), self._show_membership)

    def _show_membership(self, found: tuple[MembershipView, list[ChargeView]]) -> None:
        from duesdesk.screens.member_file.dues import membership_lines  # imported late: start-up
        from duesdesk.screens.modals.reading import ReadModal

        one, charges = found
        self.app.push_screen(ReadModal(one.plan, membership_lines(one, charges, self.desk.today())))

    def action_membership(self) -> None:
        from duesdesk.screens.member_file.membership_forms import open_memberships  # imported late: start-up

        file = self._file
        if file is None:
            return
        one = self._membership()
        if one is None and self._tab != lists.DUES and self._own_memberships(file):
            # Which one is meant is chosen in their list.
            self.query_one("#file-tabs", Tabs).choose(list(lists.TITLES).index(lists.DUES) + 1)
            return
        open_memberships(self.app, file.number, file.details.name, one)

    def action_edit(self) -> None:
        from duesdesk.screens.member_file.edit import edit_member  # imported late: start-up

        if self._member is not None:
            edit_member(self.app, self._member)

    def action_reach(self) -> None:
        if self._file is not None:
            number = self._file.number
            self.open_with(lambda: self.desk.reaching.of(number), self._show_reach)

    def _show_reach(self, found: list[ChannelView]) -> None:
        from duesdesk.screens.member_file.reach import open_reach  # imported late: start-up

        if self._file is not None:
            open_reach(self.app, self._file.number, self._file.details.name, found)

    def action_issue(self) -> None:
        from duesdesk.screens.member_file.acts import issue  # imported late: start-up

        if self._file is not None:
            issue(self.app, self._file.number, self._file.details.name)

    def action_take_back(self) -> None:
        from duesdesk.screens.member_file import acts  # imported late: start-up

        invoice, payment = self._invoice(), self._payment()
        if invoice is None and payment is None:
            return
        if self._forbidden("reverse" if invoice is None else "invoice.void") or not self.can_act(BY_ID["take_back"]):
            return
        if invoice is not None:
            acts.void(self.app, invoice)
        elif payment is not None:
            acts.reverse(self.app, payment)

    def action_lower(self) -> None:
        from duesdesk.screens.member_file.acts import lower  # imported late: start-up

        invoice = self._invoice()
        if invoice is not None and not self._forbidden("credit_note") and self.can_act(BY_ID["lower"]):
            lower(self.app, invoice)

    def action_note(self) -> None:
        from duesdesk.screens.member_file.acts import add_note  # imported late: start-up

        if self._file is not None:
            add_note(self.app, self._file.number, self._file.details.name)

    def action_statement(self) -> None:
        from duesdesk.screens.member_file.statement import open_statement  # imported late: start-up

        if self._member is not None:
            open_statement(self.app, self._member)
