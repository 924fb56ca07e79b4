"""The start and the end of the app in a real terminal: it is left as it was found, whatever happens."""

from __future__ import annotations

import os
import re
import signal
import stat
import sys
import termios
from pathlib import Path

import pytest

from duesdesk import terminal
from duesdesk.domain.errors import WrongUsage
from tests.screens.toolkit.pty_session import PtySession, small_app_command

MOUSE_OFF = b"\x1b[?1003l"


def modes_of(session: PtySession) -> list[object]:
    return termios.tcgetattr(session.process.fd)[:4]


def assert_left_clean(session: PtySession) -> None:
    on, off = session.raw.rfind(b"\x1b[?1003h"), session.raw.rfind(MOUSE_OFF)
    assert off > on
    for mode in (b"1049", b"2004", b"1004"):
        assert session.raw.rfind(b"\x1b[?" + mode + b"l") > session.raw.rfind(b"\x1b[?" + mode + b"h"), mode
    assert session.raw.rfind(b"\x1b[?25h") > session.raw.rfind(b"\x1b[?25l")


def test_leaving_ends_at_once_with_a_clean_terminal() -> None:
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        session.write("\x11")
        assert session.wait_end() == 0
        assert_left_clean(session)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_a_clean_terminal(number: signal.Signals) -> None:
    with PtySession(small_app_command()) as session:
        session.wait("READY")
        os.kill(session.process.pid, number)
        assert session.wait_end() == 0
        assert_left_clean(session)


def test_a_crash_before_the_first_screen_leaves_a_clean_terminal_and_one_sentence(tmp_path: Path) -> None:
    script = tmp_path / "crash.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from tests.screens.toolkit import small_app\n"
        "from duesdesk import terminal\n"
        "small_app.use_small_registry()\n"
        "def fail(self): raise ZeroDivisionError('secret name')\n"
        "small_app.PeopleScreen.on_mount = fail\n"
        f"code = terminal.run(small_app.SmallDesk, log_file=Path({str(tmp_path / 'log' / 'duesdesk.log')!r}))\n"
        "print('code', code)\n"
        "terminal.leave(code)\n"
    )
    root = Path(__file__).parents[3]
    with PtySession([sys.executable, str(script)], columns=100, env={"PYTHONPATH": str(root)}) as session:
        assert session.wait_end() == 1
        assert b"duesdesk had to stop" in session.raw
        assert b"Traceback" not in session.raw
        assert b"secret name" not in session.raw
        assert_left_clean(session)
    log = tmp_path / "log" / "duesdesk.log"
    assert "ZeroDivisionError: secret name" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_an_error_while_importing_gives_the_terminal_its_modes_back(tmp_path: Path) -> None:
    script = tmp_path / "early.py"
    script.write_text(
        "import sys, termios\n"
        "from duesdesk import terminal\n"
        "before = termios.tcgetattr(0)\n"
        "def no_desk(): raise ValueError('x')\n"
        "try:\n"
        "    terminal.run(no_desk)\n"
        "except ValueError:\n"
        "    print('SAME' if termios.tcgetattr(0) == before else 'OTHER')\n"
    )
    with PtySession([sys.executable, str(script)]) as session:
        session.wait_end()
        assert b"SAME" in session.raw


def test_a_fault_in_the_first_picture_does_not_keep_the_app_from_opening(tmp_path: Path) -> None:
    log = tmp_path / "duesdesk.log"
    script = tmp_path / "start.py"
    script.write_text(
        "from pathlib import Path\n"
        "from types import SimpleNamespace\n"
        "from tests.screens.toolkit import small_app\n"
        "from duesdesk import terminal\n"
        "small_app.use_small_registry()\n"
        "small_app.SmallDesk.dashboard = SimpleNamespace(is_quick=lambda: 1 / 0)\n"
        f"terminal.leave(terminal.run(small_app.SmallDesk, log_file=Path({str(log)!r})))\n"
    )
    root = Path(__file__).parents[3]
    with PtySession([sys.executable, str(script)], env={"PYTHONPATH": str(root)}) as session:
        session.wait("READY")
        assert "ZeroDivisionError" in log.read_text()


def test_without_a_terminal_a_sentence_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoTerminal:
        def isatty(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", NoTerminal())
    with pytest.raises(WrongUsage) as raised:
        terminal.run(lambda: None)  # type: ignore[arg-type, return-value]
    assert raised.value.code == "no-terminal"


def test_no_colour_is_written_when_the_user_wants_none() -> None:
    with PtySession(small_app_command(), env={"NO_COLOR": "1"}) as session:
        session.wait("READY")
        session.write("/")
        session.wait("Find")
        codes = re.findall(rb"\x1b\[([0-9;]+)m", session.raw)
        assert not [code for code in codes if b"38;" in code or b"48;" in code]
        assert any(b"7" in code.split(b";") for code in codes)


def test_a_terminal_without_unicode_gets_ascii_only() -> None:
    env = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "PYTHONCOERCECLOCALE": "0"}
    with PtySession(small_app_command(), env=env) as session:
        session.wait("READY")
        session.write("p")
        session.wait("Pay [")
        assert session.raw.isascii()
        assert "Popescu Stefan" in session.text
        assert "duesdesk" in session.text


def test_a_move_in_a_long_list_costs_few_bytes_and_nothing_is_written_when_idle() -> None:
    with PtySession(small_app_command(), columns=80, lines=24) as session:
        session.wait("READY")
        session.write("\x1b[B")
        session.wait(lambda text: "▸ García" in text)
        before = len(session.raw)
        session.write("\x1b[B")
        session.wait(lambda text: "▸ [b]Smith" in text)
        assert len(session.raw) - before <= 500
        first_screen = session.raw[: session.raw.find(b"READY") + 5]
        assert len(first_screen) <= 12_000


def test_the_log_is_turned_over_when_it_is_long(tmp_path: Path) -> None:
    log = tmp_path / "duesdesk.log"
    log.write_text("x" * 1_000_001)
    assert terminal.write_log(log, ValueError("new")) == str(log)
    assert "ValueError: new" in log.read_text()
    assert (tmp_path / "duesdesk.old.log").stat().st_size == 1_000_001


def test_a_log_that_cannot_be_written_is_no_second_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert terminal.write_log(tmp_path / "file" / "duesdesk.log", ValueError("x")) == ""
