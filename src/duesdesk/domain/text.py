"""Text from outside, made safe to keep and to show; and card numbers found in it.

`clean_text` stands at every way in (form, import, an older row) and at every way out (screen, output, letter, log):
a name may carry terminal commands, text-direction overrides and invisible letters, and no widget removes them.
"""

from __future__ import annotations

import re

MAX_MARKS = 8
"""Combining marks kept on one letter; more make a tower that paints over the lines above."""

# Printable ASCII, Latin letters, quotes, dashes and the euro sign: nothing to drop, no combining mark, and every
# character is NFC already. In a text of lines its newlines are plain, too.
_PLAIN = re.compile(r"[ -~\xa0-\xac\xae-ʯ–—‘-”…€]*")
_PLAIN_LINES = r"[\n -~\xa0-\xac\xae-ʯ–—‘-”…€·•]*"
# Patterns that few texts need are compiled when the first one does (start-up).
_LINE_ENDS = r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]"
_JOINERS = "\u200c\u200d"  # emoji families, Persian and Indic letters are written with them
# Format characters that are seen: Arabic and Syriac number and verse signs. All others are dropped.
_SEEN_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
# Nothing is gained by looking at all of a ten-megabyte field of which a line is kept.
_LOOK_AHEAD = 32


def clean_text(text: str, *, max_length: int = 200, lines: bool = False) -> str:
    """`text` in NFC without control, direction or invisible characters, at most `max_length` characters, stripped.

    Line ends and tabs become a blank; with `lines` a line end stays, as one newline. Other control characters and
    lone surrogates are dropped, and so are marks above the eighth on one letter. Cleaning twice changes nothing.
    """
    if len(text) <= max_length and (_PLAIN.fullmatch(text) or (lines and re.fullmatch(_PLAIN_LINES, text))):
        return text.strip()
    kept = re.sub(_LINE_ENDS, "\n" if lines else " ", text[: max_length * _LOOK_AHEAD])
    if not kept.isascii():
        kept = _clean_unicode(kept)
    else:
        kept = "".join([c for c in kept.replace("\t", " ") if (c >= " " and c != "\x7f") or c == "\n"])
    kept = kept.strip()
    return kept if len(kept) <= max_length else kept[:max_length].strip()


def _clean_unicode(text: str) -> str:
    # imported late: start-up
    import unicodedata

    category = unicodedata.category
    kept: list[str] = []
    for char in text:
        if char in "\t\n":
            kept.append(" " if char == "\t" else char)
            continue
        kind = category(char)
        if kind in ("Cc", "Cs", "Zl", "Zp"):
            continue
        if kind == "Cf" and char not in _JOINERS and char not in _SEEN_FORMATS:
            continue
        kept.append(char)
    # Composed after dropping: what is dropped may have stood between a letter and its accent.
    composed = unicodedata.normalize("NFC", "".join(kept))
    marks = 0
    result: list[str] = []
    for char in composed:
        # A joiner does not begin a new letter, so it cannot be used to build a tower in steps.
        marks = marks + 1 if char in _JOINERS or category(char)[0] == "M" else 0
        if marks <= MAX_MARKS:
            result.append(char)
    return "".join(result)


_GAP = r"[\s._\u2010-\u2015\u2212\-]{1,3}"
_SHORTEST_CARD, _LONGEST_CARD = 13, 19
_IBAN = r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
# First digits and lengths by brand; sources: ISO/IEC 7812 and the brands' published ranges.
_CARD_BRANDS = (
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa (and Elo's share of its range)
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12,15}"  # Discover, RuPay, Elo
    r"|62\d{14,17}"  # UnionPay
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|(?:30[0-59]\d|36\d\d|3[89]\d\d)\d{10,15}"  # Diners Club
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{9,15}"  # Maestro
    r"|220[0-4]\d{12,15}"  # Mir
    r"|(?:5066|5067|509\d|6362|6363|6062)\d{12}"  # Elo, Hipercard
)


def has_card_number(text: str) -> str | None:
    """The last four digits, masked ('**** 1111'), of the first payment card number in `text`; None without one.

    A card number is 13 to 19 digits, with blanks, dots or dashes between them or none, that begins as a card brand
    begins and whose check digit fits. Bank accounts (IBAN) and phone numbers written with a plus are let through.
    """
    if sum(map(str.isdigit, text)) < _SHORTEST_CARD:
        return None
    text = re.sub(_IBAN, lambda found: "x" if _is_iban(found[0]) else found[0], text)
    for run in _digit_runs(text):
        starts = ("".join(run[first:last]) for first in range(len(run)) for last in range(first + 1, _last(run, first)))
        found = [number for number in starts if re.fullmatch(_CARD_BRANDS, number) and _luhn(number)]
        if found:
            # A part of a card number may look like one too; the longest is the one that was meant.
            return f"**** {max(found, key=len)[-4:]}"
    return None


def _last(run: list[str], first: int) -> int:
    return min(len(run), first + _LONGEST_CARD) + 1


def _digit_runs(text: str) -> list[list[str]]:
    """Groups of digits that stand together, with only gaps between them; phone numbers with a plus are left out."""
    runs: list[list[str]] = []
    end = -1
    for found in re.finditer(r"\d+", text):
        group = "".join(str(int(digit)) for digit in found[0])
        if end >= 0 and re.fullmatch(_GAP, text[end : found.start()]):
            runs[-1].append(group)
        else:
            runs.append([group])
            if found.start() and text[found.start() - 1] == "+":
                runs[-1].insert(0, "+")
        end = found.end()
    return [[group for group in run if group != "+"] for run in runs if not _is_phone(run)]


def _is_phone(run: list[str]) -> bool:
    # E.164 allows 15 digits after the plus; a longer run is not one phone number.
    return run[0] == "+" and len("".join(run)) <= 1 + 15


def _is_iban(text: str) -> bool:
    code = re.sub("[ -]", "", text)
    digits = "".join(str(int(char, 36)) for char in code[4:] + code[:4])
    return 15 <= len(code) <= 34 and int(digits) % 97 == 1


def _luhn(number: str) -> bool:
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    backwards = [int(digit) for digit in reversed(number)]
    return (sum(backwards[::2]) + sum(doubled[digit] for digit in backwards[1::2])) % 10 == 0
