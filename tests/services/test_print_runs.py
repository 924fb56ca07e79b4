"""Letters on paper: printed together, sent once somebody says that they are in the post."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import BadInput, NotFound, Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.letters import letters_of
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.payments import PayRequest
from tests.conftest import OpenDesk

PEOPLE = ("Ana Muñoz", "Ștefan Popescu", "=cmd|' /C calc'!A0")
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def desk(at: OpenDesk, store: Path) -> Iterator[Desk]:
    """Three people who owe, each with a letter that waits; it is a Sunday night."""
    early = at(date(2026, 9, 1))
    early.settings.set("centre.iban", "ES91 2100 0418 4502 0005 1332")
    early.settings.set("centre.address", "Calle Mayor 1; 28013 Madrid")
    for number, name in enumerate(PEOPLE, 1):
        early.members.add(
            MemberDetails(
                name, address=f"Strada {number}; 300001 Timișoara", country="RO" if number == 2 else None, language="es"
            )
        )
        early.invoices.issue(IssueRequest(f"M0000{number}", 1000 * number, "EUR", date(2026, 10, 15)))
    opened = open_desk(str(store), clock=Clock(NIGHT))
    for number in range(1, 4):
        wanted = NoticeRequest(f"M0000{number}", "formal_letter", channel="letter")
        opened.notices.write(wanted, cooling=False)
    yield opened
    opened.close()


def states(desk: Desk) -> list[tuple[str, str]]:
    return [(view.state, view.why) for view in sorted(desk.notices.all(), key=lambda view: view.id)]


def pages(file: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(file.read_bytes())).pages]


def test_one_file_for_all_with_a_list_and_nothing_counts_as_sent_yet(desk: Desk, tmp_path: Path) -> None:
    done = desk.print_runs.print_letters(tmp_path / "out")
    assert [one["name"] for one in done["letters"]] == list(PEOPLE)
    found = pages(Path(done["file"]))
    assert len(found) == 3
    assert "Ana Muñoz" in found[0]
    assert "10,00" in found[0]
    assert "ES91 2100 0418 4502 0005 1332" in found[0]
    assert "RUMAN" in found[1].upper() or "ROMANIA" in found[1].upper()
    assert states(desk) == [("queued", "posting")] * 3
    with Path(done["list"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["member"] for row in rows] == ["M00001", "M00002", "M00003"]
    assert rows[2]["name"].startswith("'=")
    assert oct(Path(done["file"]).stat().st_mode & 0o777) == "0o600"
    with pytest.raises(Refused) as refused:
        desk.print_runs.print_letters(tmp_path / "out")
    assert refused.value.code == "no-letters"


def test_a_file_for_each_when_that_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    done = desk.print_runs.print_letters(tmp_path / "out", each=True)
    files = [tmp_path / "out" / one["file"] for one in done["letters"]]
    assert [len(pages(file)) for file in files] == [1, 1, 1]
    assert done["file"] == ""


def test_posted_letters_are_sent_and_what_was_paid_meanwhile_is_named(desk: Desk, tmp_path: Path) -> None:
    run = desk.print_runs.print_letters(tmp_path)["run"]
    desk.payments.pay(PayRequest("M00002", 2000, "EUR"))
    assert desk.print_runs.all()[0].pulled_back == (2,)
    done = desk.print_runs.post(run)
    assert done["posted"] == [1, 3]
    assert done["left_out"] == [{"notice": 2, "member": "M00002", "name": PEOPLE[1], "reason": "paid"}]
    assert states(desk) == [("sent", ""), ("cancelled", ""), ("sent", "")]
    for again in (lambda: desk.print_runs.post(run), lambda: desk.print_runs.unpost(run)):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == "print-run-closed"
    with pytest.raises(NotFound):
        desk.print_runs.post(99)


def test_letters_that_were_not_posted_wait_to_be_printed_again(desk: Desk, tmp_path: Path) -> None:
    first = desk.print_runs.print_letters(tmp_path)["run"]
    assert desk.print_runs.unpost(first, reason="paper jam")["letters"] == [1, 2, 3]
    assert states(desk) == [("queued", "printing")] * 3
    second = desk.print_runs.print_letters(tmp_path)
    assert len(second["letters"]) == 3
    assert [(run.id, run.state) for run in desk.print_runs.all()] == [(2, "printed"), (1, "cancelled")]


def test_what_does_not_hold_any_more_is_left_out_and_said(desk: Desk, tmp_path: Path) -> None:
    desk.reaching.consent("M00001", "letter", wanted=False)
    done = desk.print_runs.print_letters(tmp_path)
    assert done["left_out"] == [{"notice": 1, "reason": "not_wanted"}]
    assert [one["notice"] for one in done["letters"]] == [2, 3]
    assert desk.notices.get(1).state == "cancelled"


def test_a_send_never_takes_a_letter_and_a_payment_before_printing_pulls_it_back(desk: Desk, tmp_path: Path) -> None:
    assert {one.detail for one in desk.outbox.send_due()} == {"hours"}
    desk.payments.pay(PayRequest("M00003", 3000, "EUR"))
    assert [one["notice"] for one in desk.print_runs.print_letters(tmp_path)["letters"]] == [1, 2]


def test_a_folder_that_cannot_be_written_leaves_no_open_run(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput):
        desk.print_runs.print_letters(tmp_path / "file")
    assert [run.state for run in desk.print_runs.all()] == ["cancelled"]
    assert len(desk.print_runs.print_letters(tmp_path / "out")["letters"]) == 3


def test_a_folder_that_could_not_be_written_is_tried_again_under_the_same_key(desk: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    for _time in range(2):
        stick.write_text("no folder")
        with pytest.raises(BadInput):
            desk.print_runs.print_letters(stick, key="K")
        assert len(desk.print_runs.waiting()) == 3
        stick.unlink()
    first = desk.print_runs.print_letters(stick, key="K")
    assert pages(Path(first["file"]))
    assert (desk.print_runs.all()[0].id, desk.print_runs.all()[0].state) == (first["run"], "printed")
    assert desk.print_runs.waiting() == []
    assert desk.print_runs.print_letters(stick, key="K") == first
    assert len(desk.print_runs.all()) == 3


def test_letters_that_were_not_posted_are_not_written_once_more_under_their_old_key(desk: Desk, tmp_path: Path) -> None:
    first = desk.print_runs.print_letters(tmp_path, key="K")
    desk.print_runs.unpost(first["run"])
    Path(first["file"]).unlink()
    assert desk.print_runs.print_letters(tmp_path, key="K") == first
    assert not Path(first["file"]).exists()


def test_in_brazil_no_letter_is_printed_without_who_asks(desk: Desk, tmp_path: Path) -> None:
    with desk.place.database.write() as tx:
        tx.run("UPDATE centre SET country = 'BR'")
    brazil = Desk(desk.place._replace(centre=desk.centre._replace(country="BR")))
    with pytest.raises(BadInput) as refused:
        brazil.print_runs.print_letters(tmp_path)
    assert (refused.value.code, refused.value.facts["key"]) == ("letters-need-sender", "centre.tax_id")
    assert brazil.print_runs.all() == []


def test_the_stop_holds_letters_too(desk: Desk, tmp_path: Path) -> None:
    desk.stops.stop()
    refused: Callable[[], object] = lambda: desk.print_runs.print_letters(tmp_path)  # noqa: E731
    with pytest.raises(Refused):
        refused()
    desk.stops.go()
    assert desk.print_runs.print_letters(tmp_path)["run"] == 1


def test_the_letter_and_its_code_ask_for_what_remains_after_money_on_account(desk: Desk, tmp_path: Path) -> None:
    member = desk.members.add(MemberDetails("Zoë Smith", address="Calle 2; 28013 Madrid", language="en"))["member"]
    desk.payments.pay(PayRequest(member, 2000, "EUR"))
    desk.invoices.issue(IssueRequest(member, 5000, "EUR", date(2026, 11, 22)))
    wanted = NoticeRequest(member, "formal_letter", channel="letter")
    written = desk.notices.write(wanted, cooling=False)["notice"]
    desk.print_runs.print_letters(tmp_path / "out")
    with desk.place.database.read() as tx:
        (letter,) = letters_of(tx, desk.place, [written])
    assert letter.to_pay is not None
    assert letter.to_pay.amount == "30.00"
    assert letter.to_pay.shown in letter.body
