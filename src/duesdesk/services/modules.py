"""Parts of the program that a centre switches on. CRM Daily is one."""

from __future__ import annotations

from duesdesk.domain.errors import BadInput, Refused
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.workplace import Workplace

MODULES = ("crm",)
_ON, _OFF = "on", "off"


class Modules:
    """The modules of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def all(self) -> dict[str, bool]:
        """Every module, and whether it is active."""
        with self._place.database.read() as tx:
            rows = {name: bool(active) for name, active in tx.all("SELECT name, active FROM module")}
        return {name: rows.get(name, False) for name in MODULES}

    def is_active(self, name: str) -> bool:
        """Whether the centre uses it."""
        return self.all()[name]

    def switch(self, name: str, *, active: bool, key: str | None = None) -> Plain:
        """Switch a module on or off. Answers `{"module", "active"}`. Raises BadInput for one we do not have."""
        if name not in MODULES:
            raise BadInput("module-unknown", module=name, known=", ".join(MODULES))

        def work(within: Within) -> Done:
            return _switched(within, name, active=active)

        return perform(self._place, Request("module", {"module": name, "active": active}, key=key), work)

    def put_back_within(self, within: Within, answer: Plain, before: str) -> Done:
        """The module is as it was before it was switched; undo calls it. Raises Refused when it was switched since."""
        name, active = str(answer["module"]), bool(answer["active"])
        if _active(within, name) != active:
            raise Refused("undo-not-the-last")
        # What an older version recorded does not say how it was.
        return _switched(within, name, active=before == _ON if before else not active)


def _active(within: Within, name: str) -> bool:
    return bool(within.tx.value("SELECT active FROM module WHERE name = :name", name=name))


def _switched(within: Within, name: str, *, active: bool) -> Done:
    before = _ON if _active(within, name) else _OFF
    within.tx.run(
        """INSERT INTO module (name, active, changed_at, actor) VALUES (:name, :active, :at, :actor)
           ON CONFLICT (name) DO UPDATE SET active = excluded.active, changed_at = excluded.changed_at,
                                            actor = excluded.actor""",
        name=name,
        active=active,
        at=within.act.recorded_at,
        actor=within.act.actor,
    )
    return Done(f"module {name}", {"module": name, "active": active}, before)
