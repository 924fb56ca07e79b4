"""F10: who stands at the desk, modules, every setting, passwords and the staff; Enter changes what is selected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult

from duesdesk.config import STORE, Secret
from duesdesk.domain.errors import DuesdeskError
from duesdesk.domain.roles import FRONT_DESK, MAY, ROLES
from duesdesk.i18n import _, listing
from duesdesk.messages import N_
from duesdesk.screens import contact_words
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import bindings_for
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.settings import words
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, hidden, join, line, wrap
from duesdesk.screens.widgets.choice import Option
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.sentences import SENTENCES
from duesdesk.services.acts import new_key
from duesdesk.services.settings import SettingView
from duesdesk.services.staff import StaffMember

if TYPE_CHECKING:
    from duesdesk.services.undo import LastAct

PERSON, MODULE, PAGE, SETTING, SECRET, STAFF = "person", "module", "page", "setting", "secret", "staff"
NOBODY_YET = ""
"""The name in the row that adds somebody to the staff."""
REFUSALS = tuple(code for code in SENTENCES if code.startswith(("setting-not-", "setting-empty", "hours-")))
"""What may be wrong with a value: it is said below it."""
_MOST_LETTERS = 9
_MODULES = {"crm": (N_("CRM Daily"), N_("Who comes today, in order of time, and what they owe."))}


@dataclass(frozen=True, slots=True)
class Page:
    """What the screen shows; `secrets` says of each password whether this machine was told it."""

    staff: tuple[StaffMember, ...]
    modules: dict[str, bool]
    settings: dict[str, SettingView]
    secrets: dict[str, bool]


class ChangedHere(NamedTuple):
    """A setting of this machine as it was, its value now, and the act in the store that was the last one then."""

    one: SettingView
    value: str
    after: int


class SettingsScreen(DeskScreen):
    """Settings; see the module."""

    ID = "settings"
    BINDINGS = bindings_for("settings")
    FOOTER = ("change", "undo", "find", "help")
    AUTO_FOCUS = "LineList"

    def __init__(self) -> None:
        super().__init__()
        self._page = Page((), {}, {}, {})
        self._here: ChangedHere | None = None

    def compose_body(self) -> ComposeResult:
        columns = (
            Column("group", _("Settings"), 17),
            Column("what", "", 30),
            Column("value", _("Now"), 22, flex=True),
            Column("where", _("For"), 14, min_terminal_width=100),
        )
        yield Panel([()])
        yield LineList(columns, on_move=self.show_help, pointer=True, id="settings")
        yield Panel([()] * 5, id="help-line")

    def refresh_data(self) -> None:
        self.load(self._read, self.show_page)

    def _read(self) -> Page:
        desk = self.desk
        settings = {one.key: one for one in desk.settings.all()}
        return Page(tuple(desk.staff.all()), desk.modules.all(), settings, desk.settings.secrets())

    # --- the list

    def show_page(self, page: Page) -> None:
        """Fill the list: who is at the desk, modules, settings by group, the staff."""
        self._page = page
        actor = self.desk.actor
        here = f"{actor.name} · {_role(actor.role)}"
        rows = [_row((PERSON, ""), _("At this desk"), _("Who works here now"), line("  " + here), actor.desk)]
        for place, (name, active) in enumerate(page.modules.items()):
            state = _changed(_("active")) if active else _usual(_("not active"))
            rows.append(_row((MODULE, name), "" if place else _("Modules"), _(_MODULES[name][0]), state))
        rows.append(_row((PAGE, "texts"), _("Texts"), _("Texts of notices"), line("  Ctrl+T", "accent")))
        rows += self._setting_rows(page)
        group = _("Staff")
        for person in page.staff:
            told = _role(person.role) if person.active else _("not active")
            rows.append(_row((STAFF, person.name), group, person.name, line("  " + told, "text")))
            group = ""
        rows.append(_row((STAFF, NOBODY_YET), group, _("Somebody new"), _usual("")))
        self.query_one("#settings", LineList).set_source(Rows(rows))
        self.show_help(self.selected())

    def _setting_rows(self, page: Page) -> list[Row]:
        """Every setting and secret by its group, whose name stands at the first."""
        rows = []
        for group, labels in words.GROUPS:
            heading = _(group)
            for key in labels:
                if key in page.secrets:
                    value = _changed(hidden()) if page.secrets[key] else _usual("")
                    rows.append(_row((SECRET, key), heading, words.label(key), value, _("this machine")))
                else:
                    one = page.settings[key]
                    told = words.value_words(one, one.value)
                    value = _usual(told) if one.value == one.default else _changed(told)
                    whose = _("the centre") if one.place == STORE else _("this machine")
                    rows.append(_row((SETTING, key), heading, words.label(key), value, whose))
                heading = ""
        return rows

    def selected(self) -> tuple[str, str]:
        """The kind and name of the selected row."""
        key = self.query_one("#settings", LineList).selected_key
        return key if isinstance(key, tuple) else (PERSON, "")

    # --- the help

    def show_help(self, key: object) -> None:
        """What the selected row means, what it may be and usually is, its key, and who changes it."""
        kind, name = key if isinstance(key, tuple) else (PERSON, "")
        told, may_be, below = self._told(kind, name)
        room = max(20, self.size.width - 4)
        wrapped: list[Line] = [line(one, "dim") for one in wrap(told, room)[:2]]
        lines = [(), *wrapped, *([line(may_be, "dim")] if may_be else [])]
        lines += [()] * (4 - len(lines))
        self.query_one("#help-line", Panel).set_lines([*lines, line(below, "faint")])

    def _told(self, kind: str, name: str) -> tuple[str, str, str]:
        """The help, what may be said, and the small line."""
        if kind == SETTING:
            one = self._page.settings[name]
            may_be = " · ".join(part for part in (words.usual(one), words.allowed(one)) if part)
            who = _who_may("setting") if one.place == STORE else _("everybody at this machine")
            return _(one.help), may_be, _("{key} · changed by: {who}").format(key=name, who=who)
        if kind == SECRET:
            who = _("everybody at this machine")
            below = _("{key} · changed by: {who}").format(key=name, who=who)
            return _(words.SECRET_HELP), _("usually empty"), below
        if kind == MODULE:
            return _(_MODULES[name][1]), "", _("{key} · changed by: {who}").format(key=name, who=_who_may("module"))
        if kind == STAFF:
            told = _("Who may work here, and what they may do.") if name else _("Somebody else who may work here.")
            return told, "", _("changed by: {who}").format(who=_who_may("staff"))
        if kind == PAGE:
            told = _("What notices say, in each language and tone; Enter shows them.")
            return told, "", _("changed by: {who}").format(who=_who_may("template"))
        return _("Enter changes who stands at this desk; what they may do goes with their role."), "", ""

    # --- changing

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        self.action_change()

    def action_change(self) -> None:
        kind, name = self.selected()
        if kind == PERSON:
            self._change_person()
        elif kind == MODULE:
            active, key = not self._page.modules[name], new_key()
            self.load(
                lambda: self.desk.modules.switch(name, active=active, key=key),
                lambda _answer: self.changed(),
                group="act",
                hold_keys=True,
            )
        elif kind == PAGE:
            self.app.act(name, "")
        elif kind == STAFF:
            self._change_staff(name)
        elif kind == SECRET:
            self._change_secret(name)
        elif name in self._page.settings:
            self._change_setting(self._page.settings[name])

    def _change_person(self) -> None:
        people = [person for person in self._page.staff if person.active]
        if not people:
            self.show_message(_("No staff is set up yet: duesdesk staff add NAME --role front_desk."), "warn")
            return
        options = tuple(
            Option(person.name, f"{person.name} · {_role(person.role)}", _letter(person.name, people))
            for person in people
        )
        field = FormField("name", _("Who"), "choice", options=options, default=self.desk.actor.name, wraps=True)
        self.app.push_screen(FormModal(_("Who stands at this desk?"), [field], save_word=_("take over")), self.person)

    def person(self, values: dict[str, object] | None) -> None:
        """Somebody else works here from now on."""
        if values is not None:
            self.app.take_over(str(values["name"]))

    def _change_staff(self, name: str) -> None:
        """Another role for somebody, or a new member of staff."""
        held = next((person.role for person in self._page.staff if person.name == name), FRONT_DESK)
        options = tuple(Option(role, _role(role), str(place)) for place, role in enumerate(ROLES, 1))
        role = FormField("role", _("Role"), "choice", options=options, default=held, wraps=True)
        if name:
            fields, title = [role], _("Role of {name}").format(name=name)
        else:
            fields, title = [FormField("name", _("Name"), required=True, max_length=60), role], _("New staff")

        def save(values: dict[str, object]) -> object:
            if name:
                return self.desk.staff.set_role(name, str(values["role"]))
            return self.desk.staff.add(str(values["name"]), str(values["role"]))

        self.app.push_screen(FormModal(title, fields, save=save), self.saved)

    def _change_secret(self, name: str) -> None:
        def save(values: dict[str, object]) -> object:
            return self.desk.settings.keep_secret(name, Secret(str(values["value"])))

        field = FormField("value", words.label(name), "password", required=True, max_length=4_000)
        self.app.push_screen(
            FormModal(_("Change a setting"), [field], save=save, intro=_intro(words.SECRET_HELP)), self.saved
        )

    def _change_setting(self, one: SettingView) -> None:
        def save(values: dict[str, object]) -> object:
            try:
                answer = self.desk.settings.set(one.key, str(values["value"]))
            except DuesdeskError as error:
                # As the setting is called here, not in scripts.
                error.facts["key"] = words.label(one.key)
                raise
            if one.place != STORE:
                last = self.desk.undo.last()
                self._here = ChangedHere(one, str(answer["value"]), last.id if last is not None else 0)
            return answer

        name = words.label(one.key)
        if one.choices:
            options = tuple(
                Option(choice, words.value_words(one, choice), str(place) if place <= _MOST_LETTERS else "")
                for place, choice in enumerate(one.choices, 1)
            )
            field = FormField("value", name, "choice", options=options, default=one.value, wraps=True)
        else:
            hint = words.allowed(one) or words.usual(one)
            field = FormField("value", name, default=one.value, hint=hint, max_length=1_000, codes=REFUSALS)
        self.app.push_screen(FormModal(_("Change a setting"), [field], save=save, intro=_intro(one.help)), self.saved)

    # --- undo

    def action_act(self, act: str) -> None:
        """`u` takes back a setting of this machine, too: nothing of it stands among the acts in the store."""
        here = self._here
        if act != "undo" or here is None:
            super().action_act(act)
            return

        def asked(last: LastAct | None) -> None:
            if (last.id if last is not None else 0) != here.after:
                self._here = None
                super(SettingsScreen, self).action_act(act)
            else:
                self._ask_back(here)

        self.app.open_with(self.desk.undo.last, asked)

    def _ask_back(self, here: ChangedHere) -> None:
        name, before = words.label(here.one.key), here.one.value

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.load(lambda: self.desk.settings.set(here.one.key, before), put_back, group="act", hold_keys=True)

        def put_back(_answer: object) -> None:
            self._here = None
            self.app.data_changed()
            self.app.show_message(_("{what} was taken back.").format(what=name), "ok")

        told = words.value_words(here.one, here.value) or sign("none")
        earlier = words.value_words(here.one, before) or sign("none")
        said = wrap(_("{now}, before {before}").format(now=told, before=earlier), 54)
        question = [line(name, "white", bold=True), *map(line, said)]
        dialog = ConfirmModal(_("Take back?"), question, yes=_("take it back"), no=_("leave it"))
        self.app.push_screen(dialog, answered)

    def saved(self, values: dict[str, object] | None) -> None:
        """A setting was changed, or not."""
        if values is not None:
            self.changed()

    def changed(self) -> None:
        """Everything shows what it is now."""
        self.app.data_changed()
        self.app.show_message(_("Saved."), "ok")


def _row(key: tuple[str, str], group: str, what: str, value: Line, whose: str = "") -> Row:
    return Row(key, (line(group, "white", bold=True), what, value, line(whose or _("the centre"), "dim")))


def _usual(told: str) -> Line:
    """A value as it is where nobody changed it."""
    return line("  " + told, "dim") if told else line("  " + sign("none"), "faint")


def _changed(told: str) -> Line:
    """A value that somebody chose; its sign tells it where there are no colours."""
    return (Piece(sign("full") + " ", "accent"), Piece(told or sign("none"), "text"))


def _intro(told: str) -> list[Line]:
    return [join(line(one, "dim")) for one in wrap(_(told), 60)]


def _who_may(act: str) -> str:
    """The roles that may do it, in words."""
    return listing([_role(role) for role in ROLES if role in MAY[act]])


def _role(role: str) -> str:
    return contact_words.word(contact_words.ROLES, role)


def _letter(name: str, people: list[StaffMember]) -> str:
    """The first letter of a name when nobody else has it."""
    first = name[:1].lower()
    return first if sum(person.name[:1].lower() == first for person in people) == 1 else ""
