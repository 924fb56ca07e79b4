"""The texts of what the rule sends: one notice from a step that is taken, in the language of the payer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from duesdesk.documents import notice_templates
from duesdesk.documents.notice_templates import SHORT
from duesdesk.documents.short_texts import LONGEST_SHORT, length_of
from duesdesk.domain.collection.facts import Item, Take
from duesdesk.domain.collection.ladder import NOTICE, PAID, TONES
from duesdesk.domain.errors import Refused
from duesdesk.domain.text import clean_text
from duesdesk.services import notice_facts, notice_values, template_texts
from duesdesk.services.collection.facts import Known
from duesdesk.services.notice_texts import LONGEST_BODY, LONGEST_SUBJECT
from duesdesk.services.notice_values import Agreed, Facts, ItemFact
from duesdesk.services.template_texts import Found
from duesdesk.services.workplace import Workplace
from duesdesk.store.database import Tx

DUE_DAY, OVERDUE = "due_day", "overdue"
"""The text of the day to pay, and the one that is true after it."""


class Draft(NamedTuple):
    """A notice as it will be written."""

    channel: str
    address: str
    language: str
    template: str
    tone: str
    subject: str
    body: str
    asks_for_money: bool


class Wording:
    """Texts of one centre for one day, within one transaction; each template is looked for once."""

    def __init__(self, tx: Tx, place: Workplace, day: date) -> None:
        self._tx = tx
        self._place = place
        self._day = day
        self._house = notice_facts.house(tx, place.centre)
        self._found: dict[tuple[str, str, str, str | None], Found] = {}

    def draft(self, known: Known, take: Take, accounts: Sequence[Known]) -> Draft:
        """The notice for a step that is taken; `accounts` are all of the payer.

        Raises BadInput when its template cannot be filled, NotFound when it is gone, Refused when the short form is too
        long for its channel.
        """
        step = take.step
        template = OVERDUE if step.template == DUE_DAY and self._is_over(take) else step.template
        tone = self._tone(take)
        found = self._template(template, tone, take.channel, known.person.language)
        law = known.home.law
        house = replace(
            self._house,
            opt_out=self._house.opt_out or law.way_out,
            names_creditor=self._house.names_creditor or law.names_creditor,
        )
        if take.paid is None and house.lacks_creditor(take.channel):
            raise Refused("notice-without-creditor")
        text = notice_values.text_of(found, _facts(known, take, accounts), house, self._day, take.channel)
        if found.form == SHORT and length_of(text.body) > LONGEST_SHORT:
            raise Refused("notice-too-long", channel=take.channel, longest=LONGEST_SHORT)
        return Draft(
            take.channel,
            known.reach.address(take.channel),
            found.language,
            template,
            tone,
            clean_text(text.subject, max_length=LONGEST_SUBJECT),
            clean_text(text.body, max_length=LONGEST_BODY, lines=True),
            step.when != PAID,
        )

    def _tone(self, take: Take) -> str:
        """That of the step; who was spoken to more firmly about something that it lists hears no milder word of it."""
        had = [
            step.tone
            for part in take.all_parts
            if part.item.due_on is not None and part.item.due_on < self._day
            for step in part.item.rule.steps
            if step.do == NOTICE and step.id in {one.step_id for one in part.item.taken if not one.waits}
        ]
        return max((take.step.tone, *had), key=TONES.index)

    def _is_over(self, take: Take) -> bool:
        """Whether the day to pay is over: the text that speaks of it would not be true of anything that is listed."""
        return not any(part.item.due_on == self._day for part in take.all_parts)

    def _template(self, template: str, tone: str, channel: str, language: str | None) -> Found:
        form = notice_templates.form_of(channel)
        key = (template, tone, form, language)
        found = self._found.get(key)
        if found is None:
            centre = self._place.centre
            languages = template_texts.languages_for(language, centre.language)
            found = self._found[key] = template_texts.find(
                self._tx, template, languages, tone=tone, form=form, country=centre.country
            )
        return found


def _facts(known: Known, take: Take, accounts: Sequence[Known]) -> Facts:
    if take.paid is None:
        by_currency = {one.account.currency: one for one in accounts}
        items = [_item(known, part.item) for part in take.parts]
        items += [_item(by_currency[one.currency], part.item) for one in take.beside for part in one.parts]
    else:
        # A receipt is for no invoice: it tells all that is still open, and asks for nothing.
        items = [_item(one, item) for one in accounts for item in one.account.items if not item.disputed]
    items.sort(key=lambda item: (item.due_on or date.max, item.number))
    on_account = {one.account.currency: one.account.credit_minor - one.coming_minor for one in accounts}
    return Facts(
        known.person.name,
        known.person.number,
        tuple(items),
        {currency: minor for currency, minor in on_account.items() if minor > 0},
        known.payments[take.paid.payment_id] if take.paid is not None else None,
        known.promised[take.broken.promise_id] if take.broken is not None else None,
        Agreed(known.account.currency, take.missed.open_minor, take.missed.due_on) if take.missed is not None else None,
    )


def _item(known: Known, item: Item) -> ItemFact:
    row = known.rows[item.invoice_id]
    return ItemFact(
        item.number,
        row.description,
        row.member_name if row.member_id != known.account.payer_id else "",
        known.account.currency,
        row.total_minor,
        row.paid_minor,
        item.open_minor,
        item.due_on,
    )
