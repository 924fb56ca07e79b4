"""A desk with two members, and a way to bring files in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.services.imports.views import ImportResult
from duesdesk.services.members import MemberDetails
from duesdesk.store.verify import verify
from tests.imports.bringing import Bring, bring, written


@pytest.fixture
def people(desk: Desk) -> Desk:
    """The desk with the members M1 and M2."""
    for number, name in (("M1", "Ana Muñoz"), ("M2", "Ștefan Popescu")):
        desk.members.add(MemberDetails(name, number=number))
    return desk


@pytest.fixture
def rows(people: Desk, tmp_path: Path) -> Bring:
    """Bring rows of text in at the desk with M1 and M2; the ledger must hold afterwards."""

    def bring_rows(kind: str, text: str | bytes, **how: Any) -> ImportResult:
        result = bring(people, kind, written(tmp_path, text, how.pop("name", "rows.csv")), **how)
        with people.place.database.read() as tx:
            assert not [finding for findings in verify(tx).values() for finding in findings]
        return result

    return bring_rows
