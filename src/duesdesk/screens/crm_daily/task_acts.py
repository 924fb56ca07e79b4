"""Acts on a task: done, with what came of it; given to somebody, or moved to another day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from duesdesk import i18n
from duesdesk.i18n import _
from duesdesk.screens.contact_words import word
from duesdesk.screens.crm_daily.task_rows import KINDS, why_pieces
from duesdesk.screens.member_file.acts import show_form
from duesdesk.screens.modals.form import FormField
from duesdesk.screens.talk.screen import TalkModal
from duesdesk.screens.text import Line, Piece, wrap
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.talks import Said
from duesdesk.services.tasks import NOTE_LENGTH, OPEN, TaskView

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

SPOKEN = ("call", "desk")
NOTE_CELLS, NAME_LENGTH = 60, 60


class TaskTalkModal(TalkModal):
    """A task that is done by speaking with somebody: the same form as a talk, saved with the task in one."""

    def __init__(self, task: TaskView) -> None:
        super().__init__(task.member, task.member_name, channel="phone" if task.kind == "call" else "desk")
        self.task_id = task.id
        self._kind = task.kind

    def heading(self) -> str:
        return f"{word(KINDS, self._kind)} · {self.name_shown}"

    def save(self, said: Said) -> Plain:
        return self.desk.tasks.spoken(self.task_id, said, key=self.key)

    def noted(self, answer: Plain) -> list[str]:
        if answer["state"] == OPEN:
            day = i18n.relative_day(date.fromisoformat(answer["due_on"]), self.desk.today())
            return [*super().noted(answer), _("the task is for {day} now").format(day=day)]
        return [*super().noted(answer), _("the task is done")]


def task_done(app: DuesdeskApp, task: TaskView) -> None:
    """Ask what came of it, and close the task."""
    if task.kind in SPOKEN:
        app.push_screen(TaskTalkModal(task))
        return
    key = new_key()
    field = FormField("outcome", _("Outcome"), max_length=NOTE_LENGTH, hint=_("in a few words"),
                      codes=("card-number-refused",))  # fmt: skip
    show_form(
        app,
        f"{word(KINDS, task.kind)} · {task.payer_name}",
        [field],
        lambda values: app.desk.tasks.done(task.id, outcome=str(values["outcome"]), key=key),
        lambda _answer: _("The task is done. “u” takes it back."),
        _intro(task),
    )


def task_given(app: DuesdeskApp, task: TaskView) -> None:
    """Give it to somebody else, or to another day."""
    key, today = new_key(), app.desk.today()
    fields = [
        FormField("owner", _("Who"), default=task.owner, max_length=NAME_LENGTH, hint=_("empty: whoever is there"),
                  codes=("staff-unknown",)),
        FormField("on", _("Day"), "date", required=True, today=today, default=i18n.day_year(task.due_on)),
    ]  # fmt: skip

    def save(values: dict[str, object]) -> Plain:
        due_on = cast("date", values["on"])
        return app.desk.tasks.assign(task.id, str(values["owner"]), due_on=due_on, key=key)

    def told(answer: Plain) -> str:
        day = i18n.relative_day(date.fromisoformat(answer["due_on"]), today)
        if not answer["owner"]:
            return _("The task is for whoever is there, {day}.").format(day=day)
        return _("The task is {owner}’s, for {day}.").format(owner=answer["owner"], day=day)

    show_form(app, f"{word(KINDS, task.kind)} · {task.payer_name}", fields, save, told, _intro(task))


def _intro(task: TaskView) -> list[Line]:
    said = [part for text in task.note.splitlines() for part in wrap(text, NOTE_CELLS)]
    return [why_pieces(task), *((Piece(part, secret=True),) for part in said[1:])]
