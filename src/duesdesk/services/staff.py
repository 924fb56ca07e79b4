"""Who works here, and with which role."""

from __future__ import annotations

from dataclasses import dataclass

from duesdesk.domain.errors import BadInput, NotFound, Refused
from duesdesk.domain.roles import MANAGER, ROLES
from duesdesk.domain.text import clean_text
from duesdesk.services import pins
from duesdesk.services.acts import Done, Plain, Request, Within, perform, perform_on_record
from duesdesk.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who works at the desk; `has_pin` when a PIN shows that it is them."""

    name: str
    role: str
    active: bool
    has_pin: bool = False


class StaffList:
    """The staff of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def all(self) -> list[StaffMember]:
        """Everybody, by name."""
        with self._place.database.read() as tx:
            rows = tx.all("SELECT name, role, active, pin_hash FROM staff ORDER BY lower(name)")
        return [StaffMember(name, role, bool(active), bool(pin)) for name, role, active, pin in rows]

    def add(self, name: str, role: str, *, key: str | None = None) -> Plain:
        """A new member of staff. Answers `{"staff", "role"}`. Raises BadInput, Refused when the name is taken."""
        cleaned = clean_text(name, max_length=60).strip()
        if not cleaned:
            raise BadInput("name-missing")
        _check_role(role)

        def work(within: Within) -> Done:
            from duesdesk.models import Staff  # imported late: start-up

            if within.tx.value("SELECT 1 FROM staff WHERE lower(name) = lower(:name)", name=cleaned):
                raise Refused("staff-name-taken", name=cleaned)
            within.session.add(Staff(name=cleaned, role=role, created_at=self._place.now()))
            return Done(f"staff {cleaned}", {"staff": cleaned, "role": role})

        return perform_on_record(self._place, Request("staff", {"name": cleaned, "role": role}, key=key), work)

    def set_role(self, name: str, role: str, *, key: str | None = None) -> Plain:
        """Another role for somebody. Raises NotFound, BadInput, Refused for the last manager."""
        _check_role(role)

        def work(within: Within) -> Done:
            from sqlmodel import func, select  # imported late: start-up

            from duesdesk.models import Staff

            person = within.session.exec(select(Staff).where(func.lower(Staff.name) == name.lower())).one_or_none()
            if person is None:
                raise NotFound("staff-unknown", name=name)
            others = within.tx.value(
                "SELECT count(*) FROM staff WHERE role = 'manager' AND active AND id <> :id", id=person.id
            )
            if person.role == MANAGER and role != MANAGER and not others:
                raise Refused("last-manager", name=person.name)
            before, person.role = person.role, role
            return Done(f"staff {person.name}", {"staff": person.name, "role": role}, before)

        return perform_on_record(
            self._place, Request("staff", {"name": name, "role": role, "change": True}, key=key), work
        )

    def set_pin(self, name: str, pin: str | None, *, key: str | None = None) -> Plain:
        """A PIN for somebody, or none any more. Answers `{"staff", "pin"}`, the latter whether there is one.

        Raises NotFound, BadInput for what is no PIN.
        """
        pin = None if pin is None else pins.check(pin)
        # The content of an act can be guessed at as fast as one likes: of a PIN it has no more than the store.
        told = pins.hashed(pin, f"key {key}".encode()) if pin is not None and key is not None else ""
        content = {"name": name, "pin": pin is not None, "same": told}

        def work(within: Within) -> Done:
            row = within.tx.one("SELECT id, name FROM staff WHERE lower(name) = lower(:name)", name=name)
            if row is None:
                raise NotFound("staff-unknown", name=name)
            kept = pins.hashed(pin) if pin is not None else None
            within.tx.run("UPDATE staff SET pin_hash = :kept WHERE id = :id", kept=kept, id=row[0])
            return Done(f"staff {row[1]}", {"staff": row[1], "pin": pin is not None})

        return perform(self._place, Request("staff", content, key=key), work)

    def is_pin(self, name: str, pin: str) -> bool:
        """Whether it is the PIN of that person; never when they have none. Raises NotFound."""
        with self._place.database.read() as tx:
            row = tx.one("SELECT pin_hash FROM staff WHERE lower(name) = lower(:name)", name=name)
        if row is None:
            raise NotFound("staff-unknown", name=name)
        return row[0] is not None and pins.fits(pin, row[0])


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise BadInput("role-unknown", role=role, known=", ".join(ROLES))
