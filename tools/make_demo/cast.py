"""The people with a story: who owes what, since when, and why. Everyone else in the centre pays.

Days are counted from the anchor, amounts are cents. The figures of the whole centre come from this table:
38 debtors owe 4,310.50, of it 1,900.00 up to 30 days, 1,120.00 to 60, 640.00 to 90 and 650.50 beyond.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Plan:
    """A membership: what it is called on the invoice and what a month of it costs, in cents."""

    name: str
    month_minor: int


PLANS = {
    "full": Plan("Full", 4500),
    "premium": Plan("Premium", 5900),
    "offpeak": Plan("Off-peak", 2900),
    "studio": Plan("Studio", 3990),
    "boxing": Plan("Boxing club", 4000),
    "judo": Plan("Judo club", 2500),
    "junior": Plan("Junior", 2800),
    "corporate": Plan("Corporate", 3600),
    "pilates": Plan("Pilates course", 3000),
    "visits": Plan("Four visits", 2000),
}


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice that is not settled: due day, total, and what came in so far."""

    due: int
    total_minor: int
    description: str = ""
    kind: str = "dues"
    paid_minor: int = 0
    paid_on: int = 0
    method: str = "cash"
    disputed: bool = False
    issued: int | None = None
    child: int = -1
    """Whose invoice: -1 the person's own, else the n-th member the person pays for."""


@dataclass(frozen=True, slots=True)
class Case:
    """One payer with something open. `key` names the person in the other tables; an empty name is drawn."""

    key: str
    plan: str
    owed: tuple[Owed, ...]
    first: str = ""
    last: str = ""
    origin: str = "spanish"
    pays_for: tuple[str, ...] = ()
    """Given names of the members this person pays for; an empty name is drawn."""
    child_plan: str = "junior"
    children_only: bool = False
    left: int | None = None
    frozen: bool = False
    email: bool = True
    phone: str = ""
    today: str = ""
    """Time of today's booking, with the activity: "09:30 Pilates"."""
    today_child: str = ""
    last_visit: int | None = None


def _dues(*days: int, minor: int) -> tuple[Owed, ...]:
    return tuple(Owed(day, minor) for day in days)


def _each(day: int, children: int, minor: int, start: int = 0) -> tuple[Owed, ...]:
    return tuple(Owed(day, minor, child=start + n) for n in range(children))


NAMED = (
    Case("popescu", "boxing", _dues(-82, -52, -22, minor=4000), "Ștefan", "Popescu", "romanian", last_visit=-2),
    Case(
        "garcia",
        "full",
        (
            Owed(-69, 7150, "Dues Full and a private lesson", paid_minor=2000, paid_on=-44, method="cash"),
            Owed(-39, 4500),
            Owed(22, 4500, issued=-8),
        ),
        "María",
        "García-López",
        phone="+34600112233",
        today="09:30 Pilates",
    ),
    Case(
        "rossi",
        "offpeak",
        (Owed(-51, 2800, child=0), Owed(-51, 2800, child=1), Owed(-21, 2800, child=0)),
        "Giulia",
        "Rossi",
        "italian",
        pays_for=("Marco", "Sofia"),
        children_only=True,
        today_child="09:30 Pilates",
        last_visit=-3,
    ),
    Case("dangelo", "boxing", _dues(-43, -13, minor=4000), "Luca", "D'Angelo", "italian", today="10:00 Boxing"),
    Case(
        "ionescu",
        "full",
        (Owed(-32, 4500, disputed=True), Owed(-28, 2000, "Drop-in session, two", "session")),
        "Andrei",
        "Ionescu",
        "romanian",
        today="09:00 Yoga",
        last_visit=-20,
    ),
    Case(
        "nunez",
        "full",
        (Owed(-25, 6500, "Dues Full and lost card", paid_minor=2000, paid_on=-11, method="cash"),),
        "Óscar",
        "Núñez",
        today="09:45 Spin",
    ),
    Case("smith", "full", _dues(-21, minor=4500), "Zoë", "Smith", "english", today="12:00 Open gym", last_visit=-1),
    Case("almeida", "studio", _dues(-17, minor=3990), "Beatriz", "Almeida", "portuguese", today="11:00 Yoga"),
    Case("celik", "pilates", _dues(-13, minor=3000), "Ayşe", "Çelik", "turkish", last_visit=-2),
    Case("kovacs", "offpeak", _dues(-10, minor=2900), "Réka", "Kovács", "hungarian", last_visit=-4),
    Case("fernandez", "judo", _dues(-7, minor=2500), "Inés", "Fernández", today="18:00 Judo"),
    Case("nowak", "visits", _dues(-5, minor=2000), "Łukasz", "Nowak", "polish", last_visit=-8),
)

_NINE = 9

OTHERS = (
    Case(
        "company",
        "corporate",
        (
            *_each(-38, _NINE, 3600),
            Owed(-8, 3600, paid_minor=2000, paid_on=-3, method="transfer", child=0),
            *_each(-8, _NINE - 1, 3600, start=1),
        ),
        last="Nordwind Ejemplo S.L.",
        pays_for=("",) * _NINE,
        child_plan="corporate",
        children_only=True,
    ),
    Case(
        "family-three",
        "junior",
        (*_each(-42, 3, 2800), *_each(-12, 3, 2800)),
        pays_for=("", "", ""),
        children_only=True,
        last_visit=-5,
    ),
    Case("left-full", "full", _dues(-170, -140, -110, minor=4500), left=-100, origin="romanian"),
    Case("left-premium", "premium", _dues(-125, -95, -66, minor=5900), left=-60),
    Case(
        "left-training",
        "premium",
        (Owed(-99, 32000, "Personal training, 10 sessions", "session", 10000, -103, "card"),),
        left=-80,
    ),
    Case("four-months", "full", _dues(-101, -71, -41, -11, minor=4500), email=False, last_visit=-9),
    Case("quarter", "premium", _dues(-75, -45, -15, minor=5900), origin="italian", last_visit=-4),
    Case("boxer", "boxing", _dues(-67, -36, -6, minor=4000), last_visit=-1),
    Case(
        "frozen",
        "full",
        (Owed(-70, 18000, "Nutrition course", "session"), Owed(-64, 4500), Owed(-34, 4500)),
        origin="portuguese",
        frozen=True,
    ),
    Case("studio-late", "studio", _dues(-78, -48, -18, minor=3990), last_visit=-6),
    Case("part-small", "full", (Owed(-57, 4500, paid_minor=2500, paid_on=-40), Owed(-27, 4500)), last_visit=-3),
    Case("premium-two", "premium", _dues(-33, -3, minor=5900), today="19:30 Yoga", origin="english"),
    Case("offpeak-three", "offpeak", _dues(-76, -46, -16, minor=2900), last_visit=-13),
    Case(
        "course-part",
        "full",
        (Owed(-19, 18000, "Posture course", "session", 6000, -29, "card"),),
        origin="romanian",
        today="15:00 Open gym",
    ),
    Case("three-days", "full", _dues(-3, minor=4500), last_visit=-4),
    Case("month-again", "full", _dues(-31, -1, minor=4500), last_visit=-5),
    Case(
        "bounced",
        "premium",
        (Owed(-2, 5900), Owed(-2, 350, "Returned direct debit", "fee")),
        origin="italian",
        last_visit=-6,
    ),
    Case(
        "drink",
        "studio",
        (Owed(-6, 3990), Owed(-6, 230, "Isotonic drink", "product")),
        origin="portuguese",
        last_visit=-2,
    ),
    Case("retreat", "offpeak", (Owed(-13, 8500, "Yoga weekend", "session"), Owed(-9, 2900)), last_visit=-3),
    Case(
        "training",
        "full",
        (Owed(-10, 17500, "Personal training, 5 sessions", "session"), Owed(-1, 4500)),
        last_visit=-1,
    ),
    Case("premium-part", "premium", (Owed(-44, 5900), Owed(-14, 5900, paid_minor=3000, paid_on=-9)), last_visit=-5),
    Case("no-mail", "boxing", _dues(-22, minor=4000), email=False, origin="nordic", last_visit=-8),
    Case(
        "spin-shoes",
        "offpeak",
        (
            Owed(-40, 4510, "Spin shoes, not brought back", "product", disputed=True),
            Owed(-8, 1200, "Drop-in session", "session"),
            Owed(-8, 250, "Isotonic drink", "product"),
        ),
        last_visit=-8,
    ),
    Case("family-two", "full", _each(-20, 2, 2800), pays_for=("", ""), origin="romanian", last_visit=-4),
    Case(
        "racket",
        "full",
        (Owed(-85, 5160, "Racket, hired and lost", "product"), Owed(-24, 4500)),
        last_visit=-10,
    ),
    Case(
        "old-claim",
        "offpeak",
        (Owed(-150, 13250, "Personal training, 4 sessions", "session", disputed=True),),
        origin="english",
        left=-120,
    ),
)

NOT_DUE = (
    Case(
        "pack-ten",
        "full",
        (Owed(12, 32000, "Personal training, 10 sessions", "session", 10000, -6, "card", issued=-7),),
        today="13:00 Functional",
    ),
    Case(
        "pack-eight",
        "studio",
        (Owed(18, 24000, "Personal training, 8 sessions", "session", 8000, -3, issued=-4),),
        today="19:00 Functional",
    ),
    Case("course", "full", (Owed(15, 18000, "Posture course", "session", 6000, -10, "link", issued=-12),)),
    Case("quarterly", "full", (Owed(20, 13500, "Dues Full, three months", "dues", 4500, -5, "transfer", issued=-9),)),
    Case("pack-four", "premium", (Owed(9, 12000, "Personal training, 4 sessions", "session", 6000, -2, issued=-2),)),
    Case("weekend", "offpeak", (Owed(25, 8500, "Yoga weekend", "session", 4000, -8, "card", issued=-8),)),
    Case("halves", "premium", (Owed(14, 5900, "Massage, one hour", "session", 3550, -1, "card", issued=-1),)),
    # Not part paid: the larger sums among next week's.
    Case("soon-pack", "premium", (Owed(4, 32000, "Personal training, 10 sessions", "session"),)),
    Case("soon-massage", "offpeak", (Owed(5, 9980, "Massage, two hours", "session", issued=-2),), origin="english"),
    Case("soon-course", "studio", (Owed(6, 18000, "Nutrition course", "session"),), origin="portuguese"),
)
"""Payers of something larger that is not due yet: no debtors, and most have paid an instalment."""


@dataclass(frozen=True, slots=True)
class Sale:
    """Something sold once and paid at once, for today's takings."""

    description: str
    kind: str
    amount_minor: int
    method: str


TODAY_DUES = (("full", "cash"), ("full", "card"), ("full", "link"), ("premium", "card"), ("premium", "transfer"),
              ("boxing", "cash"), ("full", "direct_debit"))  # fmt: skip
"""Dues that come in on the anchor day itself: plan and method, one payer each."""

TODAY_SALES = (Sale("Drop-in session", "session", 1200, "card"), Sale("Towel and drink", "product", 1500, "cash"))


@dataclass(frozen=True, slots=True)
class Product:
    """A thing at the counter and how often it is sold, as a weight."""

    description: str
    kind: str
    amount_minor: int
    weight: int = field(default=1)


PRODUCTS = (
    Product("Isotonic drink", "product", 230, 20),
    Product("Water", "product", 120, 16),
    Product("Protein bar", "product", 280, 10),
    Product("Towel", "product", 900, 6),
    Product("Padlock", "product", 750, 4),
    Product("Hand wraps", "product", 650, 3),
    Product("Drop-in session", "session", 1200, 22),
    Product("Personal training, one session", "session", 3500, 8),
    Product("Lost card", "fee", 500, 2),
    Product("Late cancellation", "fee", 400, 3),
)
