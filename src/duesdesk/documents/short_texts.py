"""The short form of a notice: the alphabet of SMS, and how much of it a text takes."""

from __future__ import annotations

from duesdesk.i18n.formats import NO_BREAK

LONGEST_SHORT = 320
"""Two messages' worth: what is longer is a letter."""
# GSM 03.38, the default alphabet of SMS: one letter outside of it more than halves what a message holds.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€")


def in_sms_alphabet(text: str) -> str:
    """`text` with the letters SMS has not written by those it has: 'Rămân 20,00 €' gives 'Raman 20,00 €'."""
    if all(char in _BASIC or char in _TWICE for char in text):
        return text
    from anyascii import anyascii  # imported late: start-up

    plain = text.replace(NO_BREAK, " ").replace("\u202f", " ")
    return "".join(char if char in _BASIC or char in _TWICE else anyascii(char) for char in plain)


def length_of(text: str) -> int:
    """How much room a text takes in a short message; some signs count twice."""
    return len(text) + sum(char in _TWICE for char in text)
