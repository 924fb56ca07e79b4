"""The other rules of the house's lint: statements, fractions, handlers, the clock, the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.lint.__main__ import check, main, sources_of
from tools.lint.source import Source

ROOT = Path(__file__).parents[2]


def rules(code: str, path: str) -> set[str]:
    return {found.rule for found in check([Source(path, code)])}


SQL_HEAD = """
from sqlalchemy import text
BASE = "SELECT id FROM member"
ORDERS = {"name": " ORDER BY name", "number": " ORDER BY number"}
"""


@pytest.mark.parametrize(
    "code",
    [
        "def find(tx, name): return tx.all(f\"SELECT id FROM member WHERE name = '{name}'\")",
        "def find(tx, name): return tx.all('SELECT id FROM member WHERE name = ' + name)",
        "def find(tx, name): return tx.one('SELECT id FROM member WHERE name = %s' % name)",
        "def find(tx, name): return tx.value('SELECT id FROM member WHERE name = {}'.format(name))",
        "def find(tx, order): return tx.all(BASE + ' ORDER BY ' + order)",
        "def find(tx, order): return tx.all(f'{BASE} ORDER BY {order}')",
        "def find(tx, column): tx.run(column)",
        "def find(connection, column): connection.execute(column)",
        "def find(connection, column): connection.executescript(f'DROP TABLE {column}')",
        "def find(name): return text('SELECT ' + name)",
        "def find(names):\n    sql = BASE\n    for name in names:\n        sql += name\n    return sql and text(sql)",
        "def find(tx, names): return tx.all(BASE + ' WHERE name IN (' + ', '.join(names) + ')')",
        "def lines(tx, sql): return tx.all(sql)\ndef find(tx, name): return lines(tx, 'SELECT ' + name)",
        "def lines(tx, *, sql): return tx.all(sql)\ndef find(tx, name): return lines(tx, sql=name)",
        "def f(tx, name):\n    for part, given in ((name, 1), ('', 2)):\n        tx.run(BASE + part, n=given)",
        "def one(name): return BASE + name\ndef f(tx, name): tx.run(one(name))",
        "def _rows(tx, order): return tx.all(BASE + order)\ndef f(tx, order): return _rows(tx, order)",
        "def _rows(tx, order): return tx.all(BASE + order)",
        "def _rows(tx, order): return tx.all(BASE + order)\ndef f(): return _rows",
        "def rows(tx, table): return tx.all(f'SELECT id FROM {table}')\ndef f(tx, name): return rows(tx, name)",
        "def find(log, name): log(f'DELETE FROM member WHERE id = {name}')",
    ],
)
def test_a_statement_with_data_in_it_is_found(code: str) -> None:
    assert rules(SQL_HEAD + code, "store/planted.py") == {"sql"}


@pytest.mark.parametrize(
    "code",
    [
        "def find(tx, name): return tx.all(BASE + ' WHERE name = :name', name=name)",
        "def find(tx, order): return tx.all(BASE + ORDERS[order])",
        "def find(tx, order): return tx.all(f'{BASE}{ORDERS[order]} LIMIT :limit', limit=5)",
        "def find(tx, on):\n    sql = BASE\n    if on:\n        sql += ' WHERE on = :on'\n    return tx.all(sql, on=on)",
        "def f(tx, ids):\n    m = ', '.join(f':n{i}' for i in range(len(ids)))\n    tx.run(f'{BASE} WHERE id IN ({m})')",
        "def f(tx, ids):\n    m = [f'id = :n{i}' for i, x in enumerate(ids)]\n    tx.run(BASE + ' WHERE ' + ' OR '.join(m))",
        "def lines(tx, sql): return tx.all(sql)\ndef find(tx): return lines(tx, BASE)",
        "def placeholders(sql): return sql.replace(':', '%')\ndef run(c, sql): return c.execute(placeholders(sql))",
        "def f(tx, ids):\n    for part, given in ((' LIMIT :n', ids), ('', [])):\n        tx.run(BASE + part, n=given)",
        "def _rows(tx, order): return tx.all(BASE + order)\ndef f(tx): return _rows(tx, ' ORDER BY name')",
        "def among(tx, name='ids'): return f'(:{name})'\ndef f(tx): tx.run(f'{BASE} WHERE id IN {among(tx)}', ids=1)",
        "def rows(tx, table): return tx.all(f'SELECT id FROM {table}')\ndef f(tx): return rows(tx, 'member')",
        "def one_sql(on): return BASE if on else BASE + ' LIMIT 1'\ndef f(tx, on): tx.run(f'{one_sql(on)} LIMIT :n', n=1)",
        "import asyncio\ndef go(app): asyncio.run(app)",
        "def told(error): return f'the store said: {error}'",
    ],
)
def test_a_statement_made_of_constants_is_let_through(code: str) -> None:
    assert rules(SQL_HEAD + code, "store/planted.py") == set()


def test_statements_are_followed_from_module_to_module() -> None:
    lender = "def part(on):\n    return ' WHERE on' if on else ''\ndef loose(text):\n    return text"
    borrower = "from duesdesk.store.lender import loose, part\ndef f(tx, word):\n    tx.run(f'SELECT 1{%s}')"
    for call, found in (("part(word)", set()), ("loose(1)", set()), ("loose(word)", {"sql"})):
        sources = [Source("store/lender.py", lender), Source("services/borrower.py", borrower % call)]
        assert {finding.rule for finding in check(sources)} == found, call


@pytest.mark.parametrize("code", ["x = float('1.5')", "x = 0.5", "x = 3 / 2", "x = 3\nx /= 2", "def f(x: float): ..."])
def test_a_fraction_in_a_money_module_is_found(code: str) -> None:
    assert rules(code, "domain/money.py") == {"float"}
    assert rules(code, "store/ledger.py") == {"float"}
    assert rules(code, "domain/matching.py") == set()


def test_whole_division_is_let_through() -> None:
    assert rules("share, rest = divmod(100, 3)\nhalf = 100 // 2", "domain/money.py") == set()


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    pay()\nexcept Exception:\n    pass",
        "try:\n    pay()\nexcept BaseException as error:\n    tell(error)",
        "try:\n    pay()\nexcept (ValueError, Exception):\n    pass",
        "try:\n    pay()\nexcept:\n    pass",
        "from contextlib import suppress\nwith suppress(Exception):\n    pay()",
    ],
)
def test_a_handler_that_swallows_everything_is_found_outside_the_boundary(code: str) -> None:
    assert rules(code, "services/payments.py") == {"except"}
    assert rules(code, "screens/base.py") == set()


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    pay()\nexcept ValueError:\n    pass",
        "try:\n    pay()\nexcept Exception:\n    back()\n    raise",
        "try:\n    pay()\nexcept Exception as error:\n    raise Trouble() from error",
        "def f(self):\n    try:\n        pay()\n    except Exception as error:\n        self.app._handle_exception(error)",
        "from contextlib import suppress\ntry:\n    pay()\nexcept Exception:\n    with suppress(Exception): back()\n    raise",
    ],
)
def test_a_named_error_or_one_raised_on_is_let_through(code: str) -> None:
    assert rules(code, "services/payments.py") == set()


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime as dt\nx = dt.datetime.now(dt.UTC)",
        "from datetime import date as day\nx = day.today()",
        "import time\nx = time.time()",
        "from time import time\nx = time()",
    ],
)
def test_asking_the_machine_for_the_time_is_found_outside_the_clock(code: str) -> None:
    assert rules(code, "services/payments.py") == {"clock"}
    assert rules(code, "clock.py") == set()


@pytest.mark.parametrize("code", ["import os\nx = os.environ['A']", "from os import getenv\nx = getenv('A')"])
def test_reading_the_environment_is_found_outside_the_settings(code: str) -> None:
    assert rules(code, "store/sqlite.py") == {"env"}
    assert rules(code, "config.py") == set()


def test_the_command_prints_what_it_finds_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "members.py").write_text("def find(tx, name):\n    tx.run(name)\n", encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    assert "store/members.py:2: [sql]" in capsys.readouterr().out
    (tmp_path / "store" / "members.py").write_text("X = 1\n", encoding="utf-8")
    assert main([str(tmp_path)]) == 0


def test_the_package_keeps_the_rules_of_the_house() -> None:
    found = check(sources_of(ROOT / "src" / "duesdesk"))
    assert not found, "\n".join(map(str, found))
