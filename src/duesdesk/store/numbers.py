"""Gap-free numbers: taken inside the transaction that uses them, so a crash leaves no hole."""

from __future__ import annotations

from duesdesk.store.database import Tx

# Series that a new centre starts with: name, prefix, least digits, and the column the numbers must be new in.
SERIES = (
    ("member", "M", 5, ("member", "number")),
    ("invoice", "INV-", 5, ("invoice", "number")),
    ("payment", "PAY-", 5, ("payment", "reference")),
    ("credit", "CRN-", 5, ("credit", "reference")),
    ("booking", "BK-", 5, ("booking", "reference")),
)
_PLACE = {name: place for name, _, _, place in SERIES}
# A number with more digits is an account or a date and time, not one of a series; the column could not hold it.
_MOST_DIGITS = 15


def create(tx: Tx) -> None:
    """Start every series at 1."""
    for name, prefix, digits, _ in SERIES:
        tx.run(
            "INSERT INTO number_series (name, prefix, digits, next_number) VALUES (:name, :prefix, :digits, 1)",
            name=name,
            prefix=prefix,
            digits=digits,
        )


def take(tx: Tx, name: str) -> str:
    """The next number of a series; one that an import already brought is stepped over."""
    table, column = _PLACE[name]
    row = tx.one(
        """UPDATE number_series SET next_number = next_number + 1 WHERE name = :name
           RETURNING prefix, digits, next_number - 1""",
        name=name,
    )
    if row is None:
        raise ValueError(f"no series {name}")
    prefix, digits, number = row
    text = f"{prefix}{number:0{digits}d}"
    if tx.value(f"SELECT 1 FROM {table} WHERE {column} = :text", text=text) is not None:
        number = _above_all(tx, name, prefix, number)
        text = f"{prefix}{number:0{digits}d}"
        tx.run("UPDATE number_series SET next_number = :next WHERE name = :name", next=number + 1, name=name)
    return text


def take_many(tx: Tx, name: str, count: int) -> list[str]:
    """The next `count` numbers of a series, in order, in two statements as long as no import brought one of them."""
    if count == 0:
        return []
    from duesdesk.store import among  # imported late: start-up

    table, column = _PLACE[name]
    row = tx.one(
        """UPDATE number_series SET next_number = next_number + :count WHERE name = :name
           RETURNING prefix, digits, next_number - :count""",
        name=name,
        count=count,
    )
    if row is None:
        raise ValueError(f"no series {name}")
    prefix, digits, first = row
    texts = [f"{prefix}{number:0{digits}d}" for number in range(first, first + count)]
    taken = tx.value(f"SELECT 1 FROM {table} WHERE {column} IN ({among.texts(tx)}) LIMIT 1", wanted=among.listed(texts))
    if taken is None:
        return texts
    tx.run("UPDATE number_series SET next_number = :first WHERE name = :name", first=first, name=name)
    return [take(tx, name) for _ in range(count)]


def _above_all(tx: Tx, name: str, prefix: str, number: int) -> int:
    """The first number above every one of this series that an import brought: one look, however many there are.

    Numbers with more than `_MOST_DIGITS` digits are not of the series.
    """
    table, column = _PLACE[name]
    rows = tx.each(
        f"SELECT {column} FROM {table} WHERE substr({column}, 1, :width) = :prefix",
        width=len(prefix),
        prefix=prefix,
    )
    taken = (row[0][len(prefix) :] for row in rows)
    numbers = (int(digits) for digits in taken if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS)
    return max(numbers, default=number) + 1
