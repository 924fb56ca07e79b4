"""Find: whoever is meant is found by any part of what is known of them, best first, whatever was typed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock
from duesdesk.i18n import fold
from duesdesk.services.debtors import Filter
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails, search_text
from duesdesk.services.payments import PayRequest
from duesdesk.services.search import words_of
from duesdesk.services.standing import Standing
from duesdesk.store.search import GRAM, fts_query

TODAY = date(2026, 11, 22)
PEOPLE = (
    MemberDetails("García-López María", phone="+34 600 11 22 33", email="maria@example.org", card="004512"),
    MemberDetails("Lopez Mario", phone="+34 600 99 88 77"),
    MemberDetails("Ștefan Popescu", email="stefan.popescu@example.ro"),
    MemberDetails("Popescu Ana", payer="M00003"),
    MemberDetails("Łukasz Nowak", card="CARD-77"),
    MemberDetails("Zoë O'Neil 100%"),
    MemberDetails("Wang Xiaoming (王小明)"),
    MemberDetails('Bobby "DROP" [b]Tables[/b]', number="0379-NEVHP"),
    MemberDetails("Al_pha B!ng"),
)


@pytest.fixture(scope="module")
def desk(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("find") / "desk.db"
    shutil.copy(template, path)
    desk = open_desk(str(path), clock=Clock(TODAY))
    for one in PEOPLE:
        desk.members.add(one)
    old = open_desk(str(path), clock=Clock(date(2026, 9, 1)))
    old.invoices.issue(IssueRequest("M00001", 4500, "EUR", date(2026, 10, 1)))
    old.invoices.issue(IssueRequest("M00004", 3000, "EUR", date(2026, 12, 1)))
    old.invoices.issue(IssueRequest("M00004", 500, "TND", date(2026, 10, 1)))
    old.close()
    desk.payments.pay(PayRequest("M00005", 1000, "EUR"))
    yield desk
    desk.close()


def found(desk: Desk, text: str) -> list[str]:
    return [one.member for one in desk.search.find(text)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("garcia", ["M00001"]),
        ("GARCÍA", ["M00001"]),
        ("maria lopez", ["M00001"]),
        ("lópez maría", ["M00001"]),
        ("lo", ["M00002"]),
        ("arci", ["M00001"]),
        ("stefan", ["M00003"]),
        ("lukasz", ["M00005"]),
        ("now l", ["M00005"]),
        ("M00005", ["M00005"]),
        ("m00005", ["M00005"]),
        ("004512", ["M00001"]),
        ("card-77", ["M00005"]),
        ("600 11 22", ["M00001"]),
        ("+34 600-99", ["M00002"]),
        ("maria@example.org", ["M00001"]),
        ("popescu@", ["M00003"]),
        ("INV-00001", ["M00001"]),
        ("inv-00001", ["M00001"]),
        ("0379-nevhp", ["0379-NEVHP"]),
        ("100%", ["M00006"]),
        ("o'ne", ["M00006"]),
        ('"drop"', ["0379-NEVHP"]),
        ("[b]tab", ["0379-NEVHP"]),
        ("al_pha", ["M00008"]),
        ("alapha", []),
        ("b!ng", ["M00008"]),
        ("wang xiao", ["M00007"]),
        ("王小", ["M00007"]),
        ("nobody at all", []),
        ("", []),
        ("   ", []),
    ],
)
def test_a_member_is_found_by(desk: Desk, typed: str, expected: list[str]) -> None:
    assert found(desk, typed) == expected


def test_the_beginning_of_a_name_comes_before_the_inside(desk: Desk) -> None:
    assert found(desk, "lopez") == ["M00002", "M00001"]
    assert found(desk, "popescu") == ["M00004", "M00003"]


def test_an_exact_number_comes_first(desk: Desk) -> None:
    assert found(desk, "M0000")[0] in {f"M0000{n}" for n in range(1, 9)}
    assert found(desk, "M00004")[0] == "M00004"


def test_each_shows_what_their_payer_owes_per_currency(desk: Desk) -> None:
    maria, ana, lukasz = (desk.search.find(text)[0] for text in ("garcia", "popescu ana", "nowak"))
    assert maria.standings == (Standing("EUR", 4500, 4500, 0),)
    assert (ana.payer, ana.payer_name) == ("M00003", "Ștefan Popescu")
    assert ana.standings == (Standing("EUR", 0, 3000, 0), Standing("TND", 500, 500, 0))
    assert lukasz.standings == (Standing("EUR", 0, 0, 1000),)
    assert maria.payer_name == ""


def test_figures_are_those_of_the_day_that_is_shown(desk: Desk) -> None:
    before = open_desk(str(desk.place.database.path), clock=Clock(date(2026, 9, 15)))
    assert before.search.find("garcia")[0].standings == (Standing("EUR", 0, 4500, 0),)
    before.close()


def test_an_invoice_that_was_typed_is_named(desk: Desk) -> None:
    assert [(one.member, one.matched) for one in desk.search.find("INV-0000")] == [
        ("M00001", "INV-00001"),
        ("M00004", "INV-00002"),
    ]


@pytest.mark.parametrize(
    ("code", "member"),
    [
        ("004512", "M00001"),
        ("M00002", "M00002"),
        ("m00002", "M00002"),
        ("INV-00002", "M00004"),
        ("card-77", "M00005"),
        ("00451", None),
        ("", None),
        ("\x1b[A", None),
    ],
)
def test_a_scan_is_only_an_exact_card_number_or_invoice(desk: Desk, code: str, member: str | None) -> None:
    assert desk.search.resolve_scan(code) == member


ANYTHING = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="aeioumnrlópez \"'%_!*()[]{}^:-+.,;NEAR AND OR NOT\0\x1b\u202e", max_size=40),
)


@given(typed=ANYTHING)
@example('" OR ""')
@example("a* NEAR(b)")
@example("search : x")
@example("\ud800")
@example("x" * 10_000)
@example("a b c d e f g h i j k")
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_nothing_that_can_be_typed_is_an_error(desk: Desk, typed: str) -> None:
    desk.search.find(typed)
    desk.search.resolve_scan(typed)
    desk.dashboard.people(chosen=Filter(text=typed))


@given(
    words=st.lists(
        st.one_of(
            st.sampled_from([word for one in PEOPLE for word in fold(one.name).split()]).flatmap(
                lambda word: st.integers(0, len(word)).flatmap(
                    lambda first: st.integers(first, len(word)).map(lambda last: word[first:last])
                )
            ),
            st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=4),
        ),
        min_size=1,
        max_size=3,
    )
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_exactly_those_are_found_who_have_all_the_words(desk: Desk, words: list[str]) -> None:
    typed = " ".join(words)
    looked_for = words_of(typed)
    # A single letter alone is looked for at the beginning of names only.
    if not looked_for or not any(len(word) >= GRAM - 1 for word in looked_for):
        return
    expected = set()
    for one, number in zip(PEOPLE, numbers(), strict=True):
        phone = (desk.members.get(number).phone) or ""
        hay = " " + search_text(one.name, number, one.email, phone, one.card)
        if all((word if len(word) >= GRAM else f" {word}") in hay for word in looked_for):
            expected.add(number)
    assert set(found(desk, typed)) == expected


def numbers() -> list[str]:
    given_numbers = [one.number for one in PEOPLE]
    count = iter(range(1, 100))
    return [number or f"M{next(count):05d}" for number in given_numbers]


def test_text_for_the_index_is_quoted_whatever_it_holds() -> None:
    assert fts_query(['a"b*']) == '"a""b" AND """b*"'
    assert fts_query(["ab", "c"]) == '" ab"'


def test_a_common_name_in_a_large_centre_costs_a_bounded_number_of_rows(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "large.db"
    shutil.copy(template, path)
    desk = open_desk(str(path), clock=Clock(TODAY))
    with desk.place.database.write() as tx:
        now = "2026-01-01T00:00:00.000000Z"
        rows = []
        for n in range(1, 5001):
            name = f"Garcia Maria {n}"
            folded = fold(name)
            rows.append((n, f"M{n:05d}", name, folded, f"{folded} m{n:05d}", "active", True, now, now))
        tx.many_positional(
            """INSERT INTO member (id, number, name, name_folded, search, status, email_works, created_at, updated_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            rows,
        )
    for typed in ("g", "ga", "gar", "garcia", "maria", "maria g", "aria garc", "m0", "arc"):
        assert len(desk.search.find(typed)) == 20
    assert found(desk, "garcia 4321") == ["M04321"]
    assert found(desk, "M04999") == ["M04999"]
    desk.close()
