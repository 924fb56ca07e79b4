"""Options of plain types without Pydantic, which Typer loads for each of them: 80 ms for texts, numbers and paths.

Typer has no way of its own to leave it out, so one of its names is replaced, where it is there. Without it commands
work all the same, only slower; `tests/architecture/test_start.py` notices.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from typer import core

# A flag comes as a bool already, save for its own text in the environment, which is not looked at here.
_CONVERT: dict[Any, Callable[[Any], Any]] = {bool: bool, int: int, str: str, Path: Path, list[str]: list}
_NAME = "build_runtime_param"


class _Plain:
    """Makes the value of one option or argument."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        self._convert = convert

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401  # as Typer calls it
        """The value given, or a sentence on what is wrong with it."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        try:
            return self._convert(value)
        except ValueError:
            told = f"{value!r} is not a valid integer."
            raise typer.BadParameter(told, ctx=ctx, param=param) from None


def install() -> None:
    """Let plain types be made plainly from now on."""
    full = getattr(core, _NAME, None)
    if full is None or isinstance(full, _Chosen):
        return
    setattr(core, _NAME, _Chosen(full))


class _Chosen:
    """Stands in the place of Typer's own function, which makes everything that is not plain."""

    def __init__(self, full: Callable[[Any], Any]) -> None:
        self._full = full

    def __call__(self, descriptor: Any) -> Any:  # noqa: ANN401  # as Typer calls it
        convert = _CONVERT.get(descriptor.annotation)
        info = descriptor.parameter_info
        if convert is None or info.parser is not None or info.min is not None or info.max is not None:
            return self._full(descriptor)
        return _Plain(convert)
