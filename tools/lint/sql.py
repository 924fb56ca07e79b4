"""Rule `sql`: a statement is put together from constants; values travel as parameters.

A parameter called `sql` is a promise: every call of a function that has one is looked at, by the function's name. So is
a function called `..._sql`: what it returns is looked at where it is written, and trusted where it is called.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from tools.lint.fixed import Fixed
from tools.lint.source import Finding, Source, parameter

FLOORS = ("store/", "services/", "reports/", "channels/", "documents/", "bootstrap.py", "cli/", "screens/")
DRIVER_CALLS = frozenset({"execute", "executemany", "executescript", "exec_driver_sql"})
TX_CALLS = frozenset({"all", "one", "value", "run", "insert", "many", "each", "script"})
"""Words too common to judge without looking at whom they are said to."""

_SQL = re.compile(
    r"\b(SELECT\b|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET|ORDER\s+BY|GROUP\s+BY|WHERE\b|(LEFT\s+)?JOIN\s+\w|"
    r"VALUES\s*\(|CREATE\s+(TABLE|INDEX|TRIGGER)|PRAGMA\s)"
)
_ADVICE = "put the statement together from constants and hand values over as :parameters"


def takes_sql(sources: Sequence[Source]) -> dict[str, set[int]]:
    """Function name -> places of its `sql` parameter among the arguments of a call (self not counted)."""
    found: dict[str, set[int]] = {}
    for source in sources:
        if not source.path.startswith(FLOORS):
            continue
        for name, functions in source.functions.items():
            for function in functions:
                names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
                names = names[1:] if names[:1] in (["self"], ["cls"]) else names
                found.setdefault(name, set()).update(place for place, one in enumerate(names) if _is_promise(one))
    return {name: places for name, places in found.items() if places}


def _is_promise(name: str) -> bool:
    return name == "sql" or name.endswith("_sql")


class SqlRule:
    """The rule on one module; `takes` comes from `takes_sql` over all of them."""

    def __init__(self, source: Source, takes: Mapping[str, set[int]]) -> None:
        self._source = source
        self._takes = takes
        self._fixed = Fixed(source, self._leaf)

    def check(self) -> Iterator[Finding]:
        """All findings of the module."""
        for node in self._source.nodes:
            if isinstance(node, ast.Call):
                yield from self._call(node)
            if (
                isinstance(node, ast.JoinedStr | ast.BinOp | ast.Call)
                and _looks_like_sql(node)
                and not self._fixed(node)
            ):
                yield self._finding(node, f"SQL with something that is no constant: {_ADVICE}")

    def _finding(self, node: ast.expr, message: str) -> Finding:
        return Finding(self._source.path, node.lineno, "sql", message)

    def _promises(self, node: ast.Return) -> bool:
        function = self._source.function_of(node)
        return isinstance(function, ast.FunctionDef) and function.name.endswith("_sql")

    def _leaf(self, node: ast.expr) -> bool | None:
        if isinstance(node, ast.Call):
            name = self._source.origin(node.func).rpartition(".")[2]
            if name.endswith("_sql"):
                return True
            # A function that takes a statement hands one back: placeholders(sql).
            if name in self._takes and name not in TX_CALLS and node.args:
                return all(self._fixed(part) for part in node.args)
        if isinstance(node, ast.Name):
            function = self._source.function_of(node)
            while function is not None:
                if parameter(function, node.id):
                    return True if _is_promise(node.id) else None
                function = self._source.function_of(function)
        return None

    def _call(self, node: ast.Call) -> Iterator[Finding]:
        for part in self._statements(node):
            if not self._fixed(part):
                yield self._finding(part, f"a statement that is no constant: {_ADVICE}")

    def _statements(self, node: ast.Call) -> Iterator[ast.expr]:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        places = set(self._takes.get(name, ()))
        if name in DRIVER_CALLS:
            places = {0}
        elif name in TX_CALLS:
            places = {0} if self._to_a_tx(node.func) else set()
        elif self._source.origin(node.func) in {"sqlalchemy.text", "sqlalchemy.sql.text"}:
            places = {0}
        for place, part in enumerate(node.args):
            if place in places:
                yield part
        yield from (keyword.value for keyword in node.keywords if keyword.arg and _is_promise(keyword.arg))

    @staticmethod
    def _to_a_tx(function: ast.expr) -> bool:
        if not isinstance(function, ast.Attribute):
            return False
        inner = function.value
        name = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
        return name.strip("_") in {"tx", "read", "write"} or name.endswith("_tx")


def _looks_like_sql(node: ast.expr) -> bool:
    match node:
        case ast.JoinedStr(values=parts):
            texts = [part.value for part in parts if isinstance(part, ast.Constant)]
        case ast.BinOp(op=ast.Add() | ast.Mod(), left=left, right=right):
            texts = [part.value for part in (left, right) if isinstance(part, ast.Constant)]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            texts = [text]
        case _:
            return False
    return any(isinstance(text, str) and _SQL.search(text) for text in texts)


def check(source: Source, takes: Mapping[str, set[int]]) -> Iterator[Finding]:
    """The findings of the rule in `source`."""
    if source.path.startswith(FLOORS) and not source.path.startswith("store/migrations/"):
        yield from SqlRule(source, takes).check()
