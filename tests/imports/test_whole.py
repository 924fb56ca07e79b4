"""A file as a whole: all or nothing, rehearsals, keys, what is rejected, and hostile bytes."""

from __future__ import annotations

import csv
import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import BadInput, Conflict, DuesdeskError, Refused, WrongUsage
from duesdesk.domain.text import clean_text
from duesdesk.i18n import sentence
from duesdesk.import_sentences import IMPORTS
from duesdesk.services.imports import service
from duesdesk.services.imports.rejected import guarded
from duesdesk.services.imports.views import KINDS
from duesdesk.store.verify import verify
from tests.conftest import OpenDesk
from tests.imports.bringing import Bring, bring, count, everything, faults, lines, written

INVOICES = (
    "number,member,issued_on,due_on,amount\nA1,M1,2026-01-01,2026-01-10,45.00\nA2,M9,2026-01-01,2026-01-10,1.00\n"
)


def test_with_a_rejected_row_nothing_is_written_and_the_answer_says_so(rows: Bring, people: Desk) -> None:
    before = everything(people)
    result = rows("invoices", INVOICES)
    assert everything(people) == before
    assert result.as_json() == {
        "kind": "invoices", "file": "rows.csv", "read": 2, "created": 1, "updated": 0, "unchanged": 0, "written": False,
        "rejected": [
            {
                "line": 3, "field": "member", "value": "M9",
                "reason": "There is no such member; import the members first.",
            },
        ],
    }  # fmt: skip


def test_a_rehearsal_answers_as_the_import_would_and_writes_nothing(rows: Bring, people: Desk, tmp_path: Path) -> None:
    before = everything(people)
    rehearsed = rows("invoices", INVOICES, dry_run=True, accept_valid=True)
    assert everything(people) == before
    assert sorted(path.name for path in tmp_path.glob("rows*")) == ["rows.csv"]
    done = rows("invoices", INVOICES, accept_valid=True)
    assert done.as_json() == {**rehearsed.as_json(), "written": True}
    assert count(people, "invoice") == 1


def test_the_rejected_rows_are_saved_beside_the_file_for_its_owner_alone(
    rows: Bring, people: Desk, tmp_path: Path
) -> None:
    result = rows("invoices", INVOICES, accept_valid=True)
    saved = tmp_path / "rows.rejected.csv"
    assert result.rejected_file == saved
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    with saved.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["number", "member", "issued_on", "due_on", "amount", "line", "reason"],
            ["A2", "M9", "2026-01-01", "2026-01-10", "1.00", "3", "There is no such member; import the members first."],
        ]
    assert not list(tmp_path.glob(".*.tmp"))


def test_rejected_rows_put_right_can_be_brought_in_from_the_file_of_them(
    rows: Bring, people: Desk, tmp_path: Path
) -> None:
    for kind, text in (
        ("invoices", INVOICES),
        ("credits", "reference,invoice,on,amount\nC1,A1,2026-02-01,5.00\nC2,A1,2026-02-01,x\n"),
    ):
        rows(kind, text, accept_valid=True)
        saved = tmp_path / "rows.rejected.csv"
        fixed = saved.read_bytes().replace(b"M9", b"M2").replace(b",x,", b",1.00,")
        assert bring(people, kind, written(tmp_path, fixed, "fixed.csv")).created == 1
    with people.place.database.read() as tx:
        assert tx.value("SELECT reason FROM credit WHERE reference = 'C2'") == ""


def test_an_older_file_of_rejected_rows_goes_and_a_link_is_not_followed(rows: Bring, tmp_path: Path) -> None:
    target = written(tmp_path, "precious", "target.txt")
    (tmp_path / "rows.rejected.csv").symlink_to(target)
    rows("invoices", INVOICES, accept_valid=True)
    assert target.read_text() == "precious"
    assert "A2" in (tmp_path / "rows.rejected.csv").read_text(encoding="utf-8-sig")


def test_no_cell_of_the_rejected_file_is_a_formula_or_a_command(rows: Bring, tmp_path: Path) -> None:
    cells = [
        "=cmd|'/c calc'!A0",
        "@SUM(1)",
        "+1+1",
        "-2+3",
        " =1",
        "\t=1",
        "＝1",
        "|x",
        "%x",
        "\x1b]52;c;x\x07y",
        "4111111111111111",
    ]
    rows("members", "number,name\n" + "".join(f'"{cell}",\n' for cell in cells), accept_valid=True)
    text = (tmp_path / "rows.rejected.csv").read_text(encoding="utf-8-sig")
    assert not re.search("[\x00-\x08\x1b\x7f]", text)
    assert "4111111111111111" not in text
    for row in list(csv.reader(text.splitlines()))[1:]:
        assert row[0].lstrip()[:1] not in tuple("=+-@|%＝"), row


def test_numbers_of_the_rejected_file_stay_numbers() -> None:
    assert [guarded(cell) for cell in ("-120", "+5.00", "-1.234,50", "-5-", "-x")] == [
        "-120",
        "+5.00",
        "-1.234,50",
        "-5-",
        "'-x",
    ]


def test_nothing_is_written_when_the_rejected_rows_cannot_be_saved(
    people: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, INVOICES)
    before = everything(people)
    (tmp_path / "rows.rejected.csv").mkdir()
    with pytest.raises((BadInput, OSError)):
        bring(people, "invoices", file, accept_valid=True)
    assert everything(people) == before


def test_the_same_key_answers_the_first_answer_and_another_content_is_refused(people: Desk, tmp_path: Path) -> None:
    file = written(tmp_path, "number,name\nK1,Kid\n")
    first = bring(people, "members", file, key="k")
    assert bring(people, "members", file, key="k") == first
    assert first.created == 1
    with pytest.raises(Conflict):
        bring(people, "members", written(tmp_path, "number,name\nK2,Kid\n"), key="k")


def test_who_may_not_import_is_refused(people: Desk, at: OpenDesk, tmp_path: Path) -> None:
    people.staff.add("Fred", "front_desk")
    with pytest.raises(Refused):
        bring(at(actor="Fred"), "members", written(tmp_path, "number,name\nK1,Kid\n"))


def test_an_import_is_one_act_with_what_was_there_before(rows: Bring, people: Desk) -> None:
    rows("members", "number,name\nM1,Ana Gil\n")
    with people.place.database.read() as tx:
        verb, subject, before, answer = tx.one(
            "SELECT verb, subject, before, answer FROM audit_entry ORDER BY id DESC LIMIT 1"
        )
    assert (verb, subject) == ("import", "import rows.csv")
    assert json.loads(before) == {"M1": {"name": "Ana Muñoz"}}
    assert json.loads(answer)["updated"] == 1


@pytest.mark.parametrize(
    "how",
    [
        {"kind": "shoes"}, {"decimal": "x"}, {"delimiter": "#"}, {"negative": "yes"}, {"date_format": "%d"},
        {"currency": "euro"}, {"profile": "no-such"}, {"profile": "../../etc/passwd"}, {"profile": "ibm-receivables"},
        {"columns": {"shoe": "name"}},
    ],
)  # fmt: skip
def test_options_that_mean_nothing_are_wrong_usage(people: Desk, tmp_path: Path, how: dict[str, Any]) -> None:
    file = written(tmp_path, "number,name\nK1,Kid\n")
    with pytest.raises(WrongUsage):
        bring(people, how.pop("kind", "members"), file, **how)


def test_progress_is_told(people: Desk, tmp_path: Path) -> None:
    file = written(tmp_path, "number,name\n" + "".join(f"K{n},Kid {n}\n" for n in range(12_000)))
    told: list[tuple[str, int, int]] = []
    service.Imports(people.place).run(
        service.ImportRequest("members", file), dry_run=True, progress=lambda *step: told.append(step)
    )
    steps = [step for step, _, _ in told]
    assert list(dict.fromkeys(steps)) == ["read", "check", "write"]
    assert steps.count("read") > 1
    assert told[-1] == ("write", 0, 12_000)


def test_how_a_file_was_read_is_told(rows: Bring) -> None:
    result = rows("members", "number,name,Shoe size\nK1,Begoña,41\n".encode("cp1252"))
    assert [note for note in result.notes if "cp1252" in note]
    assert [note for note in result.notes if "Shoe size" in note]


def test_after_an_open_quotation_mark_nothing_is_written_even_if_good_rows_were_asked_for(
    rows: Bring, people: Desk
) -> None:
    before = everything(people)
    result = rows("members", 'number,name\nK1,Kid\nK2,"Open\nK3,Kid\n', accept_valid=True)
    assert (lines(result), result.written) == ([3], False)
    assert everything(people) == before


HOSTILE = [
    "[@click=app.quit]Ann[/]", "[/]", "Gym [VIP]", "=HYPERLINK(1)", "'; DROP TABLE member; --", "{{ 1/0 }}", "%s%n",
    "../../x", "Zalgo" + "\u0300" * 30,
]  # fmt: skip


def test_names_that_look_like_code_are_names(rows: Bring, people: Desk) -> None:
    text = "number,name\n" + "".join(f'K{n},"{name}"\n' for n, name in enumerate(HOSTILE))
    assert rows("members", text).created == len(HOSTILE)
    with people.place.database.read() as tx:
        kept = [row[0] for row in tx.all("SELECT name FROM member WHERE number LIKE 'K%' ORDER BY number")]
    assert kept == [clean_text(name) for name in HOSTILE]


@pytest.mark.parametrize(
    "hostile", ["\x00", "\x1b[2J", "\x9b", "\u202e", "\x07", "4111 1111 1111 1111", "x" * 10_000_000]
)
def test_a_hostile_cell_rejects_its_line_and_leaves_the_store_alone(rows: Bring, people: Desk, hostile: str) -> None:
    before = everything(people)
    result = rows("members", f"number,name,group\nK1,Kid,a\nK2,Kid,b{hostile}\nK3,Kid,c\n")
    assert lines(result) == [3]
    assert everything(people) == before
    told = json.dumps(result.as_json(), ensure_ascii=False)
    assert len(told) < 1_000
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", told)
    assert "1111 1111" not in told


@pytest.mark.parametrize("hostile", ["\x00", "\x1b[2J", "x" * 70_000])
def test_a_hostile_header_gives_a_sentence(rows: Bring, people: Desk, hostile: str) -> None:
    before = everything(people)
    with pytest.raises(BadInput) as caught:
        rows("members", f"number,full {hostile} name,group\nK1,Kid,a\n")
    assert not re.search("[\x00-\x1f]", sentence(caught.value))
    assert everything(people) == before


BYTES = st.one_of(
    st.binary(max_size=400),
    st.text(alphabet='number,name;"\n\r\t|éM1\x00\x1b=\ufeff2026-01-10.,', max_size=300).map(str.encode),
    st.text(alphabet='M1,2026-0.;"\n\x00é', max_size=300).map(lambda text: f"number,name\n{text}".encode()),
    st.text(alphabet='M12,2026-01/.;"\n€', max_size=300).map(
        lambda text: f"number,member,issued_on,amount,reference,received_on,invoice,on,starts_at\n{text}".encode()
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BYTES, st.sampled_from(KINDS), st.booleans())
def test_any_bytes_are_brought_in_or_refused_and_the_ledger_holds(
    people: Desk, tmp_path: Path, content: bytes, kind: str, accept: bool
) -> None:
    file = written(tmp_path, content)
    try:
        first = bring(people, kind, file, accept_valid=accept)
    except DuesdeskError as error:
        refused = error.code
        assert refused in IMPORTS
        return
    with people.place.database.read() as tx:
        assert not [finding for findings in verify(tx).values() for finding in findings]
    if first.written:
        again = bring(people, kind, file, accept_valid=accept)
        assert (again.created, again.updated, lines(again)) == (0, 0, lines(first))
    else:
        assert faults(first)


def test_every_problem_has_its_sentence() -> None:
    folder = Path(service.__file__).parent
    codes = {code for file in folder.rglob("*.py") for code in re.findall(r'"(import-[a-z0-9-]+)"', file.read_text())}
    assert codes - {"import-map-unreadable"} <= set(IMPORTS)
    assert set(IMPORTS) - codes <= {"import-map-unreadable"}
