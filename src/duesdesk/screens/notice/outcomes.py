"""What came of a notice to several people: each with its state, and why it did not go where it did not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from duesdesk.bootstrap import Desk
from duesdesk.clock import zone
from duesdesk.domain.errors import DuesdeskError, StoreTrouble
from duesdesk.i18n import _, listing, ngettext, sentence
from duesdesk.screens.notice.words import state_word, why_words
from duesdesk.screens.text import Line, Piece, join, line, pad, wrap
from duesdesk.services.notice_texts import NoticeRequest, Preview

SENT, WRITTEN, REFUSED, NOT_REACHED = "sent", "queued", "refused", "not_reached"
NAME_WIDTH = 28


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one notice. `state` is that of the outbox, or REFUSED, or NOT_REACHED; `reason` is for people."""

    preview: Preview
    state: str
    reason: str = ""

    @property
    def may_be_tried_again(self) -> bool:
        """Whether nothing was said yet that trying again would say twice."""
        return self.state in (WRITTEN, NOT_REACHED)


def send_each(
    desk: Desk, people: Sequence[Preview], template: str, key: str, stopped: Callable[[], bool]
) -> list[Outcome]:
    """Write and send one after the other; what stops one stops those after it, too, and they are not reached.

    A rule that says no is the trouble of one person; a store that cannot be written and a server that is gone are
    everybody's. Under the same `key` a notice that was written is not written again.
    """
    outcomes: list[Outcome] = []
    trouble = ""
    for preview in people:
        if trouble or stopped():
            outcomes.append(Outcome(preview, NOT_REACHED, trouble))
            continue
        outcome, trouble = _send(desk, preview, template, f"{key}-{preview.payer}")
        outcomes.append(outcome)
    return outcomes


def _send(desk: Desk, preview: Preview, template: str, key: str) -> tuple[Outcome, str]:
    """What came of it, and what keeps the next ones from being tried."""
    try:
        written = desk.notices.write(NoticeRequest(preview.payer, template), key=key, cooling=False)
    except StoreTrouble as error:
        return Outcome(preview, NOT_REACHED, sentence(error)), sentence(error)
    except DuesdeskError as error:
        # They paid, or lost their address, since the preview.
        return Outcome(preview, REFUSED, sentence(error)), ""
    try:
        sent = desk.outbox.send_now(written["notice"])
    except DuesdeskError as error:
        return Outcome(preview, WRITTEN, sentence(error)), sentence(error)
    until = sent.until.astimezone(zone(desk.centre.timezone)) if sent.until else None
    reason = "" if sent.state == SENT else why_words(sent.detail, until)
    return Outcome(preview, sent.state, reason), reason if sent.channel_down else ""


def counted(outcomes: Sequence[Outcome]) -> str:
    """How many ended in which state, told in a list: '12 sent, 1 refused and 3 not reached'."""
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome.state] = counts.get(outcome.state, 0) + 1
    return listing([_counted(state, count) for state, count in counts.items()])


def _counted(state: str, count: int) -> str:
    if state == REFUSED:
        return ngettext("{count} refused", "{count} refused", count).format(count=count)
    if state == NOT_REACHED:
        return ngettext("{count} not reached", "{count} not reached", count).format(count=count)
    return f"{count} {state_word(state)}"


def outcome_lines(outcomes: Sequence[Outcome], width: int) -> list[Line]:
    """Everybody who was not written to, with the reason; a reason that is the same for the next ones is said once."""
    lines: list[Line] = []
    said = ""
    for outcome in outcomes:
        if outcome.state == SENT:
            continue
        name = Piece(pad(outcome.preview.payer_name, NAME_WIDTH) + "  ", "text")
        told = outcome.reason
        if not told or (outcome.state == NOT_REACHED and told == said):
            told = _("not reached") if outcome.state == NOT_REACHED else state_word(outcome.state)
        said = outcome.reason
        first, *more = wrap(told, width - NAME_WIDTH - 2)
        lines.append(join(name, Piece(first, "warn")))
        lines += [join(Piece(" " * (NAME_WIDTH + 2)), Piece(one, "warn")) for one in more]
    return lines or [line(_("Everybody was written to."), "dim")]
