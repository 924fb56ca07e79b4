"""Builds the demo centre's store: through the same import and services as a real one, only at times gone by."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from heapq import merge
from pathlib import Path

from duesdesk.clock import Clock, zone
from duesdesk.domain.errors import BadInput, Refused
from duesdesk.domain.money import from_text
from duesdesk.services import centres
from duesdesk.services.actors import OWNER
from duesdesk.services.acts import Plain
from duesdesk.services.demo.files import DemoFiles, demo_centre, moment
from duesdesk.services.demo.history import DEMO_KEY, write_history
from duesdesk.services.imports.service import Imports
from duesdesk.services.imports.views import ImportRequest
from duesdesk.services.once import once
from duesdesk.services.promises import Promises
from duesdesk.services.settings import SettingsList
from duesdesk.services.staff import StaffList
from duesdesk.services.talks import Talks
from duesdesk.services.workplace import Actor, Workplace
from duesdesk.store import schema
from duesdesk.store.database import Database, Tx

# The centre was set up before its first member came; its books are brought in before it opens today.
_FOUNDED_DAYS_AGO = 2_400
_BOOKS_AT = time(5, 45)
_DESK = "desk 1"
_MONEY = ("memberships", "invoices", "payments", "credits", "bookings")

Progress = Callable[[str], None]


def demo_day(url: str) -> date | None:
    """The day a demo store was built for; None where there is no store or an empty one.

    Raises Refused for a store that is no demo centre: nobody's real data is built over. StoreTrouble when unreadable.
    """
    database = Database(url)
    if database.path is not None and not (database.path.exists() and database.path.stat().st_size):
        return None
    try:
        with database.read() as tx:
            if not _is_there(tx, "act"):
                return None
            day: str | None = tx.value("SELECT effective_on FROM act WHERE key = :key", key=DEMO_KEY)
            used = day is not None or tx.value("SELECT 1 FROM centre") is not None
    finally:
        database.close()
    if day is None and used:
        raise Refused("demo-store-in-use", path=database.name)
    return date.fromisoformat(day) if day else None


def prepare_demo(url: str, clock: Clock, *, fresh: bool = False, progress: Progress | None = None) -> bool:
    """Make sure that a demo centre stands at `url` and that it is today there; answers whether it was built.

    It is built anew on every other day, by a newer program, and when `fresh` asks for it. Raises as `build_demo`.
    """
    today = clock.today(demo_centre().timezone)
    if demo_day(url) == today and not fresh and not _is_older(url):
        return False
    build_demo(url, today, progress=progress)
    return True


def _is_older(url: str) -> bool:
    database = Database(url)
    try:
        return (schema.revision(database) or "") < schema.HEAD
    finally:
        database.close()


def make_demo(
    url: str, clock: Clock, *, home: Path, fresh: bool = False, key: str | None = None, progress: Progress | None = None
) -> Plain:
    """`prepare_demo`, once under a `key`. Answers `{"store", "built"}`. Raises as it does, and Conflict."""

    def work() -> Plain:
        return {"store": url, "built": prepare_demo(url, clock, fresh=fresh, progress=progress)}

    content = {"store": url, "fresh": fresh, "day": clock.today(demo_centre().timezone).isoformat()}
    return once(home, key, "demo", content, work, clock=clock, stands=lambda _: demo_day(url) is not None)


def build_demo(url: str, today: date, *, progress: Progress | None = None) -> None:
    """Build the demo centre at `url` with `today` as its today; a demo centre that is there gives way.

    A file is complete or not there: it is built beside its place and moved. Raises Refused for a store that is no
    demo centre, and for a PostgreSQL database that is not empty; StoreTrouble when the place cannot be written.
    """
    demo_day(url)
    target = Database(url).path
    if target is None:
        _build(Database(url, create=True), today, progress)
        return
    building = target.with_name(f".{target.name}.{os.getpid()}.building")
    _remove(building)
    try:
        _build(Database(str(building), create=True), today, progress)
        _remove(target)
        building.replace(target)
    finally:
        _remove(building)


def _build(database: Database, today: date, progress: Progress | None) -> None:
    files = DemoFiles.moved_to(today)
    local = zone(files.centre.timezone)

    def at(moment: datetime) -> Clock:
        return Clock(moment.replace(tzinfo=local))

    tell = progress or (lambda _: None)
    founded = datetime.combine(today - timedelta(days=_FOUNDED_DAYS_AGO), _BOOKS_AT)
    try:
        tell("centre")
        owner = Actor(OWNER, "manager", _DESK)
        centres.found(database, files.centre, at(founded), owner, crm=files.crm)
        place = Workplace(database, at(founded), files.centre, owner)
        staff = {person.name: Actor(person.name, person.role, _DESK) for person in files.staff}
        for person in files.staff:
            StaffList(place).add(person.name, person.role)
        for key, value in files.settings.items():
            SettingsList(place).set(key, value)
        with tempfile.TemporaryDirectory(prefix="duesdesk-demo-") as folder:
            _bring_in(place, files, "members", Path(folder), tell)
            _spoken(place, files, staff, at, tell)
            opening = place._replace(clock=at(datetime.combine(today, _BOOKS_AT)))
            for kind in _MONEY:
                _bring_in(opening, files, kind, Path(folder), tell)
        tell("notices")
        write_history(opening, files)
    finally:
        database.close()


def _bring_in(place: Workplace, files: DemoFiles, kind: str, folder: Path, tell: Progress) -> None:
    """One file by the import everybody uses. The shipped files have no bad row; one with any is not built on."""
    tell(kind)
    result = Imports(place).run(ImportRequest(kind, files.write(kind, folder), delimiter=",", encoding="utf-8"))
    if result.rejected:
        row = result.rejected[0]
        raise BadInput("demo-files-damaged", file=f"{kind}.csv", line=row.line, reason=row.reason)


def _spoken(
    place: Workplace, files: DemoFiles, staff: dict[str, Actor], at: Callable[[datetime], Clock], tell: Progress
) -> None:
    """Talks and promises of the past in the order they happened, each by whoever was at the desk."""
    tell("talks")
    currency = files.centre.currency
    talks = ((moment(row["talked_at"]), "talk", row) for row in files.rows("talks"))
    # A promise is written down at the end of the talk it was made in.
    promises = (
        (datetime.combine(date.fromisoformat(row["promised_on"]), time(20, 0)), "promise", row)
        for row in files.rows("promises")
    )
    for when, what, row in merge(talks, promises, key=lambda entry: entry[0]):
        then = place._replace(clock=at(when), actor=staff[row["actor"]])
        if what == "talk":
            Talks(then).log(
                row["member"],
                outcome=row["outcome"],
                note=row["note"],
                channel=row["channel"],
                next_on=date.fromisoformat(row["next_on"]) if row["next_on"] else None,
            )
        else:
            due_on = date.fromisoformat(row["due_on"])
            Promises(then).take(row["member"], from_text(row["amount"], currency), currency, due_on, note=row["note"])


def _is_there(tx: Tx, table: str) -> bool:
    if tx.postgres:
        return tx.value("SELECT to_regclass(:name)", name=table) is not None
    return tx.value("SELECT 1 FROM sqlite_master WHERE name = :name", name=table) is not None


def _remove(path: Path) -> None:
    """The store at `path` with what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).unlink()
