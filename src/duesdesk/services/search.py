"""Find: a member by anything that is known of them, best first, with what their payer owes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from duesdesk.domain.text import clean_text
from duesdesk.i18n import fold
from duesdesk.services.standing import Standing
from duesdesk.services.workplace import Workplace
from duesdesk.store import figures, search
from duesdesk.store.database import Row, Tx

MOST_WORDS = 6
LONGEST = 80
ROWS = 20
_DIALLED = re.compile(r"[+(]?[\d\s().+/-]*\d[\d\s().+/-]*")
_EXACT, _NUMBER, _NAME, _WORDS, _INSIDE = range(5)


@dataclass(frozen=True, slots=True)
class Found:
    """A member that fits what was typed. `standings` are those of who pays for them, one per currency.

    `payer_name` is empty for who pays for themselves. `matched` is the invoice that was typed, or empty.
    """

    member: str
    name: str
    phone: str | None
    email: str | None
    payer: str
    payer_name: str
    matched: str
    standings: tuple[Standing, ...]


class Search:
    """Find for one centre."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def find(self, text: str, *, most: int = ROWS) -> list[Found]:
        """Members that fit `text`, best first: number, card or invoice; beginning of the name; anywhere inside.

        Words may come in any order, with accents or without; a phone number with any blanks or signs in it. Nothing
        typed finds nobody.
        """
        typed = clean_text(text, max_length=LONGEST)
        words = words_of(typed)
        if not words:
            return []
        as_of = self._place.today().isoformat()
        with self._place.database.read() as tx:
            hits = _hits(tx, typed, words, most)
            base = figures.basis(tx, as_of)
            owed = search.standings(tx, {row[7] for _, row in hits}, base, as_of)
            payers = search.payers(tx, {row[7] for _, row in hits if row[7] != row[0]})
        return [_found(row, matched, owed.get(row[7], []), payers) for matched, row in hits]

    def resolve_scan(self, code: str) -> str | None:
        """The member whose card, number or invoice number is exactly what a reader read; None when nobody's is."""
        cleaned = clean_text(code, max_length=LONGEST)
        if not cleaned:
            return None
        with self._place.database.read() as tx:
            return search.scanned(tx, cleaned) or search.scanned(tx, cleaned.upper())


def words_of(text: str) -> list[str]:
    """What is looked for: the folded words; for a dialled number its digits as one word."""
    if _DIALLED.fullmatch(text):
        return ["".join(char for char in text if char.isascii() and char.isdigit()) or fold(text)]
    return list(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


def _hits(tx: Tx, typed: str, words: list[str], most: int) -> list[tuple[str, Row]]:
    """(invoice number or '', row of the member), best first, everybody once."""
    codes = dict.fromkeys((typed, typed.upper())) if " " not in typed else {}
    found: dict[int, tuple[int, str, str, Row]] = {}
    rows = search.by_code(tx, codes)
    # A number is meant only by something that has a figure in it.
    if codes and any(char.isdigit() for char in typed):
        for number, row in search.by_invoice(tx, codes):
            _keep(found, _EXACT if number in codes else _NUMBER, number, row)
        rows += search.by_number(tx, codes, most)
    if len(words) == 1 or not any(len(word) >= search.GRAM for word in words):
        rows += search.by_beginning(tx, words, most)
    for row in rows:
        _keep(found, _rank(row, codes, words), "", row)
    # Whoever has the text inside comes after those whose name or number begins with it.
    if len(found) < most:
        for row in search.by_words(tx, words, most):
            _keep(found, _rank(row, codes, words), "", row)
    best = sorted(found.values(), key=lambda hit: (hit[0], hit[2], hit[1]))[:most]
    return [(matched, row) for _, matched, _, row in best]


def _keep(found: dict[int, tuple[int, str, str, Row]], rank: int, matched: str, row: Row) -> None:
    before = found.get(row[0])
    if before is None or rank < before[0]:
        found[row[0]] = (rank, matched, row[3], row)


def _rank(row: Row, codes: dict[str, None], words: list[str]) -> int:
    number, name_folded, card, hay = row[1], row[3], row[5], row[6]
    # A whole phone number or e-mail is one person; a whole word of a name is not, many share it.
    whole = len(words) == 1 and words[0] in hay.split() and words[0] not in name_folded.split()
    if number in codes or card in codes or whole:
        return _EXACT
    if any(number.startswith(code) for code in codes):
        return _NUMBER
    parts = re.split(r"[\s-]", name_folded)
    begins = [any(part.startswith(word) for part in parts) for word in words]
    if all(begins) and any(name_folded.startswith(word) for word in words):
        return _NAME
    return _WORDS if all(begins) or all(f" {word}" in f" {hay}" for word in words) else _INSIDE


def _found(row: Row, matched: str, owed: list[tuple[str, int, int, int]], payers: dict[int, tuple[str, str]]) -> Found:
    # Who pays for themselves may be found beside somebody they pay for.
    payer_number, payer_name = payers[row[7]] if row[7] != row[0] else (row[1], "")
    standings = tuple(Standing(*one) for one in owed)
    return Found(row[1], row[2], row[4], row[8], payer_number, payer_name, matched, standings)
