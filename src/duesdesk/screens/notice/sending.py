"""One notice on its way: written and handed over in a thread, and what is said of it, whoever is in front by then."""

from __future__ import annotations

from datetime import tzinfo
from typing import NamedTuple

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import _
from duesdesk.screens.notice.words import state_word, why_words
from duesdesk.screens.refusals import refusal
from duesdesk.screens.text import Line, Piece, Severity, join
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.outbox import Sent


class Waiting(NamedTuple):
    """A notice that stands in the outbox, and why it could not be handed over."""

    why: DuesdeskError


Outcome = Sent | Waiting | DuesdeskError


def write_and_send(desk: Desk, wanted: NoticeRequest, *, key: str, cooling: bool, pressing: str, shown: str) -> Outcome:
    """In a thread: write the notice and hand it over. What a person did wrong comes back as an answer.

    `shown` is the hash of the text that was read ('' for own words): another text is not written. By a channel that
    this machine cannot send by nothing is written either, unless it is to wait (`cooling`).
    """
    try:
        if not cooling:
            desk.outbox.check_way(wanted.channel)
        written = desk.notices.write(wanted, key=key, cooling=cooling, pressing=pressing, shown=shown)
    except DuesdeskError as error:
        return error
    if cooling:
        return Sent(written["notice"], "queued", "")
    try:
        return desk.outbox.send_now(written["notice"])
    except DuesdeskError as error:
        return Waiting(error)


def told(outcome: Outcome, name: str, local: tzinfo) -> tuple[Line, Severity]:
    """What became of the notice to `name`, with its tone."""
    if isinstance(outcome, DuesdeskError):
        return join(Piece(_("No notice to {name}:").format(name=name) + " ", "bad"), *refusal(outcome, "bad")), "bad"
    if isinstance(outcome, Waiting):
        said = _("The notice to {name} is written and waits:").format(name=name)
        return join(Piece(said + " ", "warn"), *refusal(outcome.why, "warn")), "warn"
    state = state_word(outcome.state)
    if outcome.state in ("waits", "cancelled"):
        until = outcome.until.astimezone(local) if outcome.until else None
        state = f"{state}, {why_words(outcome.detail, until)}"
    tone: Severity = "ok" if outcome.state in ("sent", "queued") else "warn"
    return (Piece(_("Notice to {name}: {state}.").format(name=name, state=state), tone),), tone
