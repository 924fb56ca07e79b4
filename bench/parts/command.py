"""A report as a command: processor time of the whole process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence

from bench import book
from bench.running import Run, home, size
from bench.table import Figure

PART = "command"
MOST_MS = {1000: 250.0, 10_000: 300.0}
REPORTS = ("unpaid", "ageing")


def measure(run: Run) -> Iterator[Figure]:
    """In turn with an interpreter that does nothing."""
    for made in run.stores.values():
        if made.members not in MOST_MS and made is not run.smallest:
            continue
        for report in REPORTS:
            command = ["-m", "duesdesk", "--db", str(made.ours), "--today", book.TODAY.isoformat()]
            ours, floor = [], []
            for _ in range(run.rounds):
                floor.append(_cpu_ms(["-c", "pass"]))
                ours.append(_cpu_ms([*command, "report", report, "--json"]))
            taken, beside = statistics.median(ours), statistics.median(floor)
            most = MOST_MS.get(made.members)
            yield Figure(PART, f"report {report} --json, CPU", size(made), taken, "ms", beside, "Python", most=most)


def _cpu_ms(arguments: Sequence[str]) -> float:
    with home() as folder:
        environment = {"PATH": os.environ.get("PATH", ""), "DUESDESK_HOME": str(folder), "PYTHONUTF8": "1"}
        process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}")
    return (used.ru_utime + used.ru_stime) * 1000
