"""Who has another rule than the centre's, and who is left out: give one, look at it, take it away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from duesdesk import i18n
from duesdesk.clock import zone
from duesdesk.domain.errors import BadInput
from duesdesk.i18n import _
from duesdesk.messages import N_
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import KeySpec, bindings_for
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.modals.form import FormField
from duesdesk.screens.rule.forms import CloseForm
from duesdesk.screens.text import line, with_sums
from duesdesk.screens.widgets.choice import Option
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import new_key
from duesdesk.services.holds import EXCLUDED, HoldView
from duesdesk.services.rules import LONGEST, RuleView, Target

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

SCREEN = "rule_others"
MOST_BYTES = 4 * LONGEST
RULE, LEFT_OUT = "rule", "left-out"
SCOPES = {"group": N_("group"), "member": N_("member"), "invoice": N_("invoice")}


@dataclass(frozen=True, slots=True)
class Page:
    """What was read for the screen; `names` are those of members that have a rule of their own."""

    views: tuple[RuleView, ...]
    left_out: tuple[HoldView, ...]
    names: dict[str, str]


def open_others(app: DuesdeskApp) -> None:
    """Show who has another rule."""
    app.show_screen(SCREEN, OthersScreen)


class OthersScreen(DeskScreen):
    """See the module."""

    ID = "rule_others"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("rule_others")
    FOOTER = ("other_open", "other_give", "other_take", "undo", "back", "help")
    AUTO_FOCUS = "#others-list"

    def __init__(self) -> None:
        super().__init__()
        self._page: Page | None = None

    def compose_body(self) -> ComposeResult:
        columns = (
            Column("scope", _("For"), 9),
            Column("who", _("Who"), 18, flex=True),
            Column("rule", _("Rule"), 16, flex=True),
            Column("since", _("Since"), 16),
        )
        yield Panel([()], classes="gap")
        yield Panel([line(_("First an invoice's rule counts, then a member's, a group's, the centre's."), "dim")],
                    id="others-head")  # fmt: skip
        yield Panel([()], classes="gap")
        yield LineList(columns, on_move=lambda _key: self.member_changed(), pointer=True, id="others-list")

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.set_class(event.size.height < 28, "-low")

    # --- what is shown

    def refresh_data(self) -> None:
        # Keys that follow the one that opened it are for what it shows.
        self.load(self._read, self._show, hold_keys=self._page is None)

    def _read(self) -> Page:
        views = tuple(self.desk.rules.all()[1:])
        names = {one.target: self.desk.members.get(one.target).name for one in views if one.scope == "member"}
        left_out = tuple(one for one in self.desk.holds.all() if one.kind == EXCLUDED)
        return Page(views, left_out, names)

    def _show(self, page: Page) -> None:
        self._page = page
        listed = self.query_one("#others-list", LineList)
        listed.empty = line(_("Everybody follows the centre's rule; + gives somebody another."), "dim")
        listed.set_source(Rows([*(self._rule_row(one) for one in page.views), *map(self._left_out_row, page.left_out)]))
        self.member_changed()

    def _rule_row(self, view: RuleView) -> Row:
        name = self._page.names.get(view.target, "") if self._page is not None else ""
        local = zone(self.desk.centre.timezone)
        day = i18n.short_day(view.since.astimezone(local).date()) if view.since is not None else ""
        cells = (
            line(_(SCOPES[view.scope]), "dim"),
            line(f"{view.target}  {name}".strip()),
            line(view.rule.name),
            line(f"{day} {view.actor}", "dim"),
        )
        return Row((RULE, view.scope, view.target), cells)

    def _left_out_row(self, hold: HoldView) -> Row:
        until = _("until {day}").format(day=i18n.short_day(hold.until)) if hold.until is not None else ""
        cells = (
            line(_("left out"), "warn"),
            line(f"{hold.invoice or hold.payer}  {hold.name}"),
            with_sums(hold.reason, "dim"),
            line(until or f"{i18n.short_day(hold.since)} {hold.actor}", "dim"),
        )
        return Row((LEFT_OUT, hold.payer, hold.id), cells)

    def _selected(self) -> RuleView | None:
        key = self.query_one("#others-list", LineList).selected_key
        views = self._page.views if self._page is not None else ()
        return next((one for one in views if (RULE, one.scope, one.target) == key), None)

    def current_member(self) -> str | None:
        key = self.query_one("#others-list", LineList).selected_key
        if not isinstance(key, tuple):
            return None
        return key[1] if key[0] == LEFT_OUT else key[2] if key[1] == "member" else None

    # --- keys

    def can_act(self, spec: KeySpec) -> bool:
        if spec.id == "other_take":
            return self._selected() is not None and self.may(spec.act)
        return super().can_act(spec)

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_open_other()

    def action_open_other(self) -> None:
        from duesdesk.screens.rule.screen import RuleScreen

        view = self._selected()
        if view is None:
            self.action_open()
            return
        rule = self.app.place("rule")
        assert isinstance(rule, RuleScreen)  # noqa: S101  # as the registry says
        rule.look_at(target_of(view))
        self.app.goto("rule")

    def action_give(self) -> None:
        self.load(self._known, self._ask, group="known", hold_keys=True)

    def _known(self) -> dict[str, str]:
        """In a thread: the rules that are known, by name; the newest of each."""
        found: dict[str, str] = {}
        for version in self.desk.rules.versions():
            if version.text:
                found.setdefault(version.name, version.text)
        for view in self.desk.rules.all()[1:]:
            found.setdefault(view.rule.name, view.text)
        return found

    def _ask(self, known: dict[str, str]) -> None:
        names = ", ".join(known)
        options = (Option("group", _("group"), "g"), Option("member", _("member"), "m"),
                   Option("invoice", _("invoice"), "i"))  # fmt: skip
        fields = (
            FormField("scope", _("For a"), "choice", options=options, default="group"),
            FormField("target", _("Which"), required=True, hint=_("its name, or the number of the member or invoice"),
                      codes=("group-unknown", "member-unknown", "invoice-unknown")),
            FormField("rule", _("Rule"), required=True, default=next(iter(known), ""),
                      hint=_("{names}; or a file").format(names=names)),
            FormField("reason", _("Why"), hint=_("may be empty")),
        )  # fmt: skip
        key = new_key()

        def save(values: dict[str, object]) -> object:
            target = Target(**{str(values["scope"]): str(values["target"])})
            text = text_called(str(values["rule"]), known)
            return self.desk.rules.use(text, target, reason=str(values["reason"]), key=key)

        self.app.push_screen(CloseForm(_("A rule of its own"), fields, save=save), self._given)

    def _given(self, result: dict[str, object] | None) -> None:
        if result is not None:
            self.app.data_changed()
            told = _("{target} follows that rule from the next run on · Enter changes it, u undoes.")
            self.app.show_message(told.format(target=result["target"]), "ok")

    def action_take_away(self) -> None:
        view = self._selected()
        if view is None:
            return
        key = new_key()

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.load(
                    lambda: self.desk.rules.use("", target_of(view), key=key), self._taken, group="act", hold_keys=True
                )

        question = [line(_("The next wider rule holds from the next run on; what was done stays done."))]
        title = _("Take “{rule}” away from {target}?").format(rule=view.rule.name, target=view.target)
        self.app.push_screen(ConfirmModal(title, question, yes=_("take it away")), answered)

    def _taken(self, _answer: object) -> None:
        self.app.data_changed()
        self.app.show_message(_("The next wider rule is in force from the next run on."), "ok")


def target_of(view: RuleView) -> Target:
    """For whom a rule is."""
    return Target(**{view.scope: view.target}) if view.scope in SCOPES else Target()


def text_called(typed: str, known: dict[str, str]) -> str:
    """The rule of that name, else what stands in that file. Raises BadInput."""
    if typed in known:
        return known[typed]
    try:
        path = Path(typed).expanduser()
        # What is no file, such as a pipe, may never end.
        if path.is_file() and path.stat().st_size <= MOST_BYTES:
            return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError, RuntimeError):
        pass
    raise BadInput("rule-name-or-file", name=typed, known=", ".join(known))
