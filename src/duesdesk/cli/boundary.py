"""Where every command ends: errors as one sentence on standard error and an exit code, never a traceback."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from duesdesk import i18n
from duesdesk.cli.output import note
from duesdesk.domain.errors import BadInput, DuesdeskError

FAULT, WRONG_USAGE, INTERRUPTED = 1, 2, 130
# What a full disk, a full quota or a broken one say to who writes.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def run(arguments: Sequence[str]) -> int:
    """Run the command; its exit code: 0 done, 1 our fault, 2 wrong usage, 3 refused, 4 partly done, 5 the store."""
    # A command makes much and throws little away: looking through it again and again would double its time.
    gc.set_threshold(200_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a stream put in its place may lack it
    try:
        return _run(arguments)
    except DuesdeskError as error:
        note(i18n.sentence(error))
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return stopped()
    except OSError as error:
        return _unwritten(error) if error.errno in _FULL and error.filename is None else _unexpected(error, arguments)
    except Exception as error:  # noqa: BLE001  # the boundary of all commands: logged, told in a sentence
        below_zero = _amount_below_zero(error, arguments)
        if below_zero:
            refused = BadInput("amount-not-positive", value=below_zero)
            note(i18n.sentence(refused))
            return refused.exit_code
        return _unexpected(error, arguments)


def _amount_below_zero(error: Exception, arguments: Sequence[str]) -> str:
    """The amount with a minus that was taken for an option, where the command wants an amount; else ""."""
    option, context = getattr(error, "option_name", ""), getattr(error, "ctx", None)
    if context is None or not str(option)[1:].isdigit():
        return ""
    if not any(one.metavar == "AMOUNT" for one in context.command.params if hasattr(one, "metavar")):
        return ""
    return next((word for word in arguments if word.startswith(option)), "")


def _unwritten(error: OSError) -> int:
    """Standard output took no more; the exit code."""
    # What is left in its buffer is thrown away, or the end of the program would meet the same.
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    told = i18n._("The answer could not be written: {detail}. What was done is done.")
    note(told.format(detail=error.strerror or str(error)))
    return FAULT


def _run(arguments: Sequence[str]) -> int:
    i18n.set_language(_language(arguments))
    from duesdesk.cli.commands import root  # imported late: the language of its texts is known only now

    code = root().main(list(arguments), prog_name="duesdesk", standalone_mode=False)
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _language(arguments: Sequence[str]) -> str:
    """The language for help and for what fails before the store is open; the store's centre decides afterwards."""
    for place, word in enumerate(arguments):
        if word == "--lang":
            return arguments[place + 1] if place + 1 < len(arguments) else i18n.SOURCE
        if word.startswith("--lang="):
            return word.partition("=")[2]
    from duesdesk import config

    try:
        return config.load().language or i18n.SOURCE
    except DuesdeskError:
        # It is told when the command wants the settings; `--help` does without them.
        return i18n.SOURCE


def _unexpected(error: Exception, arguments: Sequence[str]) -> int:
    import typer  # imported late: only here, and after the command did

    if isinstance(error, typer.Abort):
        return stopped()
    if isinstance(error, typer.TyperException) or hasattr(error, "format_message"):
        return _wrong_usage(error, arguments)
    return fault(error)


def stopped() -> int:
    """Say that a person stopped it; the exit code."""
    note(i18n._("Stopped."))
    return INTERRUPTED


def fault(error: Exception) -> int:
    """Write a fault of ours to the log and say where; the exit code."""
    from duesdesk import config
    from duesdesk.fault_log import write_log

    try:
        where = write_log(config.load().home / "duesdesk.log", error)
    except DuesdeskError:
        where = write_log(None, error)
    told = i18n._("Something went wrong that should not: {error}. Details: {file}")
    note(told.format(error=f"{type(error).__name__}", file=where or "–"))
    return FAULT


def _missing_too(error: Exception, arguments: Sequence[str]) -> Iterator[str]:
    """What else is missing, when something is: whoever typed it adds all at once."""
    first, context = getattr(error, "param", None), getattr(error, "ctx", None)
    if context is None or first is None or type(error).__name__ != "MissingParameter":
        return
    needed = [param for param in context.command.params if param.required]
    given = {word.partition("=")[0] for word in arguments}
    missing: Any = type(error)
    for param in needed[needed.index(first) + 1 :]:
        # Arguments come in their order: where one is missing, so is the next.
        if param.param_type_name == first.param_type_name == "argument" or (
            param.param_type_name != "argument" and not given & set(param.opts)
        ):
            yield missing(ctx=context, param=param).format_message()


def _wrong_usage(error: Exception, arguments: Sequence[str]) -> int:
    """A command called in a way it does not know: what is wrong, and where its help is."""
    context = getattr(error, "ctx", None)
    told = error.format_message() if hasattr(error, "format_message") else str(error)
    if told:
        note(told)
    for other in _missing_too(error, arguments):
        note(other)
    if context is not None:
        note(context.get_usage())
        note(i18n._("More: {command} --help").format(command=context.command_path))
    return WRONG_USAGE
