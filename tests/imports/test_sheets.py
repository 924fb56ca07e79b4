"""XLSX: typed cells, lines, and workbooks made to hurt."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import BadInput
from duesdesk.services.imports import sheets
from duesdesk.services.imports.read import open_table
from tests.imports.bringing import bring, everything, faults

xlsxwriter = pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")


def workbook(path: Path, rows: list[list[object]]) -> Path:
    """A workbook with these rows; days, times and instants as a spreadsheet keeps them."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    kinds = {
        datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        time: book.add_format({"num_format": "hh:mm"}),
    }
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if type(cell) in kinds:
                sheet.write_datetime(at, column, cell, kinds[type(cell)])
            else:
                sheet.write(at, column, cell)
    book.close()
    return path


def refused(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        open_table(path)
    return caught.value.code


def test_invoices_come_in_from_a_workbook(people: Desk, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "owed.xlsx",
        [
            ["Factura", "Socio", "Fecha de emisión", "Vencimiento", "Importe", "En disputa"],
            [7900770, "M1", date(2026, 1, 1), datetime.fromisoformat("2026-01-10 00:00"), 68.8, True],
            [],
            ["A2", "M1", "15/01/2026", date(2026, 2, 1), 0.1 + 0.2, "no"],
            ["A3", "M2", "2026-01-01", "", "1.234,50", ""],
        ],
    )
    result = bring(people, "invoices", file)
    assert (result.created, result.rejected) == (3, ())
    with people.place.database.read() as tx:
        assert tx.all("SELECT number, issued_on, due_on, total_minor FROM invoice ORDER BY id") == [
            ("7900770", "2026-01-01", "2026-01-10", 6880),
            ("A2", "2026-01-15", "2026-02-01", 30),
            ("A3", "2026-01-01", None, 123450),
        ]
    assert bring(people, "invoices", file).unchanged == 3


def test_lines_of_a_workbook_are_its_rows(people: Desk, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "owed.xlsx",
        [
            [], ["number", "member", "issued_on", "amount"], ["A1", "M9", date(2026, 1, 1), 5], ["", "", "", ""],
            ["A2", "M1", 46000, 5], ["A3", "M1", date(2026, 1, 1), 5.005], ["A4", "M1", date(2026, 1, 1), "x\x1b"],
        ],
    )  # fmt: skip
    before = everything(people)
    result = bring(people, "invoices", file)
    assert faults(result)[:3] == [(3, "member"), (5, "issued_on"), (6, "amount")]
    assert everything(people) == before


def test_bookings_with_times_of_a_workbook(people: Desk, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "b.xlsx",
        [
            ["member", "date", "time"],
            ["M1", date(2026, 11, 22), time(18, 30)],
            ["M2", datetime.fromisoformat("2026-11-22 09:05"), ""],
        ],
    )
    assert bring(people, "bookings", file).created == 2
    with people.place.database.read() as tx:
        assert tx.all("SELECT on_day, at_time FROM booking ORDER BY id") == [
            ("2026-11-22", "18:30"),
            ("2026-11-22", "09:05"),
        ]


def test_rejected_rows_of_a_workbook_are_saved_as_csv(people: Desk, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "owed.xlsx", [["number", "member", "issued_on", "amount"], ["A1", "M9", date(2026, 1, 1), 68.8]]
    )
    bring(people, "invoices", file, accept_valid=True)
    text = (tmp_path / "owed.rejected.csv").read_text(encoding="utf-8-sig")
    assert "A1,M9,2026-01-01,68.8,2," in text


def test_an_empty_workbook_and_other_archives_are_refused(tmp_path: Path) -> None:
    assert refused(workbook(tmp_path / "empty.xlsx", [])) == "import-file-empty"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refused(tmp_path / "a.zip") == "import-file-kind"
    (tmp_path / "cut.xlsx").write_bytes(workbook(tmp_path / "a.xlsx", [["number"], ["x"]]).read_bytes()[:300])
    assert refused(tmp_path / "cut.xlsx") == "import-workbook-unreadable"


def _bomb(path: Path, name: str, content: bytes, times: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open(name, "w") as part:
            for _ in range(times):
                part.write(content)
    return path


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    file = _bomb(tmp_path / "bomb.xlsx", "xl/sharedStrings.xml", b"\x00" * (1 << 20), (sheets.MAX_UNPACKED >> 20) + 1)
    assert file.stat().st_size < 1 << 20
    assert refused(file) == "import-workbook-bomb"


def test_a_workbook_with_one_cell_a_million_rows_down_is_refused(tmp_path: Path) -> None:
    cell = b'<sheetData><row r="1048576"><c r="XFD1048576"/></row></sheetData>'
    assert refused(_bomb(tmp_path / "far.xlsx", "xl/worksheets/sheet1.xml", cell, 1)) == "import-too-many-rows"


def test_damaged_workbooks_are_refused_whatever_is_damaged(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx", [["number", "name"], ["K1", "Kid"]] * 20).read_bytes()
    for at in range(0, len(whole), 97):
        broken = tmp_path / "broken.xlsx"
        broken.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            open_table(broken)
        except BadInput as error:
            told = error.code
            assert told.startswith("import-")
