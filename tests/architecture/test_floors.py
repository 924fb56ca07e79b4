"""The floors of the house: who may import whom, and how long a file may be."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "duesdesk"

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 70
# Written once by a machine, or read once from top to bottom.
_COUNTED_NOT = ("store/migrations/versions/", "i18n/cldr/")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter with the contracts of `folder`/pyproject.toml over `folder`/src."""
    program = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONUTF8": "1"}
    return subprocess.run(
        [program, "--no-cache", "--no-logo"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def modules() -> Iterator[tuple[str, Path]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE).as_posix()
        if not path.startswith(_COUNTED_NOT):
            yield path, file


def test_the_import_contracts_are_kept() -> None:
    answer = lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("domain/planted.py", "from duesdesk.i18n import _", "Each floor imports only the floors below it"),
        ("store/planted.py", "from duesdesk.services import payments", "Each floor imports only the floors below it"),
        ("planted.py", "", "Each floor imports only the floors below it"),
        ("domain/planted.py", "import sqlalchemy", "The domain is the standard library and nothing else"),
        ("services/planted.py", "from rich.text import Text", "know no screen and no terminal"),
        ("reports/planted.py", "def f():\n    import typer", "know no screen and no terminal"),
        ("screens/planted.py", "from sqlmodel import select", "Screens and commands see views"),
        ("screens/widgets/planted.py", "from duesdesk.models import Member", "Screens and commands see views"),
        ("cli/planted.py", "from duesdesk.store.database import Database", "Screens and commands see views"),
    ],
)
def test_a_planted_import_breaks_its_contract(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    package = tmp_path / "src" / "duesdesk"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "locales", "*.tcss"))
    planted = package / module
    planted.parent.mkdir(parents=True, exist_ok=True)
    (planted.parent / "__init__.py").touch()
    planted.write_text(f"{line}\n", encoding="utf-8")
    answer = lint_imports(tmp_path)
    assert answer.returncode != 0
    broken = [one for one in answer.stdout.splitlines() if "BROKEN" in one] or [answer.stdout]
    assert any(contract in one for one in broken) or not line, answer.stdout


def test_the_domain_imports_the_standard_library_and_itself_only() -> None:
    found = []
    for path, file in modules():
        if not path.startswith("domain/"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [
                f"{path}: {name}"
                for name in names
                if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("duesdesk.domain")
            ]
    assert found == []


def test_a_file_fits_in_one_sitting() -> None:
    long = {path: len(file.read_text(encoding="utf-8").splitlines()) for path, file in modules()}
    assert {path: lines for path, lines in long.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_a_function_fits_on_one_screen() -> None:
    long = [
        f"{path}:{node.lineno} {node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for path, file in modules()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_screens_import_the_app_for_its_type_only() -> None:
    """import-linter lets them name it; at run time the app imports the screens, not they the app."""
    at_run_time = []
    for path, file in modules():
        if path.startswith("screens/"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for_types = {
                inner
                for node in ast.walk(tree)
                if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
                for inner in ast.walk(node)
            }
            at_run_time += [
                f"{path}:{node.lineno}"
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and node.module == "duesdesk.app" and node not in for_types
            ]
    assert at_run_time == []


_EXCUSE = re.compile(r"# (?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|noqa|type: ignore(?:\[[a-z, -]+\])?)(?P<reason>.*)")


def test_every_ignored_finding_says_why() -> None:
    """`# noqa: CODE  # reason`, `# type: ignore[code]  # reason`: an excuse without a reason is none."""
    bare = []
    for path, file in modules():
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            excuse = _EXCUSE.search(line)
            if excuse and len(excuse["reason"].strip(" #()-:")) < len("our rule"):
                bare.append(f"{path}:{number}")
    assert not bare, "no reason given:\n" + "\n".join(bare)
