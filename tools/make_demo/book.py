"""A year of invoices, payments and credits: everybody pays in the end, except what the cast owes."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tools.make_demo.cast import PLANS, PRODUCTS, TODAY_SALES, Owed
from tools.make_demo.days import months_from
from tools.make_demo.people import Person

YEAR = -365
ISSUED_BEFORE = 10
"""Dues are issued this many days before they are due."""
DUE_SOON, DUE_SOON_MINOR = 61, 294000
"""How many invoices are open and due from today to the seventh day, and how much they come to."""


@dataclass(slots=True, eq=False)
class Invoice:
    member: Person
    issued: int
    due: int
    amount_minor: int
    description: str
    kind: str = "dues"
    disputed: bool = False
    number: str = ""
    settled: bool = False


@dataclass(slots=True, eq=False)
class Payment:
    payer: Person
    on: int
    method: str
    parts: list[tuple[Invoice, int]]
    credit_minor: int = 0
    reference: str = ""

    @property
    def amount_minor(self) -> int:
        return sum(amount for _, amount in self.parts) + self.credit_minor


@dataclass(slots=True, eq=False)
class Credit:
    invoice: Invoice
    on: int
    amount_minor: int
    kind: str
    reason: str
    reference: str = ""


@dataclass(slots=True)
class Book:
    """What the centre charged and what it got."""

    invoices: list[Invoice] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)


def make_book(chance: Random, people: list[Person]) -> Book:
    """The whole year, numbered in order of days."""
    book = Book()
    for payer in people:
        if payer.payer is None:
            _dues_of(book, chance, payer)
    _sales(book, chance, people)
    _too_many_due_soon(book, chance)
    _corrections(book, chance)
    _credit_on_account(book, chance)
    _number(book)
    return book


def _dues_of(book: Book, chance: Random, payer: Person) -> None:
    """The dues of a household: those of the case as it says, all others paid the household's way."""
    owed = payer.case.owed if payer.case is not None else ()
    _owed(book, payer, owed)
    by_due: dict[int, list[Invoice]] = {}
    for place, member in enumerate([payer, *payer.pays_for], start=-1):
        if not member.plan:
            continue
        said = [item for item in owed if item.child == place and item.kind == "dues"]
        for due in _due_days(payer, member, [item.due for item in said]):
            plan = PLANS[member.plan]
            invoice = Invoice(member, due - ISSUED_BEFORE, due, plan.month_minor, f"Dues {plan.name}")
            book.invoices.append(invoice)
            by_due.setdefault(due, []).append(invoice)
    for due, invoices in sorted(by_due.items()):
        on = _paid_on(chance, payer, due)
        if on is not None:
            _pay(book, payer, on, _method_of(chance, payer), invoices)


def _due_days(payer: Person, member: Person, said: list[int]) -> list[int]:
    """Due days of a year of dues. Where the case says some, the usual ones stand before and after those only."""
    first = min(said) if said else payer.phase
    # Nobody gets an invoice for the time before joining, or after leaving.
    begin = max(YEAR, member.joined)
    before = [months_from(first, -n) for n in range(1, 14)]
    last = max(said) if said else payer.phase
    after = [months_from(last, n) for n in range(1, 3)] if said else [payer.phase]
    end = ISSUED_BEFORE
    if payer.status == "frozen":
        end = -60
    if member.left is not None:
        end = member.left
    return sorted(day for day in {*before, *after} if begin <= day <= end and day not in said)


def _owed(book: Book, payer: Person, owed: tuple[Owed, ...]) -> None:
    for item in owed:
        member = payer if item.child < 0 else payer.pays_for[item.child]
        plan = PLANS[member.plan or "full"]
        issued = item.issued if item.issued is not None else item.due - ISSUED_BEFORE
        text = item.description or f"Dues {plan.name}"
        invoice = Invoice(member, issued, item.due, item.total_minor, text, item.kind, item.disputed)
        book.invoices.append(invoice)
        if item.paid_minor:
            book.payments.append(Payment(payer, item.paid_on, item.method, [(invoice, item.paid_minor)]))


def _paid_on(chance: Random, payer: Person, due: int) -> int | None:
    """The day the dues of a day came in, None while they are not due and not paid."""
    if payer.lateness == "today" and due == payer.phase:
        return 0
    if payer.case is not None and due >= 0:
        return None
    if payer.method == "direct_debit":
        on = due + chance.choice((0, 0, 0, 1, 2))
    elif payer.lateness == "prompt":
        on = due - chance.randrange(8)
    elif payer.lateness == "slow":
        on = due + chance.randrange(-3, 5)
    else:
        on = due + int(2 + 45 * chance.random() ** 2)
    if on < 0:
        return on
    # Overdue dues of people without a story came in before today.
    return -1 - chance.randrange(min(-due, 3)) if due < 0 else None


def _method_of(chance: Random, payer: Person) -> str:
    """The way this household pays, now and then another."""
    if payer.lateness == "today" or chance.random() < 0.93:
        return payer.method
    return chance.choice(("cash", "card", "transfer"))


def _pay(book: Book, payer: Person, on: int, method: str, invoices: list[Invoice]) -> None:
    on = max(on, *(invoice.issued for invoice in invoices))
    book.payments.append(Payment(payer, on, method, [(invoice, invoice.amount_minor) for invoice in invoices]))
    for invoice in invoices:
        invoice.settled = True


def _sales(book: Book, chance: Random, people: list[Person]) -> None:
    """Things sold at the counter, each paid as it is sold."""
    buyers = [p for p in people if p.comes and p.case is None and p.payer is None]
    for on in range(YEAR, 0):
        for _ in range(chance.choice((1, 2, 3, 3, 4))):
            product = chance.choices(PRODUCTS, [p.weight for p in PRODUCTS])[0]
            buyer = chance.choice(buyers)
            if buyer.joined > on or (buyer.left is not None and buyer.left < on):
                continue
            invoice = Invoice(buyer, on, on, product.amount_minor, product.description, product.kind)
            book.invoices.append(invoice)
            _pay(book, buyer, on, chance.choice(("cash", "cash", "card", "card", "card")), [invoice])
    here = [p for p in buyers if p.status == "active" and p.lateness != "today"]
    for sale, buyer in zip(TODAY_SALES, chance.sample(here, len(TODAY_SALES)), strict=True):
        invoice = Invoice(buyer, 0, 0, sale.amount_minor, sale.description, sale.kind)
        book.invoices.append(invoice)
        _pay(book, buyer, 0, sale.method, [invoice])


def _too_many_due_soon(book: Book, chance: Random) -> None:
    """Some of next week's dues have come in early, so that the wished number of them is open."""
    open_soon = [i for i in book.invoices if not i.settled and 0 <= i.due <= 7]
    free = [i for i in open_soon if i.member.debtor.case is None and not i.member.debtor.pays_for and i.due > 1]
    too_much = sum(i.amount_minor for i in open_soon) - DUE_SOON_MINOR
    # Which ones is chance; of many chances, the one that comes nearest to the wished sum.
    chances = [chance.sample(free, len(open_soon) - DUE_SOON) for _ in range(3000)]
    early = min(chances, key=lambda chosen: abs(sum(i.amount_minor for i in chosen) - too_much))
    for invoice in early:
        on = max(invoice.issued, -1 - chance.randrange(4))
        _pay(book, invoice.member.debtor, min(on, -1), chance.choice(("card", "link", "transfer")), [invoice])


def _corrections(book: Book, chance: Random) -> None:
    """What a centre corrects in a year: billed twice, a class that fell out, a fee let go, a debt given up."""
    free = [
        i
        for i in book.invoices
        if i.member.debtor.case is None and i.kind == "dues" and -330 < i.due < -40 and i.member.payer is None
    ]
    for invoice in chance.sample(free, 5):
        twice = Invoice(invoice.member, invoice.issued, invoice.due, invoice.amount_minor, invoice.description)
        book.invoices.append(twice)
        book.credits.append(Credit(twice, invoice.issued + 2, twice.amount_minor, "credit_note", "Billed twice"))
    for invoice in chance.sample(free, 3):
        fee = Invoice(invoice.member, invoice.due + 3, invoice.due + 13, 350, "Returned direct debit", "fee")
        book.invoices.append(fee)
        book.credits.append(Credit(fee, invoice.due + 5, 350, "waiver", "First time, let go"))
    for invoice in chance.sample([i for i in free if i.amount_minor == 4500], 3):
        course = Invoice(invoice.member, invoice.issued, invoice.due, 6000, "Posture course", "session")
        book.invoices.append(course)
        book.credits.append(Credit(course, invoice.due, 1000, "credit_note", "One class fell out"))
        book.payments.append(Payment(invoice.member, invoice.due + 1, "card", [(course, 5000)]))
    gone = [i for i in free if i.member.left is not None and i.due < i.member.left]
    for invoice in chance.sample(gone, 3):
        left = invoice.member.left or 0
        lost = Invoice(invoice.member, left - 5, left + 5, invoice.amount_minor, invoice.description)
        book.invoices.append(lost)
        on = min(left + 150, -15)
        book.credits.append(Credit(lost, on, lost.amount_minor, "write_off", "Moved away, letters come back"))


def _credit_on_account(book: Book, chance: Random) -> None:
    """A few paid more than was asked; the rest waits on their account."""
    recent = [
        p
        for p in book.payments
        if p.payer.case is None
        and p.payer.lateness != "today"
        and -25 < p.on < 0
        and p.method in {"transfer", "cash", "card"}
        and len(p.parts) == 1
        and p.parts[0][0].kind == "dues"
    ]
    for payment, rest in zip(chance.sample(recent, 6), (500, 1000, 4500, 250, 2000, 1500), strict=True):
        payment.credit_minor = rest


def _number(book: Book) -> None:
    book.invoices.sort(key=lambda i: (i.issued, i.due, i.member.number, i.description, i.amount_minor))
    book.payments.sort(key=lambda p: (p.on, p.payer.number, p.amount_minor, p.method))
    book.credits.sort(key=lambda c: (c.on, c.invoice.number, c.invoice.member.number))
    # As the program numbers its own, so that it goes on from here.
    for place, invoice in enumerate(book.invoices, start=1):
        invoice.number = f"INV-{place:05d}"
    for place, payment in enumerate(book.payments, start=1):
        payment.reference = f"PAY-{place:05d}"
    for place, credit in enumerate(book.credits, start=1):
        credit.reference = f"CRN-{place:05d}"
