"""Words, contacts and texts of a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duesdesk.domain import payment_methods
from duesdesk.domain.text import clean_text
from duesdesk.services import credits, invoices, members
from duesdesk.services.imports.cells import refusal, shown, texts
from duesdesk.services.imports.contacts import Email, email, phone
from duesdesk.services.imports.problems import Faults, Problem
from duesdesk.services.imports.words import codes, meanings, truths


def read(column: list[str], table: str, **how: str) -> tuple[list[str], list[int]]:
    faults = Faults()
    return codes(column, "status", faults, table, **how), [row for row, _ in faults]


def test_every_code_that_a_file_can_mean_is_one_the_desk_knows() -> None:
    assert set(meanings("method").values()) == set(payment_methods.CODES)
    assert set(meanings("member_status").values()) == set(members.STATUSES)
    assert set(meanings("invoice_kind").values()) == set(invoices.KINDS)
    assert set(meanings("credit_kind").values()) == set(credits.KINDS)
    assert set(meanings("booking_status").values()) == {"booked", "attended", "no_show", "cancelled"}


@pytest.mark.parametrize(
    ("table", "word", "code"),
    [
        ("booking_status", "Confirmed", "booked"),
        ("booking_status", "No-show", "no_show"),
        ("booking_status", "no_show", "no_show"),
        ("booking_status", "Asistió", "attended"),
        ("booking_status", "ANULATĂ", "cancelled"),
        ("method", "Credit Card", "card"),
        ("method", "Bank Transfer", "transfer"),
        ("method", "Efectivo", "cash"),
        ("method", "Bonifico", "transfer"),
        ("method", "Numerar", "cash"),
        ("method", "Débito direto", "direct_debit"),
        ("member_status", "Expired", "left"),
        ("member_status", "Attivo", "active"),
        ("language", "es-ES", "es"),
        ("language", "pt_BR", "pt"),
        ("language", "Română", "ro"),
        ("language", "fr-FR", "fr"),
        ("yes_no", "Sì", "yes"),
        ("yes_no", "Não", "no"),
        ("yes_no", "NU", "no"),
        ("yes_no", "1", "yes"),
        ("yes_no", "x", "yes"),
        ("invoice_kind", "Cuota", "dues"),
        ("credit_kind", "Write-off", "write_off"),
        ("invoice_status", "Borrador", "draft"),
    ],
)
def test_words_are_known_in_five_languages(table: str, word: str, code: str) -> None:
    assert read([word], table) == ([code], [])


def test_a_word_that_is_not_known_rejects_its_row() -> None:
    assert read(["booked", "maybe", ""], "booking_status", blank="booked") == (["booked", "booked", "booked"], [1])


@pytest.mark.parametrize("word", ["paid", "pagada", "void", "anulada", "cancelled"])
def test_an_invoice_that_is_called_paid_or_void_is_not_taken_for_an_open_one(word: str) -> None:
    assert read([word], "invoice_status") == ([""], [0])


def test_a_profiles_words_go_first() -> None:
    faults = Faults()
    assert truths(["J", "N", "ja"], "disputed", faults, more={"yes": ["J"], "no": ["N"]}) == [True, False, False]
    assert [row for row, _ in faults] == [2]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ana.munoz@Example.ORG", "ana.munoz@example.org"), ("a+b_c@x-y.example.com", "a+b_c@x-y.example.com"),
        ("josé@example.org", "josé@example.org"), ("o'brien@example.org", "o'brien@example.org"),
        ("x@münchen.example", "x@münchen.example"),
    ],
)  # fmt: skip
def test_addresses_are_kept_with_a_small_domain(text: str, kept: str) -> None:
    assert email(text) == Email(kept, works=True)


@pytest.mark.parametrize(
    "text",
    [
        "hedi.bahrigmail.com",
        "a@b@c.org",
        "a@x.org, b@y.org",
        "Ana <ana@x.org>",
        "a..b@x.org",
        ".a@x.org",
        "a@x",
        "@x.org",
    ],
)
def test_what_is_no_address_is_kept_and_not_used(text: str) -> None:
    assert email(text) == Email(text, works=False)


def test_an_address_with_a_line_end_in_it_is_never_used() -> None:
    found = email("a@x.org\nBcc: b@y.org")
    assert isinstance(found, Email)
    assert not found.works


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("600111222", "+34 600 11 12 22"),
        ("+34 600-111-222", "+34 600 11 12 22"),
        ("0034600111222", "+34 600 11 12 22"),
        ("+216 84671591", "+216 84 671 591"),
        ("12", "12"),
        ("ask at 3", "ask at 3"),
        ("91 123 45 67", "+34 911 23 45 67"),
    ],
)
def test_phones_are_kept_in_international_form_or_as_typed(text: str, kept: str) -> None:
    assert phone(text, "ES") == kept


def test_a_phone_without_a_digit_is_none() -> None:
    assert isinstance(phone("none", "ES"), Problem)


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "a\x1b[2Jb",
        "a\x1b]52;c;eA==\x07b",
        "a\x9b2Jb",
        "a\x7fb",
        "a\u202eb",
        "a\u2066b",
        "a\x85b",
        "a\x0bb",
        "a\udcf1b",
    ],
)
def test_what_a_terminal_obeys_is_refused_in_any_cell(text: str) -> None:
    for column in ([text], [text, "Ana"], ["Ana", "Ștefan", text]):
        faults = Faults()
        found = texts(column, "name", faults, max_length=200)
        assert [row for row, _ in faults] == [column.index(text)]
        assert found[column.index(text)] == ""
        assert not any(char in shown(text) for char in "\x00\x1b\x07\x9b\x7f\u202e\u2066\x85\udcf1")


@pytest.mark.parametrize(
    "text", ["[red]Ana[/]", "[@click=app.quit]Ann[/]", "[/]", "=1+1", "Robert'); DROP TABLE--", "{{ x }}", "%s"]
)
def test_what_only_looks_like_code_is_text(text: str) -> None:
    faults = Faults()
    assert texts([text], "name", faults, max_length=200) == [text]
    assert not len(faults)


def test_card_numbers_are_refused_and_shown_masked() -> None:
    faults = Faults()
    texts(["4111 1111 1111 1111", "pays by 5500-0000-0000-0004"], "description", faults, max_length=200)
    assert [(row, fault.value) for row, fault in faults] == [(0, "**** 1111"), (1, "**** 0004")]


def test_lines_and_tabs_in_a_cell_become_blanks() -> None:
    assert texts(["Ana\nMuñoz", "a\tb", "  c  "], "name", Faults(), max_length=200) == ["Ana Muñoz", "a b", "c"]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=10), st.integers(1, 30))
def test_a_text_is_clean_or_its_row_is_rejected(column: list[str], limit: int) -> None:
    faults = Faults()
    found = texts(column, "name", faults, max_length=limit)
    for row, (text, kept) in enumerate(zip(column, found, strict=True)):
        assert kept == ("" if row in faults else clean_text(text, max_length=limit))
        assert row in faults or not refusal(text.strip(), limit)
