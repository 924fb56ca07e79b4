"""What a text of a notice may not say: advertising, threats, words of a court, shouting, debts in the subject, links.

The words are data, one list for each language, with their sources: data/notices/<language>.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from duesdesk import config
from duesdesk.documents.notice_templates import SHORT, used
from duesdesk.domain.errors import BadInput
from duesdesk.i18n import fold

_LISTS = ("advertising", "threats", "legal", "last", "debt")
# The subject is read by whoever passes: a name, a number or a day, and no amount.
_IN_SUBJECT = frozenset(
    ("centre", "creditor", "due_on", "instalment_on", "name", "payment_number", "payment_on", "promised_on",
     "reference", "today")
)  # fmt: skip
_AMOUNTS = frozenset(
    ("coming_list", "due_list", "instalment", "items", "last_payment", "later_list", "list", "more_total",
     "overdue_list", "promised", "settled", "settled_list", "to_pay", "total", "totals")
)  # fmt: skip
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_SIGN = r"(?:[€$£¥]|R\$|lei\b|(?:EUR|USD|GBP|BRL|RON|CHF|MXN)\b)"
_AMOUNT = re.compile(rf"{_SIGN}\s?\d|\d[\d.,\s]*{_SIGN}", re.IGNORECASE)
_OWN_SUM = re.compile(rf"{_AMOUNT.pattern}|\d+[.,]\d\d\b|\d\s?(?:euros?|lei|pounds?|reais)\b", re.IGNORECASE)
_PLACE = re.compile(r"\{[{%][^}]{0,40}(?:[}%]\})?")
_CAPITALS = re.compile(r"\b[^\W\d_a-z]{3,}\b")
# How a member says that no more is wanted, and what is always written so.
_ALWAYS_CAPITALS = frozenset(("BAJA", "CNPJ", "CPF", "IBAN", "NIF", "PARE", "SEPA", "SMS", "STOP"))
_MOST_CAPITALS = 3
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)(?P<host>[^\s/?#:)>\]]+)|@(?P<mail>[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@.-])(?P<bare>(?:[a-z0-9-]+\.)+(?:app|biz|br|cat|co|com|es|eu|gl|info|io|it|link|ly|me|net|online|org|pt|ro"
    r"|shop|site|uk|us))(?![\w-])",
    re.IGNORECASE,
)


def findings(template: str, language: str, *, form: str, hosts: Iterable[str] = ()) -> Iterator[BadInput]:
    """Everything that a template may not say, each with the words it was found by.

    `template` can be read (`notice_templates.check`). `hosts` are the names of the centre's own sites.
    """
    head, _, body = template.partition("\n")
    subject = head.removeprefix("Subject:")
    plain_subject, plain = _without_tags(subject), _without_tags(f"{subject}\n{body}")
    words = {name: _found(plain, language, name) for name in _LISTS}
    for name, code in (("advertising", "template-advertises"), ("threats", "template-threatens")):
        if words[name]:
            yield BadInput(code, words=words[name])
    if words["legal"]:
        yield BadInput("template-plays-court", words=words["legal"])
    if len(words["last"]) > 1:
        yield BadInput("template-last-twice", words=words["last"])
    yield from _subject(subject, plain_subject, language)
    if form == SHORT and words["debt"] and (used(template) & _AMOUNTS or _AMOUNT.search(plain)):
        yield BadInput("template-debt-with-amount", words=words["debt"])
    shouted = _shouted(plain)
    if shouted:
        yield BadInput("template-shouts", words=shouted)
    others = _other_links(_TAG.sub("·", template), hosts)
    if others:
        yield BadInput("template-links-elsewhere", links=others)


def place_in(text: str) -> BadInput | None:
    """What is to be told of the place of a figure in words of one's own, which are read as they stand."""
    found = _PLACE.search(text)
    return BadInput("notice-own-words-with-places", word=found[0]) if found is not None else None


def check_own_subject(subject: str) -> None:
    """Raises BadInput for a sum in the subject of words of one's own: it is seen on locked screens."""
    sums = [match[0].strip() for match in _OWN_SUM.finditer(subject)]
    if sums:
        raise BadInput("template-amount-in-subject", words=sums)


def _subject(subject: str, plain: str, language: str) -> Iterator[BadInput]:
    told = sorted({name.partition(".")[0].partition("[")[0] for name in used(subject)} - _IN_SUBJECT)
    found = [*told, *(match[0].strip() for match in _AMOUNT.finditer(plain))]
    if found:
        yield BadInput("template-amount-in-subject", words=found)
    debt = _found(plain, language, "debt")
    if debt:
        yield BadInput("template-debt-in-subject", words=debt)


def _without_tags(text: str) -> str:
    """What is read whatever the figures are; a place of a figure ends a word."""
    return _TAG.sub(" · ", text)


def _found(text: str, language: str, name: str) -> list[str]:
    """The listed words in `text` as they stand there, each time they do."""
    return [match[0] for match in _pattern(language, name).finditer(fold(text))]


@lru_cache(maxsize=64)
def _pattern(language: str, name: str) -> re.Pattern[str]:
    words = sorted(_lists(language).get(name, ()), key=len, reverse=True)
    parts = [re.escape(fold(word.rstrip("*"))) + (r"\w*" if word.endswith("*") else "") for word in words]
    # A language without a list finds nothing.
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)" if parts else r"(?!)")


@lru_cache(maxsize=8)
def _lists(language: str) -> Mapping[str, list[str]]:
    import tomllib  # imported late: start-up

    path = config.data_folder() / "notices" / f"{language}.toml"
    if not re.fullmatch("[a-z]{2}", language) or not path.is_file():
        return {}
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _shouted(text: str) -> list[str]:
    """Words in capitals, when there are several of them or they stand together; exclamation marks in a row."""
    words = [word for word in _CAPITALS.findall(text) if word not in _ALWAYS_CAPITALS]
    together = [
        match[0]
        for match in re.finditer(rf"{_CAPITALS.pattern}(?:\s+[^\W\d_a-z]+)*\s+{_CAPITALS.pattern}", text)
        if not _ALWAYS_CAPITALS & set(match[0].split())
    ]
    marks = re.findall(r"!{2,}", text)
    return [*(words if len(words) > _MOST_CAPITALS else together), *marks]


def _other_links(text: str, hosts: Iterable[str]) -> list[str]:
    own = tuple(host.lower().removeprefix("www.") for host in hosts if host)
    found = []
    for match in _LINK.finditer(text):
        host = (match["host"] or match["mail"] or match["bare"]).lower().rstrip(".,;").removeprefix("www.")
        if not any(host == one or host.endswith(f".{one}") for one in own):
            found.append(host)
    return found
