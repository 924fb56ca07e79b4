"""A notice to several people: who gets what, who cannot and why, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding

from duesdesk.i18n import _, listing, money, ngettext
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.notice.outcomes import NAME_WIDTH, SENT, Outcome, counted, outcome_lines, send_each
from duesdesk.screens.notice.reading import TEXT_WIDTH, Reading, text_lines
from duesdesk.screens.notice.words import language_word, template_options
from duesdesk.screens.refusals import refusal_lines
from duesdesk.screens.text import Line, Piece, amount, join, line, pad
from duesdesk.screens.widgets.choice import Choice
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import new_key
from duesdesk.services.notice_texts import Preview

# The edges, the choice, the count, the message and the keys.
LINES_AROUND = 12
MOST_ROWS = 60
SAMPLE_LINES = 14


class NoticeToManyModal(DeskModal[None]):
    """The same notice, in each person's language and with their own figures; see the module."""

    WIDTH = 76
    BINDINGS = [
        Binding("pagedown", "scroll(1)", show=False),
        Binding("pageup", "scroll(-1)", show=False),
    ]

    def __init__(self, members: Sequence[str]) -> None:
        super().__init__()
        self._members = tuple(members)
        self._key = new_key()
        self._previews: list[Preview] = []
        self._outcomes: list[Outcome] = []
        # What the first of them got, the last one gets, too.
        self._template = ""
        self._sending = False
        self._stopped = False

    @property
    def is_sending(self) -> bool:
        """Whether notices are being written and sent now."""
        return self._sending

    def heading(self) -> str:
        return _("Notice to several people")

    def compose_box(self) -> ComposeResult:
        yield Choice(template_options(own_words=False), on_change=self.template_chosen, id="template")
        yield Panel([()], surface="bar", indent=2, id="sum")
        yield Reading(LINES_AROUND, id="who")

    def on_mount(self) -> None:
        super().on_mount()
        self.template_chosen(self.query_one("#template", Choice).value)

    def hint(self) -> Line:
        if self._outcomes:
            again = [("Enter", _("try those not reached again"))] if self._again() else []
            return keys_line(*again, ("PgDn", _("more")), ("Esc", _("back")))
        return keys_line(("Enter", _("send to all who can get it")), ("PgDn", _("more")), ("Esc", _("back")))

    def template_chosen(self, template: str) -> None:
        """Read anew who would get what."""
        if self._outcomes:
            return
        self.load(lambda: self.desk.notices.preview_many(self._members, template), self.show_previews, hold_keys=True)

    def going(self) -> list[Preview]:
        """Those who can get it."""
        return [preview for preview in self._previews if preview.problem is None]

    def show_previews(self, previews: list[Preview]) -> None:
        """The count and the sums, a sample, and each person with what they get or why not."""
        self._previews = previews
        going = self.going()
        sums: dict[str, int] = {}
        for preview in going:
            for item in preview.items:
                sums[item.currency] = sums.get(item.currency, 0) + item.open_minor
        left_out = len(previews) - len(going)
        counted = ngettext("{count} notice", "{count} notices", len(going)).format(count=len(going))
        total = listing([money(minor, currency) for currency, minor in sorted(sums.items())])
        head: list[Line] = [
            (),
            join(Piece(counted, "white", bold=True), Piece(" · ", "dim"), amount(total, "white", bold=True)),
        ]
        if left_out:
            told = ngettext("{count} cannot get it", "{count} cannot get it", left_out).format(count=left_out)
            head.append(line(told, "warn"))
        self.query_one("#sum", Panel).set_lines([*head, ()])
        self.query_one("#who", Reading).set_lines([*_rows(previews), (), *_sample(going)])

    def on_choice_submitted(self, event: Choice.Submitted) -> None:
        self.send()

    def action_scroll(self, by: int) -> None:
        self.query_one("#who", Reading).turn(by)

    def action_close(self) -> None:
        if self._sending:
            # Those under way end; the next ones are not begun.
            self._stopped = True
            self.show_message(_("Stopping after the one being sent …"), "warn")
            return
        if self._outcomes:
            self._leave_marks_off()
        super().action_close()

    def send(self) -> None:
        """Write and send one notice after the other, beside the keyboard; afterwards those not reached, again."""
        people = self._again() if self._outcomes else self.going()
        if self._sending or (self._outcomes and not people):
            return
        if not people:
            self.show_message(_("Nobody of those marked can get this notice."), "warn")
            return
        self._sending, self._stopped = True, False
        self.show_message(_("Sending … Esc stops."))
        if not self._outcomes:
            self._template = self.query_one("#template", Choice).value
        template = self._template
        self.load(
            lambda: send_each(self.desk, people, template, self._key, lambda: self._stopped), self._done, group="send"
        )

    def _again(self) -> list[Preview]:
        return [outcome.preview for outcome in self._outcomes if outcome.may_be_tried_again]

    def _done(self, outcomes: list[Outcome]) -> None:
        """All sent: say so and close. Anything else stays to be read, by name."""
        self._sending = False
        anew = {outcome.preview.payer: outcome for outcome in outcomes}
        self._outcomes = [anew.pop(one.preview.payer, one) for one in self._outcomes] + list(anew.values())
        self.app.data_changed()
        told = counted(self._outcomes)
        if all(outcome.state == SENT for outcome in self._outcomes):
            self.dismiss(None)
            self._leave_marks_off()
            self.app.call_later(self.app.show_message, told, "ok")
            return
        self.query_one("#sum", Panel).set_lines([(), line(told, "white", bold=True), ()])
        self.query_one("#who", Reading).set_lines(outcome_lines(self._outcomes, TEXT_WIDTH))
        self.show_message(_("Not everybody was written to: each one is named here with the reason."), "warn")
        self.set_hint(self.hint())

    def _leave_marks_off(self) -> None:
        """Who was written to is not marked for the next notice."""
        clear = getattr(self.app.desk_screen(), "clear_marks", None)
        if clear is not None:
            clear()


def _rows(previews: Sequence[Preview]) -> list[Line]:
    rows: list[Line] = []
    for preview in previews[:MOST_ROWS]:
        name = Piece(pad(preview.payer_name, NAME_WIDTH) + "  ", "text" if preview.problem is None else "dim")
        if preview.problem is not None:
            first, *more = refusal_lines(preview.problem, TEXT_WIDTH - NAME_WIDTH - 2, "warn")
            rows.append(join(name, first))
            rows += [join(Piece(" " * (NAME_WIDTH + 2)), one) for one in more]
            continue
        sums: dict[str, int] = {}
        for item in preview.items:
            sums[item.currency] = sums.get(item.currency, 0) + item.open_minor
        told = listing([money(minor, currency) for currency, minor in sorted(sums.items())])
        rows.append(join(name, amount(told), Piece(" · " + language_word(preview.language), "dim")))
    if len(previews) > MOST_ROWS:
        rows.append(line(_("{count} more").format(count=len(previews) - MOST_ROWS), "dim"))
    return rows


def _sample(going: Sequence[Preview]) -> list[Line]:
    if not going:
        return []
    sample = going[0]
    head = line(_("As {name} will read it").format(name=sample.payer_name), "dim")
    return [head, (), *text_lines(sample)][: SAMPLE_LINES + 3]
