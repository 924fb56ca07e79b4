"""Keys that arrive together do what slowly typed ones do: in a real terminal, in one write."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.screens.toolkit.pty_session import PtySession, small_app_command

BACKSPACE, ENTER, LEFT, HOME = "\x7f", "\r", "\x1b[D", "\x01"
FIND = "/"


@pytest.fixture(scope="module")
def ready() -> Iterator[PtySession]:
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        yield session


@pytest.mark.parametrize(
    ("burst", "value"),
    [
        (f"ab{BACKSPACE}c", "ac"),
        (f"k{BACKSPACE}j", "j"),
        (f"abc{LEFT}{LEFT}X", "aXbc"),
        (f"nowak{BACKSPACE}{BACKSPACE}e", "nowe"),
        (f"abc{HOME}X", "Xabc"),
        ("nowak", "nowak"),
    ],
)
def test_editing_keys_in_one_write_are_applied_in_order(ready: PtySession, burst: str, value: str) -> None:
    ready.write(FIND + burst)
    ready.wait(f"list for {value} ")
    ready.write("\x1b")
    ready.wait(lambda text: "list for" not in text)


def amount_in(text: str) -> str:
    """What stands in the amount field of the dialog: its first line below the title and a blank one."""
    lines = text.splitlines()
    title = next((y for y, line in enumerate(lines) if "Pay [" in line), None)
    return "" if title is None else lines[title + 2].split("│")[1].strip()


def test_a_burst_through_two_dialogs_does_what_slow_typing_does() -> None:
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        session.write(f"{FIND}nowak{ENTER}50{BACKSPACE}5{ENTER}")
        session.wait("paid nowak 55 cash")
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        session.write(FIND)
        session.wait("Find")
        for typed in ("n", "no", "now", "nowa", "nowak"):
            session.write(typed[-1])
            session.wait(f"list for {typed} ")
        session.write(ENTER)
        session.wait(lambda text: amount_in(text) == "96.50")
        for key, shown in (("5", "5"), ("0", "50"), (BACKSPACE, "5"), ("5", "55")):
            session.write(key)
            session.wait(lambda text, shown=shown: amount_in(text) == shown)
        session.write(ENTER)
        session.wait("paid nowak 55 cash")


def test_the_focus_moves_to_the_next_field_within_one_write() -> None:
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        session.write(f"{FIND}two{ENTER}50{BACKSPACE}{BACKSPACE}40{ENTER}100{ENTER}")
        session.wait("paid two 40 100 cash")


def test_two_keys_pay_a_known_debt_in_one_write() -> None:
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        session.write(f"p{ENTER}")
        session.wait("paid M00000 96.50 cash")


def test_what_is_typed_before_the_first_screen_is_kept() -> None:
    with PtySession(small_app_command()) as session:
        session.write(f"{FIND}nowak{ENTER}50{BACKSPACE}5{ENTER}")
        session.wait("paid nowak 55 cash")
        # Nothing was echoed by the terminal over the screen.
        assert "^?" not in session.text


def test_keys_after_a_list_move_act_on_the_row_reached() -> None:
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        session.write("\x1b[B\x1b[B\x1b[Bp\r")
        session.wait("paid M00003 96.50 cash")


def test_a_pasted_line_end_does_not_submit() -> None:
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        session.write(f"{FIND}\x1b[200~Nowak\r\nsecond line\x1b[201~")
        session.wait("list for Nowak ")
        session.write("x")
        session.wait("list for Nowakx ")
        assert "Pay [" not in session.text


def test_a_scan_in_one_write_opens_the_member_and_fires_no_letter() -> None:
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        session.write("M00218\r")
        session.wait("file M00218")
        session.write("\x1b[B")
        session.write("p\r")
        # Neither p nor n of an unknown card acted: the one payment is the one asked for.
        session.wait("paid M00001 96.50 cash")
        session.write("77npnp\r")
        session.wait("Card 77npnp is not known.")
        assert "Pay [" not in session.text


def test_a_scan_into_a_find_dialog_leaves_nothing_typed_and_opens_the_member() -> None:
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        session.write(f"{FIND}004512\r")
        session.wait("file M00007")
        assert "Pay [" not in session.text
        assert "nothing found" in session.text


def test_an_unknown_code_typed_fast_into_a_field_is_ordinary_typing() -> None:
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        session.write(f"{FIND}004513\r")
        session.wait("Pay [004513]")
