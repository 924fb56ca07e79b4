"""A language as the desk speaks it: its catalogue of messages together with its way to write money and dates."""

from __future__ import annotations

from functools import lru_cache

from duesdesk.i18n.cldr import BY_COUNTRY, table
from duesdesk.i18n.formats import Formats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from gettext import NullTranslations

SOURCE = "en"
"""The language the messages are written in; it needs no catalogue."""
LANGUAGES: Sequence[str] = tuple(BY_COUNTRY)
_PACKAGE = __file__[: -len("i18n/spoken.py")]


class Language(Formats):
    """One language in one country: `gettext` and its kin, and the formats. Make it with `speak`."""

    __slots__ = ("_messages", "code", "country")

    def __init__(self, code: str, country: str = "") -> None:
        super().__init__(table(code, country))
        self.code = code
        self.country = country
        self._messages = _messages(code)

    @property
    def is_translated(self) -> bool:
        """Whether its messages are there; without them they are English."""
        return self.code == SOURCE or self._messages is not None

    def gettext(self, message: str) -> str:
        """The translation, or the message itself."""
        return message if self._messages is None else self._messages.gettext(message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The form for `count` by the plural rule of the language."""
        if self._messages is None:
            return singular if count == 1 else plural
        return self._messages.ngettext(singular, plural, count)

    def pgettext(self, context: str, message: str) -> str:
        """The translation of a message that means different things in different places."""
        return message if self._messages is None else self._messages.pgettext(context, message)


@lru_cache(maxsize=16)
def speak(code: str, country: str = "") -> Language:
    """The language `code` as `country` writes it. A code with a region ('pt_BR', 'pt-BR') brings its own country.

    An unknown language is answered in the source language, because a member's record may name any.
    """
    parts = code.replace("-", "_").split("_")
    language = parts[0].lower()
    if language not in BY_COUNTRY:
        return Language(SOURCE, country)
    region = parts[1].upper() if len(parts) > 1 else country
    return Language(language, region)


@lru_cache(maxsize=8)
def _messages(code: str) -> NullTranslations | None:
    if code == SOURCE:
        return None
    from gettext import GNUTranslations  # imported late: start-up

    path = f"{_PACKAGE}locales/{code}/LC_MESSAGES/duesdesk"
    try:
        with open(f"{path}.mo", "rb") as compiled:  # noqa: PTH123 (pathlib costs as much as the whole catalogue)
            return GNUTranslations(compiled)
    except FileNotFoundError:
        pass
    try:
        with open(f"{path}.po", "rb") as source:  # noqa: PTH123 (as above)
            # A source tree whose catalogues were not compiled yet speaks its languages all the same, only slower.
            from duesdesk.i18n.catalogues import compiled_in_memory

            return GNUTranslations(compiled_in_memory(source))
    except FileNotFoundError:
        return None
