"""The rows of one file, column by column: what a kind asks of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from duesdesk.services.imports import amounts, cells, contacts, dates, places, words
from duesdesk.services.imports.dates import Moment
from duesdesk.services.imports.problems import Faults, Problem, problem
from duesdesk.services.imports.read import Cells

NUMBER_LENGTH = 40
NAME_LENGTH = 200
TEXT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Ways:
    """How the columns of a file are read: the centre's own ways, and what was asked for."""

    currency: str
    country: str
    zone: ZoneInfo
    date_format: str = ""
    decimal: str = ""
    refunds: bool = False
    words: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)


class Reading:
    """Columns as values, every one as long as the file has rows. A column the file does not have is blank.

    A cell that cannot be read makes its row faulty (`faults`); what stands for it is blank and means nothing.
    """

    def __init__(self, table: Cells, ways: Ways) -> None:
        self.ways = ways
        self.rows = len(table.lines)
        self.lines = table.lines
        self._columns = table.columns
        self.faults: Faults = table.faults
        # What is odd about a row that is taken all the same.
        self.warnings = Faults()

    def has(self, name: str) -> bool:
        """Whether the file has the column."""
        return name in self._columns

    def raw(self, name: str) -> Sequence[object]:
        """The cells as they stand in the file."""
        return self._columns.get(name) or [""] * self.rows

    def fault(self, row: int, name: str, value: object, what: Problem) -> None:
        """Reject a row."""
        self.faults.add(row, name, cells.shown(value), what)

    def texts(self, name: str, *, max_length: int = TEXT_LENGTH, needed: bool = False) -> list[str]:
        """Clean text, '' where blank."""
        return self._needed(name, needed, cells.texts(self.raw(name), name, self.faults, max_length=max_length))

    def days(self, name: str, *, needed: bool = False) -> list[str | None]:
        """Days, ISO."""
        pattern = self.ways.date_format
        found = dates.days(self.raw(name), name, self.faults, pattern=pattern, zone=self.ways.zone)
        return self._needed(name, needed, found)

    def moments(self, name: str, *, needed: bool = False) -> list[Moment | None]:
        """Days with their time, where one is given."""
        pattern = self.ways.date_format
        found = dates.moments(self.raw(name), name, self.faults, pattern=pattern, zone=self.ways.zone)
        return self._needed(name, needed, found)

    def clocks(self, name: str) -> list[str]:
        """Times of day, 'HH:MM', '' where blank."""
        return cells.parsed(self.raw(name), name, self.faults, dates.clock, "")

    def currencies(self) -> list[str]:
        """The currency of every row."""
        column = self._columns.get("currency")
        return amounts.currencies(column, self.rows, self.ways.currency, self.faults)

    def amounts(
        self, name: str, codes: Sequence[str], *, needed: bool = False, negative: bool = False
    ) -> list[int | None]:
        """Minor units."""
        found = amounts.amounts(self.raw(name), name, codes, self.faults, decimal=self.ways.decimal, negative=negative)
        return self._needed(name, needed, found)

    def wholes(self, name: str, least: int, most: int) -> list[int | None]:
        """Whole numbers from `least` to `most`, None where blank."""

        def read(text: str) -> int | Problem | None:
            number = text.removesuffix(".0")
            if number.isascii() and number.isdigit() and least <= int(number[:10]) <= most:
                return int(number)
            return problem("import-number-out-of-bounds", least=least, most=most)

        return cells.parsed(self.raw(name), name, self.faults, read, None)

    def codes(self, name: str, table: str, *, blank: str = "") -> list[str]:
        """Codes of the known words of `table`, `blank` where nothing stands."""
        return words.codes(self.raw(name), name, self.faults, table, blank=blank, more=self.ways.words.get(name))

    def truths(self, name: str) -> list[bool]:
        """Yes as True, no and blank as False."""
        return words.truths(self.raw(name), name, self.faults, more=self.ways.words.get(name))

    def emails(self, name: str) -> list[contacts.Email]:
        """E-mail addresses, '' where blank. What is none is kept as it stands, with a warning."""
        found = contacts.emails(self.raw(name), name, self.faults)
        for row, address in enumerate(found):
            if not address.works:
                self.warnings.add(row, name, address.text, problem("import-email-unreadable"))
        return found

    def phones(self, name: str) -> list[str]:
        """Phone numbers, '' where blank."""
        return contacts.phones(self.raw(name), name, self.faults, self.ways.country)

    def addresses(self) -> list[str]:
        """Postal addresses, a line each: what `address` says, with `postcode` and `city` below it; '' where blank."""
        return places.addresses(self.raw("address"), self.raw("postcode"), self.raw("city"), self.warnings)

    def countries(self, name: str) -> list[str]:
        """Codes of countries, '' where blank."""
        return places.countries(self.raw(name), name, self.warnings)

    def timezones(self, name: str) -> list[str]:
        """IANA names of time zones, '' where blank."""
        return places.timezones(self.raw(name), name, self.warnings)

    def faxes(self, name: str) -> list[str]:
        """Fax numbers, '' where blank."""
        return places.faxes(self.raw(name), name, self.warnings, self.ways.country)

    def _needed(self, name: str, needed: bool, values: list[cells.Value]) -> list[cells.Value]:  # noqa: FBT001 (handed on as it came)
        if needed:
            cells.require(values, name, self.faults)
        return values
