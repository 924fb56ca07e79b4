"""A centre with debts for the tests of faults, and desks at it that are processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock
from duesdesk.services.imports.service import Imports
from duesdesk.services.imports.views import ImportRequest
from duesdesk.store.verify import verify

LONG = os.environ.get("DUESDESK_FAULTS") == "long"
TODAY = date(2026, 11, 22)
DEBT_MINOR = 5000
_ROOT = Path(__file__).parents[2]


def owing(url: str, folder: Path, count: int) -> list[tuple[str, str]]:
    """`count` members who owe 50.00 each since October; (member, invoice) of each."""
    debts = [(f"M{number:05d}", f"INV-{number:05d}") for number in range(1, count + 1)]
    people, invoices = folder / "people.csv", folder / "owed.csv"
    people.write_text(
        "number,name,email\n"
        + "".join(f"{member},Person {member},{member.lower()}@example.org\n" for member, _ in debts)
    )
    invoices.write_text(
        "number,member,issued_on,due_on,amount\n"
        + "".join(f"{invoice},{member},2026-10-01,2026-10-15,50.00\n" for member, invoice in debts)
    )
    desk = open_desk(url, clock=Clock(date(2026, 10, 1)))
    for kind, file in (("members", people), ("invoices", invoices)):
        assert Imports(desk.place).run(ImportRequest(kind, file)).created == count
    # Whatever day of the week a test is on.
    desk.settings.set("notices.hours", "always")
    desk.close()
    return debts


def live_where_it_is_noon(url: str) -> None:
    """For desks on the machine's own clock: whenever the test runs, the law lets a word reach these people.

    The names of these zones count westwards.
    """
    ahead = 12 - Clock().now().hour
    desk = at(url)
    with desk.place.database.write() as tx:
        tx.run("UPDATE member SET timezone = :noon", noon=f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT")
    desk.close()


def at(url: str) -> Desk:
    """The desk at the store, today."""
    return open_desk(url, clock=Clock(TODAY))


def findings(url: str) -> dict[str, list[object]]:
    """What `verify` finds; nothing when all holds."""
    desk = at(url)
    with desk.place.database.read() as tx:
        found = {name: list(told) for name, told in verify(tx).items() if told}
    desk.close()
    return found


def rows(url: str, sql: str) -> list[tuple[object, ...]]:
    """Rows of the store."""
    desk = at(url)
    with desk.place.database.read() as tx:
        found = tx.all(sql)
    desk.close()
    return found


class DeskProcess:
    """`tests.faults.desk_process` doing one job; it begins at `go`, and tells what it did in lines of JSON."""

    def __init__(self, job: str, **wanted: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.desk_process", job, json.dumps(wanted)],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self._told = self.process.stdout

    def ready(self) -> None:
        """Wait until the desk is open."""
        first = self._told.readline()
        assert first == "ready\n", first + self.errors()

    def go(self) -> None:
        """Let it begin."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def line(self) -> str:
        """The next thing it tells; "" at its end."""
        return self._told.readline()

    def kill(self) -> list[str]:
        """End it as a power cut ends a program; what it had told until then. A line cut in two was not told."""
        self.process.kill()
        rest = self._told.read()
        self.close()
        return [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]

    def end(self) -> list[dict[str, object]]:
        """Everything it still tells, when it has ended by itself and well."""
        out, errors = self.process.communicate(timeout=600)
        assert self.process.returncode == 0, errors
        assert errors == ""
        return [json.loads(line) for line in out.splitlines()]

    def errors(self) -> str:
        """What it wrote as errors."""
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def close(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


@contextmanager
def desks(job: str, wanted: Sequence[dict[str, object]]) -> Iterator[list[DeskProcess]]:
    """One process for each of `wanted`, all open and then let go at once; none is left behind."""
    running: list[DeskProcess] = []
    try:
        running += [DeskProcess(job, **one) for one in wanted]
        for desk in running:
            desk.ready()
        for desk in running:
            desk.go()
        yield running
    finally:
        for desk in running:
            desk.close()


def killed_at_each_statement(store: Path, act: Callable[[Desk], None]) -> Iterator[Path]:
    """For each statement of the act a store in which the program was killed just before it; the last one was not."""
    point = 0
    ended_well = False
    while not ended_well:
        copy = store.with_name(f"killed-{point}.db")
        shutil.copy(store, copy)
        child = os.fork()
        if child == 0:
            _act_and_die(copy, act, point)
        _, status = os.waitpid(child, 0)
        ended_well = os.WIFEXITED(status)
        assert not ended_well or os.WEXITSTATUS(status) == 0
        yield copy
        point += 1


def _act_and_die(store: Path, act: Callable[[Desk], None], point: int) -> None:
    """In the child: kill itself before statement number `point`; never returns."""
    try:
        desk = at(str(store))
        left = [point]

        def before_each(_statement: str) -> None:
            if left[0] == 0:
                os.kill(os.getpid(), 9)
            left[0] -= 1

        desk.place.database.connection().set_trace_callback(before_each)
        act(desk)
    except BaseException:  # noqa: BLE001  # nothing of pytest may run in the child
        os._exit(1)
    os._exit(0)
