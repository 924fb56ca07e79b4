"""Which text a notice has: the centre's own, else the one that is shipped, in the first language that has a whole one.

A language is tried to its end before the next: the tone, then the neutral text, each time the centre's own first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from duesdesk.documents import notice_templates
from duesdesk.documents.notice_templates import FORMS, SHORT, WHOLE
from duesdesk.domain.collection.ladder import NOTICE, TONES, Step
from duesdesk.domain.errors import BadInput, NotFound
from duesdesk.i18n import LANGUAGES, SOURCE
from duesdesk.services.workplace import Centre
from duesdesk.store.database import Tx

# What speaks of money that is owed; a text of the centre's own that uses none of it asks for nothing.
_OF_DEBT = frozenset(
    ("coming_list", "due_list", "how_to_pay", "items", "later_list", "list", "overdue_list", "to_pay", "total",
     "totals")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A template as it is in force. `own` tells whether the centre wrote it, `name` and `tone` which text it is."""

    name: str
    tone: str
    language: str
    form: str
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A language that members read and a template lacks: they get it whole in `told_in`, '' when in none."""

    name: str
    tone: str
    form: str
    language: str
    members: int
    told_in: str


def missing(tx: Tx, centre: Centre, wanted: Iterable[tuple[str, str, str]]) -> Iterator[Missing]:
    """Of templates (name, tone, form), which languages that members read they lack."""
    rows = tx.all("SELECT coalesce(language, ''), count(*) FROM member WHERE status <> 'left' GROUP BY 1")
    # The centre's own counts even while nobody reads it: whoever comes next is written to in it.
    read = {centre.language: 0} if centre.language in LANGUAGES else {}
    for language, count in rows:
        first = languages_for(language, centre.language)[0]
        read[first] = read.get(first, 0) + count
    for name, tone, form in wanted:
        for language, members in sorted(read.items()):
            told_in = ""
            try:
                languages = languages_for(language, centre.language)
                told_in = find(tx, name, languages, tone=tone, form=form, country=centre.country).language
            except NotFound:
                pass
            if told_in != language:
                yield Missing(name, tone or notice_templates.NEUTRAL, form, language, members, told_in)


def texts_of(step: Step) -> list[tuple[str, str, str]]:
    """The texts (name, tone, form) that a step needs for its channels."""
    if step.do != NOTICE:
        return []
    forms = dict.fromkeys(notice_templates.form_of(channel) for channel in step.channels)
    return [(step.template, step.tone, form) for form in forms]


def languages_for(language: str | None, centre_language: str) -> tuple[str, ...]:
    """The languages to try for somebody who reads `language` ('es', 'pt_BR', or nobody asked)."""
    codes = [(code or "").replace("-", "_").split("_")[0].lower() for code in (language, centre_language)]
    return tuple(dict.fromkeys(code for code in (*codes, SOURCE) if code in LANGUAGES))


def find(
    tx: Tx, name: str, languages: tuple[str, ...], *, tone: str = "", form: str = WHOLE, country: str = ""
) -> Found:
    """The text in force.

    Raises NotFound when there is no template of that name, or none in that form; BadInput for a tone there is not.
    """
    if tone not in ("", *TONES):
        raise BadInput("template-tone-unknown", tone=tone, known=", ".join(TONES))
    name, tone = notice_templates.same_as(name, tone)
    own = own_texts(tx, name, form)
    for language in languages:
        for one in dict.fromkeys((tone, "")):
            text = own.get((one, language))
            if text:
                return Found(name, tone, language, form, text, own=True)
            shipped = notice_templates.shipped(name, language, tone=one, form=form, country=country, exact=True)
            if shipped is not None:
                return Found(name, tone, language, form, shipped, own=False)
    if form == SHORT and is_known(tx, name):
        raise NotFound("template-no-short-form", template=name)
    raise NotFound("template-unknown", template=name, known=tuple(known(tx)))


def own_texts(tx: Tx, name: str, form: str) -> Mapping[tuple[str, str], str]:
    """The centre's texts of one template by tone and language; one that was given back is ''."""
    rows = tx.all(
        """SELECT t.tone, t.language, t.content FROM template_text t
           WHERE t.name = :name AND t.form = :form AND NOT EXISTS (
               SELECT 1 FROM template_text later WHERE later.name = t.name AND later.tone = t.tone
                   AND later.language = t.language AND later.form = t.form AND later.id > t.id)""",
        name=name,
        form=form,
    )
    return {(tone, language): content for tone, language, content in rows}


def own_names(tx: Tx) -> tuple[str, ...]:
    """Templates of the centre that have no shipped one of that name."""
    rows = tx.all("SELECT DISTINCT name FROM template_text ORDER BY name")
    return tuple(
        name
        for (name,) in rows
        if name not in notice_templates.TEMPLATES and any(any(own_texts(tx, name, form).values()) for form in FORMS)
    )


def known(tx: Tx) -> tuple[str, ...]:
    """Every name a rule or a person may use."""
    return (*notice_templates.TEMPLATES, *own_names(tx))


def is_known(tx: Tx, name: str) -> bool:
    """Whether there is a template of that name."""
    return name in notice_templates.TEMPLATES or name in own_names(tx)


def asks_for_money(found: Found) -> bool:
    """Whether a notice with this text is withdrawn when the money came."""
    if found.name in notice_templates.TEMPLATES:
        return found.name in notice_templates.ASKS_FOR_MONEY
    return not _OF_DEBT.isdisjoint(notice_templates.used(found.text))
