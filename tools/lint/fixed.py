"""Whether an expression is fixed by the program's own text, or data from outside can be in it.

A small data-flow: literals, constants, names that are only ever given fixed values, what is put together from them, and
what functions of the package return. Everything unknown counts as data.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from tools.lint.source import Binding, Function, Source, parameter

Leaf = Callable[[ast.expr], bool | None]
"""A rule's own verdict on an expression: True fixed, False data, None not decided here."""
LeafOf = Callable[[Source], Leaf]
Package = Mapping[str, Source]
"""Dotted module name -> module, of all that are looked at together."""

# They give numbers, or hand on what they get.
_NUMBERS = frozenset({"len", "int", "range", "bool", "ord", "sum", "round", "cell_len"})
_NUMBER_METHODS = frozenset({"count", "index", "find", "startswith", "endswith", "isdigit"})
_PASSES_ON = frozenset({"tuple", "list", "sorted", "reversed", "set", "frozenset", "str", "enumerate", "zip", "dict"})
_TEXT_METHODS = frozenset(
    ("strip lstrip rstrip upper lower title capitalize casefold removeprefix removesuffix expandtabs split splitlines "
     "keys values items copy").split()
)  # fmt: skip
_FILLING_METHODS = frozenset("join format replace ljust rjust center zfill get setdefault partition".split())


class Fixed:
    """Answers for one module and one rule. `relied` collects the parameters of `assumed` that an answer rests on."""

    def __init__(
        self, source: Source, leaf_of: LeafOf, package: Package | None = None, assumed: Function | None = None
    ) -> None:
        self._source = source
        self._leaf_of = leaf_of
        self._leaf = leaf_of(source)
        self._package = package or {}
        self._assumed = assumed
        self.relied: set[str] = set()
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
            case ast.Name(id=name) if name in _NUMBERS:
                return True
            case ast.Name(id=name) if name in _PASSES_ON:
                return all(self(part) for part in given)
            case ast.Attribute(attr=name) if name in _NUMBER_METHODS:
                return True
            case ast.Attribute(value=inner, attr=name) if name in _TEXT_METHODS:
                return self(inner)
            case ast.Attribute(value=inner, attr="get"):
                return self(inner) and all(self(part) for part in given[1:])
            case ast.Attribute(value=inner, attr=name) if name in _FILLING_METHODS:
                return self(inner) and all(self(part) for part in given)
            case _:
                return self._returns(node)

    def _returns(self, node: ast.Call) -> bool:
        """A call is fixed when everything the function returns is, and every argument that is used in it."""
        found = self._function(node)
        if found is None:
            return False
        source, function = found
        results = [
            inner.value
            for inner in ast.walk(function)
            if isinstance(inner, ast.Return) and inner.value is not None and source.function_of(inner) is function
        ]
        if function in self._asked or not results:
            return False
        within = Fixed(source, self._leaf_of, self._package, function)
        within._asked = self._asked | {function}
        if not all(within(result) for result in results):
            return False
        return all(self._given(node, function, name) for name in within.relied)

    def _function(self, node: ast.Call) -> tuple[Source, ast.FunctionDef | ast.AsyncFunctionDef] | None:
        """The one function of the package that is called."""
        match node.func:
            case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                known = self._source.functions.get(name, [])
                if len(known) == 1:
                    return self._source, known[0]
            case _:
                pass
        module, _, name = self._source.origin(node.func).rpartition(".")
        other = self._package.get(module)
        known = other.functions.get(name, []) if other else []
        return (other, known[0]) if other and len(known) == 1 else None

    def _given(self, node: ast.Call, function: Function, name: str) -> bool:
        found = argument(node, function, name)
        return self(found) if isinstance(found, ast.expr) else found

    def _name(self, node: ast.Name) -> bool:
        scope = self._source.function_of(node)
        while scope is not None:
            bound = self._source.bindings.get((scope, node.id), [])
            handed_in = parameter(scope, node.id)
            if handed_in and scope is self._assumed:
                self.relied.add(node.id)
            elif handed_in:
                return False
            if handed_in or bound:
                return all(self._bound(way) for way in bound)
            scope = self._source.function_of(scope)
        # What stands at module level is made when the module is loaded: no data has been read by then.
        return (None, node.id) in self._source.bindings or (
            node.id in self._source.imports and node.id.strip("_").isupper()
        )

    def _bound(self, way: Binding | None) -> bool:
        return way is not None and self(way[1])


def argument(node: ast.Call, function: Function, name: str) -> ast.expr | bool:
    """What `node` hands in as the parameter `name` of `function`; True when a default counts, False when unknown."""
    for keyword in node.keywords:
        if keyword.arg == name:
            return keyword.value
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    if names[:1] in (["self"], ["cls"]) and isinstance(node.func, ast.Attribute):
        names = names[1:]
    if any(isinstance(part, ast.Starred) for part in node.args) or any(one.arg is None for one in node.keywords):
        return False
    if name in names and names.index(name) < len(node.args):
        return node.args[names.index(name)]
    return parameter(function, name) not in (function.args.vararg, function.args.kwarg)


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
