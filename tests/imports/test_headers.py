"""Headers: known by their names in five languages, never by likeness."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from duesdesk.domain.errors import BadInput, WrongUsage
from duesdesk.services.imports.headers import _known, _names, map_header
from duesdesk.services.imports.service import _KINDS
from tests.imports.bringing import SAMPLES


def cases() -> Iterator[tuple[str, str, str]]:
    """(kind, fields, header) of every header in samples/headers.txt."""
    kind = fields = ""
    for line in (SAMPLES / "headers.txt").read_text(encoding="utf-8").splitlines():
        if ": " in line and not line.startswith("#"):
            kind, fields = line.split(": ")
        elif line and not line.startswith("#"):
            yield kind, fields, line


@pytest.mark.parametrize(("kind", "fields", "row"), list(cases()))
def test_headers_are_known_in_five_languages(kind: str, fields: str, row: str) -> None:
    header = row.split(",")
    found = map_header(_KINDS[kind], header, {})
    assert {header[at]: field for field, at in found.columns.items()} == dict(
        zip(header, fields.split(","), strict=True)
    )
    assert found.ignored == ()


@pytest.mark.parametrize("kind", list(_KINDS))
def test_a_fields_own_name_needs_no_map(kind: str) -> None:
    fields = _KINDS[kind].fields
    found = map_header(_KINDS[kind], list(fields), {}).columns
    left_out = {"first_name", "last_name"} if kind == "members" else set()
    assert found == {field: at for at, field in enumerate(fields) if field not in left_out}


@pytest.mark.parametrize("kind", list(_KINDS))
def test_no_name_is_sure_to_mean_two_fields(kind: str) -> None:
    sure, _ = _known(kind)
    assert not {name: fields for name, fields in sure.items() if len(fields) > 1}
    assert set(_names(kind)) == set(_KINDS[kind].fields)


def test_what_is_not_known_is_not_read_and_is_named() -> None:
    found = map_header(_KINDS["members"], ["number", "name", "Shoe size", "emial", ""], {})
    assert found.ignored == ("Shoe size", "emial")
    assert set(found.columns) == {"number", "name"}


def test_a_map_goes_before_every_known_name() -> None:
    header = ["id", "member_no", "name", "Alias"]
    found = map_header(_KINDS["members"], header, {"name": "alias", "number": "id"}).columns
    assert {field: header[at] for field, at in found.items()} == {"number": "id", "name": "Alias"}


def test_a_missing_column_is_named_with_what_may_be_meant() -> None:
    with pytest.raises(BadInput) as caught:
        map_header(_KINDS["invoices"], ["Invoise number", "member", "issued_on", "Shoe size"], {})
    assert caught.value.code == "import-columns-missing-guess"
    assert caught.value.facts["fields"] == ("number", "amount")
    assert caught.value.facts["guess"] == "--map number='Invoise number'"


def test_two_columns_for_one_field_are_asked_about() -> None:
    with pytest.raises(BadInput) as caught:
        map_header(_KINDS["members"], ["number", "name", "Correo", "Correo electrónico"], {})
    assert (caught.value.code, caught.value.facts["field"]) == ("import-field-twice", "email")
    found = map_header(_KINDS["members"], ["number", "name", "Correo", "Correo electrónico"], {"email": "Correo"})
    assert found.columns["email"] == 2


def test_a_map_to_a_header_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput) as caught:
        map_header(_KINDS["members"], ["number", "Full nmae"], {"name": "Full name"})
    assert (caught.value.code, caught.value.facts["guess"]) == ("import-map-missing-guess", "Full nmae")


def test_a_map_of_an_unknown_field_is_wrong_usage() -> None:
    with pytest.raises(WrongUsage):
        map_header(_KINDS["members"], ["number", "name"], {"shoe": "name"})


def test_hostile_headers_are_shown_clean() -> None:
    found = map_header(_KINDS["members"], ["number", "name", "\x1b]52;c;x\x07evil\u202e" + "x" * 200], {})
    assert found.ignored[0].startswith("]52;c;xevil")
    assert len(found.ignored[0]) <= 80
