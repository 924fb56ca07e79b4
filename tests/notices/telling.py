"""Facts of a notice for the tests: usual, empty, extreme and hostile ones, and the text that comes of them."""

from __future__ import annotations

from datetime import date, timedelta

from duesdesk.documents import notice_templates
from duesdesk.documents.notice_templates import Text
from duesdesk.services.notice_values import Agreed, Facts, House, ItemFact, PaymentFact, SettledFact, text_of
from duesdesk.services.template_texts import Found

TODAY = date(2026, 11, 22)
# Language and country of a centre: each way in which the texts are written.
PLACES = (("en", "GB"), ("es", "ES"), ("it", "IT"), ("ro", "RO"), ("pt", "PT"), ("pt", "BR"))
TONES = ("friendly", "neutral", "firm")
SETTINGS = {
    "address": "Calle Mayor 1; 28001 Madrid",
    "email": "hola@aurora.example",
    "iban": "ES9121000418450200051332",
    "pay_link": "https://pay.aurora.example/p",
    "phone": "+34 600 111 222",
    "tax_id": "NIF B12345678",
}
HOSTILE = "{{ name }}{% for a in b %}[red]x[/]\x1b[2J\x1b]0;owned\x07\u202e<b>&\r\nBcc: x@example.org\x00%s {0}"
DUES = ItemFact("INV-00012", "Dues September", "", "EUR", 7150, 2000, 5150, date(2026, 9, 14))
PILATES = ItemFact("INV-00019", "Pilates", "Leo Ruiz", "EUR", 4500, 0, 4000, date(2026, 11, 25))
USUAL = Facts(
    "Ana Ruiz",
    "M00001",
    (DUES, PILATES),
    {"EUR": 1000},
    PaymentFact("P-00007", "EUR", 5000, date(2026, 11, 20), (SettledFact("INV-00008", "Dues August", 5000),)),
    Agreed("EUR", 5150, date(2026, 11, 15)),
    Agreed("EUR", 2000, date(2026, 11, 10)),
)
BARE = Facts("Ana Ruiz", "M00001", (DUES._replace(description="", paid_minor=0, total_minor=5150, due_on=None),))
NOTHING = Facts("Ana Ruiz", "M00001", ())
MANY = Facts(
    "Ana Ruiz",
    "M00001",
    tuple(DUES._replace(number=f"INV-{n:05}", due_on=TODAY + timedelta(days=n - 30)) for n in range(60)),
)
LARGE = Facts(
    "A" * 300,
    "M" * 60,
    tuple(
        ItemFact(
            f"{'N' * 50}{n}", "D" * 400, "K" * 300, currency, 10**14, 10**13, 8 * 10**13, TODAY - timedelta(days=n)
        )
        for n in range(300)
        for currency in ("EUR", "JPY", "TND")
    ),
    {"EUR": 10**12, "JPY": 1, "TND": 1},
    PaymentFact("P" * 80, "TND", 10**14, TODAY, tuple(SettledFact("N" * 60, "D" * 300, 10**13) for _ in range(90))),
    Agreed("TND", 10**14, TODAY),
    Agreed("JPY", 10**14, TODAY),
)
UNFRIENDLY = USUAL._replace(
    name=HOSTILE,
    payer=HOSTILE,
    items=tuple(item._replace(number=HOSTILE, description=HOSTILE, member=HOSTILE) for item in USUAL.items),
)
OTHER_MONEY = USUAL._replace(
    items=(DUES._replace(currency="JPY"), PILATES._replace(currency="TND")), credit_minor={"JPY": 10_000}
)
ALL = {
    "usual": USUAL,
    "bare": BARE,
    "nothing": NOTHING,
    "many": MANY,
    "large": LARGE,
    "unfriendly": UNFRIENDLY,
    "other money": OTHER_MONEY,
}


def house(country: str, *, opt_out: bool = False, **settings: str) -> House:
    return House("Aurora Centre", country, {**SETTINGS, **settings}, opt_out=opt_out)


def told(
    name: str,
    tone: str = "",
    place: tuple[str, str] = ("en", "GB"),
    facts: Facts = USUAL,
    *,
    channel: str = "email",
    at: House | None = None,
) -> Text:
    """The shipped text of a notice as it would leave."""
    language, country = place
    form = notice_templates.form_of(channel)
    text = notice_templates.shipped(name, language, tone=tone, form=form, country=country)
    assert text is not None, (name, tone, place, form)
    return text_of(Found(name, tone, language, form, text, own=False), facts, at or house(country), TODAY, channel)
