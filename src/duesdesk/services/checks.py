"""Does everything hold? The ledger against its projections, the sums, the chain of acts, the triggers, the file."""

from __future__ import annotations

from dataclasses import dataclass

from duesdesk.services.acts import Plain
from duesdesk.services.workplace import Workplace
from duesdesk.store.verify import verify


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """Something that does not hold: on what, what was found, and what should be there."""

    subject: str
    found: str
    expected: str

    def as_json(self) -> Plain:
        """An entry of a check in `verify --json`."""
        return {"subject": self.subject, "found": self.found, "expected": self.expected}


class Checks:
    """The checks of one store."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def verify(self) -> dict[str, list[CheckFinding]]:
        """Every check by name with what it found; an empty list means that it holds. Raises StoreTrouble."""
        with self._place.database.read() as tx:
            found = {
                name: [CheckFinding(one.subject, one.found, one.expected) for one in findings]
                for name, findings in verify(tx).items()
            }
            damage = [] if tx.postgres else [str(row[0]) for row in tx.all("PRAGMA quick_check(20)")]
        found["file"] = [CheckFinding(text, "damaged", "ok") for text in damage if text != "ok"]
        return found
