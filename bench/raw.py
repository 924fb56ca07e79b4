"""The floor under every figure of the store: the same rows in bare tables, by the same SQLite, without any of our code.

Nothing is checked, recorded or chained here; an invoice knows its open amount and a member the sum of them.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import cast

from duesdesk.store import sqlite

SCHEMA = """
    CREATE TABLE member (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, email TEXT,
                         phone TEXT, search TEXT NOT NULL, open_minor INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE invoice (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE,
                          member_id INTEGER NOT NULL REFERENCES member (id), issued_on TEXT NOT NULL,
                          due_on TEXT NOT NULL, amount_minor INTEGER NOT NULL, open_minor INTEGER NOT NULL,
                          description TEXT);
    CREATE TABLE payment (id INTEGER PRIMARY KEY, number TEXT, member_id INTEGER NOT NULL REFERENCES member (id),
                          paid_on TEXT NOT NULL, amount_minor INTEGER NOT NULL, method TEXT);
    CREATE TABLE allocation (id INTEGER PRIMARY KEY, payment_id INTEGER NOT NULL REFERENCES payment (id),
                             invoice_id INTEGER NOT NULL REFERENCES invoice (id), amount_minor INTEGER NOT NULL,
                             paid_on TEXT NOT NULL);
    CREATE TABLE booking (id INTEGER PRIMARY KEY, member_id INTEGER NOT NULL REFERENCES member (id), activity TEXT,
                          on_day TEXT NOT NULL, at_time TEXT);
"""
INDEXES = """
    CREATE INDEX invoice_open ON invoice (member_id, due_on, open_minor) WHERE open_minor > 0;
    CREATE INDEX allocation_invoice ON allocation (invoice_id, paid_on, amount_minor);
    CREATE INDEX member_debt ON member (open_minor DESC) WHERE open_minor > 0;
    CREATE INDEX booking_day ON booking (on_day, at_time, member_id);
    CREATE INDEX payment_member ON payment (member_id, paid_on);
"""
# The same rows as in our store, read from it.
_COPY = """
    INSERT INTO member SELECT m.id, m.number, m.name, m.email, m.phone, m.search,
           coalesce((SELECT sum(o.open_minor) FROM ours.open_item o WHERE o.payer_id = m.id), 0) FROM ours.member m;
    INSERT INTO invoice SELECT i.id, i.number, i.payer_id, i.issued_on, i.due_on, i.total_minor,
           coalesce(o.open_minor, 0), i.description
    FROM ours.invoice i LEFT JOIN ours.open_item o ON o.invoice_id = i.id;
    INSERT INTO payment SELECT id, reference, payer_id, received_on, amount_minor, method FROM ours.payment;
    INSERT INTO allocation SELECT id, payment_id, invoice_id, amount_minor, effective_on FROM ours.allocation;
    INSERT INTO booking SELECT id, member_id, activity, on_day, at_time FROM ours.booking;
"""

_SUMS = """sum(open_minor) AS owed,
    sum(CASE WHEN due_on >= :today THEN open_minor ELSE 0 END),
    sum(CASE WHEN due_on < :today AND due_on >= :edge30 THEN open_minor ELSE 0 END),
    sum(CASE WHEN due_on < :edge30 AND due_on >= :edge60 THEN open_minor ELSE 0 END),
    sum(CASE WHEN due_on < :edge60 AND due_on >= :edge90 THEN open_minor ELSE 0 END),
    sum(CASE WHEN due_on < :edge90 THEN open_minor ELSE 0 END), min(due_on), count(*)"""
# Everybody who owes, the largest debt first: overdue and open, invoices of both, the oldest due day.
DEBTORS = """SELECT m.number, m.name, x.* FROM (
        SELECT member_id, sum(open_minor) AS owed, count(*), min(due_on),
               sum(open_minor) FILTER (WHERE due_on < :today), count(*) FILTER (WHERE due_on < :today)
        FROM invoice INDEXED BY invoice_open WHERE open_minor > 0 GROUP BY member_id) x
    JOIN member m ON m.id = x.member_id ORDER BY x.owed DESC, m.number"""
# With ageing: the sum and the invoices of every bucket, counted up to each edge and subtracted, which is the quickest.
_UP_TO = ", ".join(
    f"coalesce(sum(open_minor) FILTER (WHERE due_on < :{edge}), 0) AS sum_{edge},"
    f" count(*) FILTER (WHERE due_on < :{edge}) AS count_{edge}"
    for edge in ("today", "edge30", "edge60", "edge90")
)
_AGEING = """SELECT m.number, m.name, owed, items - count_today, owed - sum_today,
        count_today - count_edge30, sum_today - sum_edge30, count_edge30 - count_edge60, sum_edge30 - sum_edge60,
        count_edge60 - count_edge90, sum_edge60 - sum_edge90, count_edge90, sum_edge90
    FROM (SELECT member_id, sum(open_minor) AS owed, count(*) AS items, {up_to} FROM {items} GROUP BY member_id) x
    JOIN member m ON m.id = x.member_id ORDER BY owed DESC, m.number"""
AGEING = _AGEING.format(up_to=_UP_TO, items="invoice INDEXED BY invoice_open WHERE open_minor > 0")
# The same for any day, computed from the allocations; the limit makes SQLite work out each invoice once.
AGEING_COMPUTED = _AGEING.format(
    up_to=_UP_TO,
    items="""(SELECT i.member_id, i.due_on, i.amount_minor - coalesce((
                  SELECT sum(a.amount_minor) FROM allocation a WHERE a.invoice_id = i.id AND a.paid_on <= :today), 0)
                  AS open_minor
              FROM invoice i WHERE i.issued_on <= :today LIMIT 9223372036854775807) WHERE open_minor > 0""",
)
HEADLINE = "SELECT sum(open_minor), count(*) FROM member WHERE open_minor > 0"
FIRST_PAGE = f"""SELECT m.number, m.name, m.open_minor, {_SUMS.replace("open_minor", "i.open_minor")} FROM
    (SELECT id, number, name, open_minor FROM member INDEXED BY member_debt WHERE open_minor > 0
     ORDER BY open_minor DESC LIMIT 50) m
    CROSS JOIN invoice i INDEXED BY invoice_open ON i.member_id = m.id AND i.open_minor > 0
    GROUP BY m.id ORDER BY m.open_minor DESC"""
ARRIVALS = """SELECT b.at_time, m.number, m.name, b.activity, sum(i.open_minor) FROM booking b
    JOIN member m ON m.id = b.member_id JOIN invoice i ON i.member_id = b.member_id AND i.open_minor > 0
    WHERE b.on_day = :today GROUP BY b.id ORDER BY b.at_time"""


def make(path: Path, ours: Path) -> None:
    """The bare tables with the rows of our store."""
    connection = connect(path)
    connection.executescript(SCHEMA)
    connection.execute("ATTACH DATABASE :ours AS ours", {"ours": str(ours)})
    connection.execute("BEGIN")
    for statement in _COPY.split(";\n"):
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("DETACH DATABASE ours")
    connection.executescript(INDEXES + "ANALYZE;")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def connect(path: Path) -> sqlite3.Connection:
    """The SQLite that we use, with as much memory as helps it, durable at every commit."""
    connection = sqlite.library().connect(str(path), isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536;"
    )
    return cast("sqlite3.Connection", connection)


def days(today: date) -> dict[str, str]:
    """The parameters of the queries above."""
    edges = {f"edge{days}": (today - timedelta(days=days)).isoformat() for days in (30, 60, 90)}
    return {"today": today.isoformat(), **edges}


def find(connection: sqlite3.Connection, typed: str) -> list[tuple[object, ...]]:
    """People whose line holds every word typed, without an index and in no order."""
    words = typed.split()
    condition = " AND ".join("search LIKE ?" for _ in words)
    return connection.execute(
        f"SELECT number, name, phone, open_minor FROM member WHERE {condition} LIMIT 20",
        [f"%{word}%" for word in words],
    ).fetchall()


def pay(connection: sqlite3.Connection, member_id: int, amount_minor: int, day: str) -> None:
    """Take a payment, oldest due first, with nothing but what the money needs."""
    run = connection.execute
    run("BEGIN IMMEDIATE")
    payment = run(
        "INSERT INTO payment (member_id, paid_on, amount_minor, method) VALUES (?, ?, ?, 'card')",
        (member_id, day, amount_minor),
    ).lastrowid
    left = amount_minor
    owed = run(
        "SELECT id, open_minor FROM invoice WHERE member_id = ? AND open_minor > 0 ORDER BY due_on, id", (member_id,)
    )
    for invoice_id, open_minor in owed.fetchall():
        part = min(left, open_minor)
        if not part:
            break
        run(
            "INSERT INTO allocation (payment_id, invoice_id, amount_minor, paid_on) VALUES (?, ?, ?, ?)",
            (payment, invoice_id, part, day),
        )
        run("UPDATE invoice SET open_minor = open_minor - ? WHERE id = ?", (part, invoice_id))
        left -= part
    run("UPDATE member SET open_minor = open_minor - ? WHERE id = ?", (amount_minor - left, member_id))
    run("COMMIT")
