"""One text of a notice: subject and text to write, beside them how it reads for a real member, below what is wrong.

What is typed is kept at this desk until it is saved or thrown away, also over a restart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from duesdesk.documents.notice_templates import LONGEST_TEMPLATE
from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import _
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import bindings_for
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.notice.words import language_word
from duesdesk.screens.refusals import refusal
from duesdesk.screens.text import Piece, join, line
from duesdesk.screens.texts.figures import FiguresModal
from duesdesk.screens.texts.trial import Page, finding_lines, trial_lines
from duesdesk.screens.texts.words import template_word, tone_word
from duesdesk.screens.widgets.field import Field, FieldState
from duesdesk.screens.widgets.lines_field import LinesField
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.templates import Address, TemplateView, Trial

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

SCREEN = "text_editor"
WIDE_COLUMNS, ROOMY_LINES = 110, 30
FINDING_LINES = 3
_SUBJECT = "Subject:"


def open_editor(app: DuesdeskApp, address: Address) -> None:
    """Open a text to change it."""
    screen = app.show_screen(SCREEN, EditorScreen)
    assert isinstance(screen, EditorScreen)  # noqa: S101  # made on the line above
    screen.open(address)


class Opened(NamedTuple):
    """A text with what was typed of it before ('' when nothing was), the key it is saved under, whom it is tried on."""

    view: TemplateView
    typed: str
    key: str
    people: tuple[str, ...]


class EditorScreen(DeskScreen):
    """See the module."""

    ID = "text_editor"
    BINDINGS = bindings_for("text_editor")
    FOOTER = ("save_text", "insert_figure", "try_next", "shipped_text", "turn", "back")
    AUTO_FOCUS = "#text-body"

    def __init__(self) -> None:
        super().__init__()
        self._address: Address | None = None
        self._opened: Opened | None = None
        self._turn = 0
        self._saving = False
        # One trial at a time: what is typed meanwhile is tried next.
        self._trying = False
        self._tried: str | None = None
        # Keys of texts that were saved or thrown away: what was typed of them is not kept any more.
        self._done: set[str] = set()
        # Keys under which something is kept: typed back to what is in force, it is forgotten.
        self._kept: set[str] = set()

    def compose_body(self) -> ComposeResult:
        yield Panel([()], classes="gap")
        yield Panel([()], id="text-head")
        yield Panel([()], classes="gap")
        with Horizontal(id="text-panes"):
            with Vertical(id="text-form"):
                with Horizontal(id="text-subject-row"):
                    label = Panel([line(_("Subject"), "dim")])
                    label.styles.width = len(_("Subject")) + 3
                    yield label
                    yield Field(max_length=200, on_change=self._typed, id="text-subject")
                yield LinesField(max_length=LONGEST_TEMPLATE, on_change=self._typed, id="text-body")
                yield Panel([()], id="text-findings")
            yield Page(id="text-page")

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.set_class(event.size.width >= WIDE_COLUMNS, "-wide")
        self.set_class(event.size.height < ROOMY_LINES, "-low")
        self.query_one("#text-page", Page).set_beside(beside=self.has_class("-wide"))
        self.call_after_refresh(self._try_again)

    # --- opening

    def open(self, address: Address) -> None:
        """Show another text; what was typed of it before and not saved is there again."""
        self._address, self._opened, self._turn = address, None, 0
        if self.is_mounted:
            # Nobody reads the notice of another text beside this one.
            self.query_one("#text-page", Page).set_lines([])
            self.query_one("#text-findings", Panel).set_lines([])
            self.refresh_data()

    def refresh_data(self) -> None:
        address = self._address
        if address is not None and self._opened is None:
            self.load(lambda: self._read(address), self._show)
        else:
            self._try_again()

    def _read(self, address: Address) -> Opened:
        templates = self.desk.templates
        draft = self.desk.drafts.find(draft_name(address), overnight=True)
        view, people = templates.get(address), tuple(templates.to_try_on(address.language))
        if draft is None or draft.answer is not None:
            return Opened(view, "", new_key(), people)
        self._kept.add(draft.key)
        return Opened(view, str(draft.content["text"]), draft.key, people)

    def _show(self, opened: Opened) -> None:
        # A trial of another text is not waited for.
        self._opened, self._tried, self._trying = opened, None, False
        self._fill(opened.typed or opened.view.text)
        self._show_head()
        if opened.typed and opened.typed != opened.view.text:
            self.show_message(_("This was typed before, and is not saved yet."), "warn")
        self.query_one("#text-body", LinesField).focus()
        self._try_out()

    def _show_head(self) -> None:
        if self._opened is None:
            return
        address = self._opened.view.address
        told = f"{template_word(address.name)} · {tone_word(address)} · {language_word(address.language)}"
        state = _("not saved") if self.has_changes() else _("own") if self._opened.view.own else _("shipped")
        tone = "warn" if self.has_changes() else "dim"
        self.query_one("#text-head", Panel).set_lines(
            [join(Piece(told, "white", bold=True), Piece(f"   {state}", tone))]
        )

    def _fill(self, text: str) -> None:
        head, _line_end, body = text.partition("\n")
        subject = self.query_one("#text-subject", Field)
        field = self.query_one("#text-body", LinesField)
        subject.set_value(head.removeprefix(_SUBJECT).strip())
        field.set_value(body.strip("\n"))
        # From its beginning.
        field.put_back(FieldState(field.value, 0, fresh=False, is_typed=True))

    # --- what is typed

    @property
    def text(self) -> str:
        """The template as it stands in the fields."""
        subject = self.query_one("#text-subject", Field).value.strip()
        body = self.query_one("#text-body", LinesField).value.strip("\n")
        return f"{_SUBJECT} {subject}\n\n{body}\n"

    def has_changes(self) -> bool:
        """Whether what is typed differs from the text in force."""
        return self._opened is not None and _same(self.text) != _same(self._opened.view.text)

    def _typed(self, _value: str) -> None:
        self._show_head()
        self._try_out()

    def _try_again(self) -> None:
        self._tried = None
        self._try_out()

    def _try_out(self) -> None:
        """Try the text beside the keyboard, and keep it; when more was typed meanwhile, again."""
        opened, text = self._opened, self.text
        if opened is None or self._trying or text == self._tried:
            return
        self._trying, self._tried = True, text
        member = opened.people[self._turn % len(opened.people)] if opened.people else None
        content = {"text": text} if self.has_changes() else None
        self.load(
            lambda: self._trial(opened, text, member, content),
            lambda trial: self._show_trial(trial, opened),
            group="trial",
        )

    def _trial(self, opened: Opened, text: str, member: str | None, content: Plain | None) -> Trial | DuesdeskError:
        """In a thread. What goes wrong is an answer: the next letter is tried all the same."""
        address = opened.view.address
        try:
            if content is not None:
                self._kept.add(opened.key)
                self.desk.drafts.keep(draft_name(address), opened.key, content)
            # Without a change there is nothing to keep; or it was saved while this was on its way.
            if opened.key in (self._done if content is not None else self._kept):
                self._kept.discard(opened.key)
                self.desk.drafts.forget(draft_name(address), opened.key)
            return self.desk.templates.try_out(address, text, member)
        except DuesdeskError as error:
            return error

    def _show_trial(self, trial: Trial | DuesdeskError, opened: Opened) -> None:
        if self._opened is not None and self._opened is not opened:
            return
        self._trying = False
        if self._opened is None:
            return
        if isinstance(trial, DuesdeskError):
            self.show_message(refusal(trial, "bad"), "bad")
        else:
            page, findings = self.query_one("#text-page", Page), self.query_one("#text-findings", Panel)
            if trial.subject or trial.body:
                # What cannot be read for a moment leaves the notice as it was.
                page.set_lines(trial_lines(trial, page.room))
            findings.set_lines(finding_lines(trial.findings, findings.room, FINDING_LINES))
        self._try_out()

    # --- keys

    def on_field_submitted(self, event: Field.Submitted) -> None:
        if isinstance(event.field, LinesField):
            self.action_save()
        else:
            self.query_one("#text-body", LinesField).focus()

    def action_turn(self, key: str) -> None:
        self.query_one("#text-page", Page).turn(1 if key == "pagedown" else -1)

    def action_next_member(self) -> None:
        self._turn += 1
        self._try_again()

    def action_insert(self) -> None:
        subject = self.query_one("#text-subject", Field)
        into = subject if self.focused is subject else self.query_one("#text-body", LinesField)

        def insert(figure: str | None) -> None:
            if figure:
                into.focus()
                into.paste(f"{{{{ {figure} }}}}")

        self.app.push_screen(FiguresModal(), insert)

    def action_shipped(self) -> None:
        opened = self._opened
        if opened is None or opened.view.shipped is None:
            return
        shipped = opened.view.shipped

        def take(agreed: bool | None = True) -> None:
            if agreed and self._opened is opened:
                self._fill(shipped)
                self._typed("")

        if not self.has_changes() or _same(self.text) == _same(shipped):
            take()
            return
        question = [line(_("What you typed here is lost."))]
        dialog = ConfirmModal(_("Begin again?"), question, yes=_("take the shipped text"), no=_("go on typing"))
        self.app.push_screen(dialog, take)

    def action_save(self) -> None:
        opened = self._opened
        if opened is None or self._saving:
            return
        if not self.has_changes():
            self.show_message(_("Nothing was changed."))
            return
        self._saving = True
        text = self.text
        self.load(lambda: self._save(opened, text), self._saved, group="save", hold_keys=True)

    def _save(self, opened: Opened, text: str) -> Plain | DuesdeskError:
        """In a thread. The text that is shipped, saved again, is the shipped text."""
        address, templates = opened.view.address, self.desk.templates
        try:
            if opened.view.own and opened.view.shipped is not None and _same(text) == _same(opened.view.shipped):
                answer = templates.reset(address, key=opened.key)
            else:
                answer = templates.set(address, text, key=opened.key, instead_of=opened.view.text)
            self._forget(opened)
        except DuesdeskError as error:
            return error
        return answer

    def _forget(self, opened: Opened) -> None:
        """In a thread: what was typed is not kept any more."""
        self._done.add(opened.key)
        self.desk.drafts.forget(draft_name(opened.view.address), opened.key)

    def _saved(self, answer: Plain | DuesdeskError) -> None:
        self._saving = False
        if isinstance(answer, DuesdeskError):
            self.show_message(refusal(answer, "bad"), "bad")
            return
        self._opened = None
        self.app.data_changed()
        self.app.back()
        told = _("The text is in force.") if answer["own"] else _("The shipped text is in force again.")
        self.app.call_later(self.app.show_message, told, "ok")

    def action_back(self) -> None:
        if not self.has_changes():
            self._leave()
            return
        question = [line(_("What you typed here is not saved."))]
        dialog = ConfirmModal(_("Leave this text?"), question, yes=_("throw it away"), no=_("go on typing"))
        self.app.push_screen(dialog, self._answered)

    def _answered(self, agreed: bool | None) -> None:
        if agreed:
            self._leave()

    def _leave(self) -> None:
        """Back, and nothing that was typed is kept: it was thrown away, or is what is in force."""
        opened, self._opened = self._opened, None
        if opened is not None:
            self.load(lambda: self._forget(opened), lambda _answer: None, group="draft")
        self.app.back()


def draft_name(address: Address) -> str:
    """The name under which what is typed is kept."""
    return f"text:{address.name}:{address.tone}:{address.language}:{address.form}"


def _same(text: str) -> str:
    """A template without what makes no difference."""
    head, _line_end, body = text.partition("\n")
    return f"{head.removeprefix(_SUBJECT).strip()}\n{body.strip()}"
