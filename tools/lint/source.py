"""One parsed module with what the rules ask of it: parents, scopes, imports, excuses."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Binding: TypeAlias = tuple[str, ast.expr]
"""How a name got its value: "is" (assigned, added to) or "in" (one element of it, as in a for loop)."""

Bindings: TypeAlias = dict[tuple[Function | None, str], list[Binding | None]]

_EXCUSE = re.compile(r"#\s*lint-ok:\s*(?P<rule>[a-z]+)(?:\s+because\s+(?P<reason>\S.+))?")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One broken rule: where, which, and what to do instead."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.rule}] {self.message}"


@dataclass
class Source:
    """A module of the package. `path` is relative to the package ("screens/base.py")."""

    path: str
    text: str
    shown: str = ""
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path, package: Path) -> Source:
        """The module in `file`, named by its place below `package`."""
        return cls(file.relative_to(package).as_posix(), file.read_text(encoding="utf-8"), str(file))

    @property
    def module(self) -> str:
        """The dotted name it is imported by."""
        name = self.path.removesuffix(".py").replace("/", ".").removesuffix("__init__").rstrip(".")
        return f"duesdesk.{name}".rstrip(".")

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree, with `parents` filled in."""
        tree = ast.parse(self.text, self.shown or self.path)
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
        return tree

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes, outer before inner."""
        return list(ast.walk(self.tree))

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local name -> dotted origin: {"Static": "textual.widgets.Static", "dt": "datetime"}."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for name in node.names:
                    found[name.asname or name.name.split(".")[0]] = (
                        name.name if name.asname else name.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.module:
                for name in node.names:
                    found[name.asname or name.name] = f"{node.module}.{name.name}"
        return found

    @cached_property
    def excuses(self) -> dict[int, tuple[str, str]]:
        """Line -> (rule, reason) of the `lint-ok` comments; the reason is empty when none is given."""
        found = {}
        for number, line in enumerate(self.text.splitlines(), 1):
            excuse = _EXCUSE.search(line)
            if excuse:
                found[number] = (excuse["rule"], excuse["reason"] or "")
        return found

    def origin(self, node: ast.expr) -> str:
        """The dotted name `node` stands for, imports followed: "datetime.datetime.now"; "" when it is no name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.imports.get(node.id, node.id), *reversed(parts)])

    def function_of(self, node: ast.AST) -> Function | None:
        """The innermost function around `node`; None at module and class level."""
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, Function):
                return node
        return None

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """The innermost class around `node`."""
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, ast.ClassDef):
                return node
        return None

    @cached_property
    def bindings(self) -> Bindings:
        """(function or None, name) -> every way the name gets a value there; None stands for one that is unknown."""
        found: Bindings = {}
        for node in self.nodes:
            scope = self.function_of(node)
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        _bind(found, scope, target, ("is", value))
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    _bind(found, scope, target, ("is", value))
                case ast.AugAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                    _bind(found, scope, target, ("is", value))
                case ast.For() | ast.AsyncFor() | ast.comprehension():
                    _bind(found, scope, node.target, ("in", node.iter))
                case ast.withitem(optional_vars=ast.expr() as target):
                    _bind(found, scope, target, None)
                case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                    found.setdefault((scope, name), []).append(None)
                case _:
                    pass
        return found

    @cached_property
    def functions(self) -> dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]]:
        """Functions and methods of the module by name."""
        found: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.setdefault(node.name, []).append(node)
        return found


def _bind(found: Bindings, scope: Function | None, target: ast.expr, way: Binding | None) -> None:
    match target:
        case ast.Name(id=name):
            found.setdefault((scope, name), []).append(way)
        case ast.Starred(value=inner):
            _bind(found, scope, inner, way)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for place, part in enumerate(parts):
                _bind(found, scope, part, _part(way, place, len(parts)))
        case _:
            pass


def _part(way: Binding | None, place: int, size: int) -> Binding | None:
    """What one name of an unpacked tuple gets."""
    if way is None:
        return None
    kind, value = way
    if kind == "is" and isinstance(value, ast.Tuple | ast.List) and len(value.elts) == size:
        return "is", value.elts[place]
    if kind == "in" and isinstance(value, ast.Tuple | ast.List):
        rows = [row.elts for row in value.elts if isinstance(row, ast.Tuple | ast.List) and len(row.elts) == size]
        if len(rows) == len(value.elts):
            return "is", ast.Tuple([row[place] for row in rows], ast.Load())
    if kind == "in" and place == 0 and _is_call(value, "enumerate"):
        return "is", ast.Constant(0)
    return "in", value


def _is_call(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def parameter(function: Function, name: str) -> ast.arg | None:
    """The parameter of `function` called `name`."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    return next((one for one in every if one.arg == name), None)


def type_names(annotation: ast.expr | None) -> set[str]:
    """The bare names in an annotation: `Content | None` gives {"Content", "None"}; text annotations are read too."""
    if annotation is None:
        return set()
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return set(re.findall(r"\w+", annotation.value))
    found = {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}
    found |= {node.attr for node in ast.walk(annotation) if isinstance(node, ast.Attribute)}
    constants = [node for node in ast.walk(annotation) if isinstance(node, ast.Constant)]
    return found | {"None" for node in constants if node.value is None}
