"""Opening files: encodings, delimiters, lines, and files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from duesdesk.domain.errors import BadInput
from duesdesk.services.imports.headers import is_known
from duesdesk.services.imports.read import MAX_FIELD, MAX_LINE, Cells, open_table
from tests.imports.bringing import written

KNOWN = is_known("members", {})


def cells(folder: Path, text: str | bytes, **how: str) -> Cells:
    table = open_table(written(folder, text), known=KNOWN, **how)
    return table.read({name: at for at, name in enumerate(table.header)})


def refused(folder: Path, text: str | bytes, **how: str) -> str:
    with pytest.raises(BadInput) as caught:
        cells(folder, text, **how)
    return caught.value.code


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(tmp_path: Path, delimiter: str, line_end: str) -> None:
    rows = [["number", "name"], ["M1", "Ana"], ["M2", "Ștefan"]]
    found = cells(tmp_path, line_end.join(delimiter.join(row) for row in rows))
    assert found.columns == {"number": ["M1", "M2"], "name": ["Ana", "Ștefan"]}
    assert found.lines == [2, 3]


def test_a_delimiter_inside_the_header_is_told_by_the_names_around_it(tmp_path: Path) -> None:
    found = cells(tmp_path, "number;name, as in the passport;email\nM1;Ana;a@example.org\n")
    assert list(found.columns) == ["number", "name, as in the passport", "email"]


def test_the_delimiter_a_spreadsheet_states_is_taken_and_its_line_counts(tmp_path: Path) -> None:
    found = cells(tmp_path, "sep=;\nnumber;name\nM1;Ana\n")
    assert (found.columns["name"], found.lines) == (["Ana"], [3])


def test_a_delimiter_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    found = cells(tmp_path, "number,name|email\nM1,Ana|x\n", delimiter="|")
    assert found.columns == {"number,name": ["M1,Ana"], "email": ["x"]}


@pytest.mark.parametrize(
    ("encoding", "language"), [("utf-8", "en"), ("utf-8-sig", "es"), ("cp1252", "es"), ("cp1250", "ro")]
)
def test_usual_encodings_are_found(tmp_path: Path, encoding: str, language: str) -> None:
    name = "Păcurar" if encoding == "cp1250" else "Begoña Núñez"
    found = cells(tmp_path, f"number,name\nM1,{name}\n".encode(encoding), language=language)
    assert found.columns["name"] == [name]
    assert list(found.columns) == ["number", "name"]


def test_an_encoding_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    found = cells(tmp_path, "number,name\nM1,Ωμέγα\n".encode("iso8859-7"), encoding="iso8859-7")
    assert found.columns["name"] == ["Ωμέγα"]


def test_a_file_that_is_utf8_but_for_a_few_bytes_stays_utf8(tmp_path: Path) -> None:
    found = cells(tmp_path, "number,name\nM1,Ștefan Țurcanu\nM2,X\n".encode().replace(b"X", b"Mu\xf1oz"))
    assert found.columns["name"][0] == "Ștefan Țurcanu"
    assert "\udcf1" in str(found.columns["name"][1])


def test_utf16_is_refused_unless_asked_for(tmp_path: Path) -> None:
    text = "number,name\nM1,Ana\n".encode("utf-16")
    assert refused(tmp_path, text) == "import-utf16"
    assert cells(tmp_path, text, encoding="utf-16").columns["name"] == ["Ana"]


@pytest.mark.parametrize("encoding", ["no-such", "rot13", "zlib_codec", ""][:3])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, encoding: str) -> None:
    assert refused(tmp_path, "number,name\n", encoding=encoding) == "import-encoding-unknown"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import-file-empty"),
        (b"\xef\xbb\xbf \n", "import-file-empty"),
        (b"%PDF-1.7\n", "import-file-kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "import-file-kind"),
        (b"\x1f\x8b\x08", "import-file-kind"),
        (b"\x00\x01\x02\x03", "import-not-text"),
        (b"n\x00u\x00m\x00b\x00e\x00r\x00", "import-not-text"),
        (b",,,\n,,\n", "import-header-missing"),
        (b"number,name,Number\n", "import-header-twice"),
        (b"x" * (3 * MAX_LINE), "import-not-text"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused(tmp_path, content) == code


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path, "import-not-a-file"), (tmp_path / "none.csv", "import-file-missing")):
        with pytest.raises(BadInput) as caught:
            open_table(path)
        assert caught.value.code == code


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    text = 'number,name\nM1,Ana\n\nM2,"Two\nlines"\n,\nM3,"a ""quoted"" one"\r\nM4,Eva\n'
    found = cells(tmp_path, text)
    assert found.lines == [2, 4, 7, 8]
    assert found.columns["name"] == ["Ana", "Two\nlines", 'a "quoted" one', "Eva"]


def test_rows_of_another_width_are_faulty_and_the_others_are_read(tmp_path: Path) -> None:
    found = cells(tmp_path, "number,name,email\nM1,Ana\nM2,Bea,b@x.org,1\nM3,Eva,e@x.org\nM4,Ida,i@x.org,,\n")
    assert [found.lines[row] for row, _ in found.faults] == [2, 3]
    assert found.columns["number"][2:] == ["M3", "M4"]


def test_columns_without_a_name_at_the_end_may_be_left_out(tmp_path: Path) -> None:
    found = cells(tmp_path, "number,name,,\nM1,Ana\nM2,Bea,,x\n")
    assert not list(found.faults)


def test_wrong_quotation_marks_make_one_row_faulty(tmp_path: Path) -> None:
    found = cells(tmp_path, 'number,name\nM1,"Ana"x\nM2,Bea\n')
    assert [found.lines[row] for row, _ in found.faults] == [2]
    assert found.columns["name"] == ["", "Bea"]


def test_reading_stops_at_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    found = cells(tmp_path, 'number,name\nM1,Ana\nM2,"Bea\nM3,Eva\n' * 1)
    assert found.stopped
    assert found.lines == [2, 3]
    ((row, fault),) = found.faults
    assert (row, fault.problem.code) == (1, "import-quote-open")


def test_an_open_quotation_mark_does_not_swallow_a_whole_file(tmp_path: Path) -> None:
    found = cells(tmp_path, 'number,name\nM1,"Ana\n' + "M2,Bea\n" * 100_000)
    assert found.stopped
    assert found.lines == [2]


def test_a_field_of_ten_megabytes_makes_one_row_faulty(tmp_path: Path) -> None:
    huge = "x" * 10_000_000
    for cell in (huge, f'"{huge}"', f'"{huge}""{huge}"'):
        found = cells(tmp_path, f"number,name\nM1,Ana\nM2,{cell}\nM3,Eva\n")
        assert [found.lines[row] for row, _ in found.faults] == [3]
        assert found.columns["number"] == ["M1", "M2", "M3"]
        assert max(len(str(name)) for name in found.columns["name"]) <= MAX_LINE


def test_a_cell_longer_than_any_real_one_makes_its_row_faulty(tmp_path: Path) -> None:
    found = cells(tmp_path, f"number,name\nM1,{'y' * (MAX_FIELD + 1)}\nM2,Bea\n")
    assert [(row, fault.field) for row, fault in found.faults] == [(0, "name")]
