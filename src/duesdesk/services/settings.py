"""Settings: those of the centre stand in the store, those of this machine in its settings file."""

from __future__ import annotations

from dataclasses import dataclass

from duesdesk import config
from duesdesk.config import FILE, KNOWN, STORE, Secret
from duesdesk.domain.errors import BadInput, Refused
from duesdesk.domain.store_address import HIDDEN, split_password, without_password
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.once import once
from duesdesk.services.workplace import Workplace
from duesdesk.store.database import Tx

DATABASE, PASSWORD = "database", "database.password"


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting as it stands.

    `value` and `default` are texts; `place` is "store" (the centre) or "file" (this machine). `kind` is what is wanted
    ("choice", "number", "hours" …), `bounds` the least and the most of a number.
    """

    key: str
    value: str
    default: str
    place: str
    help: str
    choices: tuple[str, ...]
    kind: str = "text"
    bounds: tuple[int, int] | None = None


class SettingsList:
    """Settings of one centre and of this machine, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def all(self) -> list[SettingView]:
        """Every setting by its key. Raises BadInput when the settings file cannot be read."""
        machine = config.load()
        with self._place.database.read() as tx:
            held: dict[str, str] = dict(tx.all("SELECT key, value FROM setting"))
        found = []
        for key, known in KNOWN.items():
            value = _shown(key, machine) if known.place == FILE else config.canonical(key, held.get(key, known.default))
            view = SettingView(
                key, value, known.default, known.place, known.help, known.choices, known.kind, known.bounds
            )
            found.append(view)
        return found

    def text(self, key: str) -> str:
        """The value of one setting as text. Raises NotFound for one there is not."""
        known = config.setting(key)
        if known.place == FILE:
            return _shown(key, config.load())
        with self._place.database.read() as tx:
            return stored(tx, key)

    def set(self, key: str, text: str, *, key_of_act: str | None = None) -> Plain:
        """Change a setting. Answers `{"key", "value", "place"}`.

        Raises NotFound, BadInput, Refused when the role may not change what all desks share, Conflict for a key that
        came with other content.
        """
        known = config.setting(key)
        value = config.canonical(key, text)
        from duesdesk.services.setting_checks import check  # imported late: start-up

        check(known, value)
        if known.place != STORE:
            return self._set_here(key, value, key_of_act)

        def work(within: Within) -> Done:
            return _written(within, key, value)

        request = Request("setting", {"setting": key, "value": value}, key=key_of_act)
        return perform(self._place, request, work)

    def _set_here(self, key: str, value: str, key_of_act: str | None) -> Plain:
        """Change a setting of this machine. A password in the address of the store is kept apart, as a secret."""
        machine = config.load()
        home, password = machine.home, ""
        if key == DATABASE:
            value, password = split_password(value)
            if password == HIDDEN:
                # As it is shown: what was kept in the clear is kept apart from now on.
                password = split_password(machine.texts.get(key, ""))[1]
        answer = {"key": key, "value": value, "place": FILE}

        def work() -> Plain:
            if not self._place.rehearses:
                if password:
                    config.write_secret(home, PASSWORD, Secret(password))
                config.write(home, key, value)
            return answer

        content = {"setting": key, "value": value}
        place = self._place
        return once(home, key_of_act, "setting", content, work, clock=place.clock, rehearses=place.rehearses)

    def keep_secret(self, name: str, secret: Secret, *, key: str | None = None) -> Plain:
        """Keep a password or token in this machine's file of secrets. Answers `{"secret", "kept"}`.

        Raises BadInput for a name there is not, and for an empty secret.
        """
        if not secret.reveal():
            raise BadInput("secret-empty")
        if name not in config.SECRETS:
            raise BadInput("setting-unknown", key=name, choices=config.SECRETS)
        home = config.load().home

        def work() -> Plain:
            if not self._place.rehearses:
                config.write_secret(home, name, secret)
            return {"secret": name, "kept": True}

        # What it is stays out of the file of keys, even as a hash.
        place = self._place
        return once(home, key, "secret", {"secret": name}, work, clock=place.clock, rehearses=place.rehearses)

    def put_back_within(self, within: Within, answer: Plain, before: str) -> Done:
        """What a change of a setting of the centre replaced is in force again; undo calls it.

        Raises Refused when it was changed once more since.
        """
        key = str(answer["key"])
        if stored(within.tx, key) != answer["value"]:
            raise Refused("undo-not-the-last")
        return _written(within, key, config.canonical(key, before))

    def secrets(self) -> dict[str, bool]:
        """The passwords and tokens there may be on this machine, and whether it was told each."""
        machine = config.load()
        return {name: machine.secret(name) is not None for name in config.SECRETS}


def _shown(key: str, machine: config.Settings) -> str:
    """A setting of this machine as it may be shown."""
    value = machine.text(key)
    return without_password(value) if key == DATABASE else value


def _written(within: Within, key: str, value: str) -> Done:
    """The setting of the centre has this value from now on; what was before stands in the audit."""
    before = stored(within.tx, key)
    within.tx.run(
        """INSERT INTO setting (key, value, changed_at, actor) VALUES (:key, :value, :at, :actor)
           ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at,
                                           actor = excluded.actor""",
        key=key,
        value=value,
        at=within.act.recorded_at,
        actor=within.act.actor,
    )
    return Done(f"setting {key}", {"key": key, "value": value, "place": STORE}, before)


def stored(tx: Tx, key: str) -> str:
    """What the store says of a setting of the centre, its default included."""
    text: str | None = tx.value("SELECT value FROM setting WHERE key = :key", key=key)
    return config.setting(key).default if text is None else text
