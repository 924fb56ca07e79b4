"""Stories by day: what was done at the desk, and what must be true then, written as text.

A file holds stories; each begins with `= Its rule in English`. A line is one verb; `day 2026-03-10` turns the calendar,
`now 2026-03-10T23:30:00+00:00` the clock, and `day D: verb …` does both at once. Blank lines and `# remarks` are
skipped, indentation is for the eye. Members are made when first named; invoices, payments and credits are called what
the story calls them (`as P1`), whatever number the program gives.

    centre EUR Europe/Madrid                 must come first
    member M1 payer M2 terms 10              a child, own terms
    invoice A1 M1 45.00 due 2026-03-10       with `issued D`, `kind K`, a currency after the amount
    pay M1 20.00 cash for A1 A2 as P1        with `on D`, `key K`
    reverse P1 | refund P1 10.00 | void A1 | move A1 2026-04-01 | undo | actor Ana front_desk
    credit A1 5.00 as C1 | waive A1 | writeoff A1
    import payments, then its CSV lines, each after a `|`; with `rejects 3 5` the lines that are not taken, and
                                             `accept-valid`, `dry-run`, `unchanged`, `negative refund`
    refused CODE: verb …                     the program says no, and nothing changes
    expect unpaid M1 45.00                   also open, pending, partial, credit, undisputed; without a member: all
    expect debtors M1 M2 | expect days A1 12 | expect ageing M1 current 5.00 1-30 40.00 (`edges 10,20`)
    expect … on 2026-03-01                   as of the end of another day

The verbs of memberships stand in `dues_verbs`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock, parse_when
from duesdesk.domain.ageing import DEFAULT_EDGES
from duesdesk.domain.errors import DuesdeskError
from duesdesk.domain.money import from_text, to_text
from duesdesk.services.imports.service import Imports
from duesdesk.services.imports.views import ImportRequest
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from duesdesk.services.workplace import Centre
from duesdesk.store.verify import verify
from tests.scenarios.dues_verbs import DuesVerbs
from tests.scenarios.observed import Observed

AMOUNT = re.compile(r"\d+(\.\d+)?")
CURRENCY = re.compile(r"[A-Z]{3}")
DUES = ("membership", "price", "rename", "freeze", "unfreeze", "end", "left", "back", "frozen", "bill")


class Wrong(AssertionError):
    """The story does not hold, or cannot be read."""


@dataclass(frozen=True)
class Line:
    """A line of a story with its place in the file, and the lines after it that begin with `|`."""

    number: int
    words: tuple[str, ...]
    block: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Story:
    """One rule and the days that show it."""

    file: Path
    title: str
    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return f"{self.file.stem}: {self.title}"


def read_stories(file: Path) -> Iterator[Story]:
    """The stories of a file. Raises Wrong where one cannot be read."""
    title = ""
    lines: list[Line] = []
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        line = text.strip()
        if line.startswith("= "):
            if title:
                yield Story(file, title, tuple(lines))
            title, lines = line[2:], []
        elif line.startswith("|"):
            lines[-1].block.append(line[1:].strip())
        elif line and not line.startswith("#"):
            first, colon, rest = line.partition(": ")
            if colon and first.split()[0] == "day":
                lines += [Line(number, tuple(first.split())), Line(number, tuple(rest.split()))]
            else:
                lines.append(Line(number, tuple(line.split())))
    if title:
        yield Story(file, title, tuple(lines))


class Options:
    """The words after the verb: those that come in order, and `name value` pairs behind them."""

    def __init__(self, words: tuple[str, ...], *names: str, lists: tuple[str, ...] = ()) -> None:
        self.plain: list[str] = []
        self.named: dict[str, list[str]] = {}
        name = ""
        for word in words:
            if word in names or word in lists:
                name = word
                self.named[name] = []
            elif name and (name in lists or not self.named[name]):
                self.named[name].append(word)
            elif name:
                raise Wrong(f"{name} takes one word, and {word} follows")
            else:
                self.plain.append(word)

    def one(self, name: str) -> str | None:
        return self.named[name][0] if name in self.named else None

    def many(self, name: str) -> list[str]:
        return self.named.get(name, [])

    def day(self, name: str) -> date | None:
        text = self.one(name)
        return date.fromisoformat(text) if text else None


class Teller(DuesVerbs):
    """Does what a story says, on a store of its own."""

    def __init__(self, folder: Path, templates: Path) -> None:
        self.url = str(folder / "story.db")
        self.folder = folder
        # Empty centres by currency and time zone, made once: a story begins with a copy.
        self.templates = templates
        self.clock = Clock(date(2026, 1, 1))
        self.actor: str | None = None
        self.currency = "EUR"
        self.desk: Desk | None = None
        self.members: set[str] = set()
        self.called: dict[str, str] = {}
        self.imports = 0
        self.billed = {"skipped": []}

    def tell(self, story: Story) -> None:
        """Every line in order; then the ledger must hold."""
        __tracebackhide__ = True
        try:
            for line in story.lines:
                try:
                    self.do(line.words, line.block)
                except (AssertionError, DuesdeskError) as error:
                    said = " ".join(line.words)
                    raise Wrong(f"{story.file.name}:{line.number}: {said}\n  {error or type(error)}") from None
            with self._at().place.database.read() as tx:
                broken = {check: found for check, found in verify(tx).items() if found}
            if broken:
                raise Wrong(f"{story}: the ledger does not hold: {broken}")
        finally:
            if self.desk is not None:
                self.desk.close()

    def do(self, words: tuple[str, ...], block: list[str]) -> None:
        verb, *rest = words
        ways: dict[str, Callable[[tuple[str, ...], list[str]], None]] = {
            "centre": self._centre, "day": self._day, "now": self._now, "actor": self._actor, "member": self._member,
            "invoice": self._invoice, "pay": self._pay, "reverse": self._reverse, "refund": self._refund,
            "credit": self._credit, "waive": self._credit, "writeoff": self._credit, "void": self._void,
            "move": self._move, "undo": self._undo, "import": self._import, "refused": self._refused,
            "expect": self._expect, **dict.fromkeys(DUES, self._dues),
        }  # fmt: skip
        if verb not in ways:
            raise Wrong(f"no such verb: {verb}")
        if verb in {"credit", "waive", "writeoff", *DUES}:
            rest = [verb, *rest]
        ways[verb](tuple(rest), block)

    # Where and when

    def _centre(self, words: tuple[str, ...], block: list[str]) -> None:
        self.currency, timezone = words
        template = self.templates / f"{self.currency}-{timezone.replace('/', '-')}.db"
        if not template.exists():
            found_centre(str(template), Centre("Story", self.currency, "ES", timezone, "en"), clock=self.clock)
        shutil.copy(template, self.url)

    def _day(self, words: tuple[str, ...], block: list[str]) -> None:
        self._turn(Clock(date.fromisoformat(words[0].rstrip(":"))))

    def _now(self, words: tuple[str, ...], block: list[str]) -> None:
        self._turn(Clock(parse_when(words[0])))

    def _turn(self, clock: Clock) -> None:
        self.clock = clock
        self._reopen()

    def _actor(self, words: tuple[str, ...], block: list[str]) -> None:
        name, role = words
        self.actor = None
        self._reopen()
        if name not in {person.name for person in self._at().staff.all()}:
            self._at().staff.add(name, role)
        self.actor = name
        self._reopen()

    def _reopen(self) -> None:
        if self.desk is not None:
            self.desk.close()
        self.desk = None

    def _at(self) -> Desk:
        if self.desk is None:
            self.desk = open_desk(self.url, clock=self.clock, actor=self.actor)
        return self.desk

    # Who

    def _member(self, words: tuple[str, ...], block: list[str]) -> None:
        options = Options(words[1:], "payer", "terms")
        payer, terms = options.one("payer"), options.one("terms")
        if payer:
            self._known(payer)
        details = MemberDetails(
            f"Member {words[0]}", number=words[0], payer=payer, terms_days=int(terms) if terms else None
        )
        self._at().members.add(details)
        self.members.add(words[0])

    def _known(self, number: str) -> str:
        if number not in self.members:
            self._member((number,), [])
        return number

    def _called(self, label: str) -> str:
        """The program's number for what the story calls so; an imported invoice keeps its own."""
        return self.called.get(label, label)

    # Money

    def _amount(self, words: list[str], place: int) -> tuple[int, str]:
        currency = words[place + 1] if len(words) > place + 1 and CURRENCY.fullmatch(words[place + 1]) else ""
        currency = currency or self.currency
        return from_text(words[place], currency), currency

    def _invoice(self, words: tuple[str, ...], block: list[str]) -> None:
        options = Options(words, "due", "issued", "kind")
        label, member = options.plain[:2]
        amount_minor, currency = self._amount(options.plain, 2)
        wanted = IssueRequest(
            self._known(member),
            amount_minor,
            currency,
            options.day("due"),
            options.one("kind") or "dues",
            label,
            options.day("issued"),
        )
        self.called[label] = self._at().invoices.issue(wanted)["invoice"]

    def _pay(self, words: tuple[str, ...], block: list[str]) -> None:
        options = Options(words, "as", "on", "key", lists=("for",))
        amount_minor, currency = self._amount(options.plain, 1)
        wanted = PayRequest(
            self._known(options.plain[0]),
            amount_minor,
            currency,
            next((word for word in options.plain[2:] if word.islower()), "cash"),
            tuple(self._called(label) for label in options.many("for")),
            options.day("on"),
        )
        answer = self._at().payments.pay(wanted, key=options.one("key"))
        if label := options.one("as"):
            self.called[label] = answer["payment"]

    def _reverse(self, words: tuple[str, ...], block: list[str]) -> None:
        self._at().payments.reverse(self._called(words[0]), reason="story")

    def _refund(self, words: tuple[str, ...], block: list[str]) -> None:
        amount_minor = from_text(words[1], self.currency) if len(words) > 1 else None
        self._at().payments.refund(self._called(words[0]), amount_minor, reason="story")

    def _credit(self, words: tuple[str, ...], block: list[str]) -> None:
        verb, label, *rest = words
        kind = {"credit": "credit_note", "waive": "waiver", "writeoff": "write_off"}[verb]
        amount_minor = from_text(rest[0], self.currency) if rest else None
        self._at().credits.give(self._called(label), amount_minor, kind=kind, reason="story")

    def _void(self, words: tuple[str, ...], block: list[str]) -> None:
        self._at().invoices.void(self._called(words[0]), reason="story")

    def _move(self, words: tuple[str, ...], block: list[str]) -> None:
        self._at().invoices.move_due(self._called(words[0]), date.fromisoformat(words[1]), reason="story")

    def _undo(self, words: tuple[str, ...], block: list[str]) -> None:
        self._at().undo.undo()

    def _import(self, words: tuple[str, ...], block: list[str]) -> None:
        options = Options(words, "negative", lists=("rejects",))
        kind, *how = options.plain
        self.imports += 1
        file = self.folder / f"{kind}-{self.imports}.csv"
        file.write_text("\n".join(block) + "\n", encoding="utf-8")
        request = ImportRequest(kind, file, negative=options.one("negative") or "", accept_valid="accept-valid" in how)
        result = Imports(self._at().place).run(request, dry_run="dry-run" in how)
        if {row.line for row in result.rejected} != {int(line) for line in options.many("rejects")}:
            told = "; ".join(f"line {row.line}: {row.reason}" for row in result.rejected)
            raise Wrong(f"rejected {told or 'nothing'}")
        self._same(result.read, result.created + result.updated + result.unchanged + len(result.rejected))
        self._same(result.written, "dry-run" not in how and (not result.rejected or request.accept_valid))
        if "unchanged" in how:
            self._same((result.created, result.updated), (0, 0))

    # Dues

    def _dues(self, words: tuple[str, ...], block: list[str]) -> None:
        verb, *rest = words
        singles = ("day", "from", "until", "on", "to", "trial", "ends", "charge-from", "plan", "key")
        options = Options(tuple(rest), *singles, lists=("every",))
        if verb == "membership":
            self._add_membership(options)
        elif verb == "bill":
            self._bill(options)
        elif verb in {"left", "back", "frozen"}:
            self._change_member(verb, options)
        else:
            self._change_membership(verb, options)

    # What must be true

    def _refused(self, words: tuple[str, ...], block: list[str]) -> None:
        code = words[0].rstrip(":")
        before = self._tables()
        try:
            self.do(words[1:], block)
        except DuesdeskError as error:
            if error.code != code:
                raise Wrong(f"refused with {error} instead of {code}") from error
        else:
            raise Wrong("it was done")
        if self._tables() != before:
            raise Wrong("it was refused, and yet something was written")

    def _tables(self) -> dict[str, int]:
        names = "invoice payment allocation credit invoice_event act open_item open_credit member membership".split()
        with self._at().place.database.read() as tx:
            return {name: tx.value(f"SELECT count(*) FROM {name}") for name in names}

    def _expect(self, words: tuple[str, ...], block: list[str]) -> None:
        options = Options(words, "on", "edges")
        what, *rest = options.plain
        if what in {"charged", "dues", "next", "plans", "skipped"}:
            self._same(*self._observed_dues(what, rest))
            return
        seen = Observed(self._at(), options.day("on") or self._at().today())
        if what == "debtors":
            currency = rest.pop() if rest and CURRENCY.fullmatch(rest[-1]) else self.currency
            self._same(seen.debtors(currency), sorted(rest))
        elif what == "days":
            self._same(seen.days(self._called(rest[0])), int(rest[1]))
        elif what == "ageing":
            self._expect_ageing(seen, rest, options.one("edges"))
        elif what in {"unpaid", "open", "pending", "partial", "credit", "undisputed"}:
            payer = None if AMOUNT.fullmatch(rest[0]) else rest.pop(0)
            expected, currency = self._amount(rest, 0)
            ask = seen.credit_of if what == "credit" else getattr(seen, what)
            self._same(to_text(ask(payer, currency), currency), to_text(expected, currency))
        else:
            raise Wrong(f"nothing is known about {what}")

    def _expect_ageing(self, seen: Observed, words: list[str], edges: str | None) -> None:
        payer = words.pop(0) if words[0] in self.members else None
        currency = words.pop() if CURRENCY.fullmatch(words[-1]) else self.currency
        steps = tuple(int(edge) for edge in edges.split(",")) if edges else DEFAULT_EDGES
        expected = dict(zip(words[::2], words[1::2], strict=True))
        found = {name: to_text(minor, currency) for name, minor in seen.ageing(payer, currency, steps).items() if minor}
        self._same(found, expected)

    @staticmethod
    def _same(found: object, expected: object) -> None:
        if found != expected:
            raise Wrong(f"found {found}, expected {expected}")
