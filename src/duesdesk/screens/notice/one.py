"""A notice to one person: choose a text or write one, see exactly what will be read, send it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widget import Widget

from duesdesk.clock import zone
from duesdesk.documents.notice_words import place_in
from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import _, relative_day, time_of
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.notice.choosing import Choosing, Wanted
from duesdesk.screens.notice.kept import KeptWords, Typed, typed_before
from duesdesk.screens.notice.reading import TEXT_WIDTH, Reading, text_lines
from duesdesk.screens.notice.sending import Outcome, told, write_and_send
from duesdesk.screens.notice.words import OWN_WORDS, language_word, template_options
from duesdesk.screens.refusals import refusal, refusal_lines
from duesdesk.screens.text import Line, Piece, join, line, wrap
from duesdesk.screens.widgets.choice import Choice
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.lines_field import LinesField
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import new_key
from duesdesk.services.notice_choices import Choices
from duesdesk.services.notice_texts import SUGGESTED, NoticeRequest, Preview
from duesdesk.services.notices import LONGEST_REASON, body_hash

CHANGED = "notice-has-changed"
NOTHING = "–"
"""Stands for own words before they are typed."""
# The edges, who it goes to, the choices, what cannot be chosen, the message and the keys.
LINES_AROUND = 16
ROOMY_LINES = 28


class NoticeModal(DeskModal[None]):
    """A notice to one person; see the module. Nothing leaves before Enter, and Enter sends it once."""

    WIDTH = 76
    BINDINGS = [
        Binding("ctrl+s,ctrl+enter", "send", show=False),
        Binding("ctrl+w", "wait", show=False),
        Binding("ctrl+n", "press", show=False),
        Binding("pagedown", "scroll(1)", show=False),
        Binding("pageup", "scroll(-1)", show=False),
    ]

    def __init__(self, member: str) -> None:
        super().__init__()
        self._member = member
        # One key for the life of the dialog: pressing twice writes one notice.
        self._key = new_key()
        self._preview: Preview | None = None
        self._wrong: DuesdeskError | None = None
        self._sending = False
        self._doubt: DuesdeskError | None = None
        # What was asked about once is not asked again.
        self._asked = ""
        self._kept = KeptWords(self.app, member, self._key)

    def heading(self) -> str:
        return _("Notice")

    def compose_box(self) -> ComposeResult:
        yield Panel([()], surface="bar", indent=2, id="to")
        yield Panel([line(_("Tab goes on to tone and channel."), "faint")], surface="bar", indent=2)
        texts = template_options(own_words=True)
        yield Choosing(texts, on_change=self.chosen, width=TEXT_WIDTH, id="choosing")
        yield Panel([()], surface="bar")
        own = Widget(id="own")
        own.styles.height, own.styles.display = "auto", "none"
        with own:
            yield Panel([line(_("Subject"), "dim")], surface="bar", indent=2)
            yield Field(max_length=150, on_change=self._typed, id="subject")
            yield Panel([line(_("Text"), "dim")], surface="bar", indent=2)
            body = LinesField(max_length=4000, on_change=self._typed, id="body")
            body.styles.height = 8 if self.app.size.height >= ROOMY_LINES else 5
            yield body
        yield Reading(LINES_AROUND, id="text")

    def on_mount(self) -> None:
        super().on_mount()
        self.load(self._first, self._begin, hold_keys=True)

    def _first(self) -> tuple[Choices, Preview, Typed | None, DuesdeskError | None]:
        """In a thread: what can be chosen, the text that fits, and own words that were typed before."""
        choices = self.desk.notices.choices(self._member)
        preview = self.desk.notices.preview(NoticeRequest(self._member, SUGGESTED, channel=choices.channel))
        return choices, preview, typed_before(self.desk, self._member), self.desk.notices.doubt(self._member)

    def _begin(self, found: tuple[Choices, Preview, Typed | None, DuesdeskError | None]) -> None:
        choices, preview, typed, self._doubt = found
        goes_on = typed is not None and not typed.is_written
        self.query_one(Choosing).show(choices, OWN_WORDS if goes_on else preview.template, preview.tone)
        self.query_one("#template", Choice).focus()
        self.show_preview(preview)
        if typed is None:
            return
        self._kept = KeptWords(self.app, self._member, typed.key)
        if typed.is_written:
            # The program ended before that was seen.
            self._kept.forget()
            self._kept = KeptWords(self.app, self._member, self._key)
            self.show_message(
                _("What was typed to them before is written, under “{subject}”.").format(subject=typed.subject)
            )
            return
        self._key = typed.key
        self.query_one("#subject", Field).value = typed.subject
        self.query_one("#body", LinesField).value = typed.text
        self.chosen(self.query_one(Choosing).wanted)
        self.show_message(_("This was typed before, and is not sent yet."), "warn")

    def _typed(self, _text: str) -> None:
        self._kept.keep(self.query_one("#subject", Field).value, self.query_one("#body", LinesField).value)

    def hint(self) -> Line:
        if self.own_words():
            return keys_line(("Tab", _("next")), ("Ctrl+S", _("send now")), ("Esc", _("back")))
        return keys_line(
            ("Enter", _("send now")),
            ("Ctrl+W", _("later")),
            ("Ctrl+N", _("any hour")),
            ("Esc", _("back")),
        )

    def has_changes(self) -> bool:
        return bool(self.query_one("#body", LinesField).value or self.query_one("#subject", Field).value)

    def is_begun(self) -> bool:
        """A card does not close it while the notice is being sent either: that would say that nothing was saved."""
        return self.has_changes() or self._sending

    def own_words(self) -> bool:
        """Whether the text is written here instead of taken from a template."""
        return self.is_mounted and self.query_one("#template", Choice).value == OWN_WORDS

    # --- what will be read

    def chosen(self, wanted: Wanted) -> None:
        """Show the text of another choice, or fields for own words."""
        own = wanted.template == OWN_WORDS
        was_own = self.query_one("#own").styles.display == "block"
        self.query_one("#own").styles.display = "block" if own else "none"
        self.set_hint(self.hint())
        shown = self._shown(wanted)
        self.load(lambda: self._read(shown), self._show, hold_keys=True)
        if own and not was_own:
            self.query_one("#subject", Field).focus()

    def store_changed(self) -> None:
        """Something was written meanwhile: what is shown is what Enter sends."""
        if not self._sending and (self._preview is not None or self._wrong is not None):
            self._read_anew()

    def _read_anew(self) -> None:
        before = self._preview
        shown = self._shown(self.query_one(Choosing).wanted)

        def read() -> tuple[Preview | DuesdeskError, DuesdeskError | None]:
            return self._read(shown), self.desk.notices.doubt(self._member)

        def show(answer: tuple[Preview | DuesdeskError, DuesdeskError | None]) -> None:
            found, self._doubt = answer
            self._show(found)
            if before is not None and not self.own_words() and _reads(self._preview) != _reads(before):
                self.show_message(_("Something was written meanwhile: this is how it reads now."), "warn")

        self.load(read, show, in_order=True)

    def _shown(self, wanted: Wanted) -> NoticeRequest:
        """What is asked to show a choice; own words are read where they are typed."""
        template = None if wanted.template == OWN_WORDS else wanted.template
        return NoticeRequest(self._member, template, NOTHING, NOTHING, tone=wanted.tone, channel=wanted.channel)

    def _read(self, wanted: NoticeRequest) -> Preview | DuesdeskError:
        try:
            return self.desk.notices.preview(wanted)
        except DuesdeskError as error:
            return error

    def _show(self, found: Preview | DuesdeskError) -> None:
        if isinstance(found, DuesdeskError):
            # This text does not go by this channel: nothing else is sent in its place.
            self._preview = None
            self._wrong = found
            self.query_one("#text", Reading).set_lines(refusal_lines(found, TEXT_WIDTH, "warn"))
            return
        self.show_preview(found)

    def show_preview(self, preview: Preview) -> None:
        """To whom, in which language, when somebody last spoke to them, and the exact text."""
        self._preview = preview
        self._wrong = None
        self.set_heading(_("Notice · {name}").format(name=preview.payer_name))
        self.query_one("#to", Panel).set_lines(self._addressed(preview))
        self.query_one("#text", Reading).set_lines(_below(preview) if self.own_words() else text_lines(preview))

    def _addressed(self, preview: Preview) -> list[Line]:
        where = preview.address.replace("\n", ", ")
        if not where:
            none = _("no e-mail address") if preview.channel == "email" else _("nothing is known to write to")
            where = _("a word at the desk") if preview.channel == "desk" else none
        lines = [
            join(
                Piece(_("To") + "  ", "dim"),
                Piece(where, "text" if preview.address or preview.channel == "desk" else "warn"),
                Piece(" · " + language_word(preview.language), "dim"),
            )
        ]
        if preview.last_contact_at is not None:
            local = preview.last_contact_at.astimezone(self.desk.clock.local(self.desk.centre.timezone).tzinfo)
            told = _("last contact {day} {time}").format(
                day=relative_day(local.date(), self.desk.today()), time=time_of(local)
            )
            lines.append(line(told, "dim"))
        why = preview.problem or self._doubt_about(preview)
        return [*lines, *refusal_lines(why, TEXT_WIDTH, "warn")] if why is not None else lines

    def _doubt_about(self, preview: Preview) -> DuesdeskError | None:
        """Why the rule would not write to them now; a thank-you asks for nothing."""
        return self._doubt if preview.asks_for_money or self.own_words() else None

    def _doubted_words(self) -> DuesdeskError | None:
        """What is typed as in a template, and would be read as it stands."""
        typed = f"{self.query_one('#subject', Field).value} {self.query_one('#body', LinesField).value}"
        return place_in(typed) if self.own_words() else None

    # --- keys

    def on_choice_submitted(self, event: Choice.Submitted) -> None:
        if not self.own_words():
            self.action_send()

    def on_field_submitted(self, event: Field.Submitted) -> None:
        if isinstance(event.field, LinesField):
            self.action_send()
        else:
            self.query_one("#body", LinesField).focus()

    def action_close(self) -> None:
        if self._sending:
            # It is written down already; a question on top would outlive the dialog. What becomes of it is told all
            # the same, whatever is in front by then.
            self.leave()
        else:
            super().action_close()

    def leave(self) -> None:
        if not self._sending:
            self._kept.forget()
        super().leave()

    def action_scroll(self, by: int) -> None:
        self.query_one("#text", Reading).turn(by)

    def action_send(self) -> None:
        self._write(cooling=False)

    def action_wait(self) -> None:
        self._write(cooling=True)

    def action_press(self) -> None:
        """Send it outside the hours of the house, with a reason that stays beside it."""
        if self._sending or self._preview is None or self._preview.problem is not None:
            self.action_send()
            return
        field = FormField("reason", _("Reason"), required=True, max_length=LONGEST_REASON)
        title = _("Outside the hours: why?")
        self.app.push_screen(FormModal(title, [field], save_word=_("send now")), self._pressed)

    def _pressed(self, values: dict[str, object] | None) -> None:
        if values is not None:
            self._write(cooling=False, pressing=str(values["reason"]))

    def _write(self, *, cooling: bool, pressing: str = "") -> None:
        if not self._sending and self._wrong is not None:
            self.show_message(refusal(self._wrong, "warn"), "warn")
        if self._sending or self._preview is None:
            return
        if self._preview.problem is not None:
            self.show_message(refusal(self._preview.problem, "warn"), "warn")
            return
        doubt = self._doubt_about(self._preview) or self._doubted_words()
        if doubt is not None and doubt.code != self._asked:
            self._asked = doubt.code
            self.show_message(join(*refusal(doubt, "warn"), Piece(" " + _("Once more sends it all the same."), "warn")))
            self.app.keys.drop_repeats("enter")
            return
        chosen = self.query_one(Choosing).wanted
        wanted = NoticeRequest(
            self._member,
            None if self.own_words() else chosen.template,
            text=self.query_one("#body", LinesField).value,
            subject=self.query_one("#subject", Field).value,
            tone="" if self.own_words() else chosen.tone,
            channel=chosen.channel,
        )
        shown = "" if self.own_words() else body_hash(self._preview.subject, self._preview.body)
        self._sending = True
        self.show_message(_("Sending …") if not cooling else _("Saving …"))
        desk, name = self.desk, self._preview.payer_name
        # By the app: the answer comes also when the dialog was left meanwhile.
        self.app.load(
            lambda: write_and_send(desk, wanted, key=self._key, cooling=cooling, pressing=pressing, shown=shown),
            lambda outcome: self._done(outcome, name),
            group=f"notice {self._key}",
        )

    def _done(self, outcome: Outcome, name: str) -> None:
        self._sending = False
        is_open = self in self.app.screen_stack
        if is_open and isinstance(outcome, DuesdeskError):
            self.show_message(refusal(outcome, "bad"), "bad")
            if outcome.code == CHANGED:
                self._read_anew()
            return
        if not isinstance(outcome, DuesdeskError):
            self._kept.forget()
            self.app.data_changed()
        if is_open:
            self.dismiss(None)
        said, tone = told(outcome, name, zone(self.desk.centre.timezone))
        self.app.call_later(self.app.show_message, said, tone)


def _below(preview: Preview) -> list[Line]:
    """What is added to own words."""
    added = preview.body.removeprefix(NOTHING).strip()
    return [line(one, "dim") for one in wrap(_("Below it: {text}").format(text=added), TEXT_WIDTH)] if added else []


def _reads(preview: Preview | None) -> tuple[str, ...]:
    """What somebody has read of a notice."""
    if preview is None:
        return ()
    return preview.subject, preview.body, preview.address, preview.problem.code if preview.problem is not None else ""
