"""Who is acting: the person named, or the owner. Not in `services.staff`, which brings the ledger to every start."""

from __future__ import annotations

from duesdesk.domain.errors import BadInput, NotFound
from duesdesk.domain.roles import MANAGER
from duesdesk.domain.text import clean_text
from duesdesk.services.workplace import Actor
from duesdesk.store.database import Tx

# Who acts when nobody is named: a new centre has no staff yet, and a command of the owner needs none.
OWNER = "owner"


def actor_named(tx: Tx, name: str | None, desk: str) -> Actor:
    """The actor called `name`. Nobody named acts as the owner; so does any name while no staff is set up.

    Raises NotFound when staff is set up and has no such active person.
    """
    if name is None:
        return Actor(OWNER, MANAGER, desk)
    row = tx.one("SELECT name, role FROM staff WHERE lower(name) = lower(:name) AND active", name=name)
    if row is not None:
        return Actor(row[0], row[1], desk)
    if tx.value("SELECT 1 FROM staff LIMIT 1") is None:
        return Actor(founder_named(name), MANAGER, desk)
    raise NotFound("staff-unknown", name=name)


def founder_named(name: str | None) -> str:
    """Who acts where no staff is set up yet. Raises BadInput for a name of nothing."""
    if name is None:
        return OWNER
    cleaned = clean_text(name, max_length=60).strip()
    if not cleaned:
        raise BadInput("name-missing")
    return cleaned
