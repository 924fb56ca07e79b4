"""This machine's settings: the file `settings.toml`, the environment, and where data lies. Nobody else reads them.

Environment: DUESDESK_HOME (folder of settings and data), DUESDESK_DB (the store), DUESDESK_TODAY (see `clock`),
DUESDESK_LANG, and secrets such as DUESDESK_EMAIL_PASSWORD. Secrets never stand in the settings file: they come from the
environment or from `secrets.toml`, which nobody but its owner may read.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from duesdesk.domain.errors import BadInput, DuesdeskError
from duesdesk.known_settings import FILE, KNOWN, STORE, Setting, Value, canonical, parse, setting, to_text

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

__all__ = [
    "FILE", "KNOWN", "STORE", "Secret", "Setting", "Settings", "Value", "canonical", "data_folder", "home_folder",
    "load", "open_to_others", "own_folder", "parse", "setting", "to_text", "write", "write_secret",
]  # fmt: skip

SETTINGS_FILE = "settings.toml"
SECRETS_FILE = "secrets.toml"
SECRETS = (
    "database.password",
    "email.password",
    "push.secret",
    "signal.secret",
    "sms.secret",
    "telegram.secret",
    "whatsapp.secret",
)
DATABASE_FILE = "duesdesk.db"
FOLDER_MODE = 0o700
FILE_MODE = 0o600
_HEAD = "# Settings of duesdesk on this machine. `duesdesk settings show` explains each of them.\n"
_HEAD_OF_SECRETS = "# Secrets of duesdesk on this machine. Nobody else may be able to read this file.\n"


class Secret:
    """A password or token: it is shown nowhere, not even in a traceback; `reveal()` gives it to who needs it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"


class Settings(NamedTuple):
    """What this machine was told. `texts` holds what the settings file says, by key; the rest has its default."""

    home: Path
    database: str
    """The address of the store: DUESDESK_DB, else the settings file, else a file in `home`; see `store_address`."""
    today: str | None
    """What DUESDESK_TODAY says; `clock.parse_when` reads it."""
    language: str
    """Asked for by DUESDESK_LANG or the settings file; empty for the centre's."""
    texts: Mapping[str, str]
    unknown: tuple[str, ...] = ()
    """Keys of the settings file that mean nothing there: misspelt, or kept in the store. `doctor` names them."""
    secrets: Mapping[str, Secret] = {}

    def value(self, key: str) -> Value:
        """What a `file` setting holds, its default included."""
        return parse(key, self.texts.get(key, setting(key).default))

    def text(self, key: str) -> str:
        """The same as text."""
        return to_text(self.value(key))

    def number(self, key: str) -> int:
        """The same, for a setting that is a number."""
        value = self.value(key)
        if not isinstance(value, int):
            raise TypeError(f"{key} is no number")
        return value

    def switch(self, key: str) -> bool:
        """The same, for a setting that is on or off."""
        value = self.value(key)
        if not isinstance(value, bool):
            raise TypeError(f"{key} is no switch")
        return value

    def secret(self, name: str) -> Secret | None:
        """The secret called `name` ('email.password'), or None when this machine was not told it."""
        return self.secrets.get(name)

    def store_address(self, asked: str = "") -> str:
        """The address of the store that was asked for, or else is told here, with its password where it is kept."""
        address, password = asked or self.database, self.secret("database.password")
        if password is None:
            return address
        from duesdesk.domain.store_address import with_password  # imported late: start-up

        return with_password(address, password.reveal())

    @property
    def outbox(self) -> Path:
        """Where notices are written while they are not sent."""
        return self.home / self.text("email.outbox")


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings as file and environment (this process's own, unless another is given) say now.

    Raises BadInput: 'settings-unreadable', 'setting-…' with the file, 'secrets-open-to-others'.
    """
    environment = os.environ if environment is None else environment
    home = home_folder(environment)
    texts, unknown = _read_settings(home / SETTINGS_FILE)
    settings = Settings(
        home=home,
        database=environment.get("DUESDESK_DB") or texts.get("database") or str(home / DATABASE_FILE),
        today=environment.get("DUESDESK_TODAY") or None,
        language=environment.get("DUESDESK_LANG") or texts.get("language", ""),
        texts=texts,
        unknown=unknown,
        secrets=_read_secrets(home / SECRETS_FILE, environment),
    )
    for key in texts:
        try:
            settings.value(key)
        except DuesdeskError as error:
            raise BadInput(error.code, **{**error.facts, "key": f"{key} ({SETTINGS_FILE})"}) from error
    return settings


def home_folder(environment: Mapping[str, str]) -> Path:
    """DUESDESK_HOME, else the folder for a user's data of the operating system."""
    told = environment.get("DUESDESK_HOME")
    if told:
        return Path(told).expanduser().absolute()
    if sys.platform in ("win32", "darwin"):
        from platformdirs import user_data_path  # imported late: start-up

        return user_data_path("duesdesk", appauthor=False)
    data = environment.get("XDG_DATA_HOME", "").strip()
    return (Path(data) if data else Path.home() / ".local" / "share") / "duesdesk"


def data_folder() -> Path:
    """The demo centre, rules and import profiles: beside the package once installed, else in the source tree."""
    package = Path(__file__).parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent.parent / "data"


def open_to_others(path: Path) -> bool:
    """Whether other people of this machine may read or write what lies at `path`; False where modes mean nothing."""
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def own_folder(path: Path) -> Path:
    """Makes the folder, for its owner alone. Raises BadInput ('folder-unusable') where that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    except OSError as error:
        raise BadInput("folder-unusable", folder=path, why=error.strerror) from error
    return path


def write(home: Path, key: str, text: str) -> str:
    """Changes a `file` setting in the settings file, keeping comments and order; the text that is kept.

    Raises NotFound and BadInput: as `parse`, 'setting-kept-in-store', 'settings-unreadable', 'folder-unusable'.
    """
    if setting(key).place != FILE:
        raise BadInput("setting-kept-in-store", key=key)
    kept = canonical(key, text)
    value = parse(key, kept)
    _change(home / SETTINGS_FILE, key, value if isinstance(value, int) else kept, _HEAD)
    return kept


def write_secret(home: Path, name: str, secret: Secret) -> None:
    """Keeps a secret in the file nobody else can read. Raises NotFound ('setting-unknown') for another name."""
    if name not in SECRETS:
        raise BadInput("setting-unknown", key=name, choices=SECRETS)
    _change(home / SECRETS_FILE, name, secret.reveal(), _HEAD_OF_SECRETS)


def _change(path: Path, key: str, value: str | int, head: str) -> None:
    import tomlkit  # imported late: start-up

    own_folder(path.parent)
    document: TOMLDocument
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else head)
        table = document
        *tables, name = key.split(".")
        for part in tables:
            table = table.setdefault(part, tomlkit.table())
        table[name] = value
        changed = tomlkit.dumps(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput("settings-unreadable", file=path, why=str(error)) from error
    except OSError as error:
        raise BadInput("settings-unreadable", file=path, why=error.strerror) from error
    _replace(path, changed)


def _replace(path: Path, text: str) -> None:
    """A reader sees the old file or the new one, never a part."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(beside, "w", encoding="utf-8", opener=_owner_only) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise BadInput("folder-unusable", folder=path.parent, why=error.strerror) from error


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_TRUNC, FILE_MODE)


def _read_settings(path: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    texts: dict[str, str] = {}
    unknown: list[str] = []
    for key, value in _flat(_read_toml(path)):
        if key in KNOWN and KNOWN[key].place == FILE:
            texts[key] = _as_text(value)
        else:
            unknown.append(key)
    return texts, tuple(unknown)


def _read_secrets(path: Path, environment: Mapping[str, str]) -> dict[str, Secret]:
    found: dict[str, Secret] = {}
    if path.exists():
        if open_to_others(path):
            raise BadInput("secrets-open-to-others", file=path)
        found = {key: Secret(_as_text(value)) for key, value in _flat(_read_toml(path)) if key in SECRETS}
    for name in SECRETS:
        told = environment.get("DUESDESK_" + name.upper().replace(".", "_"))
        if told:
            found[name] = Secret(told)
    return found


def _read_toml(path: Path) -> dict[str, object]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadInput("settings-unreadable", file=path, why=error.strerror) from error
    import tomllib  # imported late: start-up

    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        # The place is told, never the line: it may hold a secret.
        raise BadInput("settings-unreadable", file=path, why=str(error)) from None


def _flat(table: Mapping[str, object], above: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in table.items():
        found += _flat(value, f"{above}{name}.") if isinstance(value, dict) else [(above + name, value)]
    return found


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)
