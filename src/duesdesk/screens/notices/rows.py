"""What the notices screen shows of a notice: its row, why it waits, and its text with what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date, datetime, timedelta, tzinfo

from duesdesk import i18n
from duesdesk.i18n import _, ngettext, pgettext
from duesdesk.screens.contact_words import NOTICE_CHANNELS, channel_sign, word
from duesdesk.screens.notice.words import language_word, state_word, why_words
from duesdesk.screens.text import Line, Piece, join, line, with_sums, wrap, wrap_line
from duesdesk.screens.widgets.bars import Tab
from duesdesk.screens.widgets.line_list import Column, Row
from duesdesk.services.notice_views import NoticeList, NoticeView

ALL = ""
HELD, QUEUED, SENDING, SENT, UNSURE, FAILED, CANCELLED = (
    "held", "queued", "sending", "sent", "unsure", "failed", "cancelled",
)  # fmt: skip
SECTIONS = (ALL, HELD, QUEUED, SENDING, SENT, UNSURE, FAILED, CANCELLED)
WAITING = (HELD, QUEUED)
NOT_LEFT = (HELD, QUEUED, FAILED, UNSURE)
AGAIN = (FAILED, UNSURE, CANCELLED)
OTHER_WAY = (HELD, QUEUED, FAILED, UNSURE, CANCELLED)
_TONES = {SENT: "ok", FAILED: "bad", UNSURE: "warn", CANCELLED: "dim"}
_WEEK_DAYS = 6
AWAITED = "awaited"
"""How the key of a row begins whose page is being read."""


def section_tabs(counts: dict[str, int]) -> list[Tab]:
    """The sections with how many notices are in each."""
    words = {
        ALL: (_("All"), pgettext("notices, short", "All")),
        HELD: (pgettext("notices", "Held"), pgettext("notices, short", "Held")),
        QUEUED: (pgettext("notices", "Queued"), pgettext("notices, short", "Queue")),
        SENDING: (pgettext("notices", "Sending"), pgettext("notices, short", "Out")),
        SENT: (pgettext("notices", "Sent"), pgettext("notices, short", "Sent")),
        UNSURE: (_("Unsure"), pgettext("notices, short", "Unsure")),
        FAILED: (pgettext("notices", "Failed"), pgettext("notices, short", "Fails")),
        CANCELLED: (pgettext("notices", "Withdrawn"), pgettext("notices, short", "Back")),
    }
    found = []
    for section in SECTIONS:
        # Of all of them the sections tell together.
        count = counts.get(section, 0)
        tone = "warn" if count and section in (UNSURE, FAILED) else "dim"
        label, short = words[section]
        found.append(Tab(section or "all", label, i18n.number(count) if count else "", tone, short=short))
    return found


def empty_words(section: str) -> str:
    """What an empty section says."""
    return {
        ALL: _("Nothing is written. “n” on a person writes a notice; the daily run of the rule writes its own."),
        HELD: _("Nothing is held: what is written waits here for its cooling time."),
        QUEUED: _("Nothing waits to be sent."),
        SENDING: _("Nothing is being sent just now."),
        SENT: _("Nothing has been sent yet."),
        UNSURE: _("Of every notice it is known whether it left."),
        FAILED: _("Nothing failed."),
        CANCELLED: _("Nothing was withdrawn."),
    }[section]


def columns() -> tuple[Column, ...]:
    """Who, how, about what, and where it stands."""
    return (
        Column("when", _("When"), 13),
        Column("who", _("Who"), 20, flex=True),
        Column("channel", "", 1),
        Column("subject", _("Subject"), 24, min_terminal_width=140, flex=True),
        Column("state", _("State"), 34),
    )


class NoticeRows:
    """A source of rows over a list of notices; a page that is seen and not read is asked for by `want`."""

    def __init__(self, listed: NoticeList, today: date, local: tzinfo, want: Callable[[int], None]) -> None:
        self.listed = listed
        self._today = today
        self._local = local
        self._want = want

    def count(self) -> int:
        """How many notices there are."""
        return self.listed.total

    def row(self, index: int) -> Row:
        """The row of the notice at `index`."""
        if not self.listed.has(index):
            self._want(index // self.listed.PAGE)
            return Row((AWAITED, index), ("", line("…", "faint")))
        try:
            return row(self.listed.row(index), self._today, self._local)
        except IndexError:
            # Another desk sent some since they were counted; the list is fetched anew in a moment.
            return Row(("gone", index), ())

    def index_of(self, key: Hashable) -> int | None:
        """Where a notice stands."""
        if isinstance(key, tuple) and key[0] == AWAITED:
            return int(key[1]) if int(key[1]) < self.count() else None
        return self.listed.known_place(key) if isinstance(key, int) else None


class Staying:
    """The same with one notice more that is in the list no longer, at the place where it stood.

    What was selected stays so until the cursor moves: keys act on what is seen.
    """

    def __init__(self, rows: NoticeRows, view: NoticeView, shown: Row, place: int) -> None:
        self.rows = rows
        self.view = view
        self._row = shown
        self.place = min(place, rows.count())

    def count(self) -> int:
        """How many rows there are."""
        return self.rows.count() + 1

    def row(self, index: int) -> Row:
        """The row at `index`."""
        return self._row if index == self.place else self.rows.row(index - (index > self.place))

    def index_of(self, key: Hashable) -> int | None:
        """Where a notice stands."""
        if key == self.view.id:
            return self.place
        found = self.rows.index_of(key)
        return None if found is None else found + (found >= self.place)


def row(view: NoticeView, today: date, local: tzinfo) -> Row:
    """One notice: when it leaves or what happened last, to whom, how, about what, and where it stands."""
    at = view.send_after if view.state in WAITING else view.changed_at
    tone = "text" if view.state != CANCELLED else "dim"
    return Row(
        view.id,
        (
            line(moment(at, today, local), "dim"),
            line(view.payer_name, tone),
            Piece(channel_sign(view.channel), "dim"),
            with_sums(view.subject, "dim"),
            line(state_words(view, today, local), _TONES.get(view.state, "text")),
        ),
        tone,
    )


def moment(at: datetime, today: date, local: tzinfo) -> str:
    """An instant here: the hour today, the day and the hour otherwise."""
    here = at.astimezone(local)
    if here.date() == today:
        return i18n.time_of(here)
    return f"{i18n.day_month(here.date(), today)} {i18n.time_of(here)}"


def _until(at: datetime | None, today: date, local: tzinfo) -> str:
    """A moment to come: by the day of the week while that says enough."""
    if at is None:
        return ""
    here = at.astimezone(local)
    if timedelta(0) < here.date() - today <= timedelta(_WEEK_DAYS):
        return f"{i18n.weekday(here.date())} {i18n.time_of(here)}"
    return moment(at, today, local)


def state_words(view: NoticeView, today: date, local: tzinfo) -> str:
    """Where a notice stands in a few words: why it waits and until when, or what became of it."""
    if view.state in WAITING and view.why:
        return _waits(view, _until(view.until, today, local))
    if view.state == UNSURE:
        return _("did it leave? {why}").format(why=why_words(view.detail)) if view.detail else _("did it leave?")
    told = state_word(view.state)
    if view.detail and view.state == FAILED:
        return f"{told}: {view.detail}"
    return f"{told}: {why_words(view.detail)}" if view.detail and view.state == CANCELLED else told


def _waits(view: NoticeView, until: str) -> str:
    told = {
        "cooling": _("cooling until {until}"),
        "again": _("next try {until}"),
        "hours": _("quiet hours until {until}") if until else _("no hour in which they may be written to"),
        "budget": _("written to often enough until {until}") if until else why_words("budget"),
        "gap": _("told only lately, waits until {until}"),
        "stopped": _("stopped by {name}").format(name=view.who),
        "not_set_up": _("cannot leave from this machine"),
        "printing": _("for the printer: “l”"),
        "posting": _("printed, not yet posted: “l”"),
        "saying": _("for a word at the desk"),
        "ready": _("ready to leave: “g”"),
    }.get(view.why, why_words(view.why))
    return told.replace("{until}", until)


def detail_lines(view: NoticeView, today: date, local: tzinfo, room: int, together: int = 0) -> list[Line]:
    """All about a notice, and the exact text that is read; `together` is how many were written with it."""
    where = view.address.replace("\n", ", ")
    told: list[Line] = [(Piece(view.payer_name, "white", bold=True), Piece(f"   {view.payer}", "dim"))]
    by = " · ".join(part for part in (word(NOTICE_CHANNELS, view.channel), where, language_word(view.language)) if part)
    told += [*(line(part, "dim") for part in wrap(by, room)), ()]
    about = [(_("State"), state_words(view, today, local))]
    if view.ends:
        about.append((_("Leaves"), _("not any more: {reason}").format(reason=why_words(view.ends))))
    elif view.state in WAITING:
        about.append((_("Leaves"), _("not before {time}").format(time=moment(view.send_after, today, local))))
    about.append((_("Written"), f"{moment(view.created_at, today, local)} · {view.actor}"))
    if together:
        about.append((_("Many"), _("one of {count} written together; “X” pulls all back").format(count=together)))
    if view.pressing:
        about.append((_("Pressing"), view.pressing))
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
