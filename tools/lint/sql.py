"""Rule `sql`: a statement is put together from constants; values travel as parameters.

A parameter called `sql` or `table` is a promise, and so is a parameter of a private function that ends up in a
statement: every call is looked at in its stead, by the function's name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from tools.lint.fixed import Fixed, Leaf, argument
from tools.lint.source import Finding, Function, Source, parameter

FLOORS = ("store/", "services/", "reports/", "channels/", "documents/", "bootstrap.py", "cli/", "screens/")
DRIVER_CALLS = frozenset({"execute", "executemany", "executescript", "exec_driver_sql"})
TX_CALLS = frozenset({"all", "one", "value", "run", "insert", "many", "each", "script"})
"""Words too common to judge without looking at whom they are said to."""
PROMISES = frozenset({"sql", "table"})

_SQL = re.compile(
    r"\b(SELECT\b|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET|ORDER\s+BY|GROUP\s+BY|WHERE\b|(LEFT\s+)?JOIN\s+\w|"
    r"VALUES\s*\(|CREATE\s+(TABLE|INDEX|TRIGGER)|PRAGMA\s)"
)
_ADVICE = "put the statement together from constants and hand values over as :parameters"
Promises = dict[str, dict[str, Function]]
"""Function (private ones with their module) -> parameter that ends up in a statement -> the function."""


def applies(path: str) -> bool:
    """The floors that talk to the store, and those that might."""
    return path.startswith(FLOORS) and not path.startswith("store/migrations/")


def is_promise(name: str) -> bool:
    """A parameter whose name says that it is a piece of a statement."""
    return name in PROMISES or name.endswith("_sql")


class SqlRule:
    """The rule over all modules together."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = [source for source in sources if applies(source.path)]
        self._package = {source.module: source for source in sources}
        self._promises: Promises = {}
        for source in self._sources:
            for name, functions in source.functions.items():
                for function in functions:
                    for argument_ in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
                        if is_promise(argument_.arg):
                            self._promises.setdefault(_key(source, name), {})[argument_.arg] = function

    def check(self) -> Iterator[Finding]:
        """All findings. First what private functions rely on is gathered, from the inner to the outer ones."""
        before = -1
        found: list[Finding] = []
        while before != (before := sum(map(len, self._promises.values()))):
            found = [finding for source in self._sources for finding in self._module(source)]
        yield from found

    def _module(self, source: Source) -> Iterator[Finding]:
        for node in source.nodes:
            if isinstance(node, ast.Call):
                for part in self._statements(source, node):
                    if not self._settled(source, part):
                        yield Finding(source.path, part.lineno, "sql", f"a statement that is no constant: {_ADVICE}")
            if isinstance(node, ast.expr) and _looks_like_sql(node) and not self._settled(source, node):
                message = f"SQL with something that is no constant: {_ADVICE}"
                yield Finding(source.path, node.lineno, "sql", message)

    def _settled(self, source: Source, node: ast.expr) -> bool:
        """Fixed, or resting on parameters that every caller is asked for instead."""
        function = source.function_of(node)
        while isinstance(function, ast.Lambda):
            function = source.function_of(function)
        fixed = self._fixed(source, function)
        if not fixed(node):
            return False
        asked = {name for name in fixed.relied if not is_promise(name)}
        if not asked or function is None or _is_returned(source, node):
            return True
        if not function.name.startswith("_") or not _only_called(source, function.name):
            return False
        self._promises.setdefault(_key(source, function.name), {}).update(dict.fromkeys(asked, function))
        return True

    def _fixed(self, source: Source, assumed: Function | None = None) -> Fixed:
        return Fixed(source, self._leaf_of, self._package, assumed)

    def _leaf_of(self, source: Source) -> Leaf:
        """A promise of an outer function is kept by its callers, too; what takes a statement hands one back."""

        def leaf(node: ast.expr) -> bool | None:
            if isinstance(node, ast.Call):
                name = source.origin(node.func).rpartition(".")[2]
                function = self._promises.get(_key(source, name), {}).get("sql")
                found = argument(node, function, "sql") if function and name not in TX_CALLS else None
                return True if isinstance(found, ast.expr) and self._fixed(source)(found) else None
            if isinstance(node, ast.Name) and is_promise(node.id):
                function = source.function_of(node)
                while function is not None and not parameter(function, node.id):
                    function = source.function_of(function)
                if function is not None and (function, node.id) not in source.bindings:
                    return True
            return None

        return leaf

    def _statements(self, source: Source, node: ast.Call) -> Iterator[ast.expr]:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        of_sqlalchemy = source.origin(node.func) in {"sqlalchemy.text", "sqlalchemy.sql.text"}
        if name in DRIVER_CALLS or of_sqlalchemy or (name in TX_CALLS and _to_a_tx(node.func)):
            yield from node.args[:1]
        elif name not in TX_CALLS:
            for asked, function in self._promises.get(_key(source, name), {}).items():
                found = argument(node, function, asked)
                if isinstance(found, ast.expr):
                    yield found
        yield from (keyword.value for keyword in node.keywords if keyword.arg and is_promise(keyword.arg))


def _key(source: Source, name: str) -> str:
    return f"{source.path}:{name}" if name.startswith("_") else name


def _only_called(source: Source, name: str) -> bool:
    """The function is called in its module, and never handed around as a value."""
    used = [
        node
        for node in source.nodes
        if (isinstance(node, ast.Name) and node.id == name) or (isinstance(node, ast.Attribute) and node.attr == name)
    ]
    called = [node for node in used if isinstance(call := source.parents.get(node), ast.Call) and call.func is node]
    return bool(used) and len(called) == len(used)


def _is_returned(source: Source, node: ast.AST) -> bool:
    """Handed back to a caller, who is looked at with what it handed in."""
    while isinstance(node, ast.JoinedStr | ast.BinOp | ast.IfExp):
        node = source.parents[node]
    return isinstance(node, ast.Return)


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
