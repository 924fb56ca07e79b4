"""Promises, talks and notices of the past: what was said to whom about which debt, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tools.make_demo.book import Book, Invoice, Payment
from tools.make_demo.people import Person

FRIENDLY, REMINDER, CALL, LETTER = 3, 10, 20, 30
"""Days after the due date on which the centre asks."""
GAP = 12
"""Days that lie at least between two notices to the same payer."""


@dataclass(slots=True, eq=False)
class Promise:
    payer: Person
    made: int
    due: int
    amount_minor: int
    actor: str
    note: str = ""


@dataclass(slots=True, eq=False)
class Talk:
    member: Person
    on: int
    time: str
    channel: str
    outcome: str
    actor: str
    note: str = ""
    next_on: int | None = None


@dataclass(slots=True, eq=False)
class Notice:
    payer: Person
    on: int
    time: str
    channel: str
    template: str
    state: str
    parts: list[tuple[Invoice, int]] = field(default_factory=list)
    """Each invoice it speaks of, with what was open of it then."""
    detail: str = ""


@dataclass(slots=True)
class Contacts:
    """The timeline of everybody."""

    promises: list[Promise] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


NOTES = {
    "no_answer": ("Rang twice, no answer.", "Nobody picked up.", "Voicemail is full."),
    "call_back": ("Left a message on the machine.", "Asked the partner to call back."),
    "will_pay": ("Will pay next time at the desk.", "Waits for the salary, then pays.", "Will send a transfer."),
    "says_paid": ("Says it was paid by transfer; will bring the slip.",),
    "other": ("Wants the invoices by e-mail again.", "New address, noted in the file."),
}

STORIES = (
    # key, day, time, channel, outcome, who, note, next
    ("garcia", -25, "18:20", "phone", "no_answer", "Ana", "Rang twice, no answer.", None),
    ("garcia", -35, "09:40", "desk", "will_pay", "Marta", "Promised 51.50 within the week.", -28),
    ("popescu", -12, "19:05", "desk", "will_pay", "Ana", "Gets paid on Friday, settles all of it then.", -4),
    ("popescu", -3, "11:15", "phone", "no_answer", "Ana", "Promise has passed. No answer.", 0),
    ("ionescu", -11, "09:02", "desk", "says_paid", "Ana", "Says he paid by transfer; brings the slip.", 2),
    ("smith", -2, "12:40", "desk", "will_pay", "Marta", "Comes on Friday with the card.", 5),
    ("dangelo", -20, "10:05", "desk", "will_pay", "Jorge", "Wants to pay in parts.", None),
    ("company", -6, "10:30", "phone", "will_pay", "Jorge", "Their accounts office pays on the 25th.", 4),
    ("quarter", -5, "16:10", "phone", "will_pay", "Jorge", "Pays one month first.", 1),
    ("studio-late", -4, "17:30", "desk", "will_pay", "Marta", "", 3),
    ("premium-two", -1, "19:25", "desk", "will_pay", "Marta", "Forgot the purse, pays today.", 0),
    ("old-claim", -100, "12:00", "phone", "disputes", "Elena", "Says two of the sessions never took place.", None),
    ("spin-shoes", -15, "08:10", "desk", "disputes", "Ana", "Says the shoes were brought back.", 2),
    ("frozen", -30, "13:45", "phone", "other", "Elena", "Knee operation. Frozen until the doctor agrees.", 30),
    ("left-training", -60, "10:20", "phone", "disputes", "Jorge", "Does not want to pay for sessions not taken.", None),
    ("left-full", -75, "11:40", "phone", "other", "Jorge", "The number belongs to somebody else now.", None),
)

RETURNED = (
    # key, day, the answer of the other side
    ("left-premium", -50, "550 5.1.1 mailbox unavailable"),
    ("racket", -11, "552 5.2.2 mailbox full"),
)
"""Reminders by e-mail that came back."""

PROMISES = (
    # key, made, due, amount in cents, who
    ("garcia", -35, -28, 5150, "Marta"),
    ("popescu", -12, -4, 12000, "Ana"),
    ("smith", -2, 5, 4500, "Marta"),
    ("quarter", -5, 1, 5900, "Jorge"),
    ("studio-late", -4, 3, 3990, "Marta"),
    ("premium-two", -1, 0, 5900, "Marta"),
)

KEPT = 6


def make_contacts(chance: Random, people: list[Person], book: Book) -> Contacts:
    """The stories of the cast, the usual notices for every late debt, and promises that were kept."""
    contacts = Contacts()
    by_key = {p.case.key: p for p in people if p.case is not None}
    for key, on, time, channel, outcome, actor, note, next_on in STORIES:
        contacts.talks.append(Talk(by_key[key], on, time, channel, outcome, actor, note, next_on))
    for key, made, due, amount_minor, actor in PROMISES:
        contacts.promises.append(Promise(by_key[key], made, due, amount_minor, actor))
    _asked(chance, contacts, people, book)
    _returned(contacts, by_key, book)
    _kept(chance, contacts, book)
    contacts.notices.sort(key=lambda n: (n.on, n.time, n.payer.number, n.template))
    contacts.talks.sort(key=lambda t: (t.on, t.time, t.member.number))
    contacts.promises.sort(key=lambda p: (p.made, p.payer.number))
    return contacts


def _asked(chance: Random, contacts: Contacts, people: list[Person], book: Book) -> None:
    """One notice per payer and day for what was late then, as the centre's habit is."""
    settled = {invoice: payment for payment in book.payments for invoice, _ in payment.parts if invoice.settled}
    rest: dict[Invoice, list[tuple[int, int]]] = {}
    for payment in book.payments:
        for invoice, amount in payment.parts:
            rest.setdefault(invoice, []).append((payment.on, amount))
    credited = {credit.invoice for credit in book.credits}
    late: dict[tuple[Person, int], list[Invoice]] = {}
    for invoice in book.invoices:
        if invoice in credited or invoice.disputed:
            continue
        until = settled[invoice].on if invoice in settled else 0
        for days in (FRIENDLY, REMINDER, LETTER):
            if invoice.due + days < until:
                late.setdefault((invoice.member.debtor, invoice.due + days), []).append(invoice)
    written: dict[Person, int] = {}
    for (payer, on), invoices in sorted(late.items(), key=lambda item: (item[0][1], item[0][0].number)):
        if on - written.get(payer, -1000) < GAP:
            continue
        written[payer] = on
        parts = [(i, i.amount_minor - sum(a for day, a in rest.get(i, ()) if day <= on)) for i in invoices]
        _notice(chance, contacts, payer, on, parts)
    spoken_with = {key for key, *_ in STORIES}
    for payer in people:
        if payer.case is None or payer.case.key in spoken_with:
            continue
        owed = [i for i in book.invoices if i.member.debtor is payer and not i.settled and i.due + CALL < 0]
        if owed and chance.random() < 0.6:
            on = owed[-1].due + CALL
            outcome = chance.choice(("no_answer", "call_back", "will_pay"))
            note = chance.choice(NOTES[outcome])
            time = f"{chance.randrange(10, 19):02d}:{chance.randrange(0, 60, 5):02d}"
            contacts.talks.append(Talk(payer, on, time, "phone", outcome, chance.choice(("Ana", "Jorge")), note))


def _notice(chance: Random, contacts: Contacts, payer: Person, on: int, parts: list[tuple[Invoice, int]]) -> None:
    days = max(on - invoice.due for invoice, _ in parts)
    template = "reminder_friendly" if days < REMINDER else "reminder" if days < LETTER else "formal_letter"
    if template == "formal_letter" or not payer.email:
        if template == "reminder_friendly" and not payer.email:
            return
        channel = "letter"
    else:
        channel = "email"
    time = f"09:{chance.randrange(30, 58):02d}"
    contacts.notices.append(Notice(payer, on, time, channel, template, "sent", parts))


def _returned(contacts: Contacts, by_key: dict[str, Person], book: Book) -> None:
    for key, on, detail in RETURNED:
        payer = by_key[key]
        late = [i for i in book.invoices if i.member.debtor is payer and not i.settled and i.due < on]
        parts = [(i, i.amount_minor) for i in late]
        contacts.notices.append(Notice(payer, on, "09:40", "email", "reminder", "failed", parts, detail))


def _kept(chance: Random, contacts: Contacts, book: Book) -> None:
    """Some who paid late had said so before, and kept their word."""
    late: list[tuple[Invoice, Payment]] = [
        (payment.parts[0][0], payment)
        for payment in book.payments
        if len(payment.parts) == 1
        and payment.parts[0][0].settled
        and payment.payer.case is None
        and payment.on - payment.parts[0][0].due >= 5
        and -120 < payment.on < -10
    ]
    for invoice, payment in chance.sample(late, KEPT):
        made = invoice.due + 3
        actor = chance.choice(("Ana", "Marta", "Jorge"))
        contacts.promises.append(Promise(payment.payer, made, payment.on + 1, invoice.amount_minor, actor))
        contacts.talks.append(
            Talk(payment.payer, made, "18:15", "desk", "will_pay", actor, "Promised a day.", payment.on + 1)
        )
