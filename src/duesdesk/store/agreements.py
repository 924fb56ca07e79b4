"""Reading and writing plans and settlements: rows of what was agreed, what came since, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from duesdesk.store import among, positions
from duesdesk.store.acts import ActRow
from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import void_sql

_COLUMNS = """g.id, g.kind, g.payer_id, p.number, p.name, m.number, g.currency, g.total_minor, g.amount_minor,
    g.agreed_on, g.due_on, g.grace_days, g.proposed, g.note, g.recorded_at, g.actor"""
_FROM = f"""SELECT {_COLUMNS} FROM agreement g JOIN member p ON p.id = g.payer_id JOIN member m ON m.id = g.member_id"""
# The last decision, whatever its day; none, or one of these, leaves an agreement in force.
_UNDECIDED = """coalesce((SELECT e.kind FROM agreement_event e WHERE e.agreement_id = g.id ORDER BY e.id DESC LIMIT 1),
    'restored') IN ('restored', 'reopened', 'approved', 'unapproved')"""


class AgreementRow(NamedTuple):
    """An agreement as it was made. Days are ISO text."""

    id: int
    kind: str
    payer_id: int
    payer: str
    payer_name: str
    member: str
    currency: str
    total_minor: int
    amount_minor: int
    agreed_on: str
    due_on: str
    grace_days: int
    proposed: bool
    note: str
    recorded_at: str
    actor: str


class NewAgreement(NamedTuple):
    """An agreement to write down. `parts` are (n, due on, amount), `shares` (invoice, what is open of it)."""

    kind: str
    payer_id: int
    member_id: int
    currency: str
    total_minor: int
    amount_minor: int
    agreed_on: str
    due_on: str
    grace_days: int
    proposed: bool
    note: str
    shares: Sequence[tuple[int, int]]
    parts: Sequence[tuple[int, str, int]] = ()


def add(tx: Tx, act: ActRow, new: NewAgreement) -> int:
    """Insert an agreement; answers its id."""
    identity = tx.insert(
        """INSERT INTO agreement (kind, payer_id, member_id, currency, total_minor, amount_minor, agreed_on, due_on,
                                  grace_days, proposed, note, act_id, recorded_at, actor, desk, idempotency_key)
           VALUES (:kind, :payer_id, :member_id, :currency, :total_minor, :amount_minor, :agreed_on, :due_on,
                   :grace_days, :proposed, :note, :act_id, :recorded_at, :actor, :desk, :key)""",
        act_id=act.id,
        recorded_at=act.recorded_at,
        actor=act.actor,
        desk=act.desk,
        key=act.key,
        **{name: value for name, value in new._asdict().items() if name not in ("shares", "parts")},
    )
    for invoice_id, open_minor in new.shares:
        tx.run(
            """INSERT INTO agreement_invoice (agreement_id, invoice_id, open_minor)
               VALUES (:agreement, :invoice, :minor)""",
            agreement=identity,
            invoice=invoice_id,
            minor=open_minor,
        )
    for n, due_on, amount_minor in new.parts:
        tx.run(
            """INSERT INTO agreement_part (agreement_id, n, due_on, amount_minor)
               VALUES (:agreement, :n, :due_on, :minor)""",
            agreement=identity,
            n=n,
            due_on=due_on,
            minor=amount_minor,
        )
    return identity


def decide(
    tx: Tx, act: ActRow, agreement_id: int, kind: str, on: str, *, part: int | None = None, reason: str = ""
) -> None:
    """Insert a decision."""
    tx.run(
        """INSERT INTO agreement_event (agreement_id, kind, part, effective_on, act_id, recorded_at, actor, desk,
                                        reason)
           VALUES (:agreement, :kind, :part, :on, :act_id, :recorded_at, :actor, :desk, :reason)""",
        agreement=agreement_id,
        kind=kind,
        part=part,
        on=on,
        act_id=act.id,
        recorded_at=act.recorded_at,
        actor=act.actor,
        desk=act.desk,
        reason=reason or act.reason,
    )


# --- which


def every(tx: Tx, as_of: str) -> list[AgreementRow]:
    """All that were made by the day, the newest first."""
    return _rows(tx, "g.agreed_on <= :as_of ORDER BY g.id DESC", as_of=as_of)


def one(tx: Tx, identity: int) -> AgreementRow | None:
    """The agreement of a number."""
    return next(iter(_rows(tx, "g.id = :id", id=identity)), None)


def of_payers(tx: Tx, payers: str, as_of: str) -> list[AgreementRow]:
    """Those of these payers (a JSON list of ids) made by the day, in order."""
    return _rows(
        tx, f"g.payer_id IN ({among.ids(tx)}) AND g.agreed_on <= :as_of ORDER BY g.id", wanted=payers, as_of=as_of
    )


def standing(tx: Tx, payers: str | None, as_of: str) -> list[AgreementRow]:
    """As `of_payers`, without those that are over on that day by a decision; of everybody when no payers are named."""
    whose = "" if payers is None else f"g.payer_id IN ({among.ids(tx)}) AND "
    return _rows(
        tx,
        f"""{whose}g.agreed_on <= :as_of
            AND ({_UNDECIDED} OR EXISTS (SELECT 1 FROM agreement_event later
                                         WHERE later.agreement_id = g.id AND later.effective_on > :as_of))
            ORDER BY g.id""",
        wanted=payers,
        as_of=as_of,
    )


def over(tx: Tx, invoices: Sequence[int]) -> list[AgreementRow]:
    """Those over any of these invoices of which nothing final was decided."""
    return _rows(
        tx,
        f"""{_UNDECIDED} AND EXISTS (SELECT 1 FROM agreement_invoice i
                                     WHERE i.agreement_id = g.id AND i.invoice_id IN ({among.ids(tx)}))""",
        wanted=among.listed(invoices),
    )


def undecided(tx: Tx, as_of: str) -> list[AgreementRow]:
    """Those made by the day of which nothing final was decided, ever, in order."""
    return _rows(tx, f"g.agreed_on <= :as_of AND {_UNDECIDED} ORDER BY g.id", as_of=as_of)


def touched(tx: Tx, act_id: int) -> list[AgreementRow]:
    """Those over invoices whose ledger the act wrote to: money, credits, voids."""
    if tx.value("SELECT 1 FROM agreement LIMIT 1") is None:
        return []
    return _rows(
        tx,
        """g.id IN (
               SELECT i.agreement_id FROM allocation a JOIN agreement_invoice i ON i.invoice_id = a.invoice_id
               WHERE a.act_id = :act
               UNION SELECT i.agreement_id FROM credit c JOIN agreement_invoice i ON i.invoice_id = c.invoice_id
               WHERE c.act_id = :act
               UNION SELECT i.agreement_id FROM invoice_event v JOIN agreement_invoice i ON i.invoice_id = v.invoice_id
               WHERE v.act_id = :act) ORDER BY g.id""",
        act=act_id,
    )


def late_payers(tx: Tx, as_of: str) -> list[int]:
    """Payers of a plan in force with a part due before the day."""
    rows = tx.all(
        f"""SELECT DISTINCT g.payer_id FROM agreement g JOIN agreement_part t ON t.agreement_id = g.id
            WHERE t.due_on < :as_of AND {_UNDECIDED}""",
        as_of=as_of,
    )
    return [payer_id for (payer_id,) in rows]


def _rows(tx: Tx, where: str, **values: object) -> list[AgreementRow]:
    return [AgreementRow._make(row) for row in tx.all(f"{_FROM} WHERE {where}", **values)]


# --- all about them: `wanted` is a JSON list of their ids


def parts(tx: Tx, wanted: str) -> list[Row]:
    """(agreement, id, n, due on, amount), in order."""
    return tx.all(
        f"""SELECT agreement_id, id, n, due_on, amount_minor FROM agreement_part
            WHERE agreement_id IN ({among.ids(tx)}) ORDER BY agreement_id, n""",
        wanted=wanted,
    )


def shares(tx: Tx, wanted: str) -> list[Row]:
    """(agreement, invoice, its number, what was open of it)."""
    return tx.all(
        f"""SELECT s.agreement_id, s.invoice_id, i.number, s.open_minor
            FROM agreement_invoice s JOIN invoice i ON i.id = s.invoice_id
            WHERE s.agreement_id IN ({among.ids(tx)}) ORDER BY s.agreement_id, s.id""",
        wanted=wanted,
    )


def moves(tx: Tx, wanted: str) -> list[Row]:
    """(agreement, invoice, day, amount, whether it is money) of what covers its invoices since it was made.

    What takes back something of before the agreement does not count; an invoice that is void counts whole.
    """
    return tx.all(
        f"""SELECT s.agreement_id, s.invoice_id, a.effective_on, a.amount_minor, 1
            FROM agreement_invoice s JOIN agreement g ON g.id = s.agreement_id
            JOIN allocation a ON a.invoice_id = s.invoice_id AND a.act_id > g.act_id
            LEFT JOIN allocation r ON r.id = a.reverses_id
            WHERE s.agreement_id IN ({among.ids(tx)}) AND (a.reverses_id IS NULL OR r.act_id > g.act_id)
            UNION ALL
            SELECT s.agreement_id, s.invoice_id, c.effective_on, c.amount_minor, 0
            FROM agreement_invoice s JOIN agreement g ON g.id = s.agreement_id
            JOIN credit c ON c.invoice_id = s.invoice_id AND c.act_id > g.act_id
            LEFT JOIN credit r ON r.id = c.reverses_id
            WHERE s.agreement_id IN ({among.ids(tx)}) AND (c.reverses_id IS NULL OR r.act_id > g.act_id)
            UNION ALL
            SELECT s.agreement_id, s.invoice_id, max(v.effective_on), s.open_minor, 0
            FROM agreement_invoice s JOIN invoice_event v ON v.invoice_id = s.invoice_id AND v.kind = 'voided'
            WHERE s.agreement_id IN ({among.ids(tx)}) AND {void_sql("s.invoice_id")}
            GROUP BY s.agreement_id, s.invoice_id, s.open_minor""",
        wanted=wanted,
    )


def events(tx: Tx, wanted: str) -> list[Row]:
    """(agreement, kind, day, part, act, instant, actor, reason) of what was decided, in order."""
    return tx.all(
        f"""SELECT agreement_id, kind, effective_on, part, act_id, recorded_at, actor, reason FROM agreement_event
            WHERE agreement_id IN ({among.ids(tx)}) ORDER BY agreement_id, id""",
        wanted=wanted,
    )


def waivers(tx: Tx, agreement_id: int, act_ids: Sequence[int]) -> list[Row]:
    """(reference, id, amount) of what these acts waived of the invoices of a settlement and was not taken back."""
    return tx.all(
        f"""SELECT c.reference, c.id, c.amount_minor FROM credit c
            JOIN agreement_invoice s ON s.invoice_id = c.invoice_id
            WHERE s.agreement_id = :id AND c.kind = 'waiver' AND c.amount_minor > 0 AND c.act_id IN ({among.ids(tx)})
              AND NOT EXISTS (SELECT 1 FROM credit r WHERE r.reverses_id = c.id)
            ORDER BY c.id""",
        id=agreement_id,
        wanted=among.listed(act_ids),
    )


def overdue(tx: Tx, payer_id: int, as_of: str) -> list[int]:
    """Invoices of a payer that are overdue at the end of the day."""
    rows = tx.all(
        f"SELECT invoice_id FROM ({positions.open_sql(tx, as_of)}) o WHERE payer_id = :payer AND due_on < :as_of",
        payer=payer_id,
        as_of=as_of,
    )
    return [invoice_id for (invoice_id,) in rows]


def waiting_reminders(tx: Tx, agreement_id: int) -> list[int]:
    """Notices about parts of a plan that have not left."""
    rows = tx.all(
        """SELECT DISTINCT n.id FROM notice n JOIN step_taken t ON t.notice_id = n.id
           JOIN step_item s ON s.step_taken_id = t.id JOIN agreement_part p ON p.id = s.agreement_part_id
           WHERE p.agreement_id = :id AND n.state IN ('held', 'queued')""",
        id=agreement_id,
    )
    return [notice_id for (notice_id,) in rows]


def reminded(tx: Tx, payers: str, without: str) -> list[Row]:
    """(part, step) of what was done about parts of plans of the payers."""
    return tx.all(
        f"""SELECT s.agreement_part_id, s.step_id FROM step_item s JOIN step_taken t ON t.id = s.step_taken_id
            WHERE t.payer_id IN ({among.ids(tx)}) AND s.agreement_part_id IS NOT NULL AND s.cancelled_at IS NULL
              AND coalesce(t.notice_id, 0) NOT IN ({among.ids(tx, "without")})""",
        wanted=payers,
        without=without,
    )
