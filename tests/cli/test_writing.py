"""What every writing command promises: `--key` makes it happen once, `--actor` says who, `--dry-run` writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import typer

from duesdesk.cli import commands
from duesdesk.store import sqlite
from tests.cli.called import Command, caller

READING = {
    "agreements list",
    "agreements show",
    "membership list",
    "digest",
    "doctor",
    "holds",
    "member find",
    "member reach",
    "member show",
    "modules list",
    "notices list",
    "notices runs",
    "notices show",
    "report",
    "rule check",
    "rule explain",
    "rule rehearse",
    "rule show",
    "rule versions",
    "settings show",
    "staff list",
    "tasks list",
    "template check",
    "template list",
    "template show",
    "verify",
}
# Each with a call of other content, which the same key refuses.
ACTS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "agreements approve": (["agreements", "approve", "2"], ["agreements", "approve", "1"]),
    "agreements cancel": (
        ["agreements", "cancel", "1", "--reason", "x"],
        ["agreements", "cancel", "2", "--reason", "x"],
    ),
    "bill": (["bill"], ["bill", "--date", "2026-11-01"]),
    "checkin": (["checkin", "M00001"], ["checkin", "M00002"]),
    "credit": (["credit", "INV-00001", "5", "--reason", "x"], ["credit", "INV-00001", "6", "--reason", "x"]),
    "dispute": (["dispute", "INV-00001", "--reason", "x"], ["dispute", "INV-00002", "--reason", "x"]),
    "hold": (["hold", "M00001", "--reason", "x"], ["hold", "M00001", "--reason", "y"]),
    "import": (["import", "members", "members.csv"], ["import", "members", "more.csv"]),
    "invoice issue": (["invoice", "issue", "M00001", "9"], ["invoice", "issue", "M00001", "8"]),
    "invoice move-due": (
        ["invoice", "move-due", "INV-00001", "2026-12-01"],
        ["invoice", "move-due", "INV-00001", "2026-12-02"],
    ),
    "invoice void": (["invoice", "void", "INV-00001", "--reason", "x"], ["invoice", "void", "INV-00002", "--reason=x"]),
    "member add": (["member", "add", "Bo"], ["member", "add", "Boo"]),
    "member consent": (
        ["member", "consent", "M00001", "sms", "--no"],
        ["member", "consent", "M00001", "sms", "--yes", "--how", "x"],
    ),
    "member edit": (["member", "edit", "M00001", "--name", "A"], ["member", "edit", "M00001", "--name", "B"]),
    "member note": (["member", "note", "M00001", "x"], ["member", "note", "M00001", "y"]),
    "membership add": (
        ["membership", "add", "M00001", "--plan", "Sauna", "--price", "5"],
        ["membership", "add", "M00001", "--plan", "Sauna", "--price", "6"],
    ),
    "membership end": (["membership", "end", "M00001"], ["membership", "end", "M00002"]),
    "membership freeze": (
        ["membership", "freeze", "M00001"],
        ["membership", "freeze", "M00001", "--until", "2026-12-01"],
    ),
    "membership price": (["membership", "price", "M00001", "50"], ["membership", "price", "M00001", "51"]),
    "membership rename": (["membership", "rename", "M00001", "Gold"], ["membership", "rename", "M00001", "Blue"]),
    "membership unfreeze": (["membership", "unfreeze", "M00002"], ["membership", "unfreeze", "M00001"]),
    "modules disable": (["modules", "disable", "crm"], ["modules", "enable", "crm"]),
    "modules enable": (["modules", "enable", "crm"], ["modules", "disable", "crm"]),
    "notice": (["notice", "M00001"], ["notice", "M00001", "--template", "due_soon"]),
    "notices cancel": (["notices", "cancel", "1"], ["notices", "cancel", "2"]),
    "notices go": (["notices", "go"], ["notices", "stop"]),
    "notices left": (["notices", "left", "5"], ["notices", "left", "6"]),
    "notices now": (["notices", "now", "1"], ["notices", "now", "2"]),
    "notices posted": (["notices", "posted", "1"], ["notices", "posted", "2"]),
    "notices print": (["notices", "print", "--out", "one"], ["notices", "print", "--out", "two"]),
    "notices stop": (["notices", "stop"], ["notices", "go"]),
    "notices unposted": (["notices", "unposted", "1"], ["notices", "unposted", "2"]),
    "notices retry": (["notices", "retry", "2"], ["notices", "retry", "1"]),
    "pay": (["pay", "M00001", "50"], ["pay", "M00001", "51"]),
    "plan": (
        ["plan", "M00001", "--parts", "3", "--first", "2026-12-01"],
        ["plan", "M00001", "--parts", "4", "--first", "2026-12-01"],
    ),
    "promise": (["promise", "M00001", "5", "2026-12-01"], ["promise", "M00001", "6", "2026-12-01"]),
    "refund": (["refund", "PAY-00001", "5"], ["refund", "PAY-00001", "6"]),
    "reverse": (["reverse", "PAY-00001", "--reason", "x"], ["reverse", "PAY-00001", "--reason", "y"]),
    "rule use": (["rule", "use", "rule.toml"], ["rule", "use", "rule.toml", "--member", "M00001"]),
    "run": (["run"], ["run", "--date", "2026-11-23"]),
    "send": (["send"], ["send", "--limit", "7"]),
    "settings set": (["settings", "set", "terms.days", "14"], ["settings", "set", "terms.days", "15"]),
    "settle": (
        ["settle", "M00001", "20", "--by", "2026-12-01"],
        ["settle", "M00001", "21", "--by", "2026-12-01"],
    ),
    "snooze": (["snooze", "M00001", "5", "--reason", "x"], ["snooze", "M00001", "6", "--reason", "x"]),
    "staff add": (["staff", "add", "Bea", "--role", "manager"], ["staff", "add", "Bea", "--role", "back_office"]),
    "staff pin": (["staff", "pin", "Max", "--clear"], ["staff", "pin", "Ana", "--clear"]),
    "staff role": (["staff", "role", "Max", "back_office"], ["staff", "role", "Max", "front_desk"]),
    "talk": (["talk", "M00001", "--outcome", "other"], ["talk", "M00001", "--outcome", "will_pay"]),
    "template reset": (["template", "reset", "before_due"], ["template", "reset", "reminder_firm"]),
    "template set": (["template", "set", "due_soon", "text.liquid"], ["template", "set", "due_soon", "third.liquid"]),
    "tasks assign": (["tasks", "assign", "1", "Max"], ["tasks", "assign", "1", "Ana"]),
    "tasks done": (["tasks", "done", "1"], ["tasks", "done", "1", "--outcome", "x"]),
    "undo": (["undo"], ["talk", "M00001", "--outcome", "other"]),
    "unhold": (["unhold", "M00003"], ["unhold", "M00003", "--kind", "hardship"]),
    "waive": (["waive", "INV-00001", "5", "--reason", "x"], ["waive", "INV-00001", "6", "--reason", "x"]),
    "writeoff": (["writeoff", "INV-00001", "--reason", "x"], ["writeoff", "INV-00002", "--reason", "x"]),
}
# What makes or copies a store, or keeps a setting of this machine; each is tested in its own words below.
PLACES = {"backup", "demo", "init", "restore", "settings secret", "upgrade"}


def leaves() -> Iterator[tuple[str, set[str]]]:
    """Every command by its whole name, with its options."""
    root = commands.root()
    context = typer.Context(root)
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        for inner, leaf in getattr(command, "commands", {"": command}).items():
            yield f"{name} {inner}".strip(), {option for one in leaf.params for option in one.opts}


def test_every_command_is_known_here_to_read_or_to_write() -> None:
    assert sorted(name for name, _ in leaves()) == sorted([*READING, *ACTS, *PLACES])


@pytest.mark.parametrize("name", [*ACTS, *sorted(PLACES)])
def test_every_writing_command_takes_a_key_and_an_actor(name: str) -> None:
    assert dict(leaves())[name] >= {"--key", "--actor", "--json"}


def content(store: Path) -> list[str]:
    """Every row of every table."""
    connection = sqlite.library().connect(str(store))
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    lines = [f"{table}: {row}" for (table,) in tables for row in connection.execute(f'SELECT * FROM "{table}"')]
    connection.close()
    return lines


@pytest.fixture
def ready(call: Command, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A payment, notices that wait, failed and are unsure, somebody held, somebody at work, and three files."""
    call("member", "add", "Ana Ruiz", "--email", "ana@example.org").done()
    call("member", "add", "Kid Ruiz", "--payer", "M00001").done()
    call("settings", "set", "notices.hours", "always").done()
    call("invoice", "issue", "M00001", "45.00", "--on", "2026-10-01", "--due", "2026-10-15").done()
    call("invoice", "issue", "M00002", "30.00", "--on", "2026-10-01", "--due", "2026-10-20").done()
    call("invoice", "issue", "M00001", "20", "--on", "2026-10-01", "--due", "2026-10-02").done()
    call("member", "add", "Eva").done()
    call("hold", "M00003", "--reason", "a friend").done()
    call("hold", "M00003", "--kind", "hardship", "--reason", "told us").done()
    call("notice", "M00001", "--invoice", "INV-00001", "--now").done()
    call("notice", "M00001", "--invoice", "INV-00003").done()
    call("pay", "M00001", "20", "--invoice", "INV-00003").done()
    for member in ("M00001", "M00002"):
        call("membership", "add", member, "--plan", "Full", "--price", "45", "--from", "2026-11-01").done()
    call("membership", "freeze", "M00002", "--from", "2026-11-10").done()
    call("staff", "add", "Max", "--role", "manager").done()
    call("staff", "add", "Ana", "--role", "manager", "--actor", "Max").done()
    call("pay", "M00001", "1", "--invoice", "INV-00002", "--actor", "Ana").done()
    call("staff", "add", "Bo", "--role", "back_office", "--actor", "Max").done()
    for _invoice in (4, 5):
        call("invoice", "issue", "M00003", "60", "--on", "2026-10-01", "--due", "2026-10-20").done()
    call("plan", "M00003", "--parts", "2", "--first", "2026-12-01", "--invoice", "INV-00004", "--actor", "Bo").done()
    call("settle", "M00003", "30", "--by", "2026-12-01", "--invoice", "INV-00005", "--actor", "Bo").done()
    monkeypatch.chdir(tmp_path)
    call("member", "edit", "M00001", "--address", "C/ Mayor 1; 28013 Madrid").done()
    (tmp_path / "hello.txt").write_text("Hello", encoding="utf-8")
    letter = ["notice", "M00001", "--text", "hello.txt", "--subject", "Hi", "--channel", "letter", "--now"]
    call(*letter).done()
    call("notices", "print", "--out", "first").done()
    call(*letter).done()
    for _notice in (5, 6):
        call("notice", "M00001", "--text", "hello.txt", "--subject", "Hi").done()
    connection = sqlite.connect(store)
    connection.execute("UPDATE notice SET state = 'unsure' WHERE id IN (5, 6)")
    connection.commit()
    connection.close()
    (tmp_path / "members.csv").write_text("number,name\nX1,Xi\n", encoding="utf-8")
    (tmp_path / "text.liquid").write_text("Subject: Hi {{ name }}\n\nSoon.\n", encoding="utf-8")
    (tmp_path / "other.liquid").write_text("Subject: Hi {{ name }}\n\nSooner.\n", encoding="utf-8")
    (tmp_path / "third.liquid").write_text("Subject: Ho {{ name }}\n\nSooner.\n", encoding="utf-8")
    (tmp_path / "more.csv").write_text("number,name\nX2,Xu\n", encoding="utf-8")
    for template in ("before_due", "reminder_firm"):
        call("template", "set", template, "other.liquid", "--actor", "Max").done()
    (tmp_path / "rule.toml").write_text('name = "own"\n[[step]]\nid = "one"\nwhen = "due"\ndo = "call"\n')


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("name", ACTS)
def test_the_same_key_is_done_once_and_refused_for_other_content(call: Command, store: Path, name: str) -> None:
    words, other = ACTS[name]
    first = call(*words, "--key", "k", "--actor", "Ana", "--json").done()
    before = content(store)
    assert call(*words, "--key", "k", "--actor", "Ana", "--json").done().document == first.document
    refused = call(*other, "--key", "k", "--actor", "Ana", "--json")
    assert (refused.code, refused.out) == (3, "")
    assert "The key k was used before" in refused.err
    assert content(store) == before


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("name", ACTS)
def test_a_rehearsal_answers_like_the_act_and_writes_nothing(
    call: Command, store: Path, tmp_path: Path, name: str
) -> None:
    words = [*ACTS[name][0], "--actor", "Ana", "--json"]
    before, files = content(store), sorted(tmp_path.rglob("*"))
    rehearsed = call(*words, "--dry-run").done()
    assert content(store) == before
    assert sorted(tmp_path.rglob("*")) == files
    assert "nothing" in rehearsed.err.lower()
    assert len(rehearsed.document) >= len(call(*words).done().document) - 1


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("name", [name for name in ACTS if name not in ("import", "notice", "send")])
def test_a_rehearsal_is_refused_like_the_act(call: Command, name: str) -> None:
    call("staff", "add", "Zoe", "--role", "manager", "--actor", "Max").done()
    words = list(ACTS[name][0])
    refused = call(*words, "--actor", "Nobody", "--dry-run", "--json")
    assert (refused.code, refused.out) == (3, "")


@pytest.mark.usefixtures("ready")
def test_what_is_sent_under_a_key_is_sent_once(call: Command, tmp_path: Path) -> None:
    outbox = tmp_path / "home" / "outbox"
    would = call("send", "--dry-run", "--json").done().document
    assert (would["sent"], would["dry_run"]) == (1, True)
    assert not outbox.exists()
    first = call("send", "--key", "nine", "--actor", "Ana", "--json").done().document
    assert (first["sent"], first["dry_run"]) == (1, False)
    call("notice", "M00002", "--invoice", "INV-00002", "--now").done()
    assert call("send", "--key", "nine", "--json").done().document == first
    assert len(list(outbox.glob("*.eml"))) == 1
    assert call("send", "--key", "nine", "--date", "2026-11-23", "--json").code == 3
    assert call("send", "--key", "ten", "--json").done().document["sent"] == 1


@pytest.mark.usefixtures("ready")
def test_a_sending_that_was_only_partly_done_answers_so_again(call: Command, tmp_path: Path) -> None:
    call("send").done()
    call("notice", "M00002", "--invoice", "INV-00002", "--now").done()
    blocked = tmp_path / "blocked"
    blocked.write_text("", encoding="utf-8")
    call("settings", "set", "email.outbox", str(blocked)).done()
    first = call("send", "--key", "k", "--json")
    assert first.code == 4
    assert (again := call("send", "--key", "k", "--json")).code == 4
    assert again.document == first.document


@pytest.mark.usefixtures("ready")
def test_a_sending_is_not_what_undo_takes_back(call: Command) -> None:
    call("send", "--key", "k", "--actor", "Ana").done()
    assert call("undo", "--actor", "Ana", "--json").done().document["undone"]["verb"] == "pay"


CENTRE = ["--currency", "EUR", "--country", "ES", "--timezone", "Europe/Madrid", "--language", "es", "--json"]


def test_a_centre_is_founded_once_under_a_key_by_somebody(bare: Command, tmp_path: Path) -> None:
    store = tmp_path / "new" / "desk.db"
    here = ["--db", str(store), "--lang", "en"]
    would = bare(*here, "init", "--name", "Dojo", *CENTRE, "--dry-run").done()
    assert not store.parent.exists()
    words = ["init", "--name", "Dojo", *CENTRE, "--actor", "Max"]
    first = bare(*here, *words, "--key", "k").done()
    assert first.document == would.document
    assert bare(*here, *words, "--key", "k").done().document == first.document
    other = bare(*here, "init", "--name", "Gym", *CENTRE, "--key", "k")
    assert (other.code, other.out) == (3, "")
    assert "The key k was used before" in other.err
    for again in (words, [*words, "--key", "l"], [*words, "--dry-run"]):
        assert bare(*here, *again).code == 3
    assert any("'Max'" in line and "'init'" in line for line in content(store))
    assert bare(*here, "verify").code == 0
    nothing = bare(*here, "undo", "--actor", "Max")
    assert (nothing.code, "nothing to undo" in nothing.err) == (3, True)


@pytest.mark.usefixtures("ready")
def test_a_store_is_saved_once_under_a_key(call: Command, tmp_path: Path) -> None:
    file = tmp_path / "saved.db"
    first = call("backup", str(file), "--key", "k", "--actor", "Ana", "--json").done().document
    assert call("backup", str(file), "--key", "k", "--actor", "Ana", "--json").done().document == first
    assert call("doctor", "--json").document["newest_backup"]["actor"] == "Ana"
    other = call("backup", str(tmp_path / "other.db"), "--key", "k", "--json")
    assert (other.code, other.out) == (3, "")
    assert "The key k was used before" in other.err
    assert not (tmp_path / "other.db").exists()
    assert call("backup", str(file), "--json").code == 3
    assert call("backup", str(tmp_path / "third.db"), "--actor", "Nobody").code == 3
    file.unlink()
    assert call("backup", str(file), "--key", "k", "--json").done().document["file"] == str(file)


@pytest.mark.usefixtures("ready")
def test_nothing_is_done_under_a_key_that_cannot_be_remembered(
    call: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUESDESK_HOME", "/proc/nowhere")
    refused = call("backup", str(tmp_path / "saved.db"), "--key", "k", "--json")
    assert (refused.code, refused.out) == (3, "")
    assert not (tmp_path / "saved.db").exists()
    call("backup", str(tmp_path / "saved.db")).done()


@pytest.mark.usefixtures("ready")
def test_a_store_is_restored_once_under_a_key(call: Command, tmp_path: Path) -> None:
    file, place = tmp_path / "saved.db", tmp_path / "again.db"
    call("backup", str(file)).done()
    words = ["restore", str(file), "--to", str(place), "--json"]
    would = call(*words, "--dry-run").done().document
    assert not place.exists()
    first = call(*words, "--key", "k", "--actor", "Ana").done().document
    assert would == first
    assert call(*words, "--key", "k", "--actor", "Ana").done().document == first
    assert call("restore", str(file), "--to", str(tmp_path / "x.db"), "--key", "k").code == 3
    assert not (tmp_path / "x.db").exists()
    assert call(*words, "--key", "l").code == 3


def test_an_upgrade_takes_a_key_and_an_actor(call: Command) -> None:
    words = ["upgrade", "--key", "k", "--actor", "Ana", "--json"]
    first = call(*words).done().document
    assert call(*words).done().document == first
    assert call("upgrade", "--dry-run", "--json").done().document == first


def test_a_setting_of_this_machine_is_set_once_under_a_key(call: Command) -> None:
    words = ["settings", "set", "desk.name", "desk 7", "--key", "k", "--json"]
    call(*words, "--dry-run").done()
    assert call("settings", "show", "--json").document["desk.name"] == "desk 1"
    first = call(*words).done().document
    call("settings", "set", "desk.name", "desk 8").done()
    assert call(*words).done().document == first
    assert call("settings", "show", "--json").document["desk.name"] == "desk 8"
    assert call("settings", "set", "desk.name", "desk 9", "--key", "k").code == 3


def test_the_demo_centre_is_built_once_under_a_key(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    demo = caller(capfd, "--db", str(tmp_path / "demo.db"), "--today", "2026-11-22", "--lang", "en")
    first = demo("demo", "--build-only", "--fresh", "--key", "k", "--actor", "Ana", "--json").done().document
    assert first["built"] is True
    assert demo("demo", "--build-only", "--fresh", "--key", "k", "--json").done().document == first
    assert demo("demo", "--build-only", "--key", "k", "--json").code == 3
