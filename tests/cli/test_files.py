"""Rows as CSV and XLSX; backup and restore; verify and doctor."""

from __future__ import annotations

import csv
import stat
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from duesdesk.bootstrap import Desk
from tests.cli.called import Command


def rows_of(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


@pytest.mark.usefixtures("desk_with_debts")
def test_csv_has_the_keys_as_headers_and_plain_amounts(call: Command, tmp_path: Path) -> None:
    file = tmp_path / "unpaid.csv"
    assert call("report", "unpaid", "--csv", str(file)).done().out == ""
    assert rows_of(file) == [
        ["currency", "member", "name", "unpaid", "open", "invoices", "oldest_due", "days"],
        ["EUR", "M00001", "Ana Ruiz", "75.00", "75.00", "2", "2026-10-15", "38"],
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.usefixtures("desk_with_debts")
def test_csv_for_a_decimal_comma_has_semicolons_and_a_mark(call: Command, tmp_path: Path) -> None:
    file = tmp_path / "unpaid.csv"
    call("report", "unpaid", "--csv", str(file), lang="es").done()
    assert file.read_bytes().startswith(b"\xef\xbb\xbfcurrency;")
    assert rows_of(file, ";")[1][3] == "75,00"


def test_no_cell_is_a_formula(call: Command, tmp_path: Path) -> None:
    wide = ["\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)"]
    for number, name in enumerate(("=1+1", "+1", "-1", "@SUM(A1)", "|calc", "Plain = Name", *wide), 1):
        call("member", "add", "--number", f"F{number}", "--", name).done()
        call("invoice", "issue", f"F{number}", "10", "--due", "2026-12-01").done()
    file = tmp_path / "open.csv"
    call("report", "unpaid", "--scope", "open", "--csv", str(file)).done()
    names = sorted(row[2] for row in rows_of(file)[1:])
    assert names == sorted(["'+1", "'-1", "'=1+1", "'@SUM(A1)", "'|calc", "Plain = Name", *(f"'{one}" for one in wide)])


@pytest.mark.usefixtures("desk_with_debts")
def test_xlsx_holds_numbers_and_days_and_no_formulas(call: Command, tmp_path: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    call("member", "edit", "M00001", "--name", "=HYPERLINK(1)").done()
    file = tmp_path / "unpaid.xlsx"
    call("report", "unpaid", "--xlsx", str(file)).done()
    table: list[list[Any]] = calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    assert table[0] == ["Currency", "Member", "Name", "Unpaid", "Open", "Invoices", "Oldest due", "Days"]
    assert table[1][:6] == ["EUR", "M00001", "=HYPERLINK(1)", 75.0, 75.0, 2.0]
    assert table[1][6].isoformat() == "2026-10-15"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.usefixtures("desk_with_debts")
def test_without_the_extra_xlsx_says_what_to_install(
    call: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    said = call("report", "unpaid", "--xlsx", str(tmp_path / "x.xlsx"))
    assert said.code == 3
    assert "duesdesk[sheets]" in said.err


def test_a_file_that_cannot_be_written_is_told(call: Command, tmp_path: Path) -> None:
    said = call("report", "unpaid", "--csv", str(tmp_path / "none" / "x.csv"))
    assert said.code == 3
    assert "x.csv" in said.err


@pytest.mark.usefixtures("desk_with_debts")
def test_a_backup_is_whole_private_and_restores(call: Command, bare: Command, tmp_path: Path) -> None:
    file, again = tmp_path / "backup.db", tmp_path / "again.db"
    before = call("report", "unpaid", "--json").document
    call("backup", str(file), "--json").done()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("backup.db*")] == ["backup.db"]
    call("pay", "M00001", "75").done()
    call("restore", str(file), "--to", str(again)).done()
    assert bare("--db", str(again), "--today", "2026-11-22", "report", "unpaid", "--json").document == before
    assert bare("--db", str(again), "verify").code == 0
    assert call("doctor", "--json").document["newest_backup"]["file"] == str(file)


@pytest.mark.usefixtures("desk_with_debts")
def test_nothing_is_overwritten_by_backup_or_restore(call: Command, tmp_path: Path, store: Path) -> None:
    file = tmp_path / "backup.db"
    call("backup", str(file)).done()
    kept = file.read_bytes()
    assert call("backup", str(file)).code == 3
    assert call("restore", str(file), "--to", str(store)).code == 3
    assert file.read_bytes() == kept
    assert call("backup", str(tmp_path / "none" / "b.db")).code == 5


def test_a_damaged_backup_is_not_restored(call: Command, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    call("backup", str(file)).done()
    content = bytearray(file.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    file.write_bytes(content)
    said = call("restore", str(file), "--to", str(tmp_path / "again.db"))
    assert said.code == 5
    assert not (tmp_path / "again.db").exists()
    file.write_text("x", encoding="utf-8")
    assert call("restore", str(file), "--to", str(tmp_path / "again.db")).code == 5
    assert call("restore", str(tmp_path / "none.db"), "--to", str(tmp_path / "again.db")).code == 5


@pytest.mark.parametrize("command", [["backup", "x.db"], ["restore", "x.db", "--to", "postgresql://u:p@h/d"]])
def test_postgresql_is_saved_by_its_own_tools(bare: Command, command: list[str], tmp_path: Path) -> None:
    (tmp_path / "x.db").touch()
    said = bare("--db", "postgresql://u:secret@127.0.0.1:1/none", command[0], str(tmp_path / "x.db"), *command[2:])
    assert said.code in (3, 5)
    assert "secret" not in said.err
    if command[0] == "restore":
        assert "pg_restore" in said.err


def test_verify_names_what_does_not_hold(call: Command, desk: Desk) -> None:
    call("member", "add", "Ana").done()
    call("invoice", "issue", "M00001", "10", "--due", "2026-12-01").done()
    found = call("verify", "--json").document
    assert found["ok"] is True
    assert {"open_items", "payer_balances", "sums", "audit_chain", "triggers", "file"} <= set(found["checks"])
    assert not any(found["checks"].values())
    with desk.place.database.write() as tx:
        tx.run("UPDATE open_item SET open_minor = 999")
    said = call("verify", "--json")
    assert said.code == 3
    assert said.document["ok"] is False
    assert said.document["checks"]["open_items"][0]["subject"] == "1"


def test_the_doctor_looks_at_store_library_and_extras(
    call: Command, bare: Command, store: Path, tmp_path: Path
) -> None:
    found = call("doctor", "--json").document
    assert found["store"]["schema"] == found["store"]["schema_known"]
    assert found["store"]["rights"] == "0600"
    assert found["store"]["trouble"] is None
    assert found["sqlite"]["wal_bug"] is False or found["store"]["journal_mode"] == "DELETE"
    assert set(found["extras"]) == {"letters", "messaging", "postgres", "sheets"}
    assert (found["channels"]["email"], found["channels"]["sms"]) == ("", "sms.gateway")
    assert found["languages"]["en"] is True
    assert any("backup" in warning for warning in found["warnings"])
    missing = bare("--db", str(tmp_path / "none.db"), "doctor", "--json")
    assert missing.code == 5
    assert missing.document["store"]["trouble"]
    assert call("doctor").done().out.count("\n") > 8


def test_the_doctor_names_what_a_channel_half_set_up_lacks(call: Command) -> None:
    for key, value in (("sms.gateway", "twilio"), ("sms.user", "AC1"), ("email.transport", "smtp")):
        call("settings", "set", key, value).done()
    warnings = " ".join(call("doctor", "--json").document["warnings"])
    assert "sms.from" in warnings
    assert "email.host" in warnings
    assert "whatsapp" not in warnings.lower()


def test_a_secret_comes_from_a_pipe_and_is_shown_nowhere(
    call: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("canary-7\n"))
    assert call("settings", "secret", "sms.secret", "--json").document == {"secret": "sms.secret", "kept": True}
    kept = tmp_path / "home" / "secrets.toml"
    assert "canary-7" in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    shown = call("settings", "show", "--json").out + call("settings", "show").out + call("doctor", "--json").out
    assert "canary" not in shown
    monkeypatch.setattr("sys.stdin", StringIO("\n"))
    assert call("settings", "secret", "sms.secret").code == 3
    assert call("settings", "secret", "sms.from").code == 3


def test_a_store_of_this_version_needs_no_upgrade(call: Command) -> None:
    found = call("upgrade", "--json").document
    assert found["from"] == found["to"]
    assert found["saved"] is None


def test_a_new_centre_is_made_once(bare: Command, tmp_path: Path) -> None:
    url = str(tmp_path / "new.db")
    words = ["--name", "Dojo", "--currency", "jpy", "--country", "JP", "--timezone", "Asia/Tokyo", "--language", "en"]
    made = bare("--db", url, "init", *words, "--crm", "--json").document
    assert (made["centre"], made["currency"], made["crm"]) == ("Dojo", "JPY", True)
    assert bare("--db", url, "init", *words).code == 3
    assert bare("--db", str(tmp_path / "bad.db"), "init", *words[:6], "--timezone", "Mars/Base").code == 3
    assert (
        bare("--db", url, "--today", "2026-09-03T20:00:00+00:00", "report", "unpaid", "--json").document["as_of"]
        == "2026-09-04"
    )
