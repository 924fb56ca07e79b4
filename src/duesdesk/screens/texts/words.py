"""Words for texts of notices: what a template is for, its tone, and what may be inserted."""

from __future__ import annotations

from duesdesk.documents.notice_templates import SHORT
from duesdesk.i18n import _
from duesdesk.messages import N_
from duesdesk.services.templates import Address

_NAMES = {
    "invoice": N_("invoice issued"),
    "before_due": N_("before the due day"),
    "due_day": N_("on the due day"),
    "overdue": N_("after the due day"),
    "formal_letter": N_("formal letter"),
    "promise_broken": N_("promise not kept"),
    "instalment_missed": N_("instalment missed"),
    "payment_received": N_("payment received"),
}
_TONES = {"friendly": N_("friendly"), "neutral": N_("neutral"), "firm": N_("firm")}
FIGURES: dict[str, str] = {
    "name": N_("who gets it"),
    "centre": N_("the name of the centre"),
    "list": N_("all invoices it is about, with charge, paid and rest"),
    "overdue_list": N_("those of them that are overdue"),
    "coming_list": N_("those of them that are not overdue"),
    "due_list": N_("those due today or before"),
    "later_list": N_("those due later"),
    "total": N_("the sum of the rests"),
    "totals": N_("the sum, money on account and what is left, as sentences"),
    "credit": N_("money on account"),
    "to_pay": N_("the sum less money on account"),
    "due_on": N_("the due day, when it is one for all"),
    "how_to_pay": N_("the ways to pay, as the settings say"),
    "pay_link": N_("the page to pay at"),
    "account": N_("the account to pay to"),
    "reference": N_("what a transfer names: the invoice, or the member"),
    "contact": N_("telephone and e-mail of the centre"),
    "signature": N_("name, address and tax number of the centre"),
    "today": N_("the day it is written"),
    "last_payment": N_("the amount of the payment that is confirmed"),
    "payment_on": N_("the day of that payment"),
    "payment_number": N_("the number of that payment"),
    "settled_list": N_("what that payment was used for"),
    "promised": N_("the amount that was promised"),
    "promised_on": N_("the day it was promised for"),
    "instalment": N_("the amount of the instalment"),
    "instalment_on": N_("the day of the instalment"),
    "opt_out": N_("how to get no more of these, where the law wants it said"),
}
"""What staff insert most, in the order it is shown; `notice_templates.VARIABLES` knows some more."""


def template_word(name: str) -> str:
    """What a template is for; the name itself for one of the centre's own."""
    return _(_NAMES[name]) if name in _NAMES else name


def tone_word(address: Address) -> str:
    """The tone of a text, or that it is the short form."""
    if address.form == SHORT:
        return _("text message") if address.tone == "neutral" else f"{_('text message')}, {_(_TONES[address.tone])}"
    return _(_TONES[address.tone])
