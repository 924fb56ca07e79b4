"""Save a store, make one from a saved file, bring an older one to this version. PostgreSQL has tools of its own."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from duesdesk.clock import Clock, from_utc_text, utc_text
from duesdesk.config import FILE_MODE
from duesdesk.domain.errors import Refused, StoreTrouble
from duesdesk.services.acts import Plain
from duesdesk.store import backups, schema
from duesdesk.store.database import Database

LAST_BACKUP = "last_backup.json"


def backup(url: str, file: Path, *, clock: Clock, home: Path) -> Plain:
    """Save the store at `url` to `file`, which must not be there. Answers `{"file", "bytes", "schema"}`.

    Desks may go on working meanwhile. Raises Refused for PostgreSQL and when the file is there, StoreTrouble.
    """
    database = Database(url)
    path = _sqlite_path(database, "backup-by-pg-dump")
    schema_found = schema.revision(database)
    database.close()
    if schema_found is None:
        raise StoreTrouble("store-empty", path=database.name)
    target = file.expanduser().absolute()
    if target.exists():
        raise Refused("backup-file-there", file=target)
    backups.copy(path, target)
    _remember(home, str(path.absolute()), target, clock)
    return {"file": str(target), "bytes": target.stat().st_size, "schema": schema_found}


def restore(file: Path, url: str) -> Plain:
    """Make a store at `url` from a saved file, checked. Answers `{"store", "bytes", "schema"}`.

    Raises Refused for PostgreSQL and when something is at `url`, StoreTrouble for a file that is damaged or no store.
    """
    database = Database(url)
    path = _sqlite_path(database, "restore-by-pg-restore")
    source = file.expanduser()
    if not source.is_file():
        raise StoreTrouble("store-missing", path=str(source))
    found = backups.revision_of(source)
    if found is None:
        raise StoreTrouble("store-empty", path=str(source))
    if found > schema.HEAD:
        raise StoreTrouble("store-too-new", path=str(source), found=found, known=schema.HEAD)
    if path.exists() and path.stat().st_size:
        raise Refused("restore-place-taken", path=database.name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    backups.copy(source, path.absolute())
    return {"store": database.name, "bytes": path.stat().st_size, "schema": found}


def upgrade(url: str, *, clock: Clock) -> Plain:
    """Run the migrations an older store lacks, after saving a copy of it. Answers `{"from", "to", "saved"}`.

    Raises StoreTrouble for a store that is missing, empty or newer than the program.
    """
    database = Database(url)
    try:
        found = schema.revision(database)
        if found is None:
            raise StoreTrouble("store-empty", path=database.name)
        if found > schema.HEAD:
            raise StoreTrouble("store-too-new", path=database.name, found=found, known=schema.HEAD)
        saved = None
        if found < schema.HEAD:
            if database.path is not None:
                stamp = clock.now().strftime("%Y%m%d-%H%M%S")
                saved = database.path.absolute().with_name(f"{database.path.name}.{found}.{stamp}")
                backups.copy(database.path, saved)
            schema.upgrade(database)
        return {"from": found, "to": schema.HEAD, "saved": str(saved) if saved else None}
    finally:
        database.close()


def newest(home: Path) -> tuple[str, Path, datetime] | None:
    """(store, file, when) of the last backup made on this machine; None when none was."""
    try:
        told = json.loads((home / LAST_BACKUP).read_text(encoding="utf-8"))
        return told["store"], Path(told["file"]), from_utc_text(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sqlite_path(database: Database, otherwise: str) -> Path:
    if database.path is None:
        raise Refused(otherwise, path=database.name)
    return database.path


def _remember(home: Path, store: str, file: Path, clock: Clock) -> None:
    # A backup that nobody remembers is still a backup.
    with suppress(OSError):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        note = home / LAST_BACKUP
        note.write_text(json.dumps({"store": store, "file": str(file), "at": utc_text(clock.now())}), encoding="utf-8")
        note.chmod(FILE_MODE)
