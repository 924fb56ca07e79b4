"""Four hundred invented people: the cast, families, a company, and those who simply come and pay."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from random import Random

from tools.make_demo.cast import NAMED, NOT_DUE, OTHERS, TODAY_DUES, Case
from tools.make_demo.names import MAIL_DOMAINS, ORIGINS, SHARES

HOW_MANY = 400
MARIA_NUMBER = 218
MARIA_CARD = 4512
FAMILIES = 24
COUPLES = 6
LEFT = 24
FROZEN = 8
WITHOUT_EMAIL = 24
PLAIN = str.maketrans({"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "Þ": "Th", "ð": "d"})
"""Letters that do not come apart into a plain one and a sign."""


@dataclass(slots=True, eq=False)
class Person:
    """A member or payer. Days count from the anchor."""

    first: str
    last: str
    origin: str
    plan: str = ""
    joined: int = 0
    left: int | None = None
    status: str = "active"
    email: str = ""
    phone: str = ""
    card: str = ""
    language: str = "es"
    group: str = "adults"
    payer: Person | None = None
    pays_for: list[Person] = field(default_factory=list)
    case: Case | None = None
    comes: bool = True
    """Trains here; a parent or a company that only pays does not."""
    method: str = "card"
    lateness: str = "prompt"
    phase: int = 0
    """Days from the anchor to the next due day of the dues, 0 to 29."""
    number: str = ""

    @property
    def name(self) -> str:
        """Surname first, as the lists of the desk show it; a company as it is called."""
        return f"{self.last} {self.first}".strip()

    @property
    def debtor(self) -> Person:
        """Who pays for this person."""
        return self.payer or self


class Names:
    """Draws people whose names, addresses and numbers never repeat."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._taken: set[str] = set()
        self._next_phone = {key: origin.first_number for key, origin in ORIGINS.items()}

    def origin(self) -> str:
        return self._chance.choices([key for key, _ in SHARES], [share for _, share in SHARES])[0]

    def person(self, origin: str, first: str = "", last: str = "") -> Person:
        """A person of an origin; what is not given is drawn, and the whole name is nobody else's."""
        source = ORIGINS[origin]
        while True:
            woman = self._chance.random() < 0.55
            given = first or self._chance.choice(source.women if woman else source.men)
            family = last or self._surname(origin)
            if f"{family} {given}" not in self._taken:
                break
        self._taken.add(f"{family} {given}")
        person = Person(given, family, origin, language=source.language)
        # Half of those who came from elsewhere long ago want their letters in the language of the place.
        if not first and source.language != "es" and self._chance.random() < 0.35:
            person.language = "es"
        return person

    def _surname(self, origin: str) -> str:
        words = ORIGINS[origin].surnames
        if not ORIGINS[origin].two_surnames or self._chance.random() < 0.3:
            return self._chance.choice(words)
        one, two = self._chance.sample(words, 2)
        return f"{one}-{two}" if self._chance.random() < 0.15 else f"{one} {two}"

    def phone(self, origin: str) -> str:
        number = self._next_phone[origin]
        self._next_phone[origin] += 1
        return ORIGINS[origin].phone.format(number)

    def address(self, person: Person) -> str:
        """An address at a domain that is kept for examples."""
        plain = unicodedata.normalize("NFKD", f"{person.first}.{person.last}".translate(PLAIN))
        letters = [c if c.isascii() and (c.isalnum() or c == ".") else "" for c in plain.replace(" ", ".")]
        return f"{''.join(letters).lower().strip('.')}@{self._chance.choice(MAIL_DOMAINS)}"


def _method(chance: Random) -> str:
    return chance.choices(
        ("direct_debit", "card", "cash", "transfer", "link"),
        (52, 20, 11, 10, 7),
    )[0]


def _reach(names: Names, chance: Random, person: Person, *, email: bool = True) -> Person:
    """Gives a person the ways to be reached and the habits of paying."""
    person.email = names.address(person) if email else ""
    person.phone = names.phone(person.origin)
    person.method = _method(chance)
    person.lateness = chance.choices(("prompt", "slow", "late"), (70, 16, 14))[0]
    person.phase = chance.randrange(30)
    # Most have come in the last two years, some have been here from the start.
    person.joined = -int(20 + 2300 * chance.random() ** 1.7)
    return person


def _of_case(names: Names, chance: Random, case: Case) -> list[Person]:
    """The payer of a case, then those the payer pays for."""
    if case.key == "company":
        payer = Person("", case.last, "spanish", method="transfer", group="companies", joined=-900, language="es")
        payer.email, payer.phone = "administracion@nordwind-ejemplo.example.com", names.phone("spanish")
    else:
        payer = _reach(names, chance, names.person(case.origin, case.first, case.last), email=case.email)
        payer.joined = -int(200 + 2100 * chance.random() ** 1.5)
    payer.case, payer.plan = case, "" if case.children_only else case.plan
    payer.phone = case.phone or payer.phone
    payer.left, payer.comes = case.left, case.key not in {"company", "family-three"}
    payer.status = "left" if case.left is not None else "frozen" if case.frozen else "active"
    if case.key == "garcia":
        payer.email = "maria@example.org"
    people = [payer]
    for first in case.pays_for:
        if case.key == "company":
            child = _reach(names, chance, names.person(names.origin()), email=True)
            child.group, child.joined = "employees", max(child.joined, -850)
        else:
            child = names.person(payer.origin, first, payer.last)
            child.group, child.joined = "children", payer.joined + chance.randrange(5)
        child.language = child.language if case.key == "company" else payer.language
        child.plan, child.payer, child.case = case.child_plan, payer, None
        payer.pays_for.append(child)
        people.append(child)
    return people


def _family(names: Names, chance: Random) -> list[Person]:
    parent = _reach(names, chance, names.person(names.origin()))
    parent.comes = chance.random() < 0.6
    parent.plan = chance.choice(("full", "studio", "offpeak")) if parent.comes else ""
    people = [parent]
    for _ in range(chance.choices((1, 2, 3), (45, 42, 13))[0]):
        child = names.person(parent.origin, last=parent.last)
        child.group, child.language = "children", parent.language
        child.plan = chance.choice(("junior", "junior", "judo"))
        child.payer, child.joined = parent, parent.joined + chance.randrange(10)
        parent.pays_for.append(child)
        people.append(child)
    return people


def _adult(names: Names, chance: Random) -> Person:
    person = _reach(names, chance, names.person(names.origin()))
    person.plan = chance.choices(
        ("full", "premium", "offpeak", "studio", "boxing", "pilates", "visits"),
        (44, 11, 15, 12, 9, 5, 4),
    )[0]
    return person


def _couple(names: Names, chance: Random) -> list[Person]:
    one, two = _adult(names, chance), _adult(names, chance)
    two.payer, two.phase, two.joined = one, one.phase, one.joined
    one.pays_for.append(two)
    return [one, two]


def make_people(chance: Random) -> list[Person]:
    """All people in order of their member numbers."""
    names = Names(chance)
    people: list[Person] = []
    for case in (*NAMED, *OTHERS, *NOT_DUE):
        people += _of_case(names, chance, case)
    for plan, method in TODAY_DUES:
        person = _adult(names, chance)
        person.plan, person.method, person.lateness = plan, method, "today"
        person.phase, person.joined = chance.randrange(1, 6), min(person.joined, -60)
        people.append(person)
    for _ in range(FAMILIES):
        people += _family(names, chance)
    for _ in range(COUPLES):
        people += _couple(names, chance)
    plain = [_adult(names, chance) for _ in range(HOW_MANY - len(people))]
    people += plain
    _some_leave(chance, plain)
    for person in chance.sample(plain, WITHOUT_EMAIL):
        person.email = ""
        if chance.random() < 0.15:
            person.phone = ""
    return _numbered(chance, people)


def _some_leave(chance: Random, plain: list[Person]) -> None:
    """Some left during the last year, and some have put their membership on ice."""
    settled = [person for person in plain if person.joined < -300]
    for person in chance.sample(settled, LEFT + FROZEN)[:LEFT]:
        person.left, person.status = -chance.randrange(20, 280), "left"
    for person in [p for p in settled if p.status == "active"][:FROZEN]:
        person.status = "frozen"


def _numbered(chance: Random, people: list[Person]) -> list[Person]:
    """Numbers in order of joining; María García-López has the number everybody knows, and her neighbours' time."""
    maria = next(p for p in people if p.case is not None and p.case.key == "garcia")
    rest = sorted((p for p in people if p is not maria), key=lambda p: (p.joined, p.debtor.name, p.name))
    maria.joined = rest[MARIA_NUMBER - 2].joined
    ordered = [*rest[: MARIA_NUMBER - 1], maria, *rest[MARIA_NUMBER - 1 :]]
    cards = chance.sample([card for card in range(1000, 9999) if card != MARIA_CARD], len(ordered))
    for place, person in enumerate(ordered, start=1):
        person.number = f"M{place:05d}"
        if person.first and person.comes and chance.random() < 0.93:
            person.card = f"{cards[place - 1]:06d}"
    maria.card = f"{MARIA_CARD:06d}"
    return ordered
