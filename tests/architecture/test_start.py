"""What a start loads: nothing heavy before it is needed. Libraries that slip in cost every person at every start."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

# Measured: sqlmodel 360 ms of CPU, alembic 350, liquid 200, textual 145, typer 80, babel 35, phonenumbers 37.
DATABASE = {"sqlmodel", "sqlalchemy", "pydantic", "alembic", "psycopg"}
HEAVY = DATABASE | {
    "babel",
    "email_validator",
    "liquid",
    "phonenumbers",
    "python_calamine",
    "rapidfuzz",
    "smtplib",
    "stdnum",
    "tomlkit",
    "xlsxwriter",
}
_IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+(\S+)$", re.MULTILINE)


def loaded(tmp_path: Path, *arguments: str, exit_code: int = 0) -> tuple[set[str], str]:
    """The top-level packages that `python *arguments` imported, and its standard output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DUESDESK_", "PYTEST_"))}
    environment |= {"DUESDESK_HOME": str(tmp_path / "home"), "PYTHONUTF8": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == exit_code, done.stdout + re.sub("import time:.*\n", "", done.stderr)
    return {name.split(".")[0] for name in _IMPORTED.findall(done.stderr)}, done.stdout


def test_the_measuring_sees_a_library_that_is_loaded(tmp_path: Path) -> None:
    names, _ = loaded(tmp_path, "-c", "import sqlmodel")
    assert {"sqlmodel", "sqlalchemy", "pydantic"} <= names


@pytest.mark.parametrize(
    "module", ["duesdesk.bootstrap", "duesdesk.i18n", "duesdesk.domain.money", "duesdesk.store.ledger"]
)
def test_what_every_start_imports_is_light(tmp_path: Path, module: str) -> None:
    names, _ = loaded(tmp_path, "-c", f"import {module}")
    assert names & (HEAVY | {"textual", "rich", "typer"}) == set()


def test_the_terminal_app_loads_textual_and_nothing_else_that_is_heavy(tmp_path: Path) -> None:
    names, _ = loaded(tmp_path, "-c", "import duesdesk.app")
    assert "textual" in names
    assert names & (HEAVY | {"typer"}) == set()


_FIRST_SCREEN = """
import asyncio
import sys

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import open_desk
from duesdesk.clock import Clock


async def first_screen(store: str) -> None:
    desk = open_desk(store, clock=Clock())
    app = DuesdeskApp(lambda: desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        print(type(app.screen).__name__)
    desk.close()


asyncio.run(first_screen(sys.argv[1]))
"""


def test_the_first_screen_with_its_figures_needs_nothing_but_textual(tmp_path: Path, store: Path) -> None:
    names, said = loaded(tmp_path, "-c", _FIRST_SCREEN, str(store))
    assert said.strip() == "DashboardScreen"
    assert "textual" in names
    assert names & (HEAVY | {"typer", "json"}) == set()


_MADE_AT_IMPORT = """
for name, module in list(sys.modules.items()):
    for made in vars(module).values() if name.startswith("duesdesk") else ():
        if isinstance(made, type) and made.__module__ == name and "__dataclass_fields__" in vars(made):
            print(name, made.__name__)
"""


def test_the_first_screen_makes_no_dataclass_since_each_costs_four_times_a_tuple(tmp_path: Path, store: Path) -> None:
    _, said = loaded(tmp_path, "-c", _FIRST_SCREEN + _MADE_AT_IMPORT, str(store))
    assert said.splitlines() == ["DashboardScreen"]


def test_the_terminal_app_loads_no_tls_and_what_sends_mail_gets_it_later(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from duesdesk import terminal\n"
        "terminal.load_asyncio()\n"
        "import duesdesk.app\n"
        "print('ssl' in sys.modules)\n"
        "import smtplib, ssl\n"
        "print(smtplib.SMTP_SSL.__name__, ssl.create_default_context().verify_mode.name)\n"
    )
    _, said = loaded(tmp_path, "-c", code)
    assert said.splitlines() == ["False", "SMTP_SSL CERT_REQUIRED"]


def test_a_desk_opens_and_speaks_spanish_without_the_heavy_libraries(tmp_path: Path, store: Path) -> None:
    code = (
        "from duesdesk import i18n\n"
        "from duesdesk.bootstrap import open_desk\n"
        "from duesdesk.clock import Clock\n"
        "i18n.set_language('es', 'ES')\n"
        f"desk = open_desk({str(store)!r}, clock=Clock())\n"
        "print(desk.centre.name, i18n.money(431050, 'EUR'), i18n.short_day(desk.today()))\n"
        "desk.close()\n"
    )
    names, said = loaded(tmp_path, "-c", code)
    assert "Aurora Centre" in said
    assert names & (HEAVY | {"textual", "rich", "typer"}) == set()


@pytest.mark.parametrize(
    "command",
    [
        ["report", "unpaid", "--json"],
        ["report", "ageing", "--as-of", "2026-03-31", "--json"],
        ["report", "unpaid"],
        ["member", "find", "ana", "--json"],
    ],
    ids=" ".join,
)
def test_a_report_loads_no_screen_and_no_orm(tmp_path: Path, store: Path, command: list[str]) -> None:
    names, _ = loaded(tmp_path, "-m", "duesdesk", "--db", str(store), *command)
    assert names & (HEAVY | {"textual"}) == set()


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_help_and_version_load_no_screen_and_no_store(tmp_path: Path, arguments: list[str]) -> None:
    names, said = loaded(tmp_path, "-m", "duesdesk", *arguments)
    assert said
    assert names & (HEAVY | {"textual", "sqlite3", "pysqlite3"}) == set()
