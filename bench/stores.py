"""Centres of 1,000, 10,000 and 100,000 members, each as our store and as the raw one that is its floor, made once."""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench import book, raw
from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.services.imports.views import ImportRequest
from duesdesk.services.workplace import Centre
from duesdesk.store import migrations

OUT = Path(__file__).parent / "out"
CENTRE = Centre("Bench", "EUR", "ES", "Europe/Madrid", "en")
FOUNDED = date(2025, 1, 1)
CLOCK = Clock(book.TODAY)
ORDER = ("members", "invoices", "payments", "bookings")
_BESIDE = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Store:
    """A generated centre: `ours` is the file the program opens, `raw` the bare tables with the same rows."""

    members: int
    ours: Path
    raw: Path
    files: Path

    def desk(self) -> Desk:
        """The desk at our store, on the day the data is made for."""
        return open_desk(str(self.ours), clock=CLOCK)


def store(members: int, folder: Path = OUT) -> Store:
    """The centre of this size, made when it is not there or was made by other code."""
    place = folder / str(members)
    made = Store(members, place / "desk.db", place / "raw.db", place / "files")
    stamp = place / "made-by"
    if not stamp.exists() or stamp.read_text() != _fingerprint():
        shutil.rmtree(place, ignore_errors=True)
        started = time.perf_counter()
        print(f"making a centre of {members:,} members ...", end="", file=sys.stderr, flush=True)
        _make(made)
        stamp.write_text(_fingerprint())
        print(f" {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return made


def _make(made: Store) -> None:
    sets = book.write(made.members, made.files)
    found_centre(str(made.ours), CENTRE, clock=Clock(FOUNDED), crm=True)
    desk = made.desk()
    for files in sets:
        for kind in ORDER:
            result = desk.imports.run(ImportRequest(kind, files[kind]))
            if not result.written or result.rejected:
                raise SystemExit(f"{files[kind]}: {result.rejected[:3]}")
    # Amounts are looked for on the screen.
    desk.settings.set("privacy.default", "off")
    desk.place.database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.close()
    raw.make(made.raw, made.ours)


def copied(path: Path, name: str) -> Path:
    """A copy to write to, beside the original, which stays as it was made."""
    target = path.with_name(name)
    remove(target)
    shutil.copy(path, target)
    return target


def remove(path: Path) -> None:
    """A store with what SQLite keeps beside it."""
    for ending in _BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _fingerprint() -> str:
    """What the data depends on: the generator and the schema."""
    sources = [Path(module.__file__ or "") for module in (book, raw, sys.modules[__name__])]
    sources += sorted(Path(migrations.__path__[0]).glob("versions/*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
