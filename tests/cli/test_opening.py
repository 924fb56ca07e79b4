"""What is said when the terminal app is asked for in a way it cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from duesdesk import launch
from duesdesk.launch import Wanted, open_terminal
from duesdesk.services import demo


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUESDESK_HOME", str(tmp_path / "home"))
    for name in ("DUESDESK_DB", "DUESDESK_TODAY"):
        monkeypatch.delenv(name, raising=False)


def test_an_address_of_a_kind_we_do_not_know_is_wrong_usage_and_founds_no_centre(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert open_terminal(Wanted(db="mysql://host/desk")) == 2
    assert "mysql" in capsys.readouterr().err


def test_a_language_that_is_not_spoken_is_wrong_usage(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert open_terminal(Wanted(db=str(store), language="xx")) == 2
    assert "xx" in capsys.readouterr().err


def test_ctrl_c_while_the_demo_is_built_ends_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "prepare_demo", stopped)
    assert launch.open_terminal(Wanted(db=str(tmp_path / "demo.db"), demo=True)) == 130
    assert capsys.readouterr().err.endswith("Stopped.\n")


def test_a_fault_while_it_opens_is_logged_and_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(launch, "open_desk", broken)
    assert open_terminal(Wanted(db=str(tmp_path / "desk.db"))) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "duesdesk.log" in said
    assert "RuntimeError" in (tmp_path / "home" / "duesdesk.log").read_text()
