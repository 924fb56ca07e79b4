"""Rules `float`, `except`, `clock` and `env`: small bans that hold a promise each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.lint.source import Finding, Source

MONEY = re.compile(
    r"domain/(money|allocation|balance|credits|ageing|invoices|payments|plans|settlements)\.py|store/ledger\w*\.py|"
    r"store/ledger/.*\.py"
)
BOUNDARIES = frozenset(
    {"__main__.py", "app.py", "terminal.py", "screens/base.py", "screens/loading.py", "cli/boundary.py"}
)
"""Where an unexpected fault is caught, logged with its trace and told in one sentence; nowhere else."""
CLOCK = "clock.py"
ENVIRONMENT = frozenset({"config.py", "terminal.py"})
"""Who reads the environment; `terminal` only sets what Textual reads."""

_TIME = frozenset(
    ("datetime.datetime.now datetime.datetime.today datetime.datetime.utcnow datetime.date.today "
     "time.time time.time_ns time.localtime time.gmtime time.ctime").split()
)  # fmt: skip
_ENVIRON = frozenset({"os.environ", "os.getenv", "os.environb", "os.putenv", "os.unsetenv"})
_BROAD = frozenset({"Exception", "BaseException"})


def no_fractions(source: Source) -> Iterator[Finding]:
    """Money modules hold whole minor units: no float, no true division."""
    if not MONEY.fullmatch(source.path):
        return
    for node in source.nodes:
        match node:
            case ast.Name(id="float"):
                yield Finding(source.path, node.lineno, "float", "amounts are whole minor units: no float here")
            case ast.Constant(value=float()):
                yield Finding(source.path, node.lineno, "float", "amounts are whole minor units: no fractions here")
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                yield Finding(
                    source.path, node.lineno, "float", "`/` makes a float: use // or divmod, and say who gets the rest"
                )
            case _:
                pass


def narrow_handlers(source: Source) -> Iterator[Finding]:
    """`except Exception` and `suppress(Exception)` only at the boundaries, or where the fault is raised on."""
    if source.path in BOUNDARIES:
        return
    for node in source.nodes:
        match node:
            case ast.ExceptHandler(type=kind) if _is_broad(kind) and not _raises(node):
                broad = True
            case ast.Call(args=[kind, *_]) if source.origin(node.func) == "contextlib.suppress" and _is_broad(kind):
                broad = not _is_clean_up(source, node)
            case _:
                broad = False
        if broad:
            message = "name the errors you expect; the rest belongs to the one error handler"
            yield Finding(source.path, getattr(node, "lineno", 0), "except", message)


def _is_broad(kind: ast.expr | None) -> bool:
    if kind is None:
        return True
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(isinstance(one, ast.Name) and one.id in _BROAD for one in kinds)


def _raises(handler: ast.ExceptHandler) -> bool:
    """It raises, or gives the error to the app's one error way (Textual's name for it)."""
    return any(
        isinstance(node, ast.Raise) or (isinstance(node, ast.Attribute) and node.attr == "_handle_exception")
        for node in ast.walk(handler)
    )


def _is_clean_up(source: Source, node: ast.AST) -> bool:
    """Inside a handler that raises on: a second fault while cleaning up must not hide the first."""
    while node in source.parents:
        node = source.parents[node]
        if isinstance(node, ast.ExceptHandler) and _raises(node):
            return True
    return False


def one_clock(source: Source) -> Iterator[Finding]:
    """Only the clock module asks the machine for the time."""
    if source.path == CLOCK:
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute | ast.Name) and source.origin(node) in _TIME:
            yield Finding(source.path, node.lineno, "clock", "ask the Clock you were handed")


def one_reader_of_the_environment(source: Source) -> Iterator[Finding]:
    """Only the settings module reads environment variables."""
    if source.path in ENVIRONMENT:
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute | ast.Name) and source.origin(node) in _ENVIRON:
            yield Finding(source.path, node.lineno, "env", "duesdesk.config reads the environment, nobody else")
