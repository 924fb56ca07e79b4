"""Looks at an installation and its store: what is there, and what should be otherwise."""

from __future__ import annotations

import importlib.util
import stat
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from duesdesk import channels, config
from duesdesk.config import Settings
from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import LANGUAGES, _, ngettext, sentence
from duesdesk.services import backups
from duesdesk.store import outbox, schema, sqlite
from duesdesk.store.database import Database

_EXTRAS = {
    "letters": ("reportlab",),
    "messaging": ("apprise",),
    "postgres": ("psycopg",),
    "sheets": ("python_calamine", "xlsxwriter"),
}
# Locks of SQLite do not hold there (sqlite.org/faq.html#q5), and WAL cannot work at all.
_NETWORK = frozenset(
    (
        "9p",
        "afs",
        "ceph",
        "cifs",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.sshfs",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    )
)


def examine(url: str, settings: Settings) -> dict[str, Any]:
    """Everything as one document; `warnings` are sentences on what should be otherwise, `store` tells its trouble."""
    warnings: list[str] = []
    library = sqlite.library()
    bug = sqlite.has_wal_bug(library.sqlite_version_info)
    if bug:
        warnings.append(
            _(
                "SQLite {version} may lose what several desks write at once; so the store is kept in the slower mode."
            ).format(version=library.sqlite_version)
        )
    compiled = {name: _is_compiled(name) for name in ("duesdesk", "textual")}
    if not all(compiled.values()):
        warnings.append(
            _("Programs are not compiled: every start takes half a second longer (uv sync --compile-bytecode).")
        )
    if settings.unknown:
        warnings.append(_("Settings that mean nothing: {keys}.").format(keys=", ".join(settings.unknown)))
    return {
        "version": version("duesdesk"),
        "python": ".".join(map(str, sys.version_info[:3])),
        "sqlite": {"library": library.__name__.split(".")[0], "version": library.sqlite_version, "wal_bug": bug},
        "store": _store(url, warnings),
        "compiled": compiled,
        "languages": {code: _has_catalogue(code) for code in LANGUAGES},
        "extras": {name: all(map(_is_there, modules)) for name, modules in _EXTRAS.items()},
        "channels": _channels(settings, warnings),
        "settings_folder": str(settings.home),
        "settings_unknown": list(settings.unknown),
        "newest_backup": _newest_backup(url, settings, warnings),
        "warnings": warnings,
    }


def _channels(settings: Settings, warnings: list[str]) -> dict[str, str]:
    """Each channel with what this machine lacks for it: '' when it is set up."""
    found = {name: channels.missing(name, settings) for name in channels.WAYS}
    for name in found:
        lacking = channels.warning(name, settings)
        if lacking:
            warnings.append(
                _("“{key}” is missing: nothing can be sent by {channel}.").format(key=lacking, channel=name)
            )
    return found


def _store(url: str, warnings: list[str]) -> dict[str, Any]:
    database = Database(url)
    found: dict[str, Any] = {
        "address": database.name,
        "schema": None,
        "schema_known": schema.HEAD,
        "journal_mode": None,
        "trouble": None,
    }
    if database.path is not None:
        found |= _file(database.path, warnings)
    try:
        found["schema"] = schema.revision(database)
        if database.path is not None:
            with database.read() as tx:
                found["journal_mode"] = str(tx.value("PRAGMA journal_mode")).upper()
        schema.check(database)
        _outbox(database, warnings)
    except DuesdeskError as error:
        found["trouble"] = sentence(error)
        warnings.append(found["trouble"])
    finally:
        database.close()
    if database.path is not None and database.path.exists():
        found["rights"] = f"{stat.S_IMODE(database.path.stat().st_mode):04o}"
    return found


def _outbox(database: Database, warnings: list[str]) -> None:
    """What sends notices and does not work: they wait for it, and nothing else tells of it."""
    with database.read() as tx:
        for channel, count, code in outbox.held_up(tx):
            told = ngettext(
                "{count} notice waits: {channel} does not work ({code}).",
                "{count} notices wait: {channel} does not work ({code}).",
                count,
            )
            warnings.append(told.format(count=count, channel=channel, code=code))


def _file(path: Path, warnings: list[str]) -> dict[str, Any]:
    there = path.exists()
    if there and config.open_to_others(path):
        warnings.append(_("Others on this machine could read {file}; it is for its owner alone now.").format(file=path))
    network = _network_filesystem(path)
    if network:
        warnings.append(
            _("{file} lies on a network drive ({kind}): two desks can damage it. PostgreSQL is made for that.").format(
                file=path, kind=network
            )
        )
    return {"bytes": path.stat().st_size if there else None, "rights": None, "network": network}


def _network_filesystem(path: Path) -> str | None:
    """The kind of network drive `path` lies on; None on a drive of this machine, and where nobody says."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    place = str(path.expanduser().absolute().parent.resolve()) + "/"
    best, kind = "", ""
    for line in lines:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ").rstrip("/") + "/"
        if place.startswith(point) and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind if kind in _NETWORK else None


def _is_there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _is_compiled(package: str) -> bool:
    """Whether the modules beside a package's __init__ have their bytecode."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return False
    folder = Path(spec.origin).parent
    return Path(importlib.util.cache_from_source(str(folder / "app.py"))).exists()


def _has_catalogue(code: str) -> bool:
    folder = Path(config.__file__).parent / "locales" / code / "LC_MESSAGES"
    return code == "en" or any((folder / f"duesdesk.{kind}").exists() for kind in ("mo", "po"))


def _newest_backup(url: str, settings: Settings, warnings: list[str]) -> dict[str, Any] | None:
    path = Database(url).path
    if path is None:
        return None
    newest = backups.newest(settings.home)
    if newest is None or newest.store != str(path.absolute()) or not newest.file.exists():
        if path.exists():
            warnings.append(_("No backup of this store is known: duesdesk backup FILE makes one."))
        return None
    return {"file": str(newest.file), "at": newest.at.isoformat(), "actor": newest.actor}
