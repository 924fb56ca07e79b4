"""Members: new ones, changed ones, payers and cards."""

from __future__ import annotations

from typing import Any

from duesdesk.bootstrap import Desk
from tests.imports.bringing import Bring, count, everything, faults, lines


def one(desk: Desk, number: str, columns: str) -> tuple[Any, ...]:
    with desk.place.database.read() as tx:
        row = tx.one(f"SELECT {columns} FROM member WHERE number = :number", number=number)
    assert row is not None
    return row


def test_members_come_in_with_all_that_is_known(rows: Bring, people: Desk) -> None:
    result = rows(
        "members",
        "number,name,email,phone,card,language,joined_on,left_on,status,group,payer\n"
        "K1,Zoë Kid,zoe@Example.org,600 111 222,C-77,Español,2024-01-31,,active,Juniors,K2\n"
        "K2,Mum Kid,,,,,,,,,\n",
    )
    assert (result.created, result.written) == (2, True)
    assert one(
        people, "K1", "name, name_folded, search, email, phone, card, language, joined_on, status, group_name"
    ) == (
        "Zoë Kid",
        "zoe kid",
        "zoe kid k1 zoe@example.org 34600111222 c-77",
        "zoe@example.org",
        "+34 600 11 12 22",
        "C-77",
        "es",
        "2024-01-31",
        "active",
        "Juniors",
    )
    assert one(people, "K1", "payer_id") == one(people, "K2", "id")
    assert one(people, "K2", "payer_id, status, email") == (None, "active", None)


def test_first_and_last_name_make_the_name(rows: Bring, people: Desk) -> None:
    result = rows("members", "number;nombre;apellidos\nK1;Zoë;Muñoz Gil\nK2;;\nK3;;Solo\n", accept_valid=True)
    assert faults(result) == [(3, "first_name")]
    assert one(people, "K1", "name") == ("Zoë Muñoz Gil",)
    assert one(people, "K3", "name") == ("Solo",)


def test_other_content_updates_a_member_and_blank_cells_change_nothing(rows: Bring, people: Desk) -> None:
    rows("members", "number,name,email,phone,status\nM1,Ana Muñoz,ana@example.org,600111222,frozen\n")
    result = rows("members", "number,name,email,phone,status\nM1,Ana Gil,,,\nM2,Ștefan Popescu,,,\n")
    assert (result.updated, result.unchanged) == (1, 1)
    assert one(people, "M1", "name, name_folded, email, phone, status") == (
        "Ana Gil", "ana gil", "ana@example.org", "+34 600 11 12 22", "frozen",
    )  # fmt: skip
    assert "ana gil" in one(people, "M1", "search")[0]


def test_the_same_members_again_are_unchanged(rows: Bring, people: Desk) -> None:
    text = "number,name,email,phone,payer\nK1,Zoë,zoe@x.org,600111222,K2\nK2,Mum,not an address,ask at 3,\n"
    rows("members", text)
    before = everything(people)[:4]
    result = rows("members", text)
    assert (result.created, result.updated, result.unchanged) == (0, 0, 2)
    assert everything(people)[:4] == before


def test_a_known_member_is_found_by_search_under_the_new_name(rows: Bring, people: Desk) -> None:
    rows("members", "number,name\nM1,Zaragoza Quijote\n")
    with people.place.database.read() as tx:
        found = tx.all("SELECT rowid FROM member_search WHERE member_search MATCH 'zar'")
        assert len(found) == 1
        assert tx.all("SELECT rowid FROM member_search WHERE member_search MATCH 'uno'") == []


def test_a_wrong_address_does_not_cost_a_member(rows: Bring, people: Desk) -> None:
    result = rows("members", "number,name,email\nK1,Zoë,zoe.example.org\n")
    assert (result.created, lines(result)) == (1, [])
    assert [(row.line, row.field, row.value) for row in result.warnings] == [(2, "email", "zoe.example.org")]
    assert one(people, "K1", "email, email_works") == ("zoe.example.org", 0)
    rows("members", "number,name,email\nK1,Zoë,zoe@example.org\n")
    assert one(people, "K1", "email, email_works") == ("zoe@example.org", 1)


def test_an_unknown_payer_rejects_the_row_and_those_who_counted_on_it(rows: Bring, people: Desk) -> None:
    result = rows(
        "members",
        "number,name,payer\nK1,Kid,K2\nK2,Mum,\nK3,Kid,NOBODY\nK4,Kid,K5\nK5,,\nK6,Own,K6\n",
    )
    assert faults(result) == [(4, "payer"), (5, "payer"), (6, "name")]
    assert count(people, "member") == 2


def test_a_payer_pays_for_themselves(rows: Bring, people: Desk) -> None:
    result = rows("members", "number,name,payer\nK1,Kid,K2\nK2,Mum,M1\n")
    assert faults(result) == [(2, "payer")]
    rows("members", "number,name,payer\nM2,Ștefan Popescu,M1\n")
    result = rows("members", "number,name,payer\nM1,Ana Muñoz,K9\nK9,New,\nK8,Kid,M2\n")
    assert faults(result) == [(2, "payer"), (4, "payer")]
    rows("members", "number,name,payer\nM2,Ștefan Popescu,M2\n")
    assert one(people, "M2", "payer_id") == (None,)


def test_a_card_is_one_persons(rows: Bring, people: Desk) -> None:
    rows("members", "number,name,card\nM1,Ana Muñoz,A\nM2,Ștefan Popescu,B\n")
    result = rows("members", "number,name,card\nK1,Kid,A\nK2,Kid,C\nK3,Kid,C\n")
    assert faults(result) == [(2, "card"), (4, "card")]
    result = rows("members", "number,name,card\nM1,Ana Muñoz,B\nM2,Ștefan Popescu,A\n")
    assert (result.updated, lines(result)) == (2, [])
    assert (one(people, "M1", "card"), one(people, "M2", "card")) == (("B",), ("A",))


def test_numbers_keep_their_zeros_and_are_not_confused(rows: Bring, people: Desk) -> None:
    result = rows("members", "number,name\n007,Bond\n7,Seven\n0x7,Hex\n7e1,Exp\n")
    assert result.created == 4
    assert one(people, "007", "name") == ("Bond",)


def test_somebody_who_left_before_they_joined_is_rejected(rows: Bring) -> None:
    result = rows("members", "number,name,joined_on,left_on\nK1,Kid,2024-02-01,2024-01-01\n")
    assert faults(result) == [(2, "left_on")]


def test_the_same_number_twice_is_rejected_unless_it_says_the_same(rows: Bring) -> None:
    result = rows("members", "number,name\nK1,Kid\nK1,Other\nK2,Kid\nK2,Kid\n")
    assert faults(result) == [(3, "number")]
    assert "2" in result.rejected[0].reason
    assert (result.created, result.unchanged) == (2, 1)


def test_where_people_live_comes_in_from_one_column_or_three(rows: Bring, people: Desk) -> None:
    rows(
        "members",
        "nº de socio;nombre completo;dirección;código postal;población;país;huso horario;fax\n"
        "K1;Zoë;C/ Mayor 1, 2º B;28013;Madrid;España;Atlantic/Canary;910123456\n"
        "K2;Mum;;;;;;\n",
    )
    assert one(people, "K1", "address, country, timezone, fax") == (
        "C/ Mayor 1, 2º B\n28013 Madrid", "ES", "Atlantic/Canary", "+34 910 12 34 56",
    )  # fmt: skip
    assert one(people, "K2", "address, country, timezone, fax") == (None, None, None, None)
    rows("members", 'number,name,address,country\nK2,Mum,"Str. Florilor 3\n300001 Timișoara",ro\nK1,Zoë,,\n')
    assert one(people, "K2", "address, country") == ("Str. Florilor 3\n300001 Timișoara", "RO")
    assert one(people, "K1", "address, country") == ("C/ Mayor 1, 2º B\n28013 Madrid", "ES")


def test_an_address_that_cannot_be_read_does_not_cost_a_member(rows: Bring, people: Desk) -> None:
    result = rows(
        "members",
        "number,name,address,country,timezone,fax\n"
        f"K1,Zoë,{'x' * 61},Narnia,Mars/Olympus,none\nK2,Mum,a,NARNIA LAND,,\n",
    )
    assert (result.created, lines(result)) == (2, [])
    assert [(row.line, row.field) for row in result.warnings] == [(2, "address"), (3, "country")]
    assert one(people, "K1", "address, country, timezone, fax") == (None, None, None, None)


def test_two_columns_that_may_be_the_address_are_left_and_named(rows: Bring, people: Desk) -> None:
    result = rows("members", "number,name,street,postal address\nK1,Zoë,a,b\n")
    assert result.created == 1
    assert any("street" in note and "postal address" in note for note in result.notes)
    assert one(people, "K1", "address") == (None,)
