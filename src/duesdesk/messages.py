"""Marks for texts that are translated later, where they are shown, and not where they are written down.

A table made when a module is read (sentences, the help of settings, names of columns) holds texts of the source
language; the mark only tells the extractor that they belong in the catalogues.
"""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for it)
    """`message` itself; it stands in the catalogues."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 (named as N_ is)
    """Both forms of a message that depends on a count; they stand in the catalogues."""
    return singular, plural
