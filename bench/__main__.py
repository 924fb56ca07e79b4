"""`python -m bench [--large] [--quick] [PART …]`: measure, and print a table of figures beside floors and goals."""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import duesdesk
from bench import parts as all_parts
from bench.running import ROOT, Run
from bench.stores import OUT
from bench.table import Figure, table
from duesdesk.clock import Clock
from duesdesk.store import sqlite

PARTS = sorted(path.stem for path in Path(all_parts.__path__[0]).glob("*.py") if path.stem != "__init__")
SIZES, LARGE = (1000, 10_000), 100_000


def measure_of(part: str) -> Callable[[Run], Iterator[Figure]]:
    """What measures a part."""
    function: Callable[[Run], Iterator[Figure]] = import_module(f"bench.parts.{part}").measure
    return function


def compile_sources() -> None:
    """Bytecode beside the program and the floors, as an installer leaves it: a start must not compile them again.

    Python does that by itself only where it may write (PYTHONDONTWRITEBYTECODE).
    """
    for folder in (Path(duesdesk.__file__).parent, ROOT / "bench"):
        compileall.compile_dir(folder, quiet=1)


def machine() -> str:
    """What this was measured on."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        platform.processor(),
    )
    packages = ", ".join(f"{name} {version(name)}" for name in ("duesdesk", "textual", "sqlmodel"))
    return "\n".join(
        (
            f"{Clock().now():%Y-%m-%d %H:%M} UTC, {platform.system()} {platform.release()} {platform.machine()}",
            f"{model}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}",
            f"Python {platform.python_version()}, SQLite {sqlite.library().sqlite_version}, {packages}",
        )
    )


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def main() -> int:
    """Measure what is asked for; 1 when a goal is missed."""
    arguments = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    arguments.add_argument("parts", nargs="*", help=f"which parts (all): {', '.join(PARTS)}", metavar="PART")
    arguments.add_argument(
        "--large", action="store_true", help="a centre of 100,000 members too; made once, in minutes"
    )
    arguments.add_argument("--quick", action="store_true", help="fewer rounds")
    arguments.add_argument("--json", type=Path, help="the figures into this file as well")
    asked = arguments.parse_args()
    unknown = sorted(set(asked.parts) - set(PARTS))
    if unknown:
        arguments.error(f"no part {', '.join(unknown)}: there are {', '.join(PARTS)}")
    compile_sources()
    run = Run((*SIZES, LARGE) if asked.large else SIZES, rounds=3 if asked.quick else 9, folder=OUT)
    _ = run.stores
    told = machine()
    figures: list[Figure] = []
    for part in asked.parts or PARTS:
        print(f"{part} ...", file=sys.stderr, flush=True)
        figures += measure_of(part)(run)
    print(f"{told}\n\n{table(figures)}")
    missed = [figure for figure in figures if figure.is_met is False and not figure.by_clock]
    over = [figure for figure in figures if figure.is_met is False and figure.by_clock]
    met = [figure for figure in figures if figure.is_met]
    print(f"\n{len(met)} goals met, {len(missed)} missed, {len(over)} over by the clock alone.")
    if asked.json:
        rows = [{**asdict(figure), "ratio": figure.ratio, "met": figure.is_met} for figure in figures]
        asked.json.write_text(json.dumps({"machine": told, "figures": rows}, indent=1))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
