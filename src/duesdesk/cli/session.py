"""What the options before the command say, and the desk they open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from duesdesk.domain.days import FIRST_YEAR, LAST_YEAR, can_be_meant
from duesdesk.domain.errors import BadInput, WrongUsage
from duesdesk.i18n import LANGUAGES, _, set_language

if TYPE_CHECKING:
    from duesdesk.bootstrap import Desk
    from duesdesk.clock import Clock
    from duesdesk.config import Settings
    from duesdesk.services.backups import By

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_SCHEMES = ("sqlite", "postgresql", "postgresql+psycopg")


@dataclass
class Given:
    """The store, day, language and person asked for; empty texts leave it to environment, settings and centre."""

    db: str = ""
    today: str = ""
    language: str = ""
    actor: str = ""
    _opened: list[Desk] = field(default_factory=list)

    @cached_property
    def settings(self) -> Settings:
        """This machine's settings. Raises BadInput."""
        from duesdesk import config

        return config.load()

    @property
    def address(self) -> str:
        """Where the store is. Raises WrongUsage for an address of a kind we do not know."""
        url = self.settings.store_address(self.db)
        scheme = _SCHEME.match(url)
        if scheme and scheme[1].lower() not in _SCHEMES:
            raise WrongUsage("db-address-unknown", scheme=scheme[1], known=_SCHEMES[:2])
        return url

    @cached_property
    def clock(self) -> Clock:
        """The day asked for, or the real one. Raises WrongUsage."""
        from duesdesk.clock import Clock, parse_when

        text = self.today or self.settings.today
        return Clock(parse_when(text) if text else None)

    def desk(self, actor: str | None = None, *, dry_run: bool = False) -> Desk:
        """The desk, with `actor` at it, or who was named before the command, or the owner.

        With `dry_run` it only tells what would be done; that is said on standard error.

        Raises WrongUsage, NotFound, StoreTrouble.
        """
        self.check_language()
        from duesdesk.bootstrap import open_desk

        desk = open_desk(
            self.address,
            clock=self.clock,
            actor=actor or self.actor or None,
            desk=self.settings.text("desk.name"),
            rehearses=dry_run,
        )
        self._opened.append(desk)
        set_language(self.language or self.settings.language or desk.centre.language, desk.centre.country)
        if dry_run:
            rehearsed()
        return desk

    def by(self, actor: str | None, key: str | None, *, dry_run: bool = False) -> By:
        """Who asks for something that is done to a whole store."""
        self.check_language()
        from duesdesk.services.backups import By

        if dry_run:
            rehearsed()
        settings = self.settings
        return By(
            self.clock, settings.home, settings.text("desk.name"), actor or self.actor or None, key, rehearses=dry_run
        )

    def check_language(self) -> None:
        """Raises WrongUsage for a language we do not speak."""
        if self.language and self.language.replace("-", "_").split("_")[0].lower() not in LANGUAGES:
            raise WrongUsage("language-not-spoken", language=self.language, known=list(LANGUAGES))

    def close(self) -> None:
        """Give the store back."""
        for desk in self._opened:
            desk.close()


def rehearsed() -> None:
    """Say that what follows is only a rehearsal."""
    from duesdesk.cli.output import note

    note(_("A rehearsal: nothing is written."))


def day_of(text: str | None, option: str) -> date | None:
    """The day an option names in ISO form; None when it was not given. Raises WrongUsage, for an empty text too.

    A script whose variable is empty must not be answered for today.
    """
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage("day-unreadable", option=option, value=text) from error
    if not can_be_meant(day):
        raise WrongUsage("day-far", day=text, first=FIRST_YEAR, last=LAST_YEAR)
    return day


def warn_of_far(on: date | None, today: date, *, ahead_days: int = 366, back_days: int = 366) -> None:
    """Say on standard error that a day is further from today than such days are: a slip in the year, most likely."""
    if on is None or -back_days <= (on - today).days <= ahead_days:
        return
    from duesdesk.cli.output import note
    from duesdesk.i18n import day_year, number

    told = (
        _("{day} is {days} days ahead of today. If that was not meant, duesdesk undo takes it back.")
        if on > today
        else _("{day} is {days} days back. If that was not meant, duesdesk undo takes it back.")
    )
    note(told.format(day=day_year(on), days=number(abs((on - today).days))))


def amount_of(text: str, currency: str) -> int:
    """Minor units of an amount written with a point, or in the language of the screen where that is unmistakable.

    Raises BadInput.
    """
    from duesdesk.domain.money import from_text

    try:
        return from_text(text, currency)
    except BadInput as error:
        if error.code != "amount-unreadable":
            raise
    from duesdesk.i18n import parse_amount

    return parse_amount(text, currency)
