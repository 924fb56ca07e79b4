"""The files of the demo centre, with every date moved by whole days."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from duesdesk import config
from duesdesk.services.workplace import Centre

_DAYS = frozenset(
    (
        "joined_on left_on starts_on ends_on charged_from issued_on due_on received_on on starts_at promised_on"
        " talked_at next_on sent_at"
    ).split()
)
_ISO_DAY = len("2026-06-15")


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the staff: name and role."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """What is shipped under data/demo, and how far its days are moved."""

    folder: Path
    centre: Centre
    crm: bool
    settings: dict[str, str]
    staff: tuple[Person, ...]
    anchor: date
    days: int

    @classmethod
    def moved_to(cls, today: date) -> DemoFiles:
        """The files with their anchor day on `today`."""
        folder, tables = _folder(), _tables()
        staff = tuple(Person(person["name"], person["role"]) for person in tables["staff"])
        anchor: date = tables["anchor"]
        centre, days = Centre(**tables["centre"]), (today - anchor).days
        return cls(folder, centre, tables["modules"]["crm"], tables["settings"], staff, anchor, days)

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """The rows of one file, moved."""
        with self._path(name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield {column: self._moved(text) if column in _DAYS else text for column, text in row.items()}

    def write(self, name: str, folder: Path) -> Path:
        """One file, moved, into `folder`."""
        path = folder / f"{name}.csv"
        with self._path(name).open(encoding="utf-8", newline="") as source:
            reader = csv.reader(source)
            header = next(reader)
            dated = [place for place, column in enumerate(header) if column in _DAYS]
            known: dict[str, str] = {}
            with path.open("w", encoding="utf-8", newline="") as target:
                writer = csv.writer(target)
                writer.writerow(header)
                for row in reader:
                    for place in dated:
                        text = row[place]
                        moved = known.get(text)
                        if moved is None:
                            moved = known[text] = self._moved(text)
                        row[place] = moved
                    writer.writerow(row)
        return path

    def letters(self) -> dict[str, dict[str, dict[str, str]]]:
        """What was written in the past: template, language, then `subject` and `body`."""
        letters: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
            (self.folder / "letters.toml").read_text(encoding="utf-8")
        )
        return letters

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.csv"

    def _moved(self, text: str) -> str:
        """A day, or a day with a time, the same number of days later."""
        if not text:
            return ""
        day = date.fromisoformat(text[:_ISO_DAY]) + timedelta(days=self.days)
        return f"{day.isoformat()}{text[_ISO_DAY:]}"


def demo_centre() -> Centre:
    """The centre the files are of."""
    return Centre(**_tables()["centre"])


def _folder() -> Path:
    return config.data_folder() / "demo"


# Any: a table of TOML, of texts, days, lists and tables.
def _tables() -> dict[str, Any]:
    return tomllib.loads((_folder() / "centre.toml").read_text(encoding="utf-8"))


def moment(text: str) -> datetime:
    """'2026-06-15 09:30' as the wall clock of the centre, without its zone."""
    return datetime.fromisoformat(text)
