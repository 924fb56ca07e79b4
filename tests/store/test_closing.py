"""A store closed while other threads work in it: the process lives, and what was begun to be written is there."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from duesdesk.bootstrap import Desk
from duesdesk.store.database import Database, Tx

# In a process of its own: what this looks for is a crash inside SQLite.
_CLOSED_WHILE_READING = """
import sys, threading
from contextlib import suppress
from duesdesk.store.database import Database

LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) SELECT i, 'a' || i FROM n"
for turn in range(15):
    database = Database(sys.argv[1])
    begun = threading.Event()

    def read():
        with suppress(Exception):
            with database.read() as tx:
                begun.set()
                for _ in range(50):
                    tx.all(LONG, most=3000)

    threads = [threading.Thread(target=read, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    begun.wait()
    database.close()
print("alive")
"""

_SET = "INSERT INTO setting (key, value, changed_at, actor) VALUES (:key, '1', '2026-01-01T00:00:00.000000Z', 'Ana')"


def test_a_store_can_be_closed_while_other_threads_read_it(store: Path) -> None:
    command = [sys.executable, "-c", _CLOSED_WHILE_READING, str(store)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr[-2000:]


def test_closing_waits_for_what_another_thread_is_writing(store: Path) -> None:
    database = Database(str(store))
    inside, go_on = threading.Event(), threading.Event()

    def write(tx: Tx) -> None:
        tx.run(_SET, key="test.first")
        inside.set()
        go_on.wait(30)
        tx.run(_SET, key="test.second")

    writer = threading.Thread(target=database.run_write, args=(write,))
    writer.start()
    inside.wait(30)
    closer = threading.Thread(target=database.close)
    closer.start()
    closer.join(0.2)
    assert closer.is_alive(), "it was closed under the writer"
    go_on.set()
    closer.join(30)
    writer.join(30)
    again = Database(str(store))
    with again.read() as tx:
        assert tx.all("SELECT key FROM setting WHERE key LIKE 'test.%' ORDER BY key") == [
            ("test.first",),
            ("test.second",),
        ]
    again.close()


def test_a_closed_store_opens_again_when_it_is_asked(desk: Desk) -> None:
    desk.close()
    assert desk.dashboard.summary() is not None
