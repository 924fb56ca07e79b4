"""A desk in a process of its own: `python -m tests.faults.desk_process JOB WANTED`, WANTED in JSON.

It opens the desk, says "ready", waits for a line on standard input, and then tells what it did, a line of JSON each.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import sentence
from duesdesk.services.payments import PayRequest

Wanted = Mapping[str, Any]


def tell(**told: object) -> None:
    """One line, written at once."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def opened(wanted: Wanted) -> Desk:
    """The desk, once the test lets it begin."""
    clock = Clock(date.fromisoformat(wanted["day"])) if "day" in wanted else Clock()
    desk = open_desk(wanted["url"], clock=clock, desk=wanted.get("desk", "desk 1"))
    desk.database_version()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    return desk


def pay_each(wanted: Wanted) -> None:
    """Pay every invoice of `debts` (member, invoice, amount, key), and tell what came of each."""
    desk = opened(wanted)
    for member, invoice, amount_minor, key in wanted["debts"]:
        request = PayRequest(member, amount_minor, "EUR", invoices=(invoice,))
        try:
            answer = desk.payments.pay(request, key=key)
        except DuesdeskError as error:
            tell(invoice=invoice, refused=error.code)
        else:
            tell(invoice=invoice, paid=answer["payment"])


def bill(wanted: Wanted) -> None:
    """Bill so many `times`, and tell how many invoices each brought."""
    desk = opened(wanted)
    for _ in range(wanted["times"]):
        tell(issued=len(desk.billing.bill(key=wanted["key"])["issued"]))


def pay_on(wanted: Wanted) -> None:
    """Pay again and again, amounts 1, 2, 3 … minor units, and acknowledge each by its number."""
    desk = opened(wanted)
    for number in range(wanted["first"], wanted["first"] + 100_000):
        answer = desk.payments.pay(PayRequest(wanted["member"], number, "EUR"), key=f"payment {number}")
        sys.stdout.write(f"{number} {answer['payment']}\n")
        sys.stdout.flush()


def fill_the_disk(wanted: Wanted) -> None:
    """Pay until nothing more can be written, read on, and pay again when there is room."""
    if "most_bytes" in wanted:
        # A write above the limit fails instead of ending the process.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (wanted["most_bytes"], resource.RLIM_INFINITY))
    desk = opened(wanted)
    connection = desk.place.database.connection()
    if "most_pages" in wanted:
        pages = connection.execute("PRAGMA page_count").fetchone()[0] + wanted["most_pages"]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    for number in range(1, 5000):
        try:
            desk.payments.pay(PayRequest(wanted["member"], number, "EUR"), key=f"payment {number}")
        except DuesdeskError as error:
            tell(refused=error.code, sentence=sentence(error), exit_code=error.exit_code)
            break
        tell(paid=number)
    tell(read=desk.payments.sheet(wanted["member"]).credit_minor)
    if wanted.get("wait_for_room"):
        sys.stdin.readline()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    if "most_pages" in wanted:
        connection.execute("PRAGMA max_page_count = 1073741823")
    desk.payments.pay(PayRequest(wanted["member"], number, "EUR"), key=f"payment {number}")
    tell(paid=number)


def send_on(wanted: Wanted) -> None:
    """Send what is due until the test says that everybody has paid and nothing is left to send; then tell how many."""
    desk = opened(wanted)
    import select

    told, count = False, 0
    while True:
        done = desk.outbox.send_due(limit=5)
        count += sum(sent.state == "sent" for sent in done)
        told = told or bool(select.select([sys.stdin], [], [], 0)[0])
        if told and not done:
            tell(sent=count)
            return


JOBS: dict[str, Callable[[Wanted], None]] = {
    "bill": bill,
    "fill_the_disk": fill_the_disk,
    "pay_each": pay_each,
    "pay_on": pay_on,
    "send_on": send_on,
}


if __name__ == "__main__":
    JOBS[sys.argv[1]](json.loads(sys.argv[2]))
    # No farewell to the store: a desk is closed as often as it is killed.
    sys.stdout.flush()
    os._exit(0)
