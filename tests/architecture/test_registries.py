"""What grows by addition has one obvious place and one line: folder and line agree."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from duesdesk.reports import REPORTS
from duesdesk.screens import registry

PACKAGE = Path(__file__).parents[2] / "src" / "duesdesk"


def test_every_report_has_its_file_and_every_file_its_line() -> None:
    files = {file.stem for file in (PACKAGE / "reports").glob("*.py")} - {"__init__", "shape"}
    assert {report.name for report in REPORTS} == files
    assert [
        report.name for report in REPORTS if not hasattr(import_module(f"duesdesk.reports.{report.name}"), "read")
    ] == []


def test_the_name_of_a_report_is_there_once() -> None:
    names = [report.name for report in REPORTS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("place", registry.PLACES, ids=lambda place: place.id)
def test_every_screen_in_the_list_is_there(place: registry.PlaceSpec) -> None:
    assert callable(registry.load_named(place.where))


@pytest.mark.parametrize("act", sorted(registry.ACTS))
def test_every_act_in_the_list_is_there(act: str) -> None:
    assert callable(registry.load_named(registry.ACTS[act]))


def test_a_screen_has_one_function_key_and_one_name() -> None:
    for told in ("id", "shown", "label"):
        values = [getattr(place, told) for place in registry.PLACES]
        assert len(values) == len(set(values)), told
