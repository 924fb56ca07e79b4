"""Telling a card reader from a person: the decisions, free of any screen, with the times given from outside.

A reader types at least four letters or digits, each less than 60 ms after the one before, and then Enter. So may a
slow line that delivers in one piece what a person typed. Such a burst is judged at its Enter:

1. A code that a card or a member has is a scan, wherever the keyboard is: nothing of it is typed, nothing acts.
2. Into a field of text anything else is typing; a new card may be meant for it.
3. Keys that came one by one, each at least 1.5 ms and less than 60 ms after the one before, are a reader's: nobody
   types like that. The card is unknown, and that is told.
4. What came in one piece is a card when it reads like one: digits only (but into an amount those are typing), letters
   and digits in turn (`4f00a1`), or beginning with what does nothing here (`M99999`).
5. The rest begins with a key that acts here, or with a figure of an amount: `yfri`, `p100`, `50k`. It is typing, and
   its keys are handed on in their order.

While a burst is still possible, letters that would act are held back (at most 60 ms); letters that a field takes go in
at once and are taken out again when the burst turns out to be a card.

Example:
    reader = ScanFilter()
    code = reader.asks(key)                              # whether this code is known is wanted; "" for most keys
    told = reader.feed(key, field=focused_field_or_None, known=code in cards, acts=key_does_something)
    told.keys        # keys to handle now, in order
    told.code        # a scan: the app opens this member; nothing of it was typed or acted
    reader.due()     # when held letters must be let go: `reader.release()`
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple, Protocol

GAP_SECONDS = 0.060
LEAST_GAP_SECONDS = 0.0015
"""Keys that follow each other faster came in one piece; a reader's come one by one."""
LEAST_CHARACTERS = 4
MOST_TURNS = 2
"""So often what a person types goes from letters to digits or back: `p100k`."""
_BESIDE_LETTERS = "-_"


class KeyLike(Protocol):
    """What is needed of a key event."""

    key: str
    character: str | None
    time: float


class FieldLike(Protocol):
    """What is needed of the focused field."""

    takes_codes: bool
    """Whether a code may be meant for it: a text, not an amount."""

    def accepts(self, character: str) -> bool:
        """Whether typing this character changes the field."""

    def take_state(self) -> object:
        """What `put_back` needs to undo later typing."""

    def put_back(self, state: object) -> None:
        """Undo what was typed since `state` was taken."""


class Told(NamedTuple):
    """What to do now: keys to handle in order; or a code that was scanned."""

    keys: tuple[KeyLike, ...] = ()
    code: str = ""


def in_codes(character: str | None) -> bool:
    """Whether cards carry this character; anything else ends a burst and is never held back."""
    return (
        character is not None
        and len(character) == 1
        and character.isascii()
        and (character.isalnum() or character in _BESIDE_LETTERS)
    )


def turns(code: str) -> int:
    """How often a code goes from letters to digits or back."""
    return sum(one.isdigit() != other.isdigit() for one, other in pairwise(code))


class ScanFilter:
    """The state between two keys; see the module."""

    def __init__(self) -> None:
        self._burst = ""
        self._held: list[KeyLike] = []
        self._last = 0.0
        self._least_gap = GAP_SECONDS
        self._handed_on = False
        self._field: FieldLike | None = None
        self._before: object = None

    @property
    def holding(self) -> bool:
        """Whether letters are held back."""
        return bool(self._held)

    def due(self) -> float:
        """The time at which held letters turn out to be typed by a person."""
        return self._last + GAP_SECONDS

    def release(self) -> tuple[KeyLike, ...]:
        """Let held letters go: they were no scan. The burst is over."""
        held, self._held = tuple(self._held), []
        self._burst, self._field, self._before = "", None, None
        self._least_gap, self._handed_on = GAP_SECONDS, False
        return held

    def asks(self, key: KeyLike, *, field: FieldLike | None) -> str:
        """The code that ends with this key, when whether it is known decides; else ""."""
        is_end = key.key == "enter" and len(self._burst) >= LEAST_CHARACTERS and not self._handed_on
        return self._burst if is_end and not self._is_over(key, field) else ""

    def feed(self, key: KeyLike, *, field: FieldLike | None, known: bool, acts: Callable[[str], bool]) -> Told:
        """Judge the next key.

        `field` is the focused entry field, `known` whether the code of `asks` is a card's, and `acts` tells whether a
        letter is a key here.
        """
        let_go: tuple[KeyLike, ...] = ()
        if self._burst and self._is_over(key, field):
            let_go = self.release()
        code = self.asks(key, field=field)
        if code and (known or self._reads_like_a_card(key, field, acts)):
            before = self._before
            self.release()
            if field is not None:
                field.put_back(before)
            return Told(let_go, code)
        if not in_codes(key.character):
            return Told((*let_go, *self.release(), key))
        return Told((*let_go, *self._letter(key, str(key.character), field)))

    def _is_over(self, key: KeyLike, field: FieldLike | None) -> bool:
        return key.time - self._last >= GAP_SECONDS or field is not self._field

    def _reads_like_a_card(self, key: KeyLike, field: FieldLike | None, acts: Callable[[str], bool]) -> bool:
        """Whether a code that nobody has was read all the same; see the rules of the module."""
        code = self._burst
        if field is not None and field.takes_codes:
            return False
        if min(self._least_gap, key.time - self._last) >= LEAST_GAP_SECONDS:
            return True
        if code.isdigit():
            return field is None
        begins = (field is not None and field.accepts(code[0])) or acts(code[0])
        return not begins or turns(code) > MOST_TURNS

    def _letter(self, key: KeyLike, character: str, field: FieldLike | None) -> tuple[KeyLike, ...]:
        if not self._burst:
            self._field = field
            self._before = field.take_state() if field is not None else None
        else:
            self._least_gap = min(self._least_gap, key.time - self._last)
        self._burst += character
        self._last = key.time
        if field is not None and not self._held and field.accepts(character):
            return (key,)
        self._held.append(key)
        # A letter that repeats is a key held down (j, k through a list); cards repeat digits only.
        if character.isalpha() and len(self._burst) > 1 and set(self._burst) == {character}:
            held, self._held = tuple(self._held), []
            self._handed_on = True
            return held
        return ()
