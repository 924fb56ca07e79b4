"""The rehearsal: what a rule would do on the real book in the days to come, if nobody paid; nothing is written.

A rule that is not in force yet is tried in the place of the centre's, and told beside the one in force.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from duesdesk.config import Settings
from duesdesk.domain.collection.ahead import ahead
from duesdesk.domain.collection.ladder import NOTICE, Rule
from duesdesk.domain.errors import BadInput
from duesdesk.domain.money import to_text
from duesdesk.services.acts import Plain
from duesdesk.services.collection.candidates import left_out
from duesdesk.services.collection.facts import Facts, Known
from duesdesk.services.collection.views import LeftOut, amounts
from duesdesk.services.rules import Target, target_key
from duesdesk.services.workplace import Workplace

MOST_DAYS = 366
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class StepAhead:
    """A step that would be taken for a payer on a day. `promised` tells of an open promise today."""

    on: date
    member: str
    name: str
    step: str
    action: str
    channel: str
    invoices: tuple[str, ...]
    amount_minor: int
    currency: str
    promised: bool = False
    # (currency, minor units) of what the same notice asks for in other currencies.
    beside: tuple[tuple[str, int], ...] = ()

    def as_json(self) -> Plain:
        """As `rule rehearse --json` tells it."""
        return {
            "on": self.on.isoformat(),
            "member": self.member,
            "name": self.name,
            "step": self.step,
            "action": self.action,
            "channel": self.channel or None,
            "invoices": list(self.invoices),
            "amount": to_text(self.amount_minor, self.currency),
            "currency": self.currency,
            "promised": self.promised,
            **amounts(self.beside),
        }


@dataclass(frozen=True, slots=True)
class StepCount:
    """One step of the rule over all the days: how many people, how often, and how often by the rule in force.

    `times_now` and `people_now` are None when the rule in force is rehearsed itself.
    """

    step: str
    action: str
    people: int
    times: int
    times_now: int | None
    people_now: int | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All of it. `gained` and `lost` are payers who would hear something and would not by the rule in force.

    `rows_now` is what the rule in force would do, when another was tried. `stopped` tells that not everybody was looked
    at, `left_out` what was there before the rule.
    """

    rule: str
    first: date
    last: date
    people: int
    notices: int
    tasks: int
    people_now: int | None
    notices_now: int | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    steps: tuple[StepCount, ...]
    rows: tuple[StepAhead, ...]
    rows_now: tuple[StepAhead, ...] = ()
    stopped: bool = False
    left_out: LeftOut | None = None

    def as_json(self) -> Plain:
        """The document of `rule rehearse`."""
        return {
            "rule": self.rule,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "people": self.people,
            "notices": self.notices,
            "tasks": self.tasks,
            "in_force": {"people": self.people_now, "notices": self.notices_now}
            if self.people_now is not None
            else None,
            "left_out": self.left_out.as_json() if self.left_out is not None else None,
            "gained": list(self.gained),
            "lost": list(self.lost),
            "steps": [
                {
                    "step": one.step,
                    "action": one.action,
                    "people": one.people,
                    "times": one.times,
                    "times_in_force": one.times_now,
                    "people_in_force": one.people_now,
                }
                for one in self.steps
            ],
            "rows": [row.as_json() for row in self.rows],
        }


class Rehearsals:
    """Rehearsals on the book of one centre."""

    def __init__(self, place: Workplace, settings: Settings) -> None:
        self._place = place
        self._settings = settings

    def rehearse(
        self,
        rule: Rule | None = None,
        days: int = 30,
        *,
        target: Target | None = None,
        progress: Callable[[int, int], None] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> Rehearsal:
        """The next `days` days, today included, by `rule` for `target` (None: the rules in force).

        `progress` hears how many payers of how many are done; `stop` ends it with what was found so far.
        Raises BadInput for less than one day or more than a year, NotFound for a target that is not there.
        """
        if not 1 <= days <= MOST_DAYS:
            raise BadInput("rehearsal-days", days=days, most=MOST_DAYS)
        first = self._place.today()
        last = first + timedelta(days=days - 1)
        found: list[StepAhead] = []
        now: list[StepAhead] = []
        with self._place.database.read() as tx:
            in_force = Facts(tx, self._place, first, self._settings)
            tried = in_force
            if rule is not None:
                whom = target_key(tx, target or Target())
                tried = Facts(tx, self._place, first, self._settings, rule=rule, target=whom)
            payers = [row[0] for row in tx.all("SELECT DISTINCT payer_id FROM open_item ORDER BY payer_id")]
            left = left_out(tried)
            stopped = False
            for start in range(0, len(payers), _AT_ONCE):
                stopped = stop is not None and stop()
                if stopped:
                    break
                # Both rules for the same people: what was found stays comparable when it is stopped.
                some = payers[start : start + _AT_ONCE]
                found += (row for accounts in tried.payers(some) for row in _payer_rows(accounts, first, last))
                if rule is not None:
                    now += (row for accounts in in_force.payers(some) for row in _payer_rows(accounts, first, last))
                if progress is not None:
                    progress(min(start + _AT_ONCE, len(payers)), len(payers))
        name = (rule or in_force.book.centre[0]).name
        order = {step.id: index for index, step in enumerate((rule or in_force.book.centre[0]).steps)}
        told = _told(name, first, last, found, now if rule is not None else None, order)
        return replace(told, left_out=left, stopped=stopped)


def _payer_rows(accounts: Sequence[Known], first: date, last: date) -> Iterator[StepAhead]:
    # What comes in is not foreseen, and so neither is its confirmation.
    owing = [known for known in accounts if known.account.items]
    if not owing:
        return
    played = [known.account._replace(paid=()) for known in owing]
    for day in ahead(played, first, last, owing[0].home.house):
        for known, decision in zip(owing, day.decisions, strict=True):
            for take in decision.taken:
                yield StepAhead(
                    day.on,
                    known.person.number,
                    known.person.name,
                    take.step.id,
                    take.step.do,
                    take.channel,
                    tuple(part.item.number for part in take.all_parts),
                    take.amount_minor,
                    known.account.currency,
                    known.account.promised_until is not None,
                    tuple((one.currency, one.amount_minor) for one in take.beside),
                )


def _told(
    name: str,
    first: date,
    last: date,
    found: list[StepAhead],
    now: list[StepAhead] | None,
    order: dict[str, int],
) -> Rehearsal:
    for rows_of in (found, now or []):
        rows_of.sort(key=lambda row: (row.on, row.name, row.member, row.step))
    people = {row.member for row in found}
    people_now = {row.member for row in now} if now is not None else None
    times_now = Counter(row.step for row in now or ())
    by_step: dict[str, list[StepAhead]] = {}
    for row in found:
        by_step.setdefault(row.step, []).append(row)
    for row in now or ():
        by_step.setdefault(row.step, [])
    actions = {row.step: row.action for row in (*found, *(now or ()))}
    steps = tuple(
        StepCount(
            step,
            actions[step],
            len({row.member for row in rows}),
            len(rows),
            times_now[step] if now is not None else None,
            len({row.member for row in now if row.step == step}) if now is not None else None,
        )
        for step, rows in sorted(by_step.items(), key=lambda one: (order.get(one[0], len(order)), one[0]))
    )
    return Rehearsal(
        name,
        first,
        last,
        len(people),
        sum(row.action == NOTICE for row in found),
        sum(row.action != NOTICE for row in found),
        len(people_now) if people_now is not None else None,
        sum(row.action == NOTICE for row in now) if now is not None else None,
        tuple(sorted(people - people_now)) if people_now is not None else (),
        tuple(sorted(people_now - people)) if people_now is not None else (),
        steps,
        tuple(found),
        tuple(now or ()),
    )
