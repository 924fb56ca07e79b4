"""The key t: what somebody said, in two or three keys: the outcome by its letter, a note if there is one, Enter."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from duesdesk.domain.errors import BadInput
from duesdesk.i18n import _, ngettext, parse_date, pgettext
from duesdesk.screens.contact_words import OUTCOMES, word
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.refusals import refusal
from duesdesk.screens.talk.outcomes import ROWS, Outcomes
from duesdesk.screens.text import Line, line
from duesdesk.screens.widgets.choice import Choice, Option
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.talks import NOTE_LENGTH, Said

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

LABEL_CELLS = 11


def open_talk(app: DuesdeskApp, member: str) -> None:
    """Note what `member` said."""

    def show(name: str) -> None:
        app.push_screen(TalkModal(member, name))

    app.open_with(lambda: app.desk.members.get(member).name, show)


class TalkModal(DeskModal[bool]):
    """See the module."""

    WIDTH = 66
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+enter", "save", show=False),
        Binding("down", "next", show=False),
        Binding("up", "previous", show=False),
    ]
    AUTO_FOCUS = "#outcome"

    def __init__(self, member: str, name: str, *, channel: str = "desk") -> None:
        super().__init__()
        self.member = member
        self._channel = channel
        self._outcome = ""
        self.name_shown = name
        self.key = new_key()

    def heading(self) -> str:
        return _("Talk · {name}").format(name=self.name_shown)

    def compose_box(self) -> ComposeResult:
        channels = (
            Option("desk", _("at the desk"), "d"),
            Option("phone", _("by phone"), "h"),
            Option("message", _("by message"), "m"),
        )
        outcomes = Outcomes(on_letter=self._to_note, on_other=self._begin_note, id="outcome")
        outcomes.styles.height = ROWS
        yield from self._row(_("Outcome"), outcomes)
        yield Panel([()], surface="bar")
        yield from self._row(_("Note"), Field(max_length=NOTE_LENGTH, placeholder=_("in a few words"), id="note"))
        yield from self._row(_("Again on"), Field(placeholder=_("a day: fri, +3, 14/12"), id="next"))
        yield from self._row(_("How"), Choice(channels, value=self._channel, id="channel"))

    @staticmethod
    def _row(label: str, entry: Widget) -> ComposeResult:
        row = Widget(classes="form-row")
        with row:
            shown = Panel([line(label, "dim")], surface="bar", indent=2)
            shown.styles.width = LABEL_CELLS
            yield shown
            yield entry

    def hint(self) -> Line:
        letters = (pgettext("key", "letter"), _("what came of it"))
        return keys_line(letters, ("Tab", _("next")), ("Enter", _("save")), ("Esc", _("back")))

    def has_changes(self) -> bool:
        return bool(self.query_one("#note", Field).value or self.query_one("#next", Field).value)

    def is_begun(self) -> bool:
        return self.has_changes() or self._chosen() != self._chosen_at_first

    def _chosen(self) -> tuple[str, str]:
        return self.query_one("#outcome", Outcomes).value, self.query_one("#channel", Choice).value

    def on_mount(self) -> None:
        super().on_mount()
        self._chosen_at_first = self._chosen()

    # --- keys

    def _to_note(self) -> None:
        self.query_one("#note", Field).focus()

    def _begin_note(self, character: str) -> None:
        """Somebody types the note before the outcome: none of its letters is taken for one."""
        note = self.query_one("#note", Field)
        note.focus()
        note.press(character, character)

    def action_next(self) -> None:
        self.focus_next()

    def action_previous(self) -> None:
        self.focus_previous()

    def on_outcomes_submitted(self) -> None:
        self.action_save()

    def on_field_submitted(self) -> None:
        self.action_save()

    def on_choice_submitted(self) -> None:
        self.action_save()

    def action_save(self) -> None:
        if self.is_saving:
            return
        typed = self.query_one("#next", Field)
        outcome = self.query_one("#outcome", Outcomes)
        if not outcome.value:
            self.show_message(_("What came of it? Choose by its letter, then Enter."), "warn")
            outcome.focus()
            return
        try:
            next_on = self._next_on(typed.value)
        except BadInput as error:
            self.show_message(refusal(error, "bad"), "bad")
            typed.focus()
            return
        self._outcome = outcome.value
        said = Said(
            outcome.value,
            self.query_one("#note", Field).value,
            self.query_one("#channel", Choice).value,
            next_on,
        )
        self.load(lambda: self.save(said), self._saved, group="save", hold_keys=True)

    def save(self, said: Said) -> Plain:
        """Write it down, in a thread."""
        return self.desk.talks.log(
            self.member,
            outcome=said.outcome,
            note=said.note,
            channel=said.channel,
            next_on=said.next_on,
            key=self.key,
        )

    def told(self, answer: Plain) -> str:
        """What was done, for the message line."""
        return " · ".join((*self.noted(answer), _("“u” takes it back")))

    def noted(self, answer: Plain) -> list[str]:
        """Of whom what was noted, and what follows."""
        noted = _("Noted of {name}: {outcome}").format(name=self.name_shown, outcome=word(OUTCOMES, self._outcome))
        withdrawn = int(answer.get("withdrawn", 0))
        if not withdrawn:
            return [noted]
        back = ngettext("{count} waiting notice withdrawn", "{count} waiting notices withdrawn", withdrawn)
        return [noted, back.format(count=withdrawn)]

    def _next_on(self, text: str) -> date | None:
        if not text.strip():
            return None
        found = parse_date(text, self.desk.today())
        if found < self.desk.today():
            raise BadInput("day-has-passed", day=found)
        return found

    def _saved(self, answer: Plain) -> None:
        self.dismiss(True)
        self.app.data_changed()
        self.app.show_message(self.told(answer), "ok")
