"""Finding members by what was typed: candidates by index, never by reading everybody.

`member.search` holds folded words: name, number, e-mail, digits of the phone, card. On SQLite the trigram index gives
the members that have all letters typed; PostgreSQL has such an index behind LIKE. However many people match, a
bounded number is looked at, those whose name or number begins with the text first.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from duesdesk.store.arrivals import ids_in
from duesdesk.store.database import Row, Tx
from duesdesk.store.debtors import like
from duesdesk.store.figures import LEDGER, SUMS, open_sql
from duesdesk.store.positions import CREDIT_COMPUTED, CREDIT_PROJECTED

GRAM = 3
"""Letters of a word that the index knows together; shorter words are looked for at the beginning of words."""
MOST_BY_INDEX = 100
MOST_LOOKED_AT = 1000
MOST_INVOICES = 5
_LAST = "\U0010ffff"

_COLUMNS = "m.id, m.number, m.name, m.name_folded, m.phone, m.card, m.search, coalesce(m.payer_id, m.id), m.email"


def by_words(tx: Tx, words: Sequence[str], enough: int) -> list[Row]:
    """Members that have all these folded words: long ones anywhere, short ones at the beginning of a word.

    There may be more than are answered, once `enough` were found.
    """
    if tx.postgres:
        if not any(len(word) >= GRAM for word in words):
            return []
        return tx.all(
            f"SELECT {_COLUMNS} FROM member m WHERE {_has_all(words)} LIMIT {MOST_BY_INDEX}", **_patterns(words)
        )
    found = _by_grams(tx, words, fts_query(words))
    long = [word for word in words if len(word) >= GRAM]
    if 0 < len(long) < len(words) and len(found) < enough:
        # The name's own first word has no blank before it, so the index does not know its beginning.
        found += _by_grams(tx, words, fts_query(long))
    return found


def _by_grams(tx: Tx, words: Sequence[str], grams: str) -> list[Row]:
    if not grams:
        return []
    return tx.all(
        f"""SELECT {_COLUMNS}
            FROM (SELECT rowid AS id FROM member_search WHERE member_search MATCH :grams LIMIT {MOST_LOOKED_AT}) f
            JOIN member m ON m.id = f.id WHERE {_has_all(words)} LIMIT {MOST_BY_INDEX}""",
        grams=grams,
        **_patterns(words),
    )


def by_beginning(tx: Tx, words: Sequence[str], most: int) -> list[Row]:
    """Members whose name begins with one of these folded words and who have the others, in order of name."""
    found: list[Row] = []
    begins = (
        "n.name_folded LIKE :begin ESCAPE '!'" if tx.postgres else "n.name_folded >= :first AND n.name_folded < :last"
    )
    looked_at = most if len(words) == 1 else MOST_LOOKED_AT
    for word in words:
        found += tx.all(
            f"""SELECT {_COLUMNS} FROM member m WHERE {_has_all(words)} AND m.id IN (
                    SELECT n.id FROM member n WHERE {begins} ORDER BY n.name_folded, n.id LIMIT :looked_at)
                ORDER BY m.name_folded, m.id LIMIT :most""",
            begin=f"{like(word)}%",
            first=word,
            last=word + _LAST,
            looked_at=looked_at,
            most=most,
            **_patterns(words),
        )
    return found


def _has_all(words: Sequence[str]) -> str:
    return " AND ".join(f"(' ' || m.search) LIKE :word{n} ESCAPE '!'" for n in range(len(words)))


def _patterns(words: Sequence[str]) -> dict[str, object]:
    return {f"word{n}": f"%{like(word)}%" if len(word) >= GRAM else f"% {like(word)}%" for n, word in enumerate(words)}


def by_code(tx: Tx, typed: Collection[str]) -> list[Row]:
    """Members whose number or card is exactly one of the texts."""
    found: list[Row] = []
    for text in typed:
        found += tx.all(f"SELECT {_COLUMNS} FROM member m WHERE m.number = :text OR m.card = :text", text=text)
    return found


def by_number(tx: Tx, typed: Collection[str], most: int) -> list[Row]:
    """Members whose number begins with one of the texts."""
    found: list[Row] = []
    begins = "m.number LIKE :begin ESCAPE '!'" if tx.postgres else "m.number >= :first AND m.number < :last"
    for text in typed:
        found += tx.all(
            f"SELECT {_COLUMNS} FROM member m WHERE {begins} ORDER BY m.number LIMIT :most",
            begin=f"{like(text)}%",
            first=text,
            last=text + _LAST,
            most=most,
        )
    return found


def by_invoice(tx: Tx, typed: Collection[str]) -> list[tuple[str, Row]]:
    """(invoice number, its member) of invoices whose number is one of the texts, or begins with one."""
    found: list[tuple[str, Row]] = []
    begins = "i.number LIKE :begin ESCAPE '!'" if tx.postgres else "i.number >= :first AND i.number < :last"
    for text in typed:
        rows = tx.all(
            f"""SELECT i.number, {_COLUMNS} FROM invoice i JOIN member m ON m.id = i.member_id
                WHERE {begins} ORDER BY i.number LIMIT {MOST_INVOICES}""",
            begin=f"{like(text)}%",
            first=text,
            last=text + _LAST,
        )
        found += [(row[0], row[1:]) for row in rows]
    return found


def standings(tx: Tx, payer_ids: Collection[int], base: str, as_of: str) -> dict[int, list[tuple[str, int, int, int]]]:
    """By payer: (currency, overdue, open, credit on account) of each currency they owe or have something in."""
    ids = json.dumps(list(payer_ids))
    found: dict[int, list[tuple[str, int, int, int]]] = {}
    if base == SUMS:
        rows = tx.all(
            f"""SELECT payer_id, currency, overdue_minor, open_minor, credit_minor FROM payer_balance
                WHERE payer_id IN {ids_in(tx)} AND (open_minor > 0 OR credit_minor > 0) ORDER BY payer_id, currency""",
            ids=ids,
        )
    else:
        credit_sql = CREDIT_COMPUTED if base == LEDGER else CREDIT_PROJECTED
        rows = tx.all(
            f"""SELECT payer_id, currency, sum(late_minor), sum(open_minor), sum(credit_minor) FROM (
                    SELECT payer_id, currency, CASE WHEN due_on < :as_of THEN open_minor ELSE 0 END AS late_minor,
                           open_minor, 0 AS credit_minor
                    FROM ({open_sql(base)}) o WHERE payer_id IN {ids_in(tx)}
                    UNION ALL
                    SELECT payer_id, currency, 0, 0, credit_minor FROM ({credit_sql}) c WHERE payer_id IN {ids_in(tx)}
                ) parts GROUP BY payer_id, currency ORDER BY payer_id, currency""",
            ids=ids,
            as_of=as_of,
        )
    for payer_id, *figures in rows:
        found.setdefault(payer_id, []).append((figures[0], figures[1], figures[2], figures[3]))
    return found


def payers(tx: Tx, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """(number, name) of members by their id."""
    rows = tx.all(f"SELECT id, number, name FROM member WHERE id IN {ids_in(tx)}", ids=json.dumps(list(ids)))
    return {identity: (number, name) for identity, number, name in rows}


def scanned(tx: Tx, code: str) -> str | None:
    """The number of the member whose card, number or invoice is exactly `code`, in that order; None without one."""
    number: str | None = tx.value(
        """SELECT number FROM (
               SELECT 1 AS place, number FROM member WHERE card = :code
               UNION ALL SELECT 2, number FROM member WHERE number = :code
               UNION ALL SELECT 3, m.number FROM invoice i JOIN member m ON m.id = i.member_id WHERE i.number = :code
           ) hits ORDER BY place LIMIT 1""",
        code=code,
    )
    return number


def fts_query(words: Sequence[str]) -> str:
    """What the trigram index is asked: all letter groups of all words; empty when the words are too short for it."""
    grams: dict[str, None] = {}
    for word in words:
        text = word if len(word) >= GRAM else f" {word}"
        grams |= dict.fromkeys(text[at : at + GRAM] for at in range(len(text) - GRAM + 1))
    return " AND ".join(quoted(gram) for gram in grams)


def quoted(text: str) -> str:
    """`text` as a string of FTS5, whatever is in it: the only way anything typed gets into a query."""
    return '"' + text.replace('"', '""') + '"'
