"""Rule `text`: outside text never reaches a widget as bare str.

Textual reads str as markup in most of its widgets: a member called `[@click=app.quit]Ann[/]` would press a key for the
clerk, `[/]` would crash the screen, and control bytes would reach the terminal. So what is shown is a literal or a
translation with `markup=False`, or was made by `duesdesk.screens.text`, the one module that cleans and draws data.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint.fixed import Fixed
from tools.lint.source import Finding, Source, parameter, type_names

DRAWING = "duesdesk.screens.text"
DRAWING_PATH = "screens/text.py"
GETTEXT = frozenset({"_", "N_", "gettext", "ngettext", "pgettext"})
DRAWN_TYPES = frozenset({"Content", "Text", "Strip", "Segment", "Piece", "Line"})
"""Types of what is already drawn; a parameter or attribute annotated with one of them (mypy keeps it so) is let in."""
_BESIDE_DRAWN = frozenset({"None", "list", "tuple", "Sequence", "Iterable"})

# Textual's widgets: where the text stands among the arguments, and under which keyword.
WIDGETS: dict[str, tuple[tuple[int, ...], frozenset[str]]] = {
    "Button": ((0,), frozenset({"label", "tooltip"})),
    "Checkbox": ((0,), frozenset({"label", "tooltip"})),
    "Collapsible": ((), frozenset({"title"})),
    "Digits": ((0,), frozenset({"value"})),
    "Footer": ((), frozenset()),
    "Label": ((0,), frozenset({"content", "renderable"})),
    "Link": ((0,), frozenset({"text", "tooltip"})),
    "Option": ((0,), frozenset({"prompt"})),
    "OptionList": ((0, 1, 2, 3, 4), frozenset()),
    "Placeholder": ((0,), frozenset({"label"})),
    "RadioButton": ((0,), frozenset({"label", "tooltip"})),
    "Select": ((0,), frozenset({"options", "prompt"})),
    "Selection": ((0,), frozenset({"prompt"})),
    "SelectionList": ((0, 1, 2, 3, 4), frozenset()),
    "Static": ((0,), frozenset({"content", "renderable"})),
    "Tab": ((0,), frozenset({"label"})),
    "TabPane": ((0,), frozenset({"title"})),
    "Tabs": ((0, 1, 2, 3, 4), frozenset()),
}
MARKUP_SWITCH = frozenset({"Static", "Label", "OptionList", "SelectionList"})
"""Made with `markup=False`, always: their text may be changed later."""

# Methods of widgets and of the app that show what they get.
METHODS: dict[str, tuple[int, ...]] = {
    "notify": (0,),
    "add_row": tuple(range(20)),
    "add_column": (0,),
    "add_columns": tuple(range(20)),
    "add_option": (0,),
    "add_options": (0,),
    "add_tab": (0,),
    "set_options": (0,),
    "update": (0,),
    "write_line": (0,),
}
METHOD_KEYWORDS = frozenset({"message", "title", "label", "content", "item", "options"})
ATTRIBUTES = frozenset({"border_title", "border_subtitle", "tooltip", "sub_title"})
MAKERS = frozenset({"Content", "Text", "Segment"})
MARKUP_READERS = frozenset({"from_markup", "from_ansi", "from_text"})
_MARKUP_MODULES = frozenset({"rich.markup", "textual.markup"})

_DRAW = f"draw it with {DRAWING}"


def applies(path: str) -> bool:
    """The floors that own a terminal screen."""
    return path.startswith("screens/") or path in {"app.py", "terminal.py"}


class TextRule:
    """The rule on one module."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._fixed = Fixed(source, lambda _: self._leaf)
        self._widgets = WIDGETS | dict.fromkeys(self._subclasses(), WIDGETS["Static"])

    def check(self) -> Iterator[Finding]:
        """All findings of the module."""
        drawing = self._source.path == DRAWING_PATH
        for node in self._source.nodes:
            match node:
                case ast.Call(func=ast.Attribute(attr=name)) if name in MARKUP_READERS:
                    yield from self._markup_reader(node, drawing=drawing)
                case ast.Call() if not drawing:
                    yield from self._call(node)
                case ast.Assign(targets=targets, value=value) if not drawing:
                    for target in targets:
                        yield from self._attribute(target, value)
                case (
                    ast.AugAssign(target=target, value=value) | ast.AnnAssign(target=target, value=ast.expr() as value)
                ):
                    yield from self._attribute(target, value)
                case ast.FunctionDef(name="render") if not drawing and self._source.class_of(node):
                    yield from self._render(node)
                case ast.Import() | ast.ImportFrom():
                    yield from self._import(node)
                case _:
                    pass

    def _finding(self, node: ast.AST, message: str) -> Finding:
        return Finding(self._source.path, getattr(node, "lineno", 0), "text", message)

    def _subclasses(self) -> list[str]:
        """Classes of this module that are a Static or Label underneath."""
        return [
            node.name
            for node in self._source.nodes
            if isinstance(node, ast.ClassDef)
            and any(self._source.origin(base).endswith((".Static", ".Label")) for base in node.bases)
        ]

    def _leaf(self, node: ast.expr) -> bool | None:
        match node:
            case ast.Call(func=called):
                origin = self._source.origin(called)
                name = origin.rpartition(".")[2]
                if name in GETTEXT or origin.startswith(f"{DRAWING}."):
                    return True
                # An object, not a str: a widget, an Option, a Content; each is looked at where it is made.
                return True if name[:1].isupper() and name not in {"String", "Str"} else None
            case ast.Name(id=name):
                function = self._source.function_of(node)
                while function is not None:
                    found = parameter(function, name)
                    if found:
                        return self._drawn(found.annotation)
                    function = self._source.function_of(function)
                return None
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return self._drawn(self._annotation(node, name)) or None
            case _:
                return None

    @staticmethod
    def _drawn(annotation: ast.expr | None) -> bool:
        names = type_names(annotation)
        return bool(names & DRAWN_TYPES) and names <= DRAWN_TYPES | _BESIDE_DRAWN

    def _annotation(self, node: ast.AST, attribute: str) -> ast.expr | None:
        owner = self._source.class_of(node)
        for inner in ast.walk(owner) if owner else ():
            match inner:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation) if name == attribute:
                    return annotation
                case ast.AnnAssign(target=ast.Attribute(attr=name), annotation=annotation) if name == attribute:
                    return annotation
                case _:
                    pass
        return None

    def _is_drawn(self, node: ast.expr) -> bool:
        """Drawn already, so markup plays no part: an object made by the drawing module or a maker."""
        match node:
            case ast.Call(func=function):
                origin = self._source.origin(function)
                return origin.startswith(f"{DRAWING}.") or origin.rpartition(".")[2] in DRAWN_TYPES
            case ast.Name(id=name) if self._leaf(node) is None:
                ways = self._source.bindings.get((self._source.function_of(node), name), [])
                return bool(ways) and all(way is not None and way[0] == "is" and self._is_drawn(way[1]) for way in ways)
            case ast.Name() | ast.Attribute():
                return self._leaf(node) is True
            case _:
                return False

    def _call(self, node: ast.Call) -> Iterator[Finding]:
        name = self._source.origin(node.func).rpartition(".")[2]
        if isinstance(node.func, ast.Name) and self._is_widget(node.func.id):
            yield from self._widget(node, name)
        elif name in MAKERS and self._source.origin(node.func).startswith(("textual.", "rich.")):
            for part in _shown(node, (0,), frozenset({"text"})):
                if not self._fixed(part):
                    yield self._finding(node, f"{name} made from data is not clean: {_DRAW}")
        elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            yield from self._method(node, node.func.attr)
        elif _is_super_init(node):
            owner = self._source.class_of(node)
            if owner and owner.name in self._widgets:
                yield from self._widget(node, owner.name)

    def _is_widget(self, name: str) -> bool:
        if name not in self._widgets:
            return False
        return self._source.imports.get(name, "").startswith("textual.") or name not in WIDGETS

    def _widget(self, node: ast.Call, name: str) -> Iterator[Finding]:
        places, keywords = self._widgets[name]
        shown = list(_shown(node, places, keywords))
        for part in shown:
            if not self._fixed(part):
                yield self._finding(part, f"{name}() gets data as text: {_DRAW}")
        drawn = bool(shown) and all(self._is_drawn(part) for part in shown)
        switch = name in MARKUP_SWITCH or name not in WIDGETS
        if switch and not drawn and not _says_no_markup(node) and not self._hands_on(node):
            yield self._finding(node, f"{name}() is made with markup=False")

    @staticmethod
    def _hands_on(node: ast.Call) -> bool:
        return any(keyword.arg is None for keyword in node.keywords)

    def _method(self, node: ast.Call, name: str) -> Iterator[Finding]:
        shown = list(_shown(node, METHODS[name], METHOD_KEYWORDS))
        if name == "update" and all(
            isinstance(part, ast.Dict | ast.Set | ast.DictComp | ast.SetComp) for part in shown
        ):
            return
        for part in shown:
            if not self._fixed(part):
                hint = " (for a mapping write |=)" if name == "update" else ""
                yield self._finding(part, f".{name}() gets data as text: {_DRAW}{hint}")
        if name == "notify" and not _says_no_markup(node):
            yield self._finding(node, f".notify() is called with markup=False, or say() of {DRAWING} is")

    def _attribute(self, target: ast.expr, value: ast.expr) -> Iterator[Finding]:
        if not isinstance(target, ast.Attribute) or self._fixed(value):
            return
        if target.attr in ATTRIBUTES or (target.attr == "title" and self._on_a_screen(target)):
            yield self._finding(target, f".{target.attr} gets data as text: {_DRAW}")

    def _on_a_screen(self, target: ast.Attribute) -> bool:
        owner = self._source.class_of(target)
        bases = [self._source.origin(base).rpartition(".")[2] for base in owner.bases] if owner else []
        of_app = self._source.origin(target.value).endswith(".app")
        return of_app or any(base.endswith(("App", "Screen", "Modal")) for base in bases)

    def _render(self, node: ast.FunctionDef) -> Iterator[Finding]:
        if "str" in type_names(node.returns):
            yield self._finding(node, f"render() that returns str is read as markup: {_DRAW}")
        for inner in ast.walk(node):
            if isinstance(inner, ast.Return) and inner.value is not None and not self._fixed(inner.value):
                yield self._finding(inner, f"render() returns data: {_DRAW}")

    def _markup_reader(self, node: ast.Call, *, drawing: bool) -> Iterator[Finding]:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        literal = all(isinstance(part, ast.Constant) for part in node.args)
        if not drawing or not literal:
            yield self._finding(node, f".{name}() reads markup: write it with pieces, {_DRAW}")

    def _import(self, node: ast.Import | ast.ImportFrom) -> Iterator[Finding]:
        origins = {node.module or ""} if isinstance(node, ast.ImportFrom) else {name.name for name in node.names}
        if origins & _MARKUP_MODULES:
            yield self._finding(node, f"escaping markup does not make text safe: {_DRAW}")


def _shown(node: ast.Call, places: tuple[int, ...], keywords: frozenset[str]) -> Iterator[ast.expr]:
    for place, part in enumerate(node.args):
        if place in places or (isinstance(part, ast.Starred) and places):
            yield part
    for keyword in node.keywords:
        if keyword.arg in keywords:
            yield keyword.value


def _says_no_markup(node: ast.Call) -> bool:
    return any(
        keyword.arg == "markup" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        for keyword in node.keywords
    )


def _is_super_init(node: ast.Call) -> bool:
    match node.func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"):
            return True
        case _:
            return False


def check(source: Source) -> Iterator[Finding]:
    """The findings of the rule in `source`."""
    if applies(source.path):
        yield from TextRule(source).check()
