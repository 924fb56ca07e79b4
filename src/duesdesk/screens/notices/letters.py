"""Letters: how many wait for the printer, the runs that were printed, and whether they were posted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding

from duesdesk import config, i18n
from duesdesk.bootstrap import Desk
from duesdesk.clock import zone
from duesdesk.domain.errors import BadInput
from duesdesk.i18n import _, ngettext, pgettext
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.notice.words import why_words
from duesdesk.screens.notices import rows
from duesdesk.screens.text import Line, line, wrap
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.print_runs import PRINTED, PrintRun

FOLDER = "letters"
MOST_RUNS = 12
MOST_NAMED = 6


class Letters(NamedTuple):
    """How many letters wait, the runs (the newest first), and who of an open run must not be posted."""

    waiting: int
    runs: tuple[PrintRun, ...]
    pulled_back: dict[int, tuple[str, ...]]


def read_letters(desk: Desk) -> Letters:
    """What the dialog shows."""
    runs = tuple(desk.print_runs.all()[:MOST_RUNS])
    pulled = {run.id: tuple(_named(desk, notice) for notice in run.pulled_back) for run in runs if run.pulled_back}
    return Letters(len(desk.print_runs.waiting()), runs, pulled)


def _named(desk: Desk, notice: int) -> str:
    view = desk.notices.get(notice)
    return f"N-{notice} {view.payer_name}: {why_words(view.detail)}"


class LettersModal(DeskModal[None]):
    """See the module."""

    WIDTH = 76
    BINDINGS = [
        Binding("p", "print", show=False),
        Binding("y", "posted", show=False),
        Binding("n", "unposted", show=False),
    ]
    AUTO_FOCUS = "#runs"

    def __init__(self, found: Letters) -> None:
        super().__init__()
        self._found = found
        self._print_key = new_key()

    def heading(self) -> str:
        return _("Letters")

    def compose_box(self) -> ComposeResult:
        yield Panel([()], surface="bar", indent=2, id="letters-said")
        runs = LineList(
            _columns(), pointer=True, more=False, surface="bar", on_move=lambda _key: self._show_run(), id="runs"
        )
        runs.empty = line(_("Nothing was printed yet."), "dim")
        runs.styles.height = 8
        yield runs
        yield Panel([()], surface="bar", indent=2, id="letters-run")

    def on_mount(self) -> None:
        super().on_mount()
        self._show(self._found)

    def _show(self, found: Letters) -> None:
        self._found = found
        count = found.waiting
        told = (
            ngettext("{count} letter waits to be printed.", "{count} letters wait to be printed.", count).format(
                count=i18n.number(count)
            )
            if count
            else _("No letter waits to be printed.")
        )
        self.query_one("#letters-said", Panel).set_lines([line(told, "white" if count else "dim"), ()])
        local, today = zone(self.desk.centre.timezone), self.desk.today()
        shown = [
            Row(
                run.id,
                (
                    line(str(run.id)),
                    line(rows.moment(run.printed_at, today, local), "dim"),
                    line(run.actor, "dim"),
                    line(i18n.number(run.letters)),
                    line(_state(run), "warn" if run.state == PRINTED else "dim"),
                ),
            )
            for run in found.runs
        ]
        self.query_one("#runs", LineList).set_source(Rows(shown))
        self._show_run()
        self.set_hint(self.hint())

    def _run(self) -> PrintRun | None:
        key = self.query_one("#runs", LineList).selected_key
        return next((run for run in self._found.runs if run.id == key), None)

    def _show_run(self) -> None:
        run = self._run()
        lines: list[Line] = [()]
        if run is not None:
            lines += [line(one, "dim") for one in wrap(run.file, self.WIDTH - 6)]
            lines += self._take_out(run)
        self.query_one("#letters-run", Panel).set_lines(lines)

    def _take_out(self, run: PrintRun) -> list[Line]:
        """Who must not be posted any more, by name."""
        back = self._found.pulled_back.get(run.id, ())
        if not back:
            return []
        lines = [line(_("Take out of the pile:"), "warn"), *(line(one, "warn") for one in back[:MOST_NAMED])]
        if len(back) > MOST_NAMED:
            lines.append(line(_("{count} more").format(count=len(back) - MOST_NAMED), "warn"))
        return lines

    def hint(self) -> Line:
        keys = [("p", _("print"))] if self._found.waiting else []
        if any(run.state == PRINTED for run in self._found.runs):
            keys += [("y", _("they are posted")), ("n", _("they are not"))]
        return keys_line(*keys, ("Esc", _("back")))

    # --- keys

    def action_print(self) -> None:
        if not self._found.waiting:
            self.show_message(_("No letter waits to be printed."), "warn")
            return
        field = FormField(
            "folder",
            _("Folder"),
            required=True,
            default=str(config.load().home / FOLDER),
            max_length=400,
            validate=_folder,
        )
        form = FormModal(_("Print the letters"), [field], save=self._printed_by, save_word=_("make the PDF"))
        self.app.push_screen(form, self._printed)

    def _printed_by(self, values: dict[str, object]) -> object:
        folder = Path(str(values["folder"])).expanduser()
        return self.desk.print_runs.print_letters(folder, key=self._print_key)

    def _printed(self, values: dict[str, object] | None) -> None:
        if values is None:
            return
        self._print_key = new_key()
        done: Plain = values["saved"]  # type: ignore[assignment]  # what `_printed_by` answers
        count, left = len(done["letters"]), len(done["left_out"])
        told = ngettext("{count} letter is in {file}.", "{count} letters are in {file}.", count).format(
            count=i18n.number(count), file=Path(done["file"]).name
        )
        if left:
            told += " " + ngettext("{count} is left out.", "{count} are left out.", left).format(
                count=i18n.number(left)
            )
        self._read_again(told)

    def _read_again(self, told: str) -> None:
        self.show_message(told, "ok")
        self.app.data_changed()
        self.load(lambda: read_letters(self.desk), self._show, group="letters", hold_keys=True)

    def _open_run(self) -> PrintRun | None:
        """The selected run while it is open, else the newest that is."""
        run = self._run()
        if run is not None and run.state == PRINTED:
            return run
        return next((one for one in self._found.runs if one.state == PRINTED), None)

    def store_changed(self) -> None:
        """Somebody paid or printed meanwhile: what must not be posted is named before it is asked."""
        self.load(lambda: read_letters(self.desk), self._show, group="letters", in_order=True)

    def action_posted(self) -> None:
        self._ask(self._ask_posted)

    def action_unposted(self) -> None:
        self._ask(self._ask_unposted)

    def _ask(self, ask: Callable[[PrintRun], None]) -> None:
        """Read anew who paid meanwhile, then ask about the open run."""

        def read(found: Letters) -> None:
            self._show(found)
            run = self._open_run()
            if run is None:
                self.show_message(_("No letters wait to be posted."), "warn")
            else:
                ask(run)

        self.open_with(lambda: read_letters(self.desk), read)

    def _ask_posted(self, run: PrintRun) -> None:
        key, count = new_key(), run.letters - len(run.pulled_back)
        told = ngettext("{count} letter of run {run}.", "{count} letters of run {run}.", count)
        asked: list[Line] = [line(told.format(count=i18n.number(count), run=run.id)), *self._take_out(run)]
        self._confirm(
            _("Are they in the post?"),
            asked,
            _("they are"),
            lambda: self.desk.print_runs.post(run.id, key=key),
            _posted_words,
        )

    def _ask_unposted(self, run: PrintRun) -> None:
        key = new_key()
        self._confirm(
            _("They were not posted?"),
            [line(_("The letters of run {run} wait to be printed again.").format(run=run.id))],
            _("they were not"),
            lambda: self.desk.print_runs.unpost(run.id, key=key),
            _unposted_words,
        )

    def _confirm(
        self, title: str, asked: list[Line], yes: str, act: Callable[[], Plain], told: Callable[[Plain], str]
    ) -> None:
        def answered(agreed: bool | None) -> None:
            if agreed:
                self.load(act, lambda done: self._read_again(told(done)), group="letters", hold_keys=True)

        self.app.push_screen(ConfirmModal(title, asked, yes=yes), answered)


def _columns() -> tuple[Column, ...]:
    return (
        Column("run", _("Run"), 5),
        Column("printed", _("Printed"), 13),
        Column("who", _("Who"), 14, flex=True),
        Column("letters", _("Letters"), 8, "right"),
        Column("state", _("State"), 20),
    )


def _state(run: PrintRun) -> str:
    return {
        PRINTED: _("printed, not yet posted"),
        "posted": _("in the post"),
        "cancelled": pgettext("letters", "not posted"),
    }.get(run.state, run.state)


def _posted_words(done: Plain) -> str:
    count = len(done["posted"])
    return ngettext("{count} letter counts as sent.", "{count} letters count as sent.", count).format(
        count=i18n.number(count)
    )


def _unposted_words(done: Plain) -> str:
    count = len(done["letters"])
    told = ngettext("{count} letter waits to be printed again.", "{count} letters wait to be printed again.", count)
    return told.format(count=i18n.number(count))


def _folder(typed: object) -> object:
    text = str(typed).strip()
    if not Path(text).expanduser().is_absolute():
        raise BadInput("folder-not-whole", folder=text)
    return text
