"""A notice to several people: who gets what, who cannot and why, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding

from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import _, listing, money, ngettext, sentence
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.notice.reading import Reading
from duesdesk.screens.notice.words import language_word, state_word, template_options
from duesdesk.screens.text import Line, Piece, amount, join, line, pad, wrap
from duesdesk.screens.widgets.choice import Choice
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import new_key
from duesdesk.services.notice_texts import NoticeRequest, Preview

NAME_WIDTH = 28
TEXT_WIDTH = 68
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
        self._sending = False
        self._stopped = False

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
        return keys_line(("Enter", _("send to all who can get it")), ("PgDn", _("more")), ("Esc", _("back")))

    def template_chosen(self, template: str) -> None:
        """Read anew who would get what."""
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
        super().action_close()

    def send(self) -> None:
        """Write and send one notice after the other, beside the keyboard."""
        if self._sending:
            return
        if not self.going():
            self.show_message(_("Nobody of those marked can get this notice."), "warn")
            return
        self._sending = True
        self.show_message(_("Sending … Esc stops."))
        template = self.query_one("#template", Choice).value
        self.load(lambda: self._send_all(template), self._done, group="send")

    def _send_all(self, template: str) -> dict[str, int]:
        """In a thread: how many ended in which state."""
        counts: dict[str, int] = {}
        for preview in self.going():
            if self._stopped:
                break
            state = self._send_one(preview, template)
            counts[state] = counts.get(state, 0) + 1
        return counts

    def _send_one(self, preview: Preview, template: str) -> str:
        try:
            wanted = NoticeRequest(preview.payer, template)
            written = self.desk.notices.write(wanted, key=f"{self._key}-{preview.payer}", cooling=False)
            return self.desk.outbox.send_now(written["notice"]).state
        except DuesdeskError:
            # They paid, or lost their address, since the preview: left out, and counted as such.
            return "cancelled"

    def _done(self, counts: dict[str, int]) -> None:
        self._sending = False
        told = listing([f"{count} {state_word(state)}" for state, count in counts.items()])
        self.app.data_changed()
        self.dismiss(None)
        clear = getattr(self.app.desk_screen(), "clear_marks", None)
        if clear is not None:
            clear()
        self.app.call_later(self.app.show_message, told or _("Nothing was sent."), "ok" if "sent" in counts else "warn")


def _rows(previews: Sequence[Preview]) -> list[Line]:
    rows: list[Line] = []
    for preview in previews[:MOST_ROWS]:
        name = Piece(pad(preview.payer_name, NAME_WIDTH) + "  ", "text" if preview.problem is None else "dim")
        if preview.problem is not None:
            first, *more = wrap(sentence(preview.problem), TEXT_WIDTH - NAME_WIDTH - 2)
            rows.append(join(name, Piece(first, "warn")))
            rows += [join(Piece(" " * (NAME_WIDTH + 2)), Piece(one, "warn")) for one in more]
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
    lines: list[Line] = [line(_("As {name} will read it").format(name=sample.payer_name), "dim"), ()]
    lines.append(line(sample.subject, "white", bold=True))
    for paragraph in sample.body.split("\n"):
        lines += [line(one) for one in wrap(paragraph, TEXT_WIDTH)] or [()]
    return lines[: SAMPLE_LINES + 3]
