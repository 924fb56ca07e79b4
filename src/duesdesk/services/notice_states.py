"""The states of a notice in the outbox: pulled back by hand or by an act, or restored when that act is undone.

An act that touches a debt (a payment, a credit, a dispute, a promise, an agreement, a hold) pulls back in its own
transaction what still waits to ask for it. What the rule had queued is asked again by its next run, with the right
figures.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from duesdesk.domain import promises
from duesdesk.domain.errors import NotFound, Refused
from duesdesk.services import notice_tasks
from duesdesk.services.acts import Done, Plain, Within
from duesdesk.store import among, steps
from duesdesk.store.arrivals import PROMISE_PAID
from duesdesk.store.database import Tx

PAID, VOID, LOWERED, DISPUTED, PROMISED, AGREED, ON_HOLD, DUE_MOVED, IMPORTED, RETURNED, LATE, SUPERSEDED = (
    "paid",
    "void",
    "lowered",
    "disputed",
    "promised",
    "agreed",
    "hold",
    "due_moved",
    "import",
    "returned",
    "late",
    "superseded",
)
"""Why something was pulled back. With the key of the act it stands in `detail`, so that undo finds it."""
PULLED_BACK_FROM = ("held", "queued", "failed", "unsure")
_WHYS = (PAID, VOID, LOWERED, DISPUTED, PROMISED, AGREED, ON_HOLD, DUE_MOVED, IMPORTED, RETURNED)


def note_event(tx: Tx, notice_id: int, state: str, detail: str, at: str, actor: str, desk: str) -> None:
    """Append a change of state to the notice's history."""
    tx.run(
        """INSERT INTO notice_event (notice_id, state, detail, recorded_at, actor, desk)
           VALUES (:notice, :state, :detail, :at, :actor, :desk)""",
        notice=notice_id,
        state=state,
        detail=detail,
        at=at,
        actor=actor,
        desk=desk,
    )


def cancel_within(within: Within, notice_id: int, why: str) -> Done:
    """The work of pulling back; undo calls it too. Its answer says in `was` which state it left.

    A step of the rule whose notice a person pulls back counts as taken all the same.
    """
    was, detail = within.tx.one("SELECT state, detail FROM notice WHERE id = :id", id=notice_id) or (None, "")
    touched = within.tx.run(
        """UPDATE notice SET state = 'cancelled', detail = :why, changed_at = :now
           WHERE id = :id AND state IN ('held', 'queued', 'failed', 'unsure')""",
        id=notice_id,
        why=why,
        now=within.act.recorded_at,
    )
    if touched != 1:
        if was is None:
            raise NotFound("notice-unknown", notice=notice_id)
        raise Refused("notice-has-left", notice=notice_id, state=was)
    note_event(within.tx, notice_id, "cancelled", why, within.act.recorded_at, within.act.actor, within.act.desk)
    notice_tasks.withdraw_word(within.tx, notice_id, why, within.act.recorded_at, within.act.actor)
    notice_tasks.looked_at(within.tx, notice_id, "cancelled", within.act.recorded_at, within.act.actor)
    return Done(f"notice {notice_id}", {"notice": notice_id, "state": "cancelled", "was": was}, detail)


def cancel_many_within(within: Within, notice_ids: Collection[int], why: str, *, batch: str = "") -> Done:
    """The work of pulling several back, what has left excepted; undo of a notice to many calls it, too.

    Raises Refused when none can be, NotFound for a number that none has.
    """
    pulled: list[Plain] = []
    states = states_of(within.tx, notice_ids)
    for notice_id in dict.fromkeys(notice_ids):
        state = states[notice_id]
        if state in PULLED_BACK_FROM:
            done = cancel_within(within, notice_id, why)
            pulled.append({"notice": notice_id, "was": state, "detail": done.before})
    if not pulled:
        raise Refused("notices-have-left")
    subject = f"batch {batch}" if batch else f"notices {pulled[0]['notice']}"
    return Done(subject, {"batch": batch, "notices": pulled, "left": len(states) - len(pulled)})


def states_of(tx: Tx, notice_ids: Collection[int]) -> dict[int, str]:
    """The states of notices. Raises NotFound when there is one that is none."""
    rows = tx.all(f"SELECT id, state FROM notice WHERE id IN ({among.ids(tx)})", wanted=among.listed(notice_ids))
    found: dict[int, str] = dict(rows)
    for notice_id in notice_ids:
        if notice_id not in found:
            raise NotFound("notice-unknown", notice=notice_id)
    return found


def uncancel_many_within(within: Within, answer: Plain) -> Done:
    """Pulling several back was a slip; undo calls it."""
    for one in answer["notices"]:
        uncancel_within(within, one["notice"], one["was"], one["detail"])
    return Done("notices", {"notices": answer["notices"]})


def uncancel_within(within: Within, notice_id: int, was: str, detail: str) -> Done:
    """Pulling back was a slip: the notice is again what it `was`, with what was known of it; undo calls it.

    Whether it still holds is asked again before it leaves.
    """
    if steps.has_gone_on(within.tx, notice_id):
        raise Refused("notice-asked-anew", notice=notice_id)
    touched = within.tx.run(
        "UPDATE notice SET state = :was, detail = :detail, changed_at = :now WHERE id = :id AND state = 'cancelled'",
        was=was,
        detail=detail,
        now=within.act.recorded_at,
        id=notice_id,
    )
    if touched != 1:
        raise Refused("undo-not-the-last")
    note_event(within.tx, notice_id, was, "undone", within.act.recorded_at, within.act.actor, within.act.desk)
    notice_tasks.look_again(within.tx, notice_id)
    notice_tasks.say_again(within.tx, notice_id)
    return Done(f"notice {notice_id}", {"notice": notice_id, "state": was})


def said_within(within: Within, notice_id: int) -> None:
    """A word at the desk was said: it counts as sent at this moment."""
    _word(within, notice_id, "sent", ("held", "queued"))


def unsaid_within(within: Within, notice_id: int) -> None:
    """That it was said was a slip: it is still to be said; undo calls it."""
    _word(within, notice_id, "queued", ("sent",))


def _word(within: Within, notice_id: int, state: str, was: Collection[str]) -> None:
    act = within.act
    touched = within.tx.run(
        f"""UPDATE notice SET state = :state, detail = :detail, changed_at = :at
            WHERE id = :id AND state IN ({among.texts(within.tx)})""",
        state=state,
        detail=notice_tasks.SAYING,
        at=act.recorded_at,
        id=notice_id,
        wanted=among.listed(was),
    )
    if touched:
        note_event(within.tx, notice_id, state, notice_tasks.SAYING, act.recorded_at, act.actor, act.desk)


def withdraw_for(within: Within, payer_id: int, invoice_ids: Collection[int], why: str = PAID) -> int:
    """Something befell these invoices: what waits to ask for them is pulled back. Answers how many notices.

    Runs in the transaction of the act, so that nobody who paid is asked again. Tasks of the rule about nothing that is
    still open are closed.
    """
    if not invoice_ids:
        return 0
    rows = within.tx.all(
        f"""SELECT DISTINCT n.id FROM notice n JOIN notice_item t ON t.notice_id = n.id
            WHERE n.payer_id = :payer AND n.state IN ('held', 'queued') AND n.asks_for_money
              AND t.invoice_id IN ({among.ids(within.tx)})""",
        payer=payer_id,
        wanted=among.listed(invoice_ids),
    )
    withdraw(within, [row[0] for row in rows], f"{why}:{within.act.key}")
    steps.close_settled(within.tx, f"{why}:{within.act.key}", within.act, within.today, payer_id)
    return len(rows)


def withdraw_all(within: Within, payer_id: int, why: str) -> int:
    """Nothing more is asked of a payer for now: whatever waits to ask is pulled back. Answers how many notices."""
    rows = within.tx.all(
        """SELECT id FROM notice WHERE payer_id = :payer AND state IN ('held', 'queued') AND asks_for_money""",
        payer=payer_id,
    )
    withdraw(within, [row[0] for row in rows], f"{why}:{within.act.key}")
    return len(rows)


def withdraw_receipt(within: Within, payment_id: int) -> None:
    """The money went back, whole: nobody is thanked for it any more."""
    rows = within.tx.all(
        """SELECT n.id FROM notice n JOIN step_taken t ON t.notice_id = n.id JOIN step_item s ON s.step_taken_id = t.id
           WHERE s.payment_id = :id AND n.state IN ('held', 'queued')""",
        id=payment_id,
    )
    withdraw(within, [row[0] for row in rows], f"{RETURNED}:{within.act.key}")


def withdraw_changed(within: Within, why: str) -> int:
    """Much befell the ledger at once: whatever waits to ask for what is not owed so any more is pulled back."""
    stale = [row[0] for row in within.tx.all(_CHANGED)]
    withdraw(within, stale, f"{why}:{within.act.key}")
    return len(stale)


_CHANGED = """
    SELECT DISTINCT n.id FROM notice n JOIN notice_item t ON t.notice_id = n.id
    LEFT JOIN open_item o ON o.invoice_id = t.invoice_id
    WHERE n.state IN ('held', 'queued') AND n.asks_for_money
      AND (o.invoice_id IS NULL OR o.open_minor <> t.open_minor OR o.disputed)"""


def withdraw(within: Within, notice_ids: Collection[int], why: str) -> None:
    """Pull these waiting notices back; what the rule took them for may be taken again."""
    for notice_id in notice_ids:
        cancel_within(within, notice_id, why)
    if notice_ids:
        steps.release(within.tx, notice_ids, within.act.recorded_at)


def restore_after(within: Within, act_key: str) -> int:
    """The act was undone: what it had pulled back is again what it was, and so are tasks. Answers how many notices.

    What the rule has asked again meanwhile stays pulled back, and what something else keeps by now: that keeps it, and
    undoing that brings it back.
    """
    count = 0
    whys = [f"{why}:{act_key}" for why in _WHYS]
    rows = within.tx.all(
        f"SELECT id FROM notice WHERE state = 'cancelled' AND detail IN ({among.texts(within.tx)})",
        wanted=among.listed(whys),
    )
    kept = _kept(within, [notice_id for (notice_id,) in rows]) if rows else {}
    for (notice_id,) in rows:
        if notice_id in kept:
            within.tx.run("UPDATE notice SET detail = :why WHERE id = :id", why=kept[notice_id], id=notice_id)
            continue
        if steps.take_again(within.tx, notice_id) is None:
            continue
        was = within.tx.value(
            "SELECT state FROM notice_event WHERE notice_id = :id AND state <> 'cancelled' ORDER BY id DESC LIMIT 1",
            id=notice_id,
        )
        within.tx.run(
            "UPDATE notice SET state = :was, detail = '', changed_at = :now WHERE id = :id",
            was=was or "queued",
            now=within.act.recorded_at,
            id=notice_id,
        )
        act = within.act
        note_event(within.tx, notice_id, was or "queued", "undone", act.recorded_at, act.actor, act.desk)
        notice_tasks.say_again(within.tx, notice_id)
        count += 1
    steps.reopen_tasks(within.tx, whys)
    return count


def _kept(within: Within, notice_ids: Collection[int]) -> dict[int, str]:
    """What keeps pulled back notices that asked for money, and by which act: a hold, a promise, a claim."""
    from duesdesk.domain.collection.facts import CLAIMS  # imported late: start-up
    from duesdesk.services.collection.facts import CLAIM_DAYS  # imported late: start-up

    tx, listed = within.tx, among.listed(notice_ids)
    asked = f"n.id IN ({among.ids(tx)}) AND n.asks_for_money"
    found: dict[int, str] = {}
    since = (date.fromisoformat(within.today) - timedelta(days=CLAIM_DAYS - 1)).isoformat()
    for notice_id, key in tx.all(
        f"""SELECT n.id, coalesce(a.key, '') FROM notice n JOIN talk t ON t.payer_id = n.payer_id
            LEFT JOIN act a ON a.id = t.act_id
            WHERE {asked} AND t.outcome IN ({among.texts(tx, "says")}) AND t.cancelled_at IS NULL
              AND t.talked_at >= :since
              AND NOT EXISTS (SELECT 1 FROM talk later WHERE later.payer_id = t.payer_id AND later.id > t.id
                              AND later.cancelled_at IS NULL)""",
        wanted=listed,
        says=among.listed(CLAIMS),
        since=since,
    ):
        found[notice_id] = f"{ON_HOLD}:{key}"
    for notice_id, key, amount_minor, due_on, paid_minor in tx.all(
        f"""SELECT n.id, coalesce(a.key, ''), p.amount_minor, p.due_on, {PROMISE_PAID}
            FROM notice n JOIN promise p ON p.payer_id = n.payer_id LEFT JOIN act a ON a.id = p.act_id
            WHERE {asked} AND p.promised_on <= :as_of AND (p.cancelled_on IS NULL OR p.cancelled_on > :as_of)
              AND EXISTS (SELECT 1 FROM notice_item t JOIN invoice i ON i.id = t.invoice_id
                          WHERE t.notice_id = n.id AND i.currency = p.currency)
            ORDER BY p.id""",
        wanted=listed,
        as_of=within.today,
    ):
        day = date.fromisoformat(within.today)
        if promises.state(amount_minor, date.fromisoformat(due_on), paid_minor, day) == promises.OPEN:
            found[notice_id] = f"{PROMISED}:{key}"
    for notice_id, key in tx.all(
        f"""SELECT n.id, a.key FROM notice n JOIN hold h ON h.payer_id = n.payer_id JOIN act a ON a.id = h.act_id
            WHERE {asked} AND h.from_on <= :day AND (h.until_on IS NULL OR h.until_on >= :day)
              AND (h.lifted_on IS NULL OR h.lifted_on > :day)
              AND (h.invoice_id IS NULL OR EXISTS (SELECT 1 FROM notice_item t
                                                   WHERE t.notice_id = n.id AND t.invoice_id = h.invoice_id))
            ORDER BY h.id""",
        wanted=listed,
        day=within.today,
    ):
        found[notice_id] = f"{ON_HOLD}:{key}"
    return found
