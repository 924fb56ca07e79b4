"""The lists of a rehearsal: what changes, the steps with their people, the days with each person."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from duesdesk import i18n
from duesdesk.domain.collection.difference import Difference
from duesdesk.domain.collection.ladder import Rule, Step
from duesdesk.i18n import _, ngettext, sentence
from duesdesk.screens.contact_words import word
from duesdesk.screens.notice.words import language_word
from duesdesk.screens.rule import words
from duesdesk.screens.rule.difference import change_lines
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, join, line, wrap
from duesdesk.screens.widgets.line_list import Column, Row
from duesdesk.services.collection.reasons import left_out_words
from duesdesk.services.collection.rehearse import Rehearsal, StepAhead, StepCount
from duesdesk.services.rules import Finding

NEW, GONE = "new", "gone"


def change_columns() -> tuple[Column, ...]:
    """What changes: whose step, and what."""
    return (Column("step", _("Step"), 32, flex=True), Column("what", _("What changes"), 36, flex=True))


def change_rows(found: Iterable[Difference], findings: Iterable[Finding], before: Rule, after: Rule) -> list[Row]:
    """Each difference, and below it what the check says about its step; what it says of others comes last."""
    by_step: dict[str, list[Finding]] = {}
    for one in findings:
        by_step.setdefault(one.step, []).append(one)
    rows: list[Row] = []
    for difference in found:
        step = difference.after or difference.before
        name = step.id if step is not None else ""
        for number, (whose, what) in enumerate(change_lines(difference, before, after)):
            rows.append(Row((name, "change", number), (line("" if number and name else whose), what)))
        rows += _finding_rows(name, by_step.pop(name, []))
    for name, some in by_step.items():
        step = after.step(name)
        rows.append(Row((name, "change", 0), (line(words.step_words(step) if step else name), line(""))))
        rows += _finding_rows(name, some)
    return rows


def _finding_rows(step: str, found: list[Finding]) -> list[Row]:
    return [Row((step, "finding", number), ("", finding_line(one))) for number, one in enumerate(found)]


def finding_line(found: Finding) -> Line:
    """What the check says: what keeps the rule from being put in force, or who gets a notice in another language."""
    if found.error is not None:
        return line(sentence(found.error), "bad")
    missing = found.otherwise
    if missing is None:
        return ()
    told = ngettext(
        "{count} member reads {language} and gets it in {told_in}.",
        "{count} members read {language} and get it in {told_in}.",
        missing.members,
    )
    return line(
        told.format(
            count=i18n.number(missing.members),
            language=language_word(missing.language),
            told_in=language_word(missing.told_in),
        ),
        "warn",
    )


def step_columns(*, compared: bool) -> tuple[Column, ...]:
    """The steps: how many people and times, beside those by the rule in force."""
    now = (Column("now", _("In force"), 8, "right"), Column("more", _("Change"), 7, "right")) if compared else ()
    return (
        Column("step", _("Step"), 26, flex=True),
        Column("people", _("People"), 7, "right"),
        Column("times", _("Times"), 6, "right"),
        *now,
    )


def step_row(found: StepCount, steps: Mapping[str, Step]) -> Row:
    """One step over all the days."""
    known = steps.get(found.step)
    cells: list[Line] = [
        join(
            Piece(words.step_words(known) if known else found.step), Piece(f"  {found.step}" if known else "", "faint")
        ),
        line(i18n.number(found.people)),
        line(i18n.number(found.times)),
    ]
    if found.times_now is not None:
        more = found.times - found.times_now
        tone = "dim" if not more else "warn" if more > 0 else "ok"
        cells += [line(i18n.number(found.times_now), "dim"), line(_signed(more), tone)]
    return Row(found.step, tuple(cells))


def _signed(more: int) -> str:
    return f"{'+' if more > 0 else '−' if more < 0 else ''}{i18n.number(abs(more))}"


def day_columns(*, compared: bool) -> tuple[Column, ...]:
    """The days ahead: when, who, which step, how much."""
    return (
        Column("on", _("Day"), 11),
        Column("who", _("Who"), 16, flex=True),
        Column("step", _("Step"), 18, flex=True),
        Column("amount", _("Amount"), 9, "right"),
        *((Column("new", "", 10),) if compared else ()),
    )


class Days:
    """Every step of every day, with what is new and what would not come any more; made in a thread, for it is long."""

    def __init__(self, found: Rehearsal) -> None:
        now = {(row.member, row.step) for row in found.rows_now}
        then = {(row.member, row.step) for row in found.rows}
        self.compared = found.people_now is not None
        self.all = [(row, NEW if self.compared and (row.member, row.step) not in now else "") for row in found.rows]
        self.all += [(row, GONE) for row in found.rows_now if (row.member, row.step) not in then]
        self.all.sort(key=lambda one: (one[0].on, one[0].name, one[0].member, one[0].step))
        self.by_step: dict[str, list[tuple[StepAhead, str]]] = {}
        for one in self.all:
            self.by_step.setdefault(one[0].step, []).append(one)

    def source(self, steps: Mapping[str, Step], only: str | None) -> DaySource:
        """The rows of all steps, or of the step `only`."""
        chosen = self.all if only is None else self.by_step.get(only, [])
        return DaySource(chosen, steps, compared=self.compared, short=only is not None)


class DaySource:
    """Draws of the days only the rows that are seen."""

    def __init__(
        self, found: Sequence[tuple[StepAhead, str]], steps: Mapping[str, Step], *, compared: bool, short: bool
    ) -> None:
        self._found = found
        self._steps = steps
        self._compared, self._short = compared, short

    def count(self) -> int:
        """How many there are."""
        return len(self._found)

    def row(self, index: int) -> Row:
        """One of them."""
        return _day_row(*self._found[index], self._steps, compared=self._compared, short=self._short)

    def index_of(self, key: Hashable) -> int | None:
        """Where the row with this key stands."""
        return next((place for place, one in enumerate(self._found) if _key(*one) == key), None)


def _key(found: StepAhead, mark: str) -> tuple[object, ...]:
    return (found.on, found.member, found.step, found.currency, mark)


def _day_row(found: StepAhead, mark: str, steps: Mapping[str, Step], *, compared: bool, short: bool) -> Row:
    promised = " " + sign("promise") if found.promised else ""
    tone = "dim" if mark == GONE else "text"
    known = steps.get(found.step)
    how = word(words.CHANNELS, found.channel) if found.channel else word(words.ACTIONS, found.action)
    said = how if short or known is None else f"{words.step_words(known)}"
    # The amount is that in the notice's own currency.
    beside = [amount(i18n.money(minor, currency), "dim") for currency, minor in found.beside]
    cells: list[Line] = [
        line(i18n.short_day(found.on), "dim"),
        line(found.name + promised, tone),
        join(Piece(said, "dim"), *(piece for one in beside for piece in (Piece(" + ", "dim"), one))),
        (amount(i18n.amount(found.amount_minor, found.currency), tone),),
    ]
    if compared:
        told = {NEW: _("new"), GONE: _("no longer")}.get(mark, "")
        cells.append(line(told, "warn" if mark == NEW else "ok"))
    return Row(_key(found, mark), tuple(cells))


def head_lines(found: Rehearsal, room: int) -> list[Line]:
    """How many people would hear how much, and how that differs from the rule in force."""
    people, notices = _people(found.people), _notices(found.notices)
    tasks = ngettext("{count} task", "{count} tasks", found.tasks).format(count=i18n.number(found.tasks))
    told = [line(f"{people}, {notices}, {tasks}", "white", bold=True)]
    if found.stopped:
        told.append(line(_("Stopped: not everybody was looked at. R begins anew."), "warn"))
    if found.people_now is not None and found.notices_now is not None:
        beside = _("By the rule in force: {people}, {notices}; {gained} more would hear of it, {lost} fewer.").format(
            people=_people(found.people_now),
            notices=_notices(found.notices_now),
            gained=i18n.number(len(found.gained)),
            lost=i18n.number(len(found.lost)),
        )
        told += [line(one, "dim") for one in wrap(beside, room)]
    left = found.left_out
    if left is not None:
        for said in left_out_words(left.payments, left.since):
            told += [line(one, "dim") for one in wrap(said, room)]
    return told


def _people(count: int) -> str:
    return ngettext("{count} person", "{count} people", count).format(count=i18n.number(count))


def _notices(count: int) -> str:
    return ngettext("{count} notice", "{count} notices", count).format(count=i18n.number(count))
