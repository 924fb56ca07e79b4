"""What the notices screen shows of a notice: its row, and its text with what is known of it."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from duesdesk import i18n
from duesdesk.i18n import _, ngettext, pgettext
from duesdesk.screens.contact_words import channel_sign
from duesdesk.screens.notice.words import language_word, state_word
from duesdesk.screens.text import Line, Piece, join, line, with_sums, wrap, wrap_line
from duesdesk.screens.widgets.bars import Tab
from duesdesk.screens.widgets.line_list import Column, Row
from duesdesk.services.notice_views import NoticeView

ALL, WAITING, UNSURE, FAILED, SENT, CANCELLED = "all", "waiting", "unsure", "failed", "sent", "cancelled"
STATES: dict[str, tuple[str, ...]] = {
    ALL: ("held", "queued", "sending", "unsure", "failed", "sent", "cancelled"),
    WAITING: ("held", "queued", "sending"),
    UNSURE: ("unsure",),
    FAILED: ("failed",),
    SENT: ("sent",),
    CANCELLED: ("cancelled",),
}
"""The states of each section."""
NOT_LEFT = ("held", "queued", "failed", "unsure")
AGAIN = ("failed", "unsure", "cancelled")
_TONES = {"sent": "ok", "failed": "bad", "unsure": "warn", "cancelled": "dim"}


def section_tabs(counts: dict[str, int]) -> list[Tab]:
    """The sections with how many notices are in each."""
    words = {
        ALL: _("All"),
        WAITING: _("Waiting"),
        UNSURE: _("Unsure"),
        FAILED: pgettext("notices", "Failed"),
        SENT: pgettext("notices", "Sent"),
        CANCELLED: pgettext("notices", "Withdrawn"),
    }
    tones = {UNSURE: "warn", FAILED: "warn"}
    found = []
    for section, states in STATES.items():
        count = sum(counts.get(state, 0) for state in states)
        shown = i18n.number(count) if counts else ""
        found.append(Tab(section, words[section], shown, tones.get(section, "dim") if count else "dim"))
    return found


def columns() -> tuple[Column, ...]:
    """Who, how, about what, and where it stands."""
    return (
        Column("when", _("When"), 13),
        Column("who", _("Who"), 20, flex=True),
        Column("channel", "", 1),
        Column("subject", _("Subject"), 24, min_terminal_width=140, flex=True),
        Column("state", _("State"), 24),
    )


def row(view: NoticeView, today: date, local: tzinfo) -> Row:
    """One notice: when it leaves or what happened last, to whom, how, about what, and where it stands."""
    at = view.send_after if view.state in ("held", "queued") else view.changed_at
    tone = "text" if view.state != "cancelled" else "dim"
    return Row(
        view.id,
        (
            line(_moment(at, today, local), "dim"),
            line(view.payer_name, tone),
            Piece(channel_sign(view.channel), "dim"),
            line(view.subject, "dim"),
            line(_state(view), _TONES.get(view.state, "text")),
        ),
        tone,
    )


def _moment(at: datetime, today: date, local: tzinfo) -> str:
    here = at.astimezone(local)
    if here.date() == today:
        return i18n.time_of(here)
    return f"{i18n.day_month(here.date(), today)} {i18n.time_of(here)}"


def _state(view: NoticeView) -> str:
    told = state_word(view.state)
    return f"{told}: {view.detail}" if view.detail and view.state in ("failed", "unsure") else told


def detail_lines(view: NoticeView, today: date, local: tzinfo, room: int) -> list[Line]:
    """All about a notice, and the exact text that is read."""
    told = [
        (Piece(view.payer_name, "white", bold=True), Piece(f"   {view.payer}", "dim")),
        line(" · ".join(part for part in (view.address, language_word(view.language)) if part), "dim"),
        (),
    ]
    about = [(_("State"), _state(view))]
    if view.state in ("held", "queued"):
        about.append((_("Leaves"), _("not before {time}").format(time=_moment(view.send_after, today, local))))
    about.append((_("Written"), f"{_moment(view.created_at, today, local)} · {view.actor}"))
    if view.attempts:
        tries = ngettext("{count} try", "{count} tries", view.attempts).format(count=view.attempts)
        about.append((_("Tried"), tries))
    width = max(len(label) for label, _said in about) + 2
    for label, said in about:
        for number, part in enumerate(wrap(said, max(10, room - width))):
            told.append(join(Piece((label if not number else "").ljust(width), "dim"), part))
    told += [(), tuple(piece._replace(bold=True) for piece in with_sums(view.subject, "white")), ()]
    for paragraph in view.body.split("\n"):
        told += wrap_line(with_sums(paragraph), room)
    return told
