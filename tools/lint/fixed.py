"""Whether an expression is fixed by the program's own text, or data from outside can be in it.

A small data-flow over one module: literals, constants, names that are only ever given fixed values, and what is put
together from them. Everything unknown counts as data.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from tools.lint.source import Binding, Source, parameter

Leaf = Callable[[ast.expr], bool | None]
"""A rule's own verdict on an expression: True fixed, False data, None not decided here."""

# They give numbers, or hand on what they get.
_NUMBERS = frozenset({"len", "int", "range", "bool", "ord", "sum", "round", "cell_len"})
_PASSES_ON = frozenset({"tuple", "list", "sorted", "reversed", "set", "frozenset", "str", "enumerate", "zip", "dict"})
_TEXT_METHODS = frozenset(
    ("strip lstrip rstrip upper lower title capitalize casefold removeprefix removesuffix expandtabs split splitlines "
     "keys values items copy").split()
)  # fmt: skip
_FILLING_METHODS = frozenset("join format replace ljust rjust center zfill get setdefault partition".split())


class Fixed:
    """Answers for one module and one rule."""

    def __init__(self, source: Source, leaf: Leaf) -> None:
        self._source = source
        self._leaf = leaf
        self._asked: set[ast.AST] = set()

    def __call__(self, node: ast.expr) -> bool:
        """True when nothing from outside can be in `node`."""
        if node in self._asked:
            return True  # it refers to itself (text = text + "x"); the other ways it is made decide
        self._asked.add(node)
        try:
            verdict = self._leaf(node)
            return self._judge(node) if verdict is None else verdict
        finally:
            self._asked.discard(node)

    def _judge(self, node: ast.expr) -> bool:
        match node:
            case ast.Constant() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return True
            case ast.BinOp(op=ast.Mult(), left=left, right=right):
                # text * number: the text decides, whichever side it stands on
                return any(self(side) and not _is_number(side) for side in (left, right)) or (
                    self(left) and self(right)
                )
            case ast.Call():
                return self._call(node)
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                # CONSTANT of a module, a class or self.
                return node.attr.strip("_").isupper() and bool(self._source.origin(node))
            case _:
                parts = _parts(node)
                return parts is not None and all(self(part) for part in parts)

    def _call(self, node: ast.Call) -> bool:
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        match node.func:
            case ast.Name(id=name):
                if name in _NUMBERS:
                    return True
                if name in _PASSES_ON:
                    return all(self(part) for part in given)
                return self._returns(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return self._returns(name)
            case ast.Attribute(value=inner, attr=name):
                if name in _TEXT_METHODS:
                    return self(inner)
                if name == "get":
                    return self(inner) and all(self(part) for part in given[1:])
                return name in _FILLING_METHODS and self(inner) and all(self(part) for part in given)
            case _:
                return False

    def _returns(self, name: str) -> bool:
        """A function of this module is fixed when everything it returns is."""
        known = self._source.functions.get(name, [])
        if len(known) != 1:
            return False
        function = known[0]
        results = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Return) and node.value is not None and self._source.function_of(node) is function
        ]
        return bool(results) and all(self(result) for result in results)

    def _name(self, node: ast.Name) -> bool:
        scope = self._source.function_of(node)
        while scope is not None:
            bound = self._source.bindings.get((scope, node.id))
            if parameter(scope, node.id):
                return False
            if bound:
                return all(self._bound(way) for way in bound)
            scope = self._source.function_of(scope)
        # What stands at module level is made when the module is loaded: no data has been read by then.
        return (None, node.id) in self._source.bindings or (
            node.id in self._source.imports and node.id.strip("_").isupper()
        )

    def _bound(self, way: Binding | None) -> bool:
        return way is not None and self(way[1])


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """What can be in the value of `node`; None when that is not known."""
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.UnaryOp(operand=inner) | ast.Starred(value=inner) | ast.NamedExpr(value=inner):
            return [inner]
        case ast.ListComp(elt=inner) | ast.GeneratorExp(elt=inner) | ast.SetComp(elt=inner):
            return [inner]
        case ast.Subscript(value=inner) | ast.FormattedValue(value=inner):
            return [inner]
        case ast.BoolOp(values=parts) | ast.JoinedStr(values=parts) | ast.Dict(values=parts):
            return parts
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return parts
        case _:
            return None


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)
