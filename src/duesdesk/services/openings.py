"""The first sentence at the counter, in the member's own language: short, polite, and fit to what is known.

No name and no amount: the person stands there, and others hear it.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from duesdesk.i18n import N_, NN_, SOURCE, Language, catalogue
from duesdesk.services.lookup import Person

OTHER_PAYS, SAYS_PAID, DISPUTED, PROMISED, BROKEN = "other_pays", "says_paid", "disputed", "promised", "broken"
PART, OFTEN, FIRST, SEVERAL = "part", "often", "first", "several"
TOLD_OFTEN = 3

_SENTENCES: dict[str, str | tuple[str, str]] = {
    OTHER_PAYS: N_("Could you ask {payer} to come by or to call us, please? It will not take long."),
    SAYS_PAID: N_("You told us it is paid. Do you remember when, and how? Then I will find it."),
    DISPUTED: N_("We are looking into what you told us about the invoice. Is there anything we should add?"),
    PROMISED: N_("I have {day} written down. Is that still good for you?"),
    BROKEN: N_("We had agreed on {day}, and it has not arrived yet. What can we do so that it works out?"),
    PART: N_("Thank you for what you paid already. Shall we settle the rest today?"),
    OFTEN: N_(
        "Do you have a minute? We have written to you about this. Let us find a way today, all at once or in parts."
    ),
    FIRST: N_("Do you have a minute? An invoice is still open; it may have slipped by. Shall we settle it now?"),
    SEVERAL: NN_(
        "Do you have a minute? {count} invoice is open. Shall we settle it today, or in parts?",
        "Do you have a minute? {count} invoices are open. Shall we settle them today, or in parts?",
    ),
}


class Opening(NamedTuple):
    """Which sentence fits, and the facts it needs."""

    level: str
    invoices: int = 1
    day: date | None = None


def sentence(opening: Opening, person: Person, spoken: Language) -> str:
    """The sentence in the language `spoken`; where it is not translated, whole in the source language."""
    found = _SENTENCES[opening.level]
    told = _in(spoken, found, opening.invoices)
    if told == _in(catalogue(SOURCE), found, opening.invoices):
        # A day written in another language than the words around it would be neither.
        spoken = catalogue(SOURCE)
    day = spoken.long_day(opening.day) if opening.day else ""
    return told.format(payer=person.payer_name, day=day, count=opening.invoices)


def _in(spoken: Language, found: str | tuple[str, str], count: int) -> str:
    return spoken.gettext(found) if isinstance(found, str) else spoken.ngettext(*found, count)
