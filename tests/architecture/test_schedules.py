"""The files that start the daily run say commands there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duesdesk.cli.commands import COMMANDS

SCHEDULE = Path(__file__).parents[2] / "data" / "schedule"
FILES = sorted(path for path in SCHEDULE.iterdir() if path.suffix in (".service", ".cmd") or path.name == "crontab")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_scheduled_is_a_command(path: Path) -> None:
    text = "\n".join(
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(("#", "rem"))
    )
    called = re.findall(r"(?:bin/|cmd /c |&& |\"|\s)duesdesk ([a-z]+)", text)
    assert called
    assert {name for name in called if name not in ("daily", "send")} <= set(COMMANDS)


def test_every_service_has_its_timer() -> None:
    names = {path.stem for path in SCHEDULE.glob("*.service")}
    assert names == {path.stem for path in SCHEDULE.glob("*.timer")}
