"""Long lists are whole, or say that there is more."""

from __future__ import annotations

from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from tests.cli.called import Command
from tests.cli.test_files import rows_of

MANY = 1203


@pytest.fixture
def many(call: Command, desk: Desk) -> None:
    """A notice of its own, and copies of it by the hundred."""
    call("member", "add", "Ana Ruiz", "--email", "ana@example.org").done()
    call("invoice", "issue", "M00001", "45.00", "--due", "2026-10-15", "--on", "2026-10-01").done()
    call("notice", "M00001").done()
    with desk.place.database.write() as tx:
        names = [row[0] for row in tx.all("SELECT name FROM pragma_table_info('notice') WHERE name <> 'id'")]
        own = ", ".join("'k' || n" if name in ("idempotency_key", "message_id") else name for name in names)
        tx.run(
            f"""WITH RECURSIVE counted(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM counted WHERE n < {MANY})
                INSERT INTO notice ({", ".join(names)}) SELECT {own} FROM counted, notice WHERE id = 1"""
        )
        tx.run("UPDATE notice SET state = 'sent' WHERE id % 2 = 0")


@pytest.mark.usefixtures("many")
def test_every_notice_is_listed_the_newest_first(call: Command, tmp_path: Path) -> None:
    said = call("notices", "list", "--json").done()
    assert [one["notice"] for one in said.document["notices"]] == list(range(MANY, 0, -1))
    assert (set(said.document), said.err) == ({"notices"}, "")
    sent = call("notices", "list", "--state", "sent", "--json").done().document["notices"]
    assert [one["notice"] for one in sent] == list(range(MANY - 1, 0, -2))
    assert len(call("notices", "list").done().out.splitlines()) == MANY + 2
    file = tmp_path / "notices.csv"
    call("notices", "list", "--csv", str(file)).done()
    assert len(rows_of(file)) == MANY + 1


@pytest.mark.usefixtures("many")
def test_a_limited_list_says_that_there_are_more(call: Command) -> None:
    said = call("notices", "list", "--limit", "3", "--json").done()
    assert [one["notice"] for one in said.document["notices"]] == [MANY, MANY - 1, MANY - 2]
    assert said.document["more"] == MANY - 3
    assert "1,200 more" in said.err
    table = call("notices", "list", "--limit", "3", "--state", "sent").done()
    assert len(table.out.splitlines()) == 5
    assert "598 more" in table.err
    whole = call("notices", "list", "--limit", "5000", "--json").done()
    assert (len(whole.document["notices"]), whole.document["more"], whole.err) == (MANY, 0, "")
    assert call("notices", "list", "--limit", "0").code == 2


def test_people_found_beyond_the_limit_are_told(call: Command) -> None:
    for n in range(25):
        call("member", "add", f"Ruiz {n:02}").done()
    found = call("member", "find", "ruiz", "--json").done()
    assert len(found.document["rows"]) == 20
    assert "--limit" in found.err
    assert len(call("member", "find", "ruiz", "--limit", "30", "--json").done().document["rows"]) == 25
    assert call("member", "find", "ruiz", "--limit", "30").done().err == ""
    assert len(call("member", "find", "ruiz", "--limit", "4").done().out.splitlines()) == 6
    assert call("member", "find", "ruiz", "--limit", "0").code == 2
