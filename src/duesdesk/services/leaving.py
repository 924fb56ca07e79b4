"""Whether a notice may leave at a moment: everything is read again, in the transaction that lets it go.

What was true when it was written may not be any more. Some of it ends a notice (the money came, they want nothing this
way), some of it makes it wait (an hour at which nobody is written to). What a person sends by hand passes the hours of
the house with a reason; it never passes what the law or the member forbids.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from duesdesk.clock import from_utc_text, parse_when, utc_text, zone
from duesdesk.config import Settings
from duesdesk.domain import promises
from duesdesk.domain.collection import packs
from duesdesk.domain.collection.facts import CREDIT, UNTHANKED
from duesdesk.domain.collection.ladder import Rule
from duesdesk.domain.collection.stops import WEEK_DAYS
from duesdesk.domain.errors import BadInput
from duesdesk.domain.hours import ALWAYS, parse_hours
from duesdesk.domain.reach import CHANNELS
from duesdesk.services import reach
from duesdesk.services.collection.houses import Home, Houses
from duesdesk.services.collection.on_account import covers, money_of, span_of
from duesdesk.services.collection.rulebook import RuleBook, written_by
from duesdesk.services.settings import stored
from duesdesk.services.workplace import Workplace
from duesdesk.store import among, collection, positions, waiting
from duesdesk.store.database import Tx

GOES, WAITS, CANCELLED, FAILED = "", "waits", "cancelled", "failed"
HAND, STEP, RECEIPT, TALK = "hand", "step", "receipt", "talk"
STOPPED, COOLING, HOURS, BUDGET, GAP, POSTING, PRINTING, SAYING = (
    "stopped", "cooling", "hours", "budget", "gap", "posting", "printing", "saying",
)  # fmt: skip
"""Why a notice waits; `again` (it is tried again), `not_set_up` and `channel_down` are the others."""
AGAIN, NOT_SET_UP, CHANNEL_DOWN = "again", "not_set_up", "channel_down"
TOO_EARLY = frozenset((COOLING, AGAIN, CHANNEL_DOWN))
BETWEEN = timedelta(hours=24)
"""The least between two notices to a payer of which the later is the rule's, whoever sent the first."""
GRAVE_HOLDS = frozenset(("hardship", "vulnerable", "deceased", "minor", "insolvency", "complaint", "claim"))
"""These stop a demand whoever sends it; the others (left out, snoozed) are wishes of the house."""
_TO_MANY = "many/"
_PULLED_BACK = "not queued any more"
"""How the key of a notice to many begins (`services.notice_views`)."""

NOTICES = """
    SELECT n.id, n.state, n.payer_id, n.channel, n.send_after, n.origin, n.asks_for_money, n.pressing, n.attempts,
           n.detail, n.created_at, m.country, m.timezone
    FROM notice n JOIN member m ON m.id = n.payer_id"""
"""Columns of `Row`; a condition is put behind it."""


class Moment(NamedTuple):
    """When it is: an instant, or any allowed moment of a `day` (then `at` is its end where the centre is)."""

    at: datetime
    day: date | None = None


def moment_of(text: str | None, place: Workplace) -> Moment | None:
    """The moment `send --date` means: an instant, or any allowed moment of a day. Raises WrongUsage, BadInput."""
    if text is None:
        return None
    when = parse_when(text, "--date")
    if isinstance(when, datetime):
        return Moment(when)
    try:
        return Moment(datetime.combine(when, time(23, 59, 59), zone(place.centre.timezone)), when)
    except OverflowError as error:
        raise BadInput("date-impossible", value=text) from error


class Row(NamedTuple):
    """A notice as it is judged."""

    id: int
    state: str
    payer_id: int
    channel: str
    send_after: str
    origin: str
    asks_for_money: bool
    pressing: str
    attempts: int
    detail: str
    created_at: str
    country: str | None
    timezone: str | None


class Verdict(NamedTuple):
    """`state` is GOES, WAITS (perhaps `until`), CANCELLED or FAILED; `why` is a code."""

    state: str
    why: str = ""
    until: datetime | None = None


MAY_GO = Verdict(GOES)


def row(tx: Tx, notice_id: int) -> Row | None:
    """The notice, to be judged."""
    found = tx.one(f"{NOTICES} WHERE n.id = :id", id=notice_id)
    return Row(*found) if found else None


class Gates:
    """Everything a notice passes on its way out, within one transaction. `able` are the channels of this machine."""

    def __init__(self, tx: Tx, place: Workplace, settings: Settings, able: frozenset[str] | None = None) -> None:
        self._tx = tx
        self._place = place
        self._settings = settings
        self._able = able if able is not None else reach.set_up(settings)
        self._houses = Houses(tx, place)
        self._rules: dict[int | None, Rule] = {}
        self._bare: dict[tuple[str | None, str | None], Home] = {}

    def judge(self, one: Row, moment: Moment, *, in_person: bool = False, by_post: bool = False) -> Verdict:
        """May it leave? `in_person` is somebody who sends this one notice now and waits for it.

        What goes `by_post` keeps no hours: it is read when the postman comes.
        """
        if stored(self._tx, "notices.stopped") == "on":
            return Verdict(WAITS, STOPPED)
        verdict = self.early(one, moment, in_person=in_person)
        if by_post and verdict.why == HOURS:
            verdict = MAY_GO
        if verdict.why in TOO_EARLY:
            return verdict
        ended = self.ended(one, moment)
        if ended is not None:
            return ended
        if one.channel not in self._able:
            return Verdict(WAITS, NOT_SET_UP)
        return verdict if verdict.state else self._words_before(one, moment)

    def early(self, one: Row, moment: Moment, *, in_person: bool = False) -> Verdict:
        """Whether it is too early, by the clock alone: cooling time, the next try, hours and closed days."""
        after = from_utc_text(one.send_after)
        if after > moment.at and not in_person:
            return Verdict(WAITS, _why_later(one), after)
        home = self.home(one)
        if moment.day is None:
            if home.allows(moment.at):
                return MAY_GO
            return Verdict(WAITS, HOURS, home.next_allowed(moment.at))
        begins = max(datetime.combine(moment.day, time(0), home.zone), after.astimezone(home.zone))
        allowed = home.next_allowed(begins)
        if allowed is not None and allowed.astimezone(home.zone).date() == moment.day:
            return MAY_GO
        return Verdict(WAITS, HOURS, allowed)

    def home(self, one: Row) -> Home:
        """Where the payer lives, with the hours that hold for this notice."""
        found = self._houses.of(one.country, one.timezone)
        if not one.pressing:
            return found
        key = one.country, one.timezone
        if key not in self._bare:
            law = packs.strictest(found.law.packs, parse_hours(ALWAYS), found.law.max_per_week)
            self._bare[key] = Home(law, law.house(found.is_holiday), found.zone, found.is_holiday)
        return self._bare[key]

    # --- what ends it

    def ended(self, one: Row, moment: Moment) -> Verdict | None:
        """Why it leaves no more, at no hour; None while it still holds."""
        return self._untrue(one, moment) or self._unreachable(one)

    def _untrue(self, one: Row, moment: Moment) -> Verdict | None:
        """Why it must not leave any more, read again from the book."""
        day = (moment.day or self._place.today()).isoformat()
        if one.origin == RECEIPT:
            return self._untrue_receipt(one, day)
        if not one.asks_for_money:
            return None
        why = self._figures(one, day) or self._held(one, day)
        if why is None and one.origin == STEP:
            why = self._promised(one, day) or self._agreed(one, day) or self._late(one, day)
        if why is None and (one.origin == STEP or self._is_to_many(one)):
            why = self._covered(one, date.fromisoformat(day))
        return Verdict(CANCELLED, why) if why else None

    def _figures(self, one: Row, day: str) -> str | None:
        """Whether every amount the notice names is open to the cent on the day, and contested by nobody."""
        rows = self._tx.all(
            f"""SELECT o.invoice_id, o.open_minor = item.open_minor, o.disputed FROM notice_item item
                LEFT JOIN (SELECT invoice_id, open_minor, disputed FROM ({positions.open_sql(self._tx, day)}) owed
                           WHERE payer_id = :payer) o ON o.invoice_id = item.invoice_id
                WHERE item.notice_id = :id""",
            id=one.id,
            as_of=day,
            payer=one.payer_id,
        )
        if any(invoice_id is None for invoice_id, _, _ in rows):
            return "paid"
        if any(disputed for _, _, disputed in rows):
            return "disputed"
        return "figures changed" if not all(same for _, same, _ in rows) else None

    def _held(self, one: Row, day: str) -> str | None:
        """The hold that stops it, of the payer or of an invoice it names."""
        rows = self._tx.all(
            """SELECT h.kind FROM hold h WHERE h.payer_id = :payer AND h.from_on <= :day
                 AND (h.until_on IS NULL OR h.until_on >= :day) AND (h.lifted_on IS NULL OR h.lifted_on > :day)
                 AND (h.invoice_id IS NULL OR EXISTS (SELECT 1 FROM notice_item item
                      WHERE item.notice_id = :id AND item.invoice_id = h.invoice_id)) ORDER BY h.id""",
            payer=one.payer_id,
            id=one.id,
            day=day,
        )
        kinds = [kind for (kind,) in rows]
        if kinds and one.origin != STEP and not self._is_to_many(one):
            kinds = [kind for kind in kinds if kind in GRAVE_HOLDS]
        return kinds[0] if kinds else self._said(one, day)

    def _is_to_many(self, one: Row) -> bool:
        """Whether it went to many: nobody looked at this one person, so every hold stops it as it stops a step."""
        key = self._tx.value("SELECT idempotency_key FROM notice WHERE id = :id", id=one.id)
        return str(key).startswith(_TO_MANY)

    def _promised(self, one: Row, day: str) -> str | None:
        """Whether they have promised to pay something in a currency of the notice, by a day that is not over."""
        on = date.fromisoformat(day)
        rows = collection.promises(self._tx, among.listed([one.payer_id]), day)
        if not rows:
            return None
        asked = self._tx.all(
            """SELECT DISTINCT i.currency FROM notice_item item JOIN invoice i ON i.id = item.invoice_id
               WHERE item.notice_id = :id""",
            id=one.id,
        )
        currencies = {currency for (currency,) in asked}
        for _, _, currency, amount_minor, _, due_text, paid_minor in rows:
            state = promises.state(amount_minor, date.fromisoformat(due_text), paid_minor, on)
            if currency in currencies and state == promises.OPEN:
                return "promised"
        return None

    def _agreed(self, one: Row, day: str) -> str | None:
        """Whether an agreement in force is about an invoice of it; a word about a part of a plan needs that plan."""
        part_id = self._tx.value(
            """SELECT max(i.agreement_part_id) FROM step_taken s JOIN step_item i ON i.step_taken_id = s.id
               WHERE s.notice_id = :id""",
            id=one.id,
        )
        if self._tx.value("SELECT 1 FROM agreement WHERE payer_id = :payer LIMIT 1", payer=one.payer_id) is None:
            return None
        from duesdesk.store import agreed  # imported late: start-up

        found = agreed.in_force(self._tx, [one.payer_id], date.fromisoformat(day))
        if part_id:
            return None if any(part_id in known.part_ids.values() for known in found) else "late"
        named = {row[0] for row in self._tx.all("SELECT invoice_id FROM notice_item WHERE notice_id = :id", id=one.id)}
        return "agreed" if any(named & known.shares.keys() for known in found) else None

    def _late(self, one: Row, day: str) -> str | None:
        """Whether it speaks of a day to come that is there, also beside its own, or of today when that is over."""
        row = self._tx.one(
            """SELECT min(CASE WHEN s.taken_on < i.counted_from THEN i.counted_from END),
                      min(CASE WHEN s.event = 'due' AND i.step_id = s.step_id AND s.taken_on = i.counted_from
                               THEN i.counted_from END)
               FROM step_taken s JOIN step_item i ON i.step_taken_id = s.id
               WHERE s.notice_id = :id AND i.invoice_id IS NOT NULL""",
            id=one.id,
        )
        to_come, that_day = row or (None, None)
        if (to_come is not None and to_come <= day) or (that_day is not None and that_day < day):
            return "late"
        return None

    def _covered(self, one: Row, day: date) -> str | None:
        """Whether what it asks for lies on account by now, or was written down and counts in some days."""
        asked = self._tx.all(
            """SELECT i.currency, sum(item.open_minor) FROM notice_item item JOIN invoice i ON i.id = item.invoice_id
               WHERE item.notice_id = :id GROUP BY i.currency""",
            id=one.id,
        )
        money = money_of(self._tx, among.listed([one.payer_id]), span_of(self._place, day))
        is_covered = any(covers(money, (one.payer_id, currency), minor) for currency, minor in asked)
        return CREDIT if is_covered else None

    def _untrue_receipt(self, one: Row, day: str) -> Verdict | None:
        """Why nobody is thanked any more: the money went back, a grave hold, other figures than it tells."""
        for _, _, why in waiting.untrue_receipts(self._tx, day, among.listed(sorted(UNTHANKED)), one.id):
            return Verdict(CANCELLED, "figures changed" if why == "moved" else why)
        return None

    def _unreachable(self, one: Row) -> Verdict | None:
        """Why the payer cannot be reached by its channel, whatever machine sends."""
        every = frozenset(CHANNELS)
        why = reach.reaches(self._tx, [one.payer_id], self._settings, able=every)[one.payer_id][one.channel]
        if why in ("not_wanted", "not_asked"):
            return Verdict(CANCELLED, why)
        return Verdict(FAILED, why) if why else None

    def _said(self, one: Row, day: str) -> str | None:
        """What was said that stops the rule, and so what went to many: that it is paid, or will be."""
        is_step = one.origin == STEP
        if not is_step and not self._is_to_many(one):
            return None
        from duesdesk.domain.collection.facts import CLAIMS  # imported late: start-up
        from duesdesk.services.collection.facts import CLAIM_DAYS  # imported late: start-up

        end = datetime.combine(date.fromisoformat(day), time(0), self._houses.of(None, None).zone) + timedelta(days=1)
        since = utc_text(end - timedelta(days=CLAIM_DAYS))
        talks = collection.talks(self._tx, among.listed([one.payer_id]), since, utc_text(end))
        if talks and talks[-1][2] in CLAIMS:
            return CLAIMS[talks[-1][2]]
        return None if is_step else self._promised(one, day)

    # --- what lets it wait

    def _words_before(self, one: Row, moment: Moment) -> Verdict:
        """The gap since the last word, and the most words to one household in a week.

        What the rule sends keeps to both; for the week everybody's words count, spoken ones too. What a person sends
        keeps to the week that the law of a place allows, and to no other.
        """
        law, is_step = self._houses.of(one.country, one.timezone).law, one.origin == STEP
        allowed = [pack.max_per_week for pack in law.packs if pack.max_per_week is not None]
        if not one.asks_for_money or not (is_step or allowed):
            return MAY_GO
        rule = self._rule(one.id)
        most = min(law.max_per_week, rule.max_per_week or law.max_per_week) if is_step else min(allowed)
        zone = self._houses.of(None, None).zone
        today = moment.day or moment.at.astimezone(zone).date()
        rows = self._tx.all(
            """SELECT changed_at, origin FROM notice
               WHERE payer_id = :payer AND id <> :id AND state IN ('sending', 'sent', 'unsure') AND origin <> 'receipt'
                 AND changed_at >= :since
               UNION ALL SELECT talked_at, 'talk' FROM talk
               WHERE payer_id = :payer AND talked_at >= :since AND cancelled_at IS NULL""",
            payer=one.payer_id,
            id=one.id,
            since=utc_text(moment.at - timedelta(days=max(WEEK_DAYS, rule.gap_days) + 1)),
        )
        words = [(from_utc_text(at), origin) for at, origin in rows]
        if not most:
            return Verdict(WAITS, BUDGET)
        waits = []
        after_gap = _after_gap(words, moment.at, today, rule.gap_days, zone) if is_step else None
        if after_gap is not None:
            waits.append((after_gap, GAP))
        days = sorted(at.astimezone(zone).date() for at, _ in words)
        lately = [on for on in days if 0 <= (today - on).days < WEEK_DAYS]
        if len(lately) >= most:
            free_on = lately[len(lately) - most] + timedelta(days=WEEK_DAYS)
            waits.append((datetime.combine(free_on, time(0), zone), BUDGET))
        if not waits:
            return MAY_GO
        until, why = max(waits)
        return Verdict(WAITS, why, until)

    def _rule(self, notice_id: int) -> Rule:
        """The rule by which the notice was written; that of the centre for one that no step stands behind."""
        version = self._tx.one("SELECT rule_version_id FROM step_taken WHERE notice_id = :id LIMIT 1", id=notice_id)
        key = 0 if version is None else version[0]
        if key not in self._rules:
            self._rules[key] = RuleBook(self._tx).centre[0] if version is None else written_by(self._tx, key)
        return self._rules[key]


_MAY_BE_DOWN = frozenset(CHANNELS) - {"letter", "desk"}


def _why_later(one: Row) -> str:
    """Why a notice waits for its instant. A channel that was down leaves its answer and costs no try."""
    if one.attempts:
        return AGAIN
    return CHANNEL_DOWN if one.state == "queued" and one.detail and one.channel in _MAY_BE_DOWN else COOLING


def gone(one: Row | None) -> tuple[str, str]:
    """What is told of a notice that waits no longer, and why: another program sends it, or it was pulled back."""
    return (WAITS, "elsewhere") if one is not None and one.state in ("sending", "sent") else (CANCELLED, _PULLED_BACK)


def _after_gap(
    words: Sequence[tuple[datetime, str]], at: datetime, today: date, gap_days: int, zone: tzinfo
) -> datetime | None:
    """When it is late enough after the last notices; None when it is now."""
    free = [
        datetime.combine(sent.astimezone(zone).date() + timedelta(days=gap_days), time(0), zone)
        for sent, origin in words
        if origin != TALK and 0 <= (today - sent.astimezone(zone).date()).days < gap_days
    ]
    free += [sent + BETWEEN for sent, origin in words if origin != TALK and sent <= at < sent + BETWEEN]
    return max(free, default=None)
