"""What a template of a notice sees: strings in the reader's language, made here of facts; no row and no object of ours.

Pure: the facts are read elsewhere (`notice_facts`, or the run for many payers at once).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from duesdesk.documents import notice_templates
from duesdesk.documents.notice_templates import SHORT, Text
from duesdesk.documents.short_texts import LONGEST_SHORT, in_sms_alphabet, length_of
from duesdesk.domain.names import as_written
from duesdesk.domain.text import clean_text
from duesdesk.i18n import Language, catalogue
from duesdesk.services.template_texts import Found

# A company may pay for hundreds; the oldest are listed, the others counted.
MOST_LISTED = 60
# Bytes of the lists: with the text around them the whole stays within LONGEST_OUTPUT, which counts bytes, too.
LONGEST_LIST = 5_500
_LONGEST_SETTLED = 1_500
LONGEST_DESCRIPTION = 60
# A list of many tells less of each.
MANY = 20
_SHORT_DESCRIPTION = 20
# In the short form each character is paid for.
_LONGEST_CENTRE_SHORT = 40
_APART = "\n\n"


class ItemFact(NamedTuple):
    """An open invoice. `member` is who it is for, '' when that is the payer; `due_on` None is never due."""

    number: str
    description: str
    member: str
    currency: str
    total_minor: int
    paid_minor: int
    open_minor: int
    due_on: date | None


class SettledFact(NamedTuple):
    """What a payment was laid on, in the currency of the payment."""

    number: str
    description: str
    amount_minor: int


class PaymentFact(NamedTuple):
    """A payment that is confirmed."""

    number: str
    currency: str
    amount_minor: int
    on: date
    settled: tuple[SettledFact, ...] = ()


class Agreed(NamedTuple):
    """What was to be paid by a day: a promise, or the part of a plan."""

    currency: str
    amount_minor: int
    due_on: date


class Facts(NamedTuple):
    """What a notice is about. `items` stand in the order of their due day; `credit_minor` is by currency."""

    name: str
    payer: str
    items: tuple[ItemFact, ...]
    credit_minor: Mapping[str, int] = {}
    payment: PaymentFact | None = None
    promise: Agreed | None = None
    instalment: Agreed | None = None


@dataclass(frozen=True, slots=True)
class House:
    """The centre as its notices tell of it.

    `settings` are those called `centre.…`, without that word. `opt_out` tells whether every message names a way out,
    `names_creditor` whether who asks for money has to name address and tax number.
    """

    name: str
    country: str
    settings: Mapping[str, str]
    opt_out: bool = False
    names_creditor: bool = False

    def lacks_creditor(self, channel: str) -> bool:
        """Whether a letter that asks for money could not name what it has to."""
        named = self.settings.get("address") and self.settings.get("tax_id")
        return self.names_creditor and channel == "letter" and not named


def text_of(found: Found, facts: Facts, house: House, today: date, channel: str) -> Text:
    """The text of a template with these facts, as it leaves by `channel`. Raises BadInput beyond a limit."""
    values = values_of(facts, house, found.language, found.form, today)
    if channel == "letter":
        values["opt_out"] = ""
    text = _written(found, values, channel)
    if found.form == SHORT and length_of(text.body) > LONGEST_SHORT:
        # The figures matter more than where to pay or ask.
        text = _written(found, {**values, "pay_link": "", "phone": "", "contact": ""}, channel)
    return text


def _written(found: Found, values: Mapping[str, object], channel: str) -> Text:
    text = notice_templates.render(found.text, values)
    way_out = values["opt_out"]
    if way_out and "opt_out" not in notice_templates.used(found.text):
        gap = " " if found.form == SHORT else _APART
        text = replace(text, body=f"{text.body}{gap}{way_out}")
    return replace(text, body=in_sms_alphabet(text.body)) if channel == "sms" else text


def with_way_out(text: Text, house: House, language: str, channel: str) -> Text:
    """A text of one's own with how to get no more of them, where every message says it; a letter says none."""
    if not house.opt_out or channel == "letter":
        return text
    is_short = notice_templates.form_of(channel) == SHORT
    way_out = notice_templates.parts(language, house.country)["opt_out_short" if is_short else "opt_out"]
    return replace(text, body=f"{text.body}{' ' if is_short else _APART}{way_out}")


def without_way_out(body: str, language: str, country: str) -> str:
    """What somebody wrote of a text that was made by `with_way_out`."""
    parts = notice_templates.parts(language, country)
    found = next((parts[name] for name in ("opt_out", "opt_out_short") if body.endswith(parts[name])), "")
    return body.removesuffix(found).rstrip()


def values_of(facts: Facts, house: House, language: str, form: str, today: date) -> dict[str, object]:
    """The value of every one of `notice_templates.VARIABLES`; what there is not is ''."""
    spoken = catalogue(language, house.country)
    parts = notice_templates.parts(language, house.country)
    is_short = form == SHORT
    items = facts.items
    values: dict[str, object] = {
        "name": as_written(clean_text(facts.name)),
        "today": spoken.day_year(today),
        "reference": clean_text(items[0].number if len(items) == 1 else facts.payer, max_length=40),
        "due_on": _one_day(items, spoken),
        "opt_out": parts["opt_out_short" if is_short else "opt_out"] if house.opt_out else "",
        **_of_house(house, is_short=is_short),
        **_sums(facts, spoken),
        **_lists(items, spoken, parts, today),
        **_payment(facts.payment, spoken, parts),
        **_agreed("promised", facts.promise, spoken),
        **_agreed("instalment", facts.instalment, spoken),
    }
    for name in ("totals", "how_to_pay"):
        values[name] = notice_templates.render_part(parts[name], {**values, "many": len(items) > 1})
    return values


def _of_house(house: House, *, is_short: bool) -> dict[str, object]:
    """Its name, where it is, and how to pay it; what is not set is ''."""

    def set_as(key: str) -> str:
        return clean_text(house.settings.get(key, ""))

    name = clean_text(house.name, max_length=_LONGEST_CENTRE_SHORT if is_short else 200)
    iban = set_as("iban")
    grouped = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    address, tax_id, phone, email = map(set_as, ("address", "tax_id", "phone", "email"))
    return {
        "centre": name,
        "address": address.replace("; ", ", "),
        "tax_id": tax_id,
        "creditor": f"{name} ({tax_id})" if tax_id else name,
        "signature": "\n".join(one for one in (name, *address.split("; "), tax_id) if one),
        "phone": phone,
        "email": email,
        "contact": " · ".join(one for one in (phone, email) if one),
        "iban": grouped,
        "account": grouped or set_as("account"),
        "account_holder": set_as("account_holder") or name,
        "pay_link": set_as("pay_link"),
        "pix_key": set_as("pix_key"),
    }


# --- the items


def _one_day(items: Sequence[ItemFact], spoken: Language) -> str:
    """The day they are due when it is one for all of them."""
    days = {item.due_on for item in items}
    day = days.pop() if len(days) == 1 else None
    return spoken.day_year(day) if day else ""


# Which items stand in a list, by their due day and today. Due today is not overdue.
_LISTS: Mapping[str, Callable[[date | None, date], bool]] = {
    "list": lambda _due_on, _today: True,
    "overdue_list": lambda due_on, today: due_on is not None and due_on < today,
    "coming_list": lambda due_on, today: due_on is None or due_on >= today,
    "due_list": lambda due_on, today: due_on is not None and due_on <= today,
    "later_list": lambda due_on, today: due_on is None or due_on > today,
}


def _lists(items: Sequence[ItemFact], spoken: Language, parts: Mapping[str, str], today: date) -> dict[str, object]:
    """The items as mappings and as lines: all of them, and those before and after today.

    What there is no room for is counted at the end of each list, with its sum.
    """
    longest = LONGEST_DESCRIPTION if len(items) <= MANY else _SHORT_DESCRIPTION
    told: list[dict[str, object]] = []
    lines: list[str] = []
    room = LONGEST_LIST
    for item in items[:MOST_LISTED]:
        one = _item(item, spoken, today, longest)
        line = f"- {notice_templates.render_part(parts['item'], {'item': one})}"
        room -= len(line.encode()) + 1
        if room < 0:
            break
        told.append(one)
        lines.append(line)
    left_out = items[len(lines) :]
    values: dict[str, object] = {"items": told, "more_count": len(left_out), "more_total": _together(left_out, spoken)}
    for name, belongs in _LISTS.items():
        shown = [line for item, line in zip(items, lines, strict=False) if belongs(item.due_on, today)]
        others = [item for item in left_out if belongs(item.due_on, today)]
        if others:
            more = {"more_count": len(others), "more_total": _together(others, spoken)}
            shown.append(f"- {notice_templates.render_part(parts['more'], more)}")
        values[name] = "\n".join(shown)
    return values


def _item(item: ItemFact, spoken: Language, today: date, longest: int) -> dict[str, object]:
    """An item as a template sees it: `notice_templates.ITEM_FIELDS`. Charge, paid and lowered make the rest."""
    lowered_minor = max(0, item.total_minor - item.paid_minor - item.open_minor)
    return {
        "number": clean_text(item.number, max_length=40),
        "description": clean_text(item.description, max_length=longest),
        "member": clean_text(item.member, max_length=longest),
        "open": spoken.money(item.open_minor, item.currency),
        "total": spoken.money(item.total_minor, item.currency),
        "paid": spoken.money(item.paid_minor, item.currency) if item.paid_minor else "",
        "lowered": spoken.money(lowered_minor, item.currency) if lowered_minor else "",
        "due_on": spoken.day_year(item.due_on) if item.due_on else "",
        "days": max(0, (today - item.due_on).days) if item.due_on else 0,
        "late": item.due_on is not None and item.due_on < today,
    }


def _sums(facts: Facts, spoken: Language) -> dict[str, object]:
    """What is asked, what is on account in the same currencies, and what is left of the one after the other.

    A receipt tells all that is on account.
    """
    totals = _totals(facts.items)
    all_of_it = facts.payment is not None or not totals
    credit = {currency: minor for currency, minor in facts.credit_minor.items() if all_of_it or currency in totals}
    left = {currency: max(0, minor - credit.get(currency, 0)) for currency, minor in totals.items()}
    return {"total": _told(totals, spoken), "credit": _told(credit, spoken), "to_pay": _told(left, spoken)}


def _totals(items: Sequence[ItemFact]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for item in items:
        totals[item.currency] = totals.get(item.currency, 0) + item.open_minor
    return totals


def _together(items: Sequence[ItemFact], spoken: Language) -> str:
    return _told(_totals(items), spoken)


def _told(sums: Mapping[str, int], spoken: Language) -> str:
    """One figure per currency; those of nothing are left out."""
    return spoken.listing([spoken.money(minor, currency) for currency, minor in sorted(sums.items()) if minor > 0])


# --- a payment, a promise, an instalment


def _payment(payment: PaymentFact | None, spoken: Language, parts: Mapping[str, str]) -> dict[str, object]:
    """The payment that is confirmed, and what it was laid on."""
    if payment is None:
        return {"last_payment": "", "payment_on": "", "payment_number": "", "settled": [], "settled_list": ""}
    settled: list[dict[str, object]] = []
    lines: list[str] = []
    room = _LONGEST_SETTLED
    for one in payment.settled:
        told: dict[str, object] = {
            "number": clean_text(one.number, max_length=40),
            "description": clean_text(one.description, max_length=LONGEST_DESCRIPTION),
            "amount": spoken.money(one.amount_minor, payment.currency),
        }
        line = f"- {notice_templates.render_part(parts['settled'], {'part': told})}"
        room -= len(line.encode()) + 1
        if room < 0:
            break
        settled.append(told)
        lines.append(line)
    others = payment.settled[len(lines) :]
    if others:
        total = spoken.money(sum(one.amount_minor for one in others), payment.currency)
        more = {"more_count": len(others), "more_total": total}
        lines.append(f"- {notice_templates.render_part(parts['more'], more)}")
    return {
        "last_payment": spoken.money(payment.amount_minor, payment.currency),
        "payment_on": spoken.day_year(payment.on),
        "payment_number": clean_text(payment.number, max_length=40),
        "settled": settled,
        "settled_list": "\n".join(lines),
    }


def _agreed(name: str, agreed: Agreed | None, spoken: Language) -> dict[str, object]:
    if agreed is None:
        return {name: "", f"{name}_on": ""}
    amount = spoken.money(agreed.amount_minor, agreed.currency)
    return {name: amount, f"{name}_on": spoken.day_year(agreed.due_on)}
