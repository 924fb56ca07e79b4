"""`duesdesk import`: what it prints where, and its exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.cli import run
from tests.imports.bringing import count, everything, written

GOOD = "number,name\nK1,Kid\nK2,Other\n"
BAD = "number,name\nK1,Kid\nK2,\x1b]52;c;eA==\x07Evil\u202e\n"


class Said(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


Command = Callable[..., Said]


@pytest.fixture
def command(store: Path, capfd: pytest.CaptureFixture[str]) -> Command:
    def called(*arguments: str) -> Said:
        code = run(["--db", str(store), "--today", "2026-11-22", "import", *arguments])
        said = capfd.readouterr()
        for text in said:
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text), text
            assert "Traceback" not in text
        return Said(code, said.out, said.err)

    return called


def test_a_good_file_is_one_document_and_nothing_else_on_standard_output(command: Command, tmp_path: Path) -> None:
    file = str(
        written(tmp_path, GOOD.replace("name", "name,Shoe size").replace("Kid", "Kid,41").replace("Other", "O,4"))
    )
    said = command("members", file, "--json")
    assert said.code == 0
    assert said.document == {
        "kind": "members",
        "file": "rows.csv",
        "read": 2,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "written": True,
        "rejected": [],
    }
    assert "Shoe size" in said.err
    assert command("members", file, "--json").document["unchanged"] == 2


def test_a_rejected_row_is_told_with_its_line_and_nothing_is_written(
    command: Command, tmp_path: Path, desk: Desk
) -> None:
    before = everything(desk)
    said = command("members", str(written(tmp_path, BAD)), "--json")
    assert said.code == 3
    assert [(row["line"], row["field"]) for row in said.document["rejected"]] == [(3, "name")]
    assert set(said.document["rejected"][0]) == {"line", "field", "value", "reason"}
    assert "line 3" in said.err
    assert everything(desk) == before


def test_accepting_the_valid_rows_ends_partly_done(command: Command, tmp_path: Path, desk: Desk) -> None:
    said = command("members", str(written(tmp_path, BAD)), "--accept-valid")
    assert said.code == 4
    assert "rows.rejected.csv" in said.out
    assert count(desk, "member") == 1


def test_a_rehearsal_writes_nothing(command: Command, tmp_path: Path, desk: Desk) -> None:
    said = command("members", str(written(tmp_path, GOOD)), "--dry-run", "--json")
    assert (said.code, said.document["created"], said.document["written"]) == (0, 2, False)
    assert command("members", str(written(tmp_path, BAD)), "--dry-run", "--accept-valid").code == 4
    assert command("members", str(written(tmp_path, BAD)), "--dry-run").code == 3
    assert count(desk, "member") == 0


def test_many_rejections_are_not_all_told_on_the_terminal(command: Command, tmp_path: Path) -> None:
    said = command("members", str(written(tmp_path, "number,name\n" + "K1,\n" * 500)), "--json")
    assert len(said.document["rejected"]) == 500
    assert len(said.err.splitlines()) < 30
    assert "480" in said.err


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"%PDF-1.7", "ümlaut".encode("utf-16"), b"shoe,size\n1,2\n"])
def test_a_file_that_is_no_table_gives_a_sentence_and_a_document(
    command: Command, tmp_path: Path, desk: Desk, content: bytes
) -> None:
    before = everything(desk)
    said = command("members", str(written(tmp_path, content)), "--json")
    assert said.code == 3
    assert (said.document["read"], said.document["rejected"], said.document["written"]) == (0, [], False)
    assert said.document["error"] == said.err.strip()
    assert everything(desk) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["--map", "x"],
        ["--map", "shoe=name"],
        ["--decimal", "x"],
        ["--profile", "none"],
        ["--negative", "x"],
        ["--date-format", "%d"],
    ],
)
def test_wrong_options_are_wrong_usage(command: Command, tmp_path: Path, arguments: list[str]) -> None:
    assert command("members", str(written(tmp_path, GOOD)), *arguments).code == 2


def test_options_reach_the_import(command: Command, tmp_path: Path, desk: Desk) -> None:
    assert command("members", str(written(tmp_path, GOOD))).code == 0
    text = "Nr;Wer;Wann;Fällig;Wieviel\nA1;K1;03/04/2026;05/04/2026;1.234\nA2;K1;03/04/2026;05/04/2026;2\n"
    said = command(
        "invoices", str(written(tmp_path, text.encode("cp1252"))), "--delimiter", ";", "--encoding", "cp1252",
        "--map", "number=Nr", "--map", "member=Wer", "--map", "issued_on=Wann", "--map", "due_on=Fällig",
        "--map", "amount=Wieviel", "--date-format", "%d/%m/%Y", "--decimal", ",", "--currency", "USD", "--json",
    )  # fmt: skip
    assert (said.code, said.document["created"]) == (0, 2)
    with desk.place.database.read() as tx:
        assert tx.all("SELECT issued_on, due_on, total_minor, currency FROM invoice ORDER BY id") == [
            ("2026-04-03", "2026-04-05", 123400, "USD"),
            ("2026-04-03", "2026-04-05", 200, "USD"),
        ]


def test_a_reason_is_a_sentence(command: Command, tmp_path: Path) -> None:
    english = command("members", str(written(tmp_path, "number,name\nK1,\n")), "--json").document
    assert english["rejected"][0]["reason"] == "Every row needs this, and it is blank."
