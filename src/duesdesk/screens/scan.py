"""Telling a card reader from a person: the decisions, free of any screen, with the times given from outside.

A reader types at least four letters or digits, each less than 60 ms after the one before, and then Enter. While a
burst is still possible, letters that would act are held back (at most 60 ms); letters that a field takes go in at
once and are taken out again when the burst turns out to be a known card.

Example:
    reader = ScanFilter()
    told = reader.feed(key, field=focused_field_or_None, known=find_code)
    told.keys        # keys to handle now, in order
    told.code        # a scan: the app opens this member; nothing of it was typed or acted
    reader.due()     # when held letters must be let go: `reader.release()`
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

GAP_SECONDS = 0.060
LEAST_CHARACTERS = 4
_BESIDE_LETTERS = "-_"


class KeyLike(Protocol):
    """What is needed of a key event."""

    key: str
    character: str | None
    time: float


class FieldLike(Protocol):
    """What is needed of the focused field."""

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


def _typed(code: str) -> bool:
    """Whether a code nobody has, on a screen without a field, is a payment typed over a slow line: `p100`, Enter."""
    return code[0] == "p" and code[1:].isdigit()


class ScanFilter:
    """The state between two keys; see the module."""

    def __init__(self) -> None:
        self._burst = ""
        self._held: list[KeyLike] = []
        self._last = 0.0
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
        return held

    def feed(self, key: KeyLike, *, field: FieldLike | None, known: Callable[[str], bool]) -> Told:
        """Judge the next key. `field` is the focused entry field, `known` says whether a code is a card's."""
        let_go: tuple[KeyLike, ...] = ()
        if self._burst and (key.time - self._last >= GAP_SECONDS or field is not self._field):
            let_go = self.release()
        if key.key == "enter" and len(self._burst) >= LEAST_CHARACTERS:
            code, self._burst = self._burst, ""
            if known(code) or (field is None and not _typed(code)):
                before = self._before
                self.release()
                if field is not None:
                    field.put_back(before)
                return Told(let_go, code)
            return Told((*let_go, *self.release(), key))
        if not in_codes(key.character):
            return Told((*let_go, *self.release(), key))
        return Told((*let_go, *self._letter(key, str(key.character), field)))

    def _letter(self, key: KeyLike, character: str, field: FieldLike | None) -> tuple[KeyLike, ...]:
        if not self._burst:
            self._field = field
            self._before = field.take_state() if field is not None else None
        self._burst += character
        self._last = key.time
        if field is not None and not self._held and field.accepts(character):
            return (key,)
        self._held.append(key)
        # A letter that repeats is a key held down (j, k through a list); cards repeat digits only.
        if character.isalpha() and len(self._burst) > 1 and set(self._burst) == {character}:
            held, self._held = tuple(self._held), []
            return held
        return ()
