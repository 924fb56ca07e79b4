"""Payments into the store: in order of their days, laid on what they name or on the oldest due; refunds taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from duesdesk.domain.money import to_text
from duesdesk.services.imports.kinds.payments import PaymentRow
from duesdesk.services.imports.writers.book import Account, Book, Item, Plan, Receipt
from duesdesk.services.imports.writers.work import Person, Work, found_by, people, settle_twins, twins
from duesdesk.store.bulk import BulkPayment


class _Stored(NamedTuple):
    """A payment of the store as an import compares it."""

    id: int
    member: str
    received_on: str
    amount_minor: int
    currency: str
    method: str
    kind: str
    act_id: int


_STORED = """SELECT p.reference, p.id, m.number, p.received_on, p.amount_minor, p.currency, p.method, p.kind, p.act_id
             FROM payment p JOIN member m ON m.id = p.member_id WHERE p.reference IN ({among})"""


def write(work: Work, rows: Sequence[PaymentRow]) -> None:
    """Write the good rows; reject those of unknown members or invoices, above what is open, or known otherwise."""
    again = twins(work, rows, [row.reference for row in rows], "reference")
    stored = {key: _Stored(*row) for key, row in found_by(work.tx, _STORED, (row.reference for row in rows)).items()}
    known = people(work.tx, {row.member for row in rows})
    fresh = []
    for at in work.good():
        row = rows[at]
        if at in again:
            continue
        if row.reference in stored:
            _compare(work, at, row, stored[row.reference])
        elif row.member not in known:
            work.reject(at, "member", row.member, "import-member-unknown")
        else:
            fresh.append(at)
    fresh.sort(key=lambda at: (rows[at].received_on, rows[at].reference))
    # What members were charged before somebody else began to pay for them is theirs still.
    payers = {identity for at in fresh for identity in known[rows[at].member][:2]}
    book = Book(work.tx, payers, {number for at in fresh for number, _ in rows[at].parts})
    plan = Plan()
    ids = iter(work.bulk.payment_ids(sum(rows[at].amount_minor > 0 for at in fresh)))
    for at in fresh:
        row, person = rows[at], known[rows[at].member]
        if row.amount_minor > 0:
            _lay(work, at, row, person, book, plan, next(ids))
        else:
            _give_back(work, at, row, person, book, plan)
    settle_twins(work, again)
    work.created.update(at for at in fresh if at not in work.reading.faults)
    _write(work, plan)


def _compare(work: Work, at: int, row: PaymentRow, before: _Stored) -> None:
    """Reject a row whose reference is known with other content."""
    if row.currency != before.currency:
        work.differs(at, "currency", row.currency, before.currency)
        return
    minor = before.amount_minor if before.kind != "refund" else _refunded(work, row.reference, before.act_id)
    pairs: list[tuple[str, object, object]] = [
        ("member", row.member, before.member),
        ("received_on", row.received_on, before.received_on),
        ("amount", to_text(row.amount_minor, row.currency), to_text(minor, before.currency)),
    ]
    if work.reading.has("method"):
        pairs.append(("method", row.method, before.method))
    for name, value, old in pairs:
        if value != old:
            work.differs(at, name, value, old)
            return
    if row.parts:
        _compare_parts(work, at, row, before)


def _compare_parts(work: Work, at: int, row: PaymentRow, before: _Stored) -> None:
    """The invoices a file names must be those the payment was laid on when it came."""
    rows = work.tx.all(
        """SELECT i.number, sum(a.amount_minor) FROM allocation a JOIN invoice i ON i.id = a.invoice_id
           WHERE a.payment_id = :id AND +a.act_id = :act AND a.amount_minor > 0 GROUP BY i.number""",
        id=before.id,
        act=before.act_id,
    )
    laid: dict[str, int] = dict(rows)
    told = dict(row.parts)
    alike = all(number in told and told[number] in (None, minor) for number, minor in laid.items())
    if not alike or any(minor and number not in laid for number, minor in row.parts):
        field = "allocations" if any(minor for _, minor in row.parts) else "invoice"
        listed = [f"{number}={to_text(minor, row.currency)}" for number, minor in sorted(laid.items())]
        work.differs(at, field, work.reading.raw(field)[at], ";".join(listed))


def _refunded(work: Work, reference: str, act_id: int) -> int:
    """The whole of a refund, which may stand in several rows: 'R1', 'R1/2' and so on."""
    minor: int = work.tx.value(
        """SELECT sum(amount_minor) FROM payment WHERE act_id = :act AND kind = 'refund'
           AND (reference = :reference OR substr(reference, 1, :length) = :reference || '/')""",
        act=act_id,
        reference=reference,
        length=len(reference) + 1,
    )
    return minor


def _lay(work: Work, at: int, row: PaymentRow, person: Person, book: Book, plan: Plan, identity: int) -> None:
    """Plan one payment that came."""
    account: Account = (person.payer_id, row.currency)
    own: Account = (person.id, row.currency)
    if row.parts:
        parts = _named(work, at, row, person, book)
        if parts is None:
            return
        account = (book.by_number[row.parts[0][0]].payer_id, row.currency)
    else:
        if person.id != person.payer_id and not book.owes(account) and book.owes(own):
            account = own
        parts = book.oldest_first(account, row.amount_minor)
    receipt = Receipt(identity, row.received_on, person.id, row.method, row.amount_minor)
    plan.receipts.append(
        BulkPayment(
            row.reference,
            account[0],
            person.id,
            row.received_on,
            row.currency,
            row.amount_minor,
            row.method,
            "receipt",
            None,
        )
    )
    plan.receipt_ids.append(identity)
    book.lay(plan, receipt, account, parts)


def _named(work: Work, at: int, row: PaymentRow, person: Person, book: Book) -> list[tuple[Item, int]] | None:
    """The invoices the file names with what goes to each; None when the row was rejected."""
    parts = []
    left = row.amount_minor
    first = book.by_number.get(row.parts[0][0])
    for number, asked in row.parts:
        field = "invoice" if asked is None else "allocations"
        item = book.by_number.get(number)
        if item is None:
            work.reject(at, field, number, "import-invoice-unknown")
        elif first is None or item.payer_id != first.payer_id or not _is_theirs(item, person):
            work.reject(at, field, number, "import-invoice-of-another", member=row.member)
        elif item.currency != row.currency:
            work.reject(at, field, number, "import-invoice-currency", currency=item.currency, paid_in=row.currency)
        elif not item.owed:
            work.reject(at, field, number, "import-invoice-not-owed")
        elif asked is not None and asked > item.open_minor:
            open_text, asked_text = (to_text(minor, row.currency) for minor in (item.open_minor, asked))
            work.reject(at, field, f"{number}={asked_text}", "import-allocation-above-open", open=open_text)
        else:
            part = min(left, item.open_minor) if asked is None else asked
            left -= part
            if part:
                parts.append((item, part))
            continue
        return None
    return parts


def _is_theirs(item: Item, person: Person) -> bool:
    """Whether a member may pay an invoice: one for them, one they were charged, or one of who pays for them."""
    return person.id in (item.member_id, item.payer_id) or item.payer_id == person.payer_id


def _give_back(work: Work, at: int, row: PaymentRow, person: Person, book: Book, plan: Plan) -> None:
    """Plan one refund: it takes back the newest allocations first, then what lies on account."""
    account: Account = (person.payer_id, row.currency)
    wanted = -row.amount_minor
    there = book.returnable(account, row.received_on)
    own: Account = (person.id, row.currency)
    if wanted > there and wanted <= book.returnable(own, row.received_on):
        # Paid before somebody else began to pay for them.
        account, there = own, book.returnable(own, row.received_on)
    if wanted > there:
        left = to_text(there, row.currency)
        work.reject(
            at,
            "amount",
            to_text(row.amount_minor, row.currency),
            "import-refund-above",
            left=left,
            currency=row.currency,
        )
        return
    taken = book.give_back(plan, account, wanted, row.received_on)
    for number, (receipt, part) in enumerate(taken.values(), 1):
        plan.refunds.append(
            BulkPayment(
                row.reference if number == 1 else f"{row.reference}/{number}",
                account[0],
                person.id,
                row.received_on,
                row.currency,
                -part,
                row.method,
                "refund",
                receipt.id,
            )
        )


def _write(work: Work, plan: Plan) -> None:
    if not plan.receipts and not plan.refunds:
        return
    bulk = work.bulk
    bulk.receive(plan.receipts, plan.receipt_ids)
    bulk.receive(plan.refunds, bulk.payment_ids(len(plan.refunds)))
    ids = bulk.allocation_ids(len(plan.allocations))
    for at, laid_at in plan.takes_back.items():
        plan.allocations[at] = plan.allocations[at]._replace(reverses_id=ids[laid_at])
    bulk.allocate(plan.allocations, ids)
    bulk.settle()
