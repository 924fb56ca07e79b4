"""Today's run from the Rule screen: its counts first, then the run; both tell how far they are, and Esc stops them."""

from __future__ import annotations

from threading import Event

from duesdesk import i18n
from duesdesk.domain.collection.ladder import NOTICE, Step
from duesdesk.domain.roles import require
from duesdesk.i18n import _, ngettext
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.rule import words
from duesdesk.screens.text import Line
from duesdesk.services.collection.views import RunResult


class RunningScreen(DeskScreen):
    """A screen from which the rule is run; see the module."""

    _stop: Event | None = None

    def steps_by_name(self) -> dict[str, Step]:
        """The steps of every rule in force."""
        return {}

    def run_intro(self) -> list[Line]:
        """What is said above the counts of a run."""
        return []

    def on_unmount(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def stop_running(self) -> bool:
        """Stop what is under way; False when nothing is."""
        if self._stop is None:
            return False
        self._stop.set()
        self.show_message(_("It stops after those under way …"), "warn")
        return True

    def run_from_elsewhere(self) -> None:
        """The key that runs the rule was pressed on another screen: a run that is under way is told, never stopped."""
        if self._stop is not None:
            self.show_message(_("The rule is being run … Esc stops it."))
        else:
            self.action_run_rule()

    def action_run_rule(self) -> None:
        require(self.desk.actor.role, "run")
        if self.stop_running():
            return
        stop = self._stop = Event()
        self.show_message(_("It is looked who is due … Esc stops it."))
        self.load(lambda: self._would_run(stop), self._ask_run, group="run")

    def _would_run(self, stop: Event) -> RunResult:
        """In a thread."""
        told = _("It is looked who is due: {done} of {all} … Esc stops it.")
        try:
            return self.desk.rehearsing().runs.run(
                stop=stop.is_set, progress=lambda done, of: self._progress(told, done, of)
            )
        finally:
            self._stop = None

    def _progress(self, told: str, done: int, of: int) -> None:
        if done < of:
            said = told.format(done=i18n.number(done), all=i18n.number(of))
            self.app.call_from_thread(self.show_message, said)

    def _ask_run(self, result: RunResult) -> None:
        self.show_message("")
        if result.stopped:
            self.show_message(_("Stopped: nothing was done."))
            return
        if not result.taken and not result.cancelled:
            self.show_message(_("Nothing is due today."))
            return

        if not self.is_current:
            # Whoever went on to something else is not interrupted.
            self.show_message(_("It is known who is due: r shows it."))
            return

        def answered(agreed: bool | None) -> None:
            if agreed:
                stop = self._stop = Event()
                self.show_message(_("The rule is run … Esc stops it."))
                self.load(lambda: self._run(stop), self._was_run, group="run")

        lines = [*self.run_intro(), *words.run_lines(result, self.steps_by_name())]
        self.app.push_screen(ConfirmModal(_("Run the rule for today?"), lines, yes=_("run it")), answered)

    def _run(self, stop: Event) -> RunResult:
        """In a thread."""
        told = _("The rule is run: {done} of {all} … Esc stops it.")
        try:
            return self.desk.runs.run(stop=stop.is_set, progress=lambda done, of: self._progress(told, done, of))
        finally:
            self._stop = None

    def _was_run(self, result: RunResult) -> None:
        self.app.data_changed()
        self.show_message(run_told(result), "warn" if result.stopped else "ok")


def run_told(result: RunResult) -> str:
    """What a run did, in a sentence."""
    notices = sum(one.action == NOTICE for one in result.taken)
    tasks = len(result.taken) - notices
    told = [ngettext("{count} notice waits in F5", "{count} notices wait in F5", notices)
            .format(count=i18n.number(notices))]  # fmt: skip
    if tasks:
        told.append(ngettext("{count} task", "{count} tasks", tasks).format(count=i18n.number(tasks)))
    if result.cancelled:
        pulled = ngettext("{count} pulled back", "{count} pulled back", len(result.cancelled))
        told.append(pulled.format(count=i18n.number(len(result.cancelled))))
    if result.held:
        told.append(ngettext("{count} held back", "{count} held back", len(result.held))
                    .format(count=i18n.number(len(result.held))))  # fmt: skip
    said = ", ".join(told) + "."
    return _("Stopped, r goes on: {done}").format(done=said) if result.stopped else _("Run: {done}").format(done=said)
