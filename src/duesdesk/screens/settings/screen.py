"""F10: modules, who stands at the desk, and every setting; Enter changes the selected one."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult

from duesdesk.domain.roles import BACK_OFFICE, FRONT_DESK, MANAGER
from duesdesk.i18n import _
from duesdesk.messages import N_
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import bindings_for
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.settings import words
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, join, line, wrap
from duesdesk.screens.widgets.choice import Option
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.settings import SettingView
from duesdesk.services.staff import StaffMember

PERSON, MODULE, PAGE, SETTING = "person", "module", "page", "setting"
ROLES = {FRONT_DESK: N_("front desk"), BACK_OFFICE: N_("back office"), MANAGER: N_("manager")}
MOST_OPTIONS = 4
_MODULES = {"crm": (N_("CRM Daily"), N_("Who comes today, in order of time, and what they owe."))}


@dataclass(frozen=True, slots=True)
class Page:
    """What the screen shows."""

    staff: tuple[StaffMember, ...]
    modules: dict[str, bool]
    settings: tuple[SettingView, ...]


class SettingsScreen(DeskScreen):
    """Settings; see the module."""

    ID = "settings"
    BINDINGS = bindings_for("settings")
    FOOTER = ("change", "find", "help")
    AUTO_FOCUS = "LineList"

    def __init__(self) -> None:
        super().__init__()
        self._page = Page((), {}, ())

    def compose_body(self) -> ComposeResult:
        columns = (
            Column("group", _("Settings"), 14),
            Column("what", "", 30),
            Column("value", _("Now"), 24, flex=True),
            Column("where", _("For"), 14, min_terminal_width=100),
        )
        yield Panel([()])
        yield LineList(columns, on_move=self.show_help, pointer=True, id="settings")
        yield Panel([(), (), ()], id="help-line")

    def refresh_data(self) -> None:
        self.load(self._read, self.show_page)

    def _read(self) -> Page:
        return Page(tuple(self.desk.staff.all()), self.desk.modules.all(), tuple(self.desk.settings.all()))

    def show_page(self, page: Page) -> None:
        """Fill the list: who is at the desk, modules, then settings."""
        self._page = page
        actor = self.desk.actor
        rows = [
            Row(
                (PERSON, ""),
                (
                    line(_("At this desk"), "white", bold=True),
                    _("Who works here now"),
                    f"{actor.name} · {_(ROLES[actor.role])}",
                    line(actor.desk, "dim"),
                ),
            )
        ]
        for place, (name, active) in enumerate(page.modules.items()):
            state: Line = (
                (Piece(sign("paid") + " ", "ok"), Piece(_("active"))) if active else (Piece(_("not active"), "dim"),)
            )
            group = _("Modules") if place == 0 else ""
            whose = line(_("the centre"), "dim")
            rows.append(Row((MODULE, name), (line(group, "white", bold=True), _(_MODULES[name][0]), state, whose)))
        whose = line(_("the centre"), "dim")
        heading = line(_("Texts"), "white", bold=True)
        rows.append(Row((PAGE, "texts"), (heading, _("Texts of notices"), line("Ctrl+T", "accent"), whose)))
        rows += self._setting_rows(page)
        self.query_one("#settings", LineList).set_source(Rows(rows))
        self.show_help(self.selected())

    def _setting_rows(self, page: Page) -> list[Row]:
        """Every setting by its group, whose name stands at the first."""
        by_key = {one.key: one for one in page.settings}
        rows = []
        for group, labels in words.GROUPS:
            heading = line(_(group), "white", bold=True)
            for key in labels:
                one = by_key[key]
                told = words.value_words(one, one.value)
                value = line(told, "text" if one.value != one.default else "dim") if told else line("—", "faint")
                whose = line(_("the centre") if one.place == "store" else _("this machine"), "dim")
                rows.append(Row((SETTING, key), (heading, words.label(key), value, whose)))
                heading = ()
        return rows

    def selected(self) -> tuple[str, str]:
        """The kind and name of the selected row."""
        key = self.query_one("#settings", LineList).selected_key
        return key if isinstance(key, tuple) else (PERSON, "")

    def show_help(self, key: object) -> None:
        """What the selected row means."""
        kind, name = key if isinstance(key, tuple) else (PERSON, "")
        panel = self.query_one("#help-line", Panel)
        told = _("Enter changes who stands at this desk; what they may do goes with their role.")
        if kind == MODULE:
            told = _(_MODULES[name][1])
        elif kind == PAGE:
            told = _("What notices say, in each language and tone; Enter shows them.")
        below: Line = ()
        if kind == SETTING:
            one = self._setting(name)
            told = _(one.help)
            below = (Piece(f"{words.usual(one)} · ", "faint"), Piece(name, "faint"))
        wrapped = wrap(told, max(20, self.size.width - 4))[:2]
        panel.set_lines([(), *(line(one, "dim") for one in wrapped), *([below] if below else [])])

    def _setting(self, key: str) -> SettingView:
        return next(one for one in self._page.settings if one.key == key)

    # --- changing

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        self.action_change()

    def action_change(self) -> None:
        kind, name = self.selected()
        if kind == PERSON:
            self._change_person()
        elif kind == MODULE:
            active = not self._page.modules[name]
            self.load(lambda: self.desk.modules.switch(name, active=active), lambda _answer: self.changed())
        elif kind == PAGE:
            self.app.act(name, "")
        else:
            self._change_setting(self._setting(name))

    def _change_person(self) -> None:
        people = [person for person in self._page.staff if person.active]
        if not people:
            self.show_message(_("No staff is set up yet: duesdesk staff add NAME --role front_desk."), "warn")
            return
        options = tuple(
            Option(person.name, f"{person.name} · {_(ROLES[person.role])}", _letter(person.name, people))
            for person in people
        )
        field = FormField("name", _("Who"), "choice", options=options, default=self.desk.actor.name)
        self.app.push_screen(FormModal(_("Who stands at this desk?"), [field], save_word=_("take over")), self.person)

    def person(self, values: dict[str, object] | None) -> None:
        """Somebody else works here from now on."""
        if values is not None:
            self.app.take_over(str(values["name"]))

    def _change_setting(self, one: SettingView) -> None:
        def save(values: dict[str, object]) -> object:
            return self.desk.settings.set(one.key, str(values["value"]))

        name = words.label(one.key)
        if 1 < len(one.choices) <= MOST_OPTIONS:
            options = tuple(
                Option(choice, words.value_words(one, choice), str(place))
                for place, choice in enumerate(one.choices, 1)
            )
            field = FormField("value", name, "choice", options=options, default=one.value)
        else:
            hint = words.allowed(one) or words.usual(one)
            field = FormField("value", name, default=one.value, hint=hint)
        intro = [join(line(told, "dim")) for told in wrap(_(one.help), 60)]
        self.app.push_screen(FormModal(_("Change a setting"), [field], save=save, intro=intro), self.saved)

    def saved(self, values: dict[str, object] | None) -> None:
        """A setting was changed, or not."""
        if values is not None:
            self.changed()

    def changed(self) -> None:
        """Everything shows what it is now."""
        self.app.data_changed()
        self.app.show_message(_("Saved."), "ok")


def _letter(name: str, people: list[StaffMember]) -> str:
    """The first letter of a name when nobody else has it."""
    first = name[:1].lower()
    return first if sum(person.name[:1].lower() == first for person in people) == 1 else ""
