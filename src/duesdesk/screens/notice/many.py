"""A notice to many: who gets what, who is left out and why, before anything is written; then it is held.

Nothing leaves at once: what is written waits its cooling time, and one undo takes all of it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from threading import Event
from typing import NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding

from duesdesk.clock import zone
from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import _, listing, money, ngettext, number, time_of
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.notice.audience import outcome_lines, people_lines, sample_lines
from duesdesk.screens.notice.choosing import Choosing, Wanted
from duesdesk.screens.notice.reading import TEXT_WIDTH, Reading
from duesdesk.screens.notice.words import template_options
from duesdesk.screens.refusals import refusal, refusal_lines
from duesdesk.screens.text import Line, Piece, amount, join, line
from duesdesk.screens.widgets.choice import Choice
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.mass_notices import Audience, Chosen
from duesdesk.services.notice_choices import Choices
from duesdesk.services.notice_texts import Preview

# The edges, the choices, what cannot be chosen, the count, the message and the keys.
LINES_AROUND = 16
QUICK = 60
"""So few are read while the keys wait; more are counted beside the keyboard."""


class Outcome(NamedTuple):
    """What was written, when it leaves, and who was left out at the last moment."""

    done: Plain
    leaves: datetime | None
    left_out: tuple[Preview, ...]


class NoticeToManyModal(DeskModal[None]):
    """The same notice, in each person's language and with their own figures; see the module."""

    WIDTH = 76
    BINDINGS = [
        Binding("pagedown", "scroll(1)", show=False),
        Binding("pageup", "scroll(-1)", show=False),
        Binding("right_square_bracket", "sample(1)", show=False),
        Binding("left_square_bracket", "sample(-1)", show=False),
        Binding("plus", "also", show=False),
    ]

    def __init__(self, members: Sequence[str] = (), *, chosen: Chosen | None = None) -> None:
        """To who pays for these `members`, or to who is `chosen`."""
        super().__init__()
        self._chosen = chosen or Chosen(members=tuple(members))
        self._key = new_key()
        self._choices: Choices | None = None
        self._audience: Audience | None = None
        self._written: Plain | None = None
        # What the first of them got, the last one gets, too.
        self._wanted = Wanted("", "", "email")
        self._sample = 0
        self._sending = False
        self._reached = 0
        self._halt = Event()
        self._counting = Event()

    @property
    def is_sending(self) -> bool:
        """Whether notices are being written now."""
        return self._sending

    def is_begun(self) -> bool:
        """While notices are written, and while what came of it stands here, no card closes it."""
        return self._sending or self._written is not None

    def heading(self) -> str:
        return _("Notice to many")

    def compose_box(self) -> ComposeResult:
        texts = template_options(fitting=True)
        yield Choosing(texts, on_change=self.chosen, width=TEXT_WIDTH, id="choosing")
        yield Panel([()], surface="bar", indent=2, id="sum")
        yield Reading(LINES_AROUND, id="who")

    def on_mount(self) -> None:
        super().on_mount()
        self.load(self.desk.notices.choices, self._begin, hold_keys=True)

    def on_unmount(self) -> None:
        """The dialog or the program ends: after those under way."""
        self._halt.set()
        self._counting.set()

    def hint(self) -> Line:
        if self._written is not None:
            return keys_line(("PgDn", _("more")), ("Esc", _("back")))
        if self._sending:
            return keys_line(("Esc", _("stop")))
        keys = [("Enter", _("write, held first")), ("[ ]", _("samples"))]
        if self._chosen.also_told or self._lately():
            keys.append(("+", _("without them") if self._chosen.also_told else _("also those told")))
        return keys_line(*keys, ("Esc", _("back")))

    def _lately(self) -> bool:
        """Whether somebody is left out only because something was said to them lately."""
        told = ("notice-told-lately", "notice-waits-already", "notice-week-full")
        left_out = self._audience.left_out if self._audience is not None else ()
        return any(one.problem is not None and one.problem.code in told for one in left_out)

    # --- who gets what

    def _begin(self, choices: Choices) -> None:
        self._choices = choices
        self.query_one(Choosing).show(choices)
        self.query_one("#template", Choice).focus()
        self.chosen(self.query_one(Choosing).wanted)

    def chosen(self, wanted: Wanted) -> None:
        """Read anew who would get what."""
        if self._written is not None or self._sending:
            return
        self._wanted = wanted
        self._audience = None
        self._counting.set()
        counting = self._counting = Event()
        few = bool(self._chosen.members) and len(self._chosen.members) <= QUICK
        if not few:
            self.query_one("#sum", Panel).set_lines([(), line(_("Counting …"), "dim"), ()])
        self.load(lambda: self._read(wanted, counting), self.show_audience, group="audience", hold_keys=few)

    def _read(self, wanted: Wanted, counting: Event) -> Audience | DuesdeskError:
        def counted(done: int, total: int) -> None:
            if total > QUICK and not counting.is_set():
                told = _("{done} of {total} looked at …").format(done=number(done), total=number(total))
                self.call_later(self.show_message, told)

        try:
            return self.desk.mass_notices.preview(
                self._chosen,
                wanted.template,
                channel=wanted.channel,
                tone=wanted.tone,
                stop=counting.is_set,
                progress=counted,
            )
        except DuesdeskError as error:
            return error

    def show_audience(self, found: Audience | DuesdeskError) -> None:
        """The count and the sums, who is left out and why, and each person with what they get."""
        self.show_message("")
        self._sample = 0
        if isinstance(found, DuesdeskError):
            self.query_one("#sum", Panel).set_lines([(), *refusal_lines(found, TEXT_WIDTH, "warn"), ()])
            self.query_one("#who", Reading).set_lines([])
            return
        self._audience = found
        count, left = len(found.going), len(found.left_out)
        told = ngettext("{count} notice", "{count} notices", count).format(count=number(count))
        total = listing([money(minor, currency) for currency, minor in found.sums])
        pieces = [Piece(told, "white", bold=True), Piece(" · ", "dim"), amount(total, "white", bold=True)]
        if left:
            cannot = ngettext("{count} left out", "{count} left out", left).format(count=number(left))
            pieces += [Piece(" · ", "dim"), Piece(cannot, "warn")]
        self.query_one("#sum", Panel).set_lines([(), join(*pieces), ()])
        self._show_sample()
        self.set_hint(self.hint())

    def _show_sample(self) -> None:
        """Everybody by name, or one notice as it will be read."""
        if self._audience is None:
            return
        reading = self.query_one("#who", Reading)
        if self._sample:
            reading.set_lines(sample_lines(self._audience.going, self._sample - 1))
        else:
            reading.set_lines(people_lines(self._audience))

    # --- keys

    def action_sample(self, by: int) -> None:
        if self._audience is not None and self._written is None:
            self._sample = (self._sample + by) % (len(self._audience.going) + 1)
            self._show_sample()

    def action_also(self) -> None:
        if self._written is None and not self._sending:
            self._chosen = self._chosen._replace(also_told=not self._chosen.also_told)
            self._key = new_key()
            self.chosen(self._wanted)

    def action_scroll(self, by: int) -> None:
        self.query_one("#who", Reading).turn(by)

    def action_close(self) -> None:
        if self._sending:
            # Those under way are written; the next ones are not begun.
            self._halt.set()
            self.show_message(_("Stopping …"), "warn")
            return
        self._counting.set()
        if self._written is not None:
            self._leave_marks_off()
        super().action_close()

    def on_choice_submitted(self, _event: Choice.Submitted) -> None:
        self.send()

    def send(self) -> None:
        """Write them all, beside the keyboard. Pressed twice it is still one batch."""
        if self._sending or self._written is not None:
            return
        audience = self._audience
        if audience is None or not audience.whole:
            self.show_message(_("Still counting: one moment."), "warn")
            return
        if not audience.going:
            self.show_message(_("Nobody of those meant can get this notice."), "warn")
            return
        self._sending = True
        self._reached = 0
        self._halt.clear()
        self.set_hint(self.hint())
        self.show_message(_("Writing … Esc stops."))
        self.load(lambda: self._write(audience, self._wanted), self._done, group="send")

    def _write(self, audience: Audience, wanted: Wanted) -> Outcome | DuesdeskError:
        def reached(done: int, total: int) -> None:
            self._reached = done
            told = _("{done} of {total} …  Esc stops").format(done=number(done), total=number(total))
            self.call_later(self.show_message, told)

        try:
            done = self.desk.mass_notices.write(
                audience,
                wanted.template,
                channel=wanted.channel,
                tone=wanted.tone,
                key=self._key,
                stop=self._halt.is_set,
                progress=reached,
            )
            leaves = self.desk.notices.get(done["written"][0]["notice"]).send_after if done["written"] else None
            again = self.desk.mass_notices.left_out_since(
                audience, done, wanted.template, channel=wanted.channel, tone=wanted.tone
            )
        except DuesdeskError as error:
            return error
        return Outcome(done, leaves, again)

    def _done(self, found: Outcome | DuesdeskError) -> None:
        """All written: say so and close. Anything else stays to be read, by name."""
        self._sending = False
        self.app.data_changed()
        audience = self._audience or Audience((), (), ())
        if isinstance(found, DuesdeskError):
            left = len(audience.going) - self._reached
            told = ngettext("{count} not reached", "{count} not reached", left).format(count=number(left))
            self.query_one("#sum", Panel).set_lines([(), line(told, "warn"), ()])
            self.query_one("#who", Reading).set_lines(refusal_lines(found, TEXT_WIDTH, "bad"))
            self.show_message(refusal(found, "bad"), "bad")
            self.set_hint(keys_line(("Enter", _("try those not reached again")), ("Esc", _("back"))))
            return
        done = found.done
        told = self._told(found)
        if not found.left_out and not done["stopped"] and done["written"]:
            self.dismiss(None)
            self._leave_marks_off()
            self.app.call_later(self.app.show_message, told, "ok")
            return
        self._written = done
        self.query_one("#sum", Panel).set_lines([(), line(told, "white", bold=True), ()])
        self.query_one("#who", Reading).set_lines(outcome_lines(found.left_out))
        if done["stopped"]:
            self.show_message(_("Stopped: the others were not written to."), "warn")
        self.set_hint(self.hint())

    def _told(self, found: Outcome) -> str:
        count = len(found.done["written"])
        told = ngettext("{count} notice written", "{count} notices written", count).format(count=number(count))
        if found.left_out:
            left = len(found.left_out)
            told += " · " + ngettext("{count} left out", "{count} left out", left).format(count=number(left))
        if found.leaves is not None:
            local = found.leaves.astimezone(zone(self.desk.centre.timezone))
            told += " · " + _("held until {time} · u takes all back").format(time=time_of(local))
        return told

    def _leave_marks_off(self) -> None:
        """Who was written to is not marked for the next notice."""
        clear = getattr(self.app.desk_screen(), "clear_marks", None)
        if clear is not None:
            clear()
