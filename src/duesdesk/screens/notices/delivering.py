"""Delivering what is due, from the notices screen: a question, then beside the keyboard; `g` again stops it."""

from __future__ import annotations

from collections import Counter
from threading import Event
from typing import TYPE_CHECKING

from duesdesk.clock import zone
from duesdesk.i18n import _, ngettext, number
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.notice.words import state_word, why_words
from duesdesk.screens.text import line

if TYPE_CHECKING:
    from duesdesk.bootstrap import Desk
    from duesdesk.screens.notices.screen import Page
    from duesdesk.services.outbox import Sent

MOST_STATES = 3
"""States told after a delivery; the rest is seen in the sections."""


class Delivering(DeskScreen):
    """The key that delivers; see the module."""

    _page: Page | None

    def __init__(self) -> None:
        super().__init__()
        self._stop: Event | None = None

    def on_unmount(self) -> None:
        """The program ends: after the notice under way."""
        if self._stop is not None:
            self._stop.set()

    def action_deliver(self) -> None:
        """Deliver what is due, or stop delivering after the notice under way."""
        if self._stop is not None:
            self._stop.set()
            self.show_message(_("Stops after the notice under way."), "warn")
            return
        if self._page is None:
            return
        if self._page.stop is not None:
            self.show_message(_("Nothing leaves while notices are stopped: “G” lets them go again."), "warn")
            return
        due = self._page.due
        if not due:
            # The daily word may wait all the same.
            self._begin(due)
            return
        told = ngettext("{count} notice leaves now.", "{count} notices leave now.", due).format(count=number(due))
        asked = [line(told), line(_("What the law and the member forbid still keeps it."), "dim")]
        dialog = ConfirmModal(_("Deliver what is due?"), asked, yes=_("deliver"))
        self.app.push_screen(dialog, lambda agreed: self._begin(due) if agreed else None)

    def _begin(self, due: int) -> None:
        stop = self._stop = Event()
        if due:
            self.show_message(_("Delivering … “g” stops it."))
        desk = self.desk
        self.load(
            lambda: self._deliver(desk, stop, due),
            lambda found: self._delivered(*found, stopped=stop.is_set()),
            group="deliver",
        )

    def _deliver(self, desk: Desk, stop: Event, due: int) -> tuple[list[Sent], str]:
        """In a thread: what became of each, and of the daily word, which leaves with the first sending after a run."""
        try:
            sent = desk.outbox.send_due(stop=stop.is_set, progress=lambda done: self._told(done, due, stop))
            return sent, "" if stop.is_set() else desk.digests.send_due()
        finally:
            self._stop = None

    def _told(self, done: int, due: int, stop: Event) -> None:
        if stop.is_set():
            return
        told = _("{done} of {due} …  “g” stops it").format(done=number(done), due=number(max(done, due)))
        # Not waited for: the program may end meanwhile.
        self.call_later(self.show_message, told)

    def _delivered(self, sent: list[Sent], daily: str, *, stopped: bool) -> None:
        left = sum(one.state == "sent" for one in sent)
        told = [ngettext("{count} notice sent", "{count} notices sent", left).format(count=number(left))]
        told += self._not_sent([one for one in sent if one.state != "sent"])
        self.app.data_changed()
        if stopped:
            told.append(_("stopped, the others wait"))
        elif not sent:
            told = [_("Nothing is due now")]
        if daily:
            told.append(_("the daily word: {state}").format(state=state_word(daily)))
        is_well = not stopped and len(sent) == left and daily in ("", "sent")
        # Whoever went to another screen meanwhile hears it there.
        self.app.show_message(" · ".join(told), "ok" if is_well else "warn")

    def _not_sent(self, others: list[Sent]) -> list[str]:
        """How many were not, by state, the most first; why, of each state the most common reason."""
        local = zone(self.desk.centre.timezone)
        found: list[str] = []
        for state, count in Counter(one.state for one in others).most_common(MOST_STATES):
            reasons = Counter(one.detail for one in others if one.state == state and one.detail)
            said = f"{number(count)} {state_word(state)}"
            if state == "waits":
                said = ngettext("{count} waits", "{count} wait", count).format(count=number(count))
            if reasons:
                detail = reasons.most_common(1)[0][0]
                untils = [one.until for one in others if one.detail == detail and one.until is not None]
                said += f": {why_words(detail, min(untils).astimezone(local) if untils else None)}"
            found.append(said)
        return found
