"""The texts of notices as staff see and change them: what is in force, what a draft may not say, saving, giving back.

A text of the centre stands beside the shipped one, for one name, tone, language and form; rows stay, and the latest
counts. The text without a tone is the neutral one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from duesdesk.clock import from_utc_text
from duesdesk.documents import notice_templates, notice_words
from duesdesk.documents.notice_templates import FORMS, NAMES, NEUTRAL, SHORT, WHOLE
from duesdesk.documents.short_texts import LONGEST_SHORT, length_of
from duesdesk.domain.collection.ladder import TONES
from duesdesk.domain.errors import BadInput, Conflict, DuesdeskError, NotFound, Refused
from duesdesk.domain.text import clean_text, has_card_number
from duesdesk.i18n import LANGUAGES
from duesdesk.services import notice_facts, notice_samples, template_texts
from duesdesk.services.acts import Done, Plain, Request, Within, perform, rehearse
from duesdesk.services.collection.rulebook import RuleBook
from duesdesk.services.notice_texts import NoticeRequest, NoticeTexts, Preview
from duesdesk.services.notice_values import House, text_of
from duesdesk.services.template_texts import Found, Missing
from duesdesk.services.workplace import Workplace
from duesdesk.store.database import Tx

VERB = "template"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# A channel to try a form by.
_CHANNEL_OF = {WHOLE: "email", SHORT: "sms"}


@dataclass(frozen=True, slots=True)
class Address:
    """Which text is meant. `tone` is one of the rule's; the neutral text also stands in for tones that have none."""

    name: str
    language: str
    tone: str = NEUTRAL
    form: str = WHOLE


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A text in force. `own` tells whether the centre wrote it, by whom and when; `shipped` what it would be else."""

    address: Address
    text: str
    own: bool
    shipped: str | None
    changed_at: datetime | None = None
    changed_by: str = ""


class Trial(NamedTuple):
    """A text tried out: what keeps it from being saved, and how it reads for `name` ('' for an invented person)."""

    findings: tuple[DuesdeskError, ...]
    name: str
    subject: str = ""
    body: str = ""
    problem: DuesdeskError | None = None


class Templates:
    """Texts of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    # --- reading

    def all(self) -> list[TemplateView]:
        """Every text: each name, form, tone and language that has one of its own, in that order."""
        with self._place.database.read() as tx:
            own = _latest(tx)
        names = (*NAMES, *sorted({name for name, *_rest in own if name not in NAMES}))
        return [
            view
            for name in names
            for form in FORMS
            for tone in TONES
            for language in LANGUAGES
            if (view := self._view(Address(name, language, tone, form), own)) is not None
        ]

    def get(self, address: Address) -> TemplateView:
        """The text in force at exactly this address, or the neutral one of its language. Raises NotFound, BadInput."""
        address = _canonical(address)
        with self._place.database.read() as tx:
            own = _latest(tx)
            for tone in dict.fromkeys((address.tone, NEUTRAL)):
                view = self._view(Address(address.name, address.language, tone, address.form), own)
                if view is not None:
                    return view
            names = template_texts.known(tx)
        if address.name in names:
            raise NotFound("template-not-in-language", template=address.name, language=address.language)
        raise NotFound("template-unknown", template=address.name, known=tuple(names))

    def _view(self, address: Address, own: Mapping[Key, tuple[str, str, str]]) -> TemplateView | None:
        shipped = notice_templates.shipped(
            address.name, address.language, tone=address.tone, form=address.form,
            country=self._place.centre.country, exact=True,
        )  # fmt: skip
        text, at, by = own.get(_key(address), ("", "", ""))
        if text:
            return TemplateView(address, text, True, shipped, from_utc_text(at), by)
        return None if shipped is None else TemplateView(address, shipped, False, shipped)

    def preview(self, member: str, address: Address, *, draft: str | None = None) -> Preview:
        """The notice a member would get with the text in force, or with `draft`, in the language asked for.

        Raises NotFound, BadInput; what keeps it from going is in `problem`.
        """
        address = _canonical(address)
        if draft is not None:
            notice_templates.check(draft)
        wanted = NoticeRequest(member, address.name, tone=address.tone, channel=_CHANNEL_OF[address.form])
        with self._place.database.read() as tx:
            return NoticeTexts(self._place).compose(tx, wanted, draft=draft, language=address.language)

    def try_out(self, address: Address, text: str, member: str | None) -> Trial:
        """How `text` would read for a member, in the language of `address`, and everything that is wrong with it.

        Without a member it is tried on an invented one. Raises NotFound, BadInput for an address there is not.
        """
        address = _canonical(address)
        with self._place.database.read() as tx:
            findings = tuple(self._findings(tx, text, address))
            try:
                notice_templates.check(text)
                if member is None:
                    house = notice_facts.house(tx, self._place.centre)
                    draft = Found(address.name, address.tone, address.language, address.form, text, own=True)
                    told = text_of(draft, notice_samples.USUAL, house, notice_samples.DAY, _CHANNEL_OF[address.form])
                    return Trial(findings, "", told.subject, told.body)
                wanted = NoticeRequest(member, address.name, tone=address.tone, channel=_CHANNEL_OF[address.form])
                found = NoticeTexts(self._place).compose(tx, wanted, draft=text, language=address.language)
            except BadInput:
                return Trial(findings, "")
        # How they are reached is another matter.
        is_told = found.problem is not None and found.problem.code in ("notice-nothing-owed", "notice-too-long")
        return Trial(findings, found.payer_name, found.subject, found.body, found.problem if is_told else None)

    def to_try_on(self, language: str, *, most: int = 30) -> list[str]:
        """Numbers of payers to try a text on: who owes the longest, those that read `language` before the others."""
        with self._place.database.read() as tx:
            rows = tx.all(
                """SELECT m.number, m.language FROM (
                       SELECT payer_id, min(due_on) AS oldest FROM open_item GROUP BY payer_id
                       ORDER BY min(due_on) LIMIT :most) owing
                   JOIN member m ON m.id = owing.payer_id ORDER BY owing.oldest, m.id""",
                most=most * 10,
            ) or tx.all("SELECT number, language FROM member ORDER BY id LIMIT :most", most=most)
        centre = self._place.centre.language
        read = {number: template_texts.languages_for(code, centre)[0] == language for number, code in rows}
        return sorted(read, key=lambda number: not read[number])[:most]

    def missing(self, wanted: Iterable[tuple[str, str, str]]) -> list[Missing]:
        """Of templates (name, tone, form), which languages that members read they lack; see `Missing`."""
        with self._place.database.read() as tx:
            return list(template_texts.missing(tx, self._place.centre, wanted))

    # --- what may not be said

    def findings(self, text: str, address: Address) -> list[DuesdeskError]:
        """Everything that keeps `text` from being saved, the gravest first; empty when it is in order."""
        with self._place.database.read() as tx:
            return self._findings(tx, text, _canonical(address))

    def _findings(self, tx: Tx, text: str, address: Address) -> list[DuesdeskError]:
        found: list[DuesdeskError] = []
        try:
            notice_templates.check(text)
        except BadInput as error:
            if error.code != "template-unknown-words":
                return [error]
            found.append(error)
        masked = has_card_number(text)
        if masked:
            found.append(BadInput("card-number-refused", masked=masked))
        house = notice_facts.house(tx, self._place.centre)
        found += notice_words.findings(text, address.language, form=address.form, hosts=_hosts(house))
        if found:
            return found
        draft = Found(address.name, address.tone, address.language, address.form, text, own=True)
        if house.names_creditor and template_texts.asks_for_money(draft) and not _names_creditor(draft):
            found.append(BadInput("template-without-creditor"))
        try:
            found.extend(_tried(draft, house))
        except BadInput as error:
            found.append(error)
        return found

    # --- changing

    def set(
        self,
        address: Address,
        text: str,
        *,
        key: str | None = None,
        dry_run: bool = False,
        instead_of: str | None = None,
    ) -> Plain:
        """Put a text of the centre's own in force.

        `instead_of` is the text in force that was read before; when it is another one by now, that is refused.

        Answers `{"template", "tone", "language", "form", "own", "instead": [{"language", "members", "told_in"}]}`:
        who reads another language gets it whole in `told_in`. Raises BadInput for what it may not say, Refused for a
        new name that is not written in the centre's own language first, or when the role may not.
        """
        address = _canonical(address)
        text = f"{clean_text(text, max_length=notice_templates.LONGEST_TEMPLATE + 1, lines=True)}\n"

        def work(within: Within) -> Done:
            for error in self._findings(within.tx, text, address):
                raise error
            self._refuse_without_centre_language(within.tx, address)
            self._refuse_changed(within.tx, address, instead_of)
            return self._written(within, address, text)

        request = Request(VERB, {**_plain(address), "text": text}, key=key)
        return (rehearse if dry_run else perform)(self._place, request, work)

    def reset(self, address: Address, *, key: str | None = None) -> Plain:
        """Give a text back: the shipped one is in force again. Answers as `set`. Raises Refused when it is already."""
        address = _canonical(address)

        def work(within: Within) -> Done:
            if not _latest(within.tx, address.name).get(_key(address), ("",))[0]:
                raise Refused("template-not-own", template=address.name)
            done = self._written(within, address, "")
            self._refuse_in_use(within.tx, address)
            return done

        return perform(self._place, Request(VERB, {**_plain(address), "text": ""}, key=key), work)

    def put_back_within(self, within: Within, answer: Plain, before: str) -> Done:
        """The text that a change replaced (`before`, of its audit entry) is in force again; undo calls it.

        Raises Refused when the text was changed once more since.
        """
        address = Address(answer["template"], answer["language"], answer["tone"], answer["form"])
        held = json.loads(before)
        now = _latest(within.tx, address.name).get(_key(address), ("",))[0]
        if now != held["after"]:
            raise Refused("undo-not-the-last")
        done = self._written(within, address, held["before"])
        self._refuse_in_use(within.tx, address)
        return done

    def _refuse_without_centre_language(self, tx: Tx, address: Address) -> None:
        language = self._place.centre.language
        if address.name in NAMES or address.language == language:
            return
        own = template_texts.own_texts(tx, address.name, address.form)
        if not any(text for (_tone, written), text in own.items() if written == language):
            raise Refused("template-centre-language-first", template=address.name, language=language)

    def _refuse_in_use(self, tx: Tx, address: Address) -> None:
        """Raises Refused when a rule in force has a notice now that somebody could not get any more."""
        wanted = [
            text
            for rule in RuleBook(tx).rules()
            for step in rule.steps
            for text in template_texts.texts_of(step)
            if text[0] == address.name
        ]
        if not all(one.told_in for one in template_texts.missing(tx, self._place.centre, dict.fromkeys(wanted))):
            raise Refused("template-in-use", template=address.name)

    def _refuse_changed(self, tx: Tx, address: Address, read: str | None) -> None:
        now = self._view(address, _latest(tx, address.name))
        if read is not None and now is not None and now.text != read:
            raise Conflict("template-changed-meanwhile", actor=now.changed_by)

    def _written(self, within: Within, address: Address, text: str) -> Done:
        before = _latest(within.tx, address.name).get(_key(address), ("",))[0]
        within.tx.insert(
            """INSERT INTO template_text (name, tone, language, form, content, act_id, recorded_at, actor, desk)
               VALUES (:name, :tone, :language, :form, :content, :act_id, :at, :actor, :desk)""",
            content=text,
            act_id=within.act.id,
            at=within.act.recorded_at,
            actor=within.act.actor,
            desk=within.act.desk,
            **dict(zip(("name", "tone", "language", "form"), _key(address), strict=True)),
        )
        instead = [
            {"language": one.language, "members": one.members, "told_in": one.told_in}
            for one in template_texts.missing(
                within.tx, self._place.centre, [(address.name, address.tone, address.form)]
            )
        ]
        return Done(
            f"template {address.name}",
            {**_plain(address), "own": bool(text), "instead": instead},
            json.dumps({"before": before, "after": text}, ensure_ascii=False),
        )


Key = tuple[str, str, str, str]


def _key(address: Address) -> Key:
    """(name, tone, language, form) as the store keeps it: neutral is ''."""
    return address.name, "" if address.tone == NEUTRAL else address.tone, address.language, address.form


def _latest(tx: Tx, name: str = "") -> dict[Key, tuple[str, str, str]]:
    """(text, when, by whom) of the centre's texts, the latest of each; one that was given back is ''."""
    rows = tx.all(
        """SELECT name, tone, language, form, content, recorded_at, actor FROM template_text
           WHERE :name = '' OR name = :name ORDER BY id""",
        name=name,
    )
    return {row[:4]: row[4:] for row in rows}


def _canonical(address: Address) -> Address:
    """The address with today's name for one of before. Raises BadInput for a tone, language or name there is not."""
    if address.tone not in ("", *TONES):
        raise BadInput("template-tone-unknown", tone=address.tone, known=", ".join(TONES))
    if address.language not in LANGUAGES:
        raise BadInput("language-unknown", language=address.language, known=", ".join(LANGUAGES))
    if not _NAME.fullmatch(address.name):
        raise BadInput("template-name", template=address.name)
    name, tone = notice_templates.same_as(address.name, address.tone)
    return Address(name, address.language, tone or NEUTRAL, address.form)


def _plain(address: Address) -> Plain:
    return {
        "template": address.name,
        "tone": address.tone,
        "language": address.language,
        "form": address.form,
    }


def _hosts(house: House) -> tuple[str, ...]:
    """The names of the centre's own sites: of its pages, and behind the @ of its address."""
    hosts = [house.settings.get("email", "").rpartition("@")[2]]
    for key in ("pay_link", "website"):
        address = house.settings.get(key, "")
        hosts.append(address.partition("://")[2].partition("/")[0].partition(":")[0])
    return tuple(host for host in hosts if host)


def _names_creditor(found: Found) -> bool:
    used = notice_templates.used(found.text)
    return bool(used & {"signature", "creditor"}) or {"address", "tax_id"} <= used


def _tried(draft: Found, house: House) -> Iterator[BadInput]:
    """Tries the text on samples. Raises BadInput for one that cannot be filled."""
    channel = _CHANNEL_OF[draft.form]
    for sample in notice_samples.SAMPLES:
        told = text_of(draft, sample, house, notice_samples.DAY, channel)
        if sample is notice_samples.USUAL and not (told.subject and told.body):
            yield BadInput("template-says-nothing")
            return
        if draft.form == SHORT and length_of(told.body) > LONGEST_SHORT:
            yield BadInput("template-too-long-for-short", length=length_of(told.body), longest=LONGEST_SHORT)
            return
