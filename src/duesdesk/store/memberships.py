"""Reading and writing memberships: what is charged to whom and when, what rests, and which periods were decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from duesdesk.domain.dues import Decided, Freeze, Owner, Period, Schedule
from duesdesk.store import among
from duesdesk.store.acts import ActRow
from duesdesk.store.bulk import new_ids
from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import void_sql

# A charge counts as long as the act that made it was not undone.
STANDS = "NOT EXISTS (SELECT 1 FROM act undo WHERE undo.undoes_id = c.act_id)"
_LAST = f"""
    (SELECT c.id FROM membership_charge c WHERE c.membership_id = s.id AND {STANDS}
     ORDER BY c.period_from DESC LIMIT 1)"""
_COLUMNS = """
    s.id, coalesce(s.first_id, s.id), s.plan, s.price_minor, s.currency, s.period, s.every, s.billing_day, s.starts_on,
    s.charged_from, s.trial_until, s.ends_on, m.id, m.number, m.name, m.status, m.left_on, p.id, p.number,
    p.terms_days, coalesce(p.language, m.language, ''), last.period_to, last.passed,
    EXISTS (SELECT 1 FROM membership f
            WHERE f.first_id = coalesce(s.first_id, s.id) AND f.id > s.id AND f.cancelled_at IS NULL)"""
_FROM = f"""
    FROM membership s JOIN member m ON m.id = s.member_id JOIN member p ON p.id = coalesce(m.payer_id, m.id)
    LEFT JOIN membership_charge last ON last.id = {_LAST}
    WHERE s.cancelled_at IS NULL"""


class MembershipRow(NamedTuple):
    """A membership with all that its charges depend on.

    `first_id` is the first of those that follow each other; a `followed` one has another price after it.
    """

    id: int
    first_id: int
    plan: str
    price_minor: int
    currency: str
    schedule: Schedule
    freezes: tuple[Freeze, ...]
    owner: Owner
    decided: Decided | None
    member_id: int
    member: str
    name: str
    payer_id: int
    payer: str
    terms_days: int | None
    language: str
    followed: bool


class FreezeRow(NamedTuple):
    """A freeze by its id, of the membership that is the first of its kind."""

    id: int
    from_on: date
    until_on: date | None


class NewMembership(NamedTuple):
    """A membership to write."""

    member_id: int
    plan: str
    price_minor: int
    currency: str
    schedule: Schedule
    first_id: int | None = None


class NewCharge(NamedTuple):
    """A period that was decided: with its invoice, or passed over for a reason."""

    membership_id: int
    period: Period
    invoice_id: int | None
    passed: str = ""


class ChargedTo(NamedTuple):
    """A period that was charged: to whom, for which plan, and its last day."""

    member_id: int
    plan: str
    to_on: date


def undecided(tx: Tx, day: date, among_them: Iterable[int] | None = None) -> list[MembershipRow]:
    """Every membership, or those of `among_them`, of which something begins by `day` that was not decided.

    One that was passed over is there, too.
    """
    where = "" if among_them is None else f"AND s.id IN ({among.ids(tx)})"
    rows = tx.all(
        f"""SELECT {_COLUMNS} {_FROM} AND s.starts_on <= :day {where}
            AND (last.id IS NULL OR last.period_to < :day OR last.passed <> '')""",
        day=day.isoformat(),
        wanted=among.listed(among_them or ()),
    )
    return _rows(tx, rows)


def of_member(tx: Tx, member_id: int) -> list[MembershipRow]:
    """The memberships of a member, the newest first."""
    rows = tx.all(f"SELECT {_COLUMNS} {_FROM} AND s.member_id = :id ORDER BY s.starts_on DESC, s.id DESC", id=member_id)
    return _rows(tx, rows)


def of_household(tx: Tx, member_id: int) -> list[MembershipRow]:
    """The memberships of a member and of those they pay for, by member, the newest of each first."""
    rows = tx.all(
        f"""SELECT {_COLUMNS} {_FROM} AND s.member_id IN (SELECT id FROM member WHERE id = :id OR payer_id = :id)
            ORDER BY CASE WHEN m.id = :id THEN 0 ELSE 1 END, m.number, s.starts_on DESC, s.id DESC""",
        id=member_id,
    )
    return _rows(tx, rows)


def of_members(tx: Tx, member_ids: Sequence[int]) -> list[MembershipRow]:
    """The memberships of several members."""
    rows = tx.all(f"SELECT {_COLUMNS} {_FROM} AND s.member_id IN ({among.ids(tx)})", wanted=among.listed(member_ids))
    return _rows(tx, rows)


def everyone(tx: Tx) -> list[MembershipRow]:
    """All memberships, by member and start."""
    return _rows(tx, tx.all(f"SELECT {_COLUMNS} {_FROM} ORDER BY m.number, s.starts_on, s.id"))


def freezes_of(tx: Tx, first_id: int) -> list[FreezeRow]:
    """The freezes of a membership and of those that follow it, in order."""
    rows = tx.all(
        """SELECT id, from_on, until_on FROM membership_freeze
           WHERE membership_id = :id AND cancelled_at IS NULL ORDER BY from_on, id""",
        id=first_id,
    )
    return [FreezeRow(identity, date.fromisoformat(first), _day(last)) for identity, first, last in rows]


def charged(tx: Tx, first_id: int) -> list[tuple[Period, str]]:
    """The periods charged for a membership and those that follow it, with the numbers of their invoices."""
    rows = tx.all(
        f"""SELECT c.period_from, c.period_to, i.number
            FROM membership s JOIN membership_charge c ON c.membership_id = s.id JOIN invoice i ON i.id = c.invoice_id
            WHERE (s.id = :id OR s.first_id = :id) AND {STANDS} ORDER BY c.period_from, c.id""",
        id=first_id,
    )
    return [(Period(date.fromisoformat(first), date.fromisoformat(last)), number) for first, last, number in rows]


def charged_to(tx: Tx, member_ids: Sequence[int]) -> list[ChargedTo]:
    """Every period charged to members by an invoice that is not void, those of ended memberships among them."""
    rows = tx.all(
        f"""SELECT s.member_id, s.plan, c.period_to
            FROM membership s JOIN membership_charge c ON c.membership_id = s.id JOIN invoice i ON i.id = c.invoice_id
            WHERE s.member_id IN ({among.ids(tx)}) AND {STANDS} AND NOT {void_sql("i.id")}""",
        wanted=among.listed(member_ids),
    )
    return [ChargedTo(member_id, plan, date.fromisoformat(last)) for member_id, plan, last in rows]


def is_charged(tx: Tx, membership_ids: Sequence[int]) -> bool:
    """Whether anything was decided about one of these memberships."""
    return bool(
        tx.value(
            f"""SELECT 1 FROM membership_charge c
                WHERE c.membership_id IN ({among.ids(tx)}) AND {STANDS} LIMIT 1""",
            wanted=among.listed(membership_ids),
        )
    )


def add(tx: Tx, act: ActRow, new: NewMembership) -> int:
    """Write a membership; answers its id."""
    when = new.schedule
    return tx.insert(
        """INSERT INTO membership (member_id, plan, price_minor, currency, period, every, billing_day, starts_on,
                                   trial_until, ends_on, charged_from, first_id, act_id, recorded_at, actor, desk,
                                   idempotency_key)
           VALUES (:member_id, :plan, :price_minor, :currency, :period, :every, :billing_day, :starts_on,
                   :trial_until, :ends_on, :charged_from, :first_id, :act_id, :recorded_at, :actor, :desk, :key)""",
        member_id=new.member_id,
        plan=new.plan,
        price_minor=new.price_minor,
        currency=new.currency,
        period=when.period,
        every=when.every,
        billing_day=when.billing_day,
        starts_on=when.starts_on.isoformat(),
        trial_until=_text(when.trial_until),
        ends_on=_text(when.ends_on),
        charged_from=when.charged_from.isoformat(),
        first_id=new.first_id,
        act_id=act.id,
        recorded_at=act.recorded_at,
        actor=act.actor,
        desk=act.desk,
        key=act.key,
    )


def add_many(tx: Tx, act: ActRow, new: Sequence[NewMembership]) -> None:
    """Write memberships by the thousand."""
    tx.many_positional(
        """INSERT INTO membership (id, member_id, plan, price_minor, currency, period, every, billing_day, starts_on,
                                   trial_until, ends_on, charged_from, act_id, recorded_at, actor, desk,
                                   idempotency_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                identity,
                one.member_id,
                one.plan,
                one.price_minor,
                one.currency,
                one.schedule.period,
                one.schedule.every,
                one.schedule.billing_day,
                one.schedule.starts_on.isoformat(),
                _text(one.schedule.trial_until),
                _text(one.schedule.ends_on),
                one.schedule.charged_from.isoformat(),
                act.id,
                act.recorded_at,
                act.actor,
                act.desk,
                f"{act.key}/{number:08d}",
            )
            for number, (identity, one) in enumerate(zip(new_ids(tx, "membership", len(new)), new, strict=True), 1)
        ],
    )


def end_many(tx: Tx, ends: Sequence[tuple[int, str]]) -> None:
    """Give memberships the last day on which a period may begin: (id, ISO day)."""
    tx.many_positional("UPDATE membership SET ends_on = ? WHERE id = ?", [(day, identity) for identity, day in ends])


def add_freeze(tx: Tx, act: ActRow, first_id: int, freeze: Freeze, reason: str) -> int:
    """Write a freeze; answers its id."""
    return tx.insert(
        """INSERT INTO membership_freeze (membership_id, from_on, until_on, reason, act_id, recorded_at, actor, desk,
                                          idempotency_key)
           VALUES (:id, :from_on, :until_on, :reason, :act_id, :recorded_at, :actor, :desk, :key)""",
        id=first_id,
        from_on=freeze.from_on.isoformat(),
        until_on=_text(freeze.until_on),
        reason=reason,
        act_id=act.id,
        recorded_at=act.recorded_at,
        actor=act.actor,
        desk=act.desk,
        key=act.key,
    )


def decide(tx: Tx, act: ActRow, charges: Sequence[NewCharge]) -> None:
    """Write what was decided about periods. The unique key refuses one that was decided before and not undone."""
    undone = {
        (membership_id, period_from): occurrence
        for membership_id, period_from, occurrence in tx.all(
            """SELECT c.membership_id, c.period_from, max(c.occurrence)
               FROM act undo JOIN membership_charge c ON c.act_id = undo.undoes_id
               GROUP BY c.membership_id, c.period_from"""
        )
    }
    ids = new_ids(tx, "membership_charge", len(charges))
    tx.many_positional(
        """INSERT INTO membership_charge (id, membership_id, period_from, period_to, occurrence, invoice_id, passed,
                                          act_id, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                identity,
                one.membership_id,
                one.period.from_on.isoformat(),
                one.period.to_on.isoformat(),
                undone.get((one.membership_id, one.period.from_on.isoformat()), 0) + 1,
                one.invoice_id,
                one.passed,
                act.id,
                act.recorded_at,
            )
            for identity, one in zip(ids, charges, strict=True)
        ],
    )


# What an act may change of a row later, beside adding rows: read, written, and found by the act that added it.
_STATES: Mapping[str, tuple[str, str, str]] = {
    "membership": (
        "SELECT ends_on, cancelled_at FROM membership WHERE id = :id",
        "UPDATE membership SET ends_on = :last_on, cancelled_at = :cancelled_at WHERE id = :id",
        "SELECT id FROM membership WHERE act_id = :id",
    ),
    "freeze": (
        "SELECT until_on, cancelled_at FROM membership_freeze WHERE id = :id",
        "UPDATE membership_freeze SET until_on = :last_on, cancelled_at = :cancelled_at WHERE id = :id",
        "SELECT id FROM membership_freeze WHERE act_id = :id",
    ),
}
CHANGEABLE = tuple(_STATES)


class State(NamedTuple):
    """What may change of a membership or a freeze: its last day, and when it was cancelled. ISO text."""

    last_on: str | None
    cancelled_at: str | None


def state_of(tx: Tx, what: str, identity: int) -> State:
    """How a row of `CHANGEABLE` stands now."""
    return State(*(tx.one(_STATES[what][0], id=identity) or (None, None)))


def set_state(tx: Tx, what: str, identity: int, state: State) -> None:
    """Give a row of `CHANGEABLE` another state."""
    tx.run(_STATES[what][1], id=identity, last_on=state.last_on, cancelled_at=state.cancelled_at)


def ids_of_act(tx: Tx, what: str, act_id: int) -> list[int]:
    """The rows of `CHANGEABLE` that an act added."""
    return [row[0] for row in tx.all(_STATES[what][2], id=act_id)]


def _rows(tx: Tx, rows: Iterable[Row]) -> list[MembershipRow]:
    found = list(rows)
    resting = _freezes(tx, [row[1] for row in found])
    return [_row(row, resting.get(row[1], ())) for row in found]


def _freezes(tx: Tx, first_ids: Sequence[int]) -> dict[int, tuple[Freeze, ...]]:
    if not first_ids:
        return {}
    found: dict[int, tuple[Freeze, ...]] = {}
    for first_id, first, last in tx.all(
        f"""SELECT membership_id, from_on, until_on FROM membership_freeze
            WHERE cancelled_at IS NULL AND membership_id IN ({among.ids(tx)})""",
        wanted=among.listed(first_ids),
    ):
        found[first_id] = (*found.get(first_id, ()), Freeze(date.fromisoformat(first), _day(last)))
    return found


def _row(row: Row, resting: tuple[Freeze, ...]) -> MembershipRow:
    identity, first_id, plan, price_minor, currency, period, every, billing_day, starts_on, charged_from = row[:10]
    trial_until, ends_on, member_id, member, name, status, left_on, payer_id, payer, terms_days, language = row[10:21]
    decided_to, passed, followed = row[21:]
    return MembershipRow(
        identity,
        first_id,
        plan,
        price_minor,
        currency,
        Schedule(
            period,
            every,
            billing_day,
            date.fromisoformat(starts_on),
            date.fromisoformat(charged_from),
            _day(trial_until),
            _day(ends_on),
        ),
        resting,
        Owner(status, _day(left_on)),
        Decided(date.fromisoformat(decided_to), passed) if decided_to else None,
        member_id,
        member,
        name,
        payer_id,
        payer,
        terms_days,
        language,
        bool(followed),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
