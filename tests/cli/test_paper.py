"""docs/commands.md names every command, and every report with its options."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_group

from duesdesk.cli.commands import COMMANDS
from duesdesk.reports import REPORTS

PAPER = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
OPTIONS = {"window_days": "--window", "first": "--from"}


def test_every_command_is_on_the_page() -> None:
    missing = []
    for name, place in COMMANDS.items():
        said = [name]
        if place.group:
            said = [
                f"{name} {inner}" for inner in get_group(import_module(f"duesdesk.cli.{place.module}").app).commands
            ]
        missing += [command for command in said if not re.search(rf"`{command}[ `]", PAPER)]
    assert missing == []


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_every_report_is_on_the_page_with_its_options(report: object) -> None:
    name, options = report.name, report.options  # type: ignore[attr-defined]  # pytest hands it over as an object
    line = next(line for line in PAPER.splitlines() if line.startswith(f"| `{name}` |"))
    assert [option for option in options if OPTIONS.get(option, f"--{option}") not in line] == []
