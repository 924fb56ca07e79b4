"""Money, numbers, dates and times as a language writes them, from the tables in `cldr`. The only formatter.

Formatted text holds no-break blanks (U+00A0, U+202F) where the language wants them.
"""

from __future__ import annotations

from duesdesk.domain.currencies import exponent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, time

    from duesdesk.i18n.cldr import Table

NO_BREAK = "\u00a0"
_MILLION = 1_000_000


class Formats:
    """How one locale writes. All methods are pure: the same input gives the same text."""

    __slots__ = ("_money", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        # (currency, negative) -> what stands before and behind the number
        self._money: dict[tuple[str, bool], tuple[str, str]] = {}

    def number(self, value: int) -> str:
        """A whole number with its groups: '12,345'."""
        return f"{value:,}".replace(",", self.table.group)

    def amount(self, minor: int, currency: str) -> str:
        """An amount without its currency, all digits of it shown: '4,310.50'. `minor` is in minor units."""
        sign = "-" if minor < 0 else ""
        return sign + self._size(abs(minor), currency)

    def money(self, minor: int, currency: str) -> str:
        """An amount with the sign of its currency where the language puts it: '€4,310.50', '4.310,50 €'."""
        before, behind = self._around(currency, negative=minor < 0)
        return before + self._size(abs(minor), currency) + behind

    def millions(self, minor: int, currency: str, unit: str, *, symbol: bool = True) -> str:
        """An amount in millions, rounded to a tenth, where all its digits have no room: '€12,345.7 M'; '' below one."""
        size = abs(minor) // 10 ** exponent(currency)
        if size < _MILLION:
            return ""
        tenths = (size + _MILLION // 20) // (_MILLION // 10)
        shown = f"{self.number(tenths // 10)}{self.table.decimal}{tenths % 10}{NO_BREAK}{unit}"
        before, behind = self._around(currency, negative=minor < 0) if symbol else ("-" if minor < 0 else "", "")
        return before + shown + behind

    def symbol(self, currency: str) -> str:
        """The sign of a currency, or its code where the language has none."""
        return self.table.symbols.get(currency, currency)

    def _size(self, minor: int, currency: str) -> str:
        digits = exponent(currency)
        if not digits:
            return self.number(minor)
        whole, rest = divmod(minor, 10**digits)
        return f"{self.number(whole)}{self.table.decimal}{rest:0{digits}d}"

    def _around(self, currency: str, *, negative: bool) -> tuple[str, str]:
        found = self._money.get((currency, negative))
        if found is None:
            symbol = self.symbol(currency)
            before, behind = self.table.money_negative if negative else self.table.money
            # CLDR's currencySpacing: a sign that ends in a letter does not touch the figures.
            if before.endswith("¤") and symbol[-1].isalpha():
                before += NO_BREAK
            if behind.startswith("¤") and symbol[0].isalpha():
                behind = NO_BREAK + behind
            found = self._money[currency, negative] = (before.replace("¤", symbol), behind.replace("¤", symbol))
        return found

    def day_month(self, day: date, today: date) -> str:
        """A short day, with its year when that is not the year of `today`: '14 Sep', '14 Sep 2025'."""
        return self._day(self.table.day_month if day.year == today.year else self.table.day_year, day)

    def day_year(self, day: date) -> str:
        """A short day with its year: '14 Sep 2026'."""
        return self._day(self.table.day_year, day)

    def short_day(self, day: date) -> str:
        """A short day with its weekday: 'Sun 22 Nov'."""
        return self._day(self.table.short_day, day)

    def long_day(self, day: date) -> str:
        """A day in words: 'Sunday 22 November'."""
        return self._day(self.table.long_day, day)

    def month_year(self, day: date) -> str:
        """The month of a day: 'November 2026'."""
        return self._day(self.table.month_year, day)

    def relative_day(self, day: date, today: date) -> str:
        """'yesterday', 'today', 'tomorrow', else the short day."""
        distance_days = (day - today).days
        if abs(distance_days) <= 1:
            return self.table.relative[distance_days + 1]
        return self.day_month(day, today)

    def weekday(self, day: date) -> str:
        """The short name of its weekday: 'Sun'."""
        return self.table.days_short[day.weekday()]

    def time_of(self, moment: datetime | time) -> str:
        """Hours and minutes of a wall clock, as given (no zone is applied): '09:30'."""
        return self.table.time.format(
            hour=moment.hour,
            hour2=f"{moment.hour:02d}",
            hour12=(moment.hour - 1) % 12 + 1,
            minute2=f"{moment.minute:02d}",
            ampm=self.table.ampm[moment.hour >= 12],
        )

    def listing(self, items: Sequence[str]) -> str:
        """Several things in one sentence: 'a, b and c'. Nothing gives an empty text."""
        if len(items) < 2:
            return "".join(items)
        if len(items) == 2:
            return self.table.list_two.format(*items)
        head = items[0]
        for item in items[1:-1]:
            head = self.table.list_middle.format(head, item)
        return self.table.list_end.format(head, items[-1])

    def _day(self, pattern: str, day: date) -> str:
        table = self.table
        return pattern.format(
            day=day.day,
            day2=f"{day.day:02d}",
            month=day.month,
            month2=f"{day.month:02d}",
            mon=table.months_short[day.month - 1],
            month_name=table.months[day.month - 1],
            year=day.year,
            year2=f"{day.year % 100:02d}",
            wd=table.days_short[day.weekday()],
            weekday=table.days[day.weekday()],
        )
