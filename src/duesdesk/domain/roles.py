"""Which role may do which act: one table, asked by the services and shown by `duesdesk staff list`."""

from __future__ import annotations

from duesdesk.domain.errors import Refused

FRONT_DESK, BACK_OFFICE, MANAGER = "front_desk", "back_office", "manager"
ROLES = (FRONT_DESK, BACK_OFFICE, MANAGER)

_EVERYONE = frozenset(ROLES)
_OFFICE = frozenset((BACK_OFFICE, MANAGER))
_MANAGER = frozenset((MANAGER,))

MAY: dict[str, frozenset[str]] = {
    "agreement.cancel": _OFFICE,
    "bill": _OFFICE,
    "book": _EVERYONE,
    "checkin": _EVERYONE,
    # A stop counts at once, whoever hears it.
    "consent": _EVERYONE,
    "credit_note": _OFFICE,
    "dispute": _EVERYONE,
    # A mark that stops every step from the same second (hardship, vulnerable ...); taking it off is `unhold`.
    "flag": _EVERYONE,
    "hold": _OFFICE,
    "import": _OFFICE,
    "init": _EVERYONE,
    "invoice.issue": _EVERYONE,
    "invoice.move_due": _OFFICE,
    "invoice.void": _OFFICE,
    "member.add": _EVERYONE,
    "member.edit": _EVERYONE,
    "membership.add": _EVERYONE,
    "membership.end": _EVERYONE,
    "membership.freeze": _EVERYONE,
    "membership.price": _OFFICE,
    "membership.rename": _OFFICE,
    "membership.unfreeze": _EVERYONE,
    "module": _MANAGER,
    "note": _EVERYONE,
    "notice": _EVERYONE,
    "notice.cancel": _EVERYONE,
    "notice.go": _OFFICE,
    # Whoever may send one again may say that it had left.
    "notice.left": _EVERYONE,
    "notice.many": _EVERYONE,
    "notice.print": _OFFICE,
    # Whoever sees that something goes wrong may stop it.
    "notice.stop": _EVERYONE,
    "pay": _EVERYONE,
    "plan": _OFFICE,
    "promise": _EVERYONE,
    "refund": _OFFICE,
    "restore": _EVERYONE,
    "reverse": _OFFICE,
    "send": _EVERYONE,
    "rule.use": _MANAGER,
    "run": _OFFICE,
    "setting": _MANAGER,
    # One that waives more than the back office may alone waits for `settle.approve`.
    "settle": _OFFICE,
    "settle.approve": _MANAGER,
    "snooze": _EVERYONE,
    "staff": _MANAGER,
    "talk": _EVERYONE,
    "template": _OFFICE,
    "task": _EVERYONE,
    # Taking back one's own last act; somebody else's needs `reverse`.
    "undo": _EVERYONE,
    "upgrade": _EVERYONE,
    "unhold": _OFFICE,
    "use_credit": _EVERYONE,
    "waiver": _OFFICE,
    "write_off": _MANAGER,
}


def may(role: str, act: str) -> bool:
    """Whether somebody with `role` may do `act`."""
    return role in MAY[act]


def require(role: str, act: str) -> None:
    """Raises Refused when `role` may not do `act`; the sentence names who may."""
    if not may(role, act):
        allowed = next(name for name in ROLES if name in MAY[act])
        raise Refused("role-may-not", act=act, role=role, needed=allowed)
