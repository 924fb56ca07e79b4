"""The wheel works by itself: installed in an empty environment, far from the source tree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# One worker builds and installs; its tests stay together.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel"), pytest.mark.timeout(420)]


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run with an environment that knows nothing of this project."""
    hidden = ("DUESDESK_", "PYTHON", "VIRTUAL_ENV", "UV_PROJECT")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment | {"PYTHONUTF8": "1", "DUESDESK_HOME": str(cwd / "home")} | more,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
    )


def uv() -> str | None:
    """The uv that `make` put here, or the one of the machine."""
    ours = ROOT / ".tools" / "uv" / "bin" / "uv"
    return str(ours) if ours.exists() else shutil.which("uv")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `duesdesk` command in an environment that holds the wheel and what it declares to need, nothing else."""
    folder = tmp_path_factory.mktemp("elsewhere")
    place = folder / "venv"
    tool = uv()
    if tool:
        made = run(tool, "venv", "--quiet", "--python", sys.executable, place, cwd=folder)
        assert made.returncode == 0, made.stderr
        done = run(tool, "pip", "install", "--quiet", "--python", place / "bin" / "python", wheel, cwd=folder)
    else:
        run(sys.executable, "-m", "venv", place, cwd=folder)
        done = run(place / "bin" / "python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    return place / "bin" / "duesdesk"


def test_the_wheel_carries_what_the_program_reads(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    inside = {Path(name).relative_to("duesdesk").as_posix() for name in names if name.startswith("duesdesk/")}
    source = ROOT / "src" / "duesdesk"
    read = [
        *(path.relative_to(source).as_posix() for path in source.rglob("*") if _is_read(path)),
        *(
            "data/" + path.relative_to(ROOT / "data").as_posix()
            for path in (ROOT / "data").rglob("*")
            if _is_read(path)
        ),
        *(path.relative_to(source).with_suffix(".mo").as_posix() for path in source.glob("locales/*/LC_MESSAGES/*.po")),
    ]
    assert any(name.startswith("data/") for name in read)
    assert [name for name in read if name not in inside] == []
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def _is_read(path: Path) -> bool:
    unwanted = {".pyc", ".po", ".pot", ".db"}
    hidden = any(part.startswith((".", "__pycache__")) for part in path.parts[len(ROOT.parts) :])
    return path.is_file() and path.suffix not in unwanted and not hidden


def test_the_installed_program_is_not_the_source_tree(installed: Path) -> None:
    done = run(
        installed.with_name("python"), "-c", "import duesdesk; print(duesdesk.__file__)", cwd=installed.parents[2]
    )
    assert Path(done.stdout.strip()).is_relative_to(installed.parents[1]), done.stderr


def test_the_installed_program_says_its_version_and_its_commands(installed: Path, tmp_path: Path) -> None:
    assert run(installed, "--version", cwd=tmp_path).stdout.strip().endswith("0.1.0")
    assert "report" in run(installed, "--help", cwd=tmp_path).stdout


def test_the_installed_program_builds_its_demo_and_reports_on_it(installed: Path, tmp_path: Path) -> None:
    store = tmp_path / "demo.db"
    built = run(installed, "--db", store, "demo", "--build-only", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    told = run(installed, "--db", store, "report", "unpaid", "--json", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    unpaid = json.loads(told.stdout)
    assert unpaid["currencies"][0]["debtors"] > 0
    verified = run(installed, "--db", store, "verify", "--json", cwd=tmp_path)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_new_centre_in_spanish_from_the_installed_program(installed: Path, tmp_path: Path) -> None:
    store = tmp_path / "centro.db"
    made = run(
        *(installed, "--db", store, "--lang", "es", "init", "--name", "Centro Aurora", "--currency", "EUR"),
        *("--country", "ES", "--timezone", "Europe/Madrid", "--language", "es"),
        cwd=tmp_path,
    )
    assert made.returncode == 0, made.stderr
    told = run(installed, "--db", store, "--lang", "es", "report", "unpaid", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "Traceback" not in told.stderr


def test_a_file_that_needs_an_extra_is_refused_in_a_sentence(installed: Path, tmp_path: Path) -> None:
    store = tmp_path / "centre.db"
    run(
        *(installed, "--db", store, "init", "--name", "Aurora", "--currency", "EUR", "--country", "ES"),
        *("--timezone", "Europe/Madrid", "--language", "en"),
        cwd=tmp_path,
    )
    (tmp_path / "members.xlsx").write_bytes(b"PK\x03\x04")
    told = run(installed, "--db", store, "import", "members", "members.xlsx", cwd=tmp_path)
    assert told.returncode == 3, told.stdout + told.stderr
    assert "Traceback" not in told.stderr
    assert "sheets" in told.stdout + told.stderr
