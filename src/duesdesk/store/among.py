"""Many values in one query: a JSON list as a parameter, on both engines."""

from __future__ import annotations

from collections.abc import Iterable

from duesdesk.store.database import Tx


def texts(tx: Tx, name: str = "wanted") -> str:
    """SQL for the texts of the JSON list in parameter `name`: `number IN (…)`."""
    if tx.postgres:
        return f"SELECT jsonb_array_elements_text(CAST(:{name} AS jsonb))"
    return f"SELECT value FROM json_each(:{name})"


def ids(tx: Tx, name: str = "wanted") -> str:
    """As `texts`, for whole numbers."""
    if tx.postgres:
        return f"SELECT CAST(jsonb_array_elements_text(CAST(:{name} AS jsonb)) AS bigint)"
    return texts(tx, name)


def beside(column: str) -> str:
    """A text column as it is compared beside `ids`: by them rows are found, not by an index of its own.

    SQLite takes a list to be long, and would rather walk through all notices of a state, of whomever.
    """
    return f"coalesce({column}, '')"


def listed(values: Iterable[object]) -> str:
    """The parameter: the values as a JSON list, each once."""
    kept = list(dict.fromkeys(values))
    if all(type(value) is int for value in kept):
        return f"[{','.join(map(str, kept))}]"
    import json  # imported late: start-up

    return json.dumps(kept, ensure_ascii=False)
