"""How a name is written in a letter."""

from __future__ import annotations

# What stands behind the comma of a company or of a title, and is no given name.
_NO_GIVEN_NAMES = frozenset(
    "jr sr ii iii iv phd md inc llc llp ltd plc gmbh ag kg sl slu sa sas sau srl spa snc sc lda ltda eireli me".split()
)


def as_written(name: str) -> str:
    """'Popescu, Ștefan' as people write it: 'Ștefan Popescu'; a name whose parts are not told apart stays whole.

    Without a comma nobody knows which word is the given name: 'Popescu Ștefan', 'Ștefan Popescu', 'Nordwind S.L.'.
    """
    last, comma, first = (part.strip() for part in name.partition(","))
    is_given = bool(last and first) and not any(char in ".,&" or char.isdigit() for char in first)
    return f"{first} {last}" if comma and is_given and first.casefold() not in _NO_GIVEN_NAMES else name
