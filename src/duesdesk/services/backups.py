"""Save a store, make one from a saved file, bring an older one to this version. PostgreSQL has tools of its own."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from duesdesk.clock import Clock, from_utc_text, utc_text
from duesdesk.config import FILE_MODE
from duesdesk.domain.errors import Refused, StoreTrouble
from duesdesk.services import centres
from duesdesk.services.actors import OWNER, actor_named
from duesdesk.services.acts import Done, Plain, Request, perform
from duesdesk.services.once import once
from duesdesk.services.workplace import Workplace
from duesdesk.store import backups, schema
from duesdesk.store.database import Database

LAST_BACKUP = "last_backup.json"
_OF_A_COPY = {
    "store-corrupt": "copy-damaged",
    "store-foreign": "copy-of-no-store",
    "store-not-ours": "copy-of-no-store",
}


@dataclass(frozen=True, slots=True)
class By:
    """Who asks, on which machine: `actor` None is the owner; `home` is the folder of this machine's settings.

    Under a `key` it is done once; who `rehearses` is answered the same, and nothing is done.
    """

    clock: Clock
    home: Path
    desk: str
    actor: str | None = None
    key: str | None = None
    rehearses: bool = False


@dataclass(frozen=True, slots=True)
class Newest:
    """The last backup made on this machine: of which store, where it is, when and by whom it was made."""

    store: str
    file: Path
    at: datetime
    actor: str


def backup(url: str, file: Path, by: By) -> Plain:
    """Save the store at `url` to `file`, which must not be there. Answers `{"file", "bytes", "schema"}`.

    Desks may go on working meanwhile. Raises Refused for PostgreSQL and when the file is there, NotFound for an actor
    who does not work here, Conflict for a key that came with other content, StoreTrouble.
    """
    database = Database(url)
    path = _sqlite_path(database, "backup-by-pg-dump")
    target = file.expanduser().absolute()

    def work() -> Plain:
        found, actor = _about(database, by)
        if target.exists():
            raise Refused("backup-file-there", file=target)
        backups.copy(path, target)
        _remember(by.home, Newest(str(path.absolute()), target, by.clock.now(), actor))
        return {"file": str(target), "bytes": target.stat().st_size, "schema": found}

    content = {"store": str(path.absolute()), "file": str(target)}
    return once(
        by.home, by.key, "backup", content, work, clock=by.clock, stands=lambda answer: Path(answer["file"]).exists()
    )


def _about(database: Database, by: By) -> tuple[str, str]:
    """The migration a store stands at, and who acts there. Raises StoreTrouble, NotFound."""
    try:
        found = schema.revision(database)
        if found is None:
            raise StoreTrouble("store-empty", path=database.name)
        if found != schema.HEAD:
            # Who works there may be kept in another way.
            return found, by.actor or OWNER
        with database.read() as tx:
            return found, actor_named(tx, by.actor, by.desk).name
    finally:
        database.close()


def restore(file: Path, url: str, by: By) -> Plain:
    """Make a store at `url` from a saved file, checked. Answers `{"store", "bytes", "schema"}`.

    That it was done stands in the new store as an act. Raises Refused for PostgreSQL and when something is at `url`,
    NotFound for an actor who does not work there, Conflict for a key that came with other content, StoreTrouble for a
    file that is damaged or no store.
    """
    database = Database(url)
    path = _sqlite_path(database, "restore-by-pg-restore")
    source = file.expanduser()

    def work() -> Plain:
        found = _saved_revision(source, by)
        if path.exists() and path.stat().st_size:
            raise Refused("restore-place-taken", path=database.name)
        answer: Plain = {"store": database.name, "bytes": source.stat().st_size, "schema": found}
        if by.rehearses:
            return answer
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        backups.copy(source, path.absolute())
        answer["bytes"] = path.stat().st_size
        _write_down(database, by, "restore", {"file": str(source.absolute())}, answer)
        return answer

    content = {"file": str(source.absolute()), "store": str(path.absolute())}
    return once(
        by.home,
        by.key,
        "restore",
        content,
        work,
        clock=by.clock,
        stands=lambda _: path.exists(),
        rehearses=by.rehearses,
    )


def _saved_revision(source: Path, by: By) -> str:
    """The migration a saved file stands at. Raises StoreTrouble for one that cannot be restored, NotFound."""
    if not source.is_file():
        raise StoreTrouble("copy-missing", path=str(source))
    try:
        with backups.read(source) as tx:
            found = schema.revision_in(tx, str(source))
            if found == schema.HEAD:
                actor_named(tx, by.actor, by.desk)
    except StoreTrouble as trouble:
        told = _OF_A_COPY.get(trouble.code)
        raise StoreTrouble(told, path=str(source)) if told else trouble from trouble
    if found is None:
        raise StoreTrouble("copy-of-no-store", path=str(source))
    if found > schema.HEAD:
        raise StoreTrouble("store-too-new", path=str(source), found=found, known=schema.HEAD)
    return found


def upgrade(url: str, by: By) -> Plain:
    """Run the migrations an older store lacks, after saving a copy of it. Answers `{"from", "to", "saved"}`.

    That it was done stands in the store as an act. Raises Conflict for a key that came with other content, StoreTrouble
    for a store that is missing, empty or newer than the program.
    """
    database = Database(url)

    def work() -> Plain:
        try:
            return _upgrade(database, by)
        finally:
            database.close()

    content = {"store": database.name}
    return once(by.home, by.key, "upgrade", content, work, clock=by.clock, rehearses=by.rehearses)


def _upgrade(database: Database, by: By) -> Plain:
    found = schema.revision(database)
    if found is None:
        raise StoreTrouble("store-empty", path=database.name)
    if found > schema.HEAD:
        raise StoreTrouble("store-too-new", path=database.name, found=found, known=schema.HEAD)
    answer: Plain = {"from": found, "to": schema.HEAD, "saved": None}
    if found == schema.HEAD or by.rehearses:
        return answer
    if database.path is not None:
        stamp = by.clock.now().strftime("%Y%m%d-%H%M%S")
        saved = database.path.absolute().with_name(f"{database.path.name}.{found}.{stamp}")
        backups.copy(database.path, saved)
        answer["saved"] = str(saved)
    schema.upgrade(database)
    _write_down(database, by, "upgrade", {"from": found, "to": schema.HEAD}, answer)
    return answer


def _write_down(database: Database, by: By, verb: str, content: Plain, answer: Plain) -> None:
    """What was done to a whole store stands in it as an act; nowhere in one of an older version."""
    try:
        if schema.revision(database) != schema.HEAD:
            return
        with database.read() as tx:
            centre, actor = centres.read(tx, database.name), actor_named(tx, by.actor, by.desk)
        place = Workplace(database, by.clock, centre, actor)
        perform(place, Request(verb, content), lambda _within: Done("store", answer))
    finally:
        database.close()


def newest(home: Path) -> Newest | None:
    """The last backup made on this machine; None when none was."""
    try:
        told = json.loads((home / LAST_BACKUP).read_text(encoding="utf-8"))
        return Newest(told["store"], Path(told["file"]), from_utc_text(told["at"]), told.get("actor") or OWNER)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sqlite_path(database: Database, otherwise: str) -> Path:
    if database.path is None:
        raise Refused(otherwise, path=database.name)
    return database.path


def _remember(home: Path, made: Newest) -> None:
    # A backup that nobody remembers is still a backup.
    with suppress(OSError):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        note = home / LAST_BACKUP
        told = {"store": made.store, "file": str(made.file), "at": utc_text(made.at), "actor": made.actor}
        note.write_text(json.dumps(told), encoding="utf-8")
        note.chmod(FILE_MODE)
