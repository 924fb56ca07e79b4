"""Amounts: one decimal sign for the whole column, never a wrong number."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duesdesk.domain.money import exponent, to_text
from duesdesk.services.imports.amounts import amounts, currencies
from duesdesk.services.imports.problems import Faults


def read(column: Sequence[object], code: str = "EUR", **how: object) -> tuple[list[int | None], dict[int, str]]:
    faults = Faults()
    found = amounts(column, "amount", [code] * len(column), faults, **how)  # type: ignore[arg-type]
    return found, {row: fault.problem.code for row, fault in faults}


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("12.50", 1250), ("68.8", 6880), ("120", 12000), ("0.05", 5), (".5", 50), ("1,234.56", 123456),
        ("1 234.56", 123456), ("1'234.56", 123456), ("1\u00a0234.56", 123456), ("€ 12.50", 1250), ("12.50 €", 1250),
        ("EUR 12.50", 1250), ("12.50EUR", 1250), ("+12.50", 1250), ("12.500", None), ("1234567.89", 123456789),
        ("1,234,567.89", 123456789), ("007.50", 750), ("", None),
    ],
)  # fmt: skip
def test_amounts_with_a_point_are_read(text: str, minor: int | None) -> None:
    found, _ = read([text, "1.25"])
    if text == "12.500":
        minor = 1250
    assert found == [minor, 125]


@pytest.mark.parametrize(
    ("text", "minor"),
    [("12,50", 1250), ("1.234,56", 123456), ("1 234,5", 123450), ("-0,05", None), ("45,00 EUR", 4500)],
)
def test_amounts_with_a_comma_are_read(text: str, minor: int | None) -> None:
    assert read([text, "1,25"])[0] == [minor, 125]


@pytest.mark.parametrize(
    "text",
    [
        "lots",
        "12.50.1",
        "1,23,4.00",
        "12,34.50",
        "1e3",
        "NaN",
        "Infinity",
        "٣.٥٠",
        "--5",
        "(5",
        "5)",
        "0x10",
        "12.5O",
        "1 23.00",
        "12. 50",
        ".",
        ",",
        "-",
        "€",
        "12..50",
        "1.2.3",
        "½",
        "12,5,0",
        "5-5",
        "１２",
        "1_000",
    ],
)
def test_what_is_no_amount_is_rejected_and_never_taken_for_nothing(text: str) -> None:
    found, codes = read([text, "1.25"])
    assert found == [None, 125]
    assert list(codes) == [0]


@pytest.mark.parametrize(
    ("text", "code", "minor"),
    [
        ("12.345", "EUR", None), ("12.345", "TND", 12345), ("45.500", "TND", 45500), ("1200", "JPY", 1200),
        ("100.50", "JPY", None), ("0.001", "TND", 1), ("0.0001", "TND", None), ("12.3", "KWD", 12300),
    ],
)  # fmt: skip
def test_each_currency_has_its_own_digits(text: str, code: str, minor: int | None) -> None:
    found, codes = read([text], code)
    assert found == [minor]
    assert bool(codes) == (minor is None)


def test_a_column_that_does_not_tell_thousands_from_decimals_is_asked_about() -> None:
    found, codes = read(["1.234", "5", "2.500"])
    assert found == [None, 500, None]
    assert set(codes.values()) == {"import-decimal-unclear"}
    assert read(["1.234", "5"], decimal=",")[0] == [123400, 500]
    assert read(["1,234"], decimal=".")[0] == [123400]


def test_another_amount_of_the_column_tells_how_the_unclear_one_is_read() -> None:
    assert read(["1.234", "5,50"])[0] == [123400, 550]
    assert read(["1,234", "5.50"])[0] == [123400, 550]


def test_a_column_that_contradicts_itself_loses_what_is_unusual_or_unclear() -> None:
    found, codes = read(["12.50", "7.25", "3,40", "1.234", "8"])
    assert found == [1250, 725, None, None, 800]
    assert set(codes.values()) == {"import-decimal-mixed"}
    assert read(["12.50", "3,40"])[0] == [None, None]


def test_the_sign_that_was_asked_for_is_kept_to() -> None:
    found, codes = read(["12.50", "3,40", "1,234.50"], decimal=".")
    assert found == [1250, None, 123450]
    assert codes == {1: "import-amount-groups"}


def test_below_zero_is_rejected_unless_it_means_something() -> None:
    for text in ("-5.00", "5.00-", "(5.00)", "−5.00", "-€5.00", "€ -5.00"):
        assert read([text, "1.25"])[1] == {0: "import-amount-negative"}, text
        assert read([text, "1.25"], negative=True)[0] == [-500, 125], text


def test_an_amount_in_another_currency_than_its_row_is_rejected() -> None:
    assert read(["$12.50"])[1] == {0: "import-amount-other-currency"}
    assert read(["$12.50"], "USD")[0] == [1250]
    assert read(["12.50 lei"], "RON")[0] == [1250]
    assert read(["R$ 12,50"], "BRL")[0] == [1250]


def test_numbers_of_a_spreadsheet_are_taken_as_they_are() -> None:
    assert read([Decimal("68.8"), Decimal(120), "12,50"])[0] == [6880, 12000, 1250]
    assert read([Decimal("0.125")])[1] == {0: "import-amount-too-fine"}


def test_an_amount_above_all_bounds_is_rejected() -> None:
    assert read(["99999999999999.00"])[1] == {0: "import-amount-too-large"}
    assert read(["9" * 39])[1] == {0: "import-amount-unreadable"} or read(["9" * 39])[0] == [None]


def test_rows_of_one_column_may_have_different_currencies() -> None:
    faults = Faults()
    codes = currencies(["EUR", "jpy", "", "€", "TND", "EUT"], 6, "USD", faults)
    assert codes == ["EUR", "JPY", "USD", "EUR", "TND", "USD"]
    assert [row for row, _ in faults] == [5]
    assert amounts(["1.50", "1500", "1.5", "2", "1.5", "1"], "amount", codes, faults) == [
        150,
        1500,
        150,
        200,
        1500,
        100,
    ]


@given(st.lists(st.integers(0, 10**11), min_size=1, max_size=8), st.sampled_from(["EUR", "JPY", "TND"]))
def test_what_the_program_writes_it_reads_again(minors: list[int], code: str) -> None:
    found, codes = read([to_text(minor, code) for minor in minors], code)
    assert (found, codes) == (minors, {})


@given(st.lists(st.from_regex(r"[0-9]{1,17}\.[0-9]{2}", fullmatch=True), min_size=1, max_size=6))
def test_a_column_written_alike_is_read_as_one_that_is_not(texts: list[str]) -> None:
    alike, rejected = read(texts)
    other, rejected_too = read([*texts, "1.5"])
    assert ([*alike, 150], rejected) == (other, rejected_too)


def _grouped(minor: int, code: str, group: str, decimal: str) -> str:
    whole, _, rest = to_text(minor, code).partition(".")
    return f"{int(whole):,}".replace(",", group) + (decimal + rest if rest else "")


@given(
    st.lists(st.integers(0, 10**11), min_size=1, max_size=8),
    st.sampled_from(["EUR", "JPY", "TND"]),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("\u202f", ",")]),
)
def test_a_grouped_amount_is_itself_or_is_asked_about_never_another(
    minors: list[int], code: str, way: tuple[str, str]
) -> None:
    group, decimal = way
    found, _ = read([_grouped(minor, code, group, decimal) for minor in minors], code)
    assert all(value in (minor, None) for value, minor in zip(found, minors, strict=True))
    asked, codes = read([_grouped(minor, code, group, decimal) for minor in minors], code, decimal=decimal)
    assert (asked, codes) == (minors, {})


@given(st.lists(st.text(max_size=12), min_size=1, max_size=6), st.sampled_from(["EUR", "JPY", "TND"]))
def test_any_text_is_an_amount_blank_or_rejected(texts: list[str], code: str) -> None:
    found, codes = read(texts, code)
    for row, (text, value) in enumerate(zip(texts, found, strict=True)):
        assert (value is None) == (row in codes or not text.strip())
        if value is not None:
            digits = "".join(char for char in text if char in "0123456789").lstrip("0")
            assert str(value).lstrip("0").startswith(digits.rstrip("0")[: len(str(value))]) or value == 0
            assert value < 10 ** (len(digits) + exponent(code) + 1)
