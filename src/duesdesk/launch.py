"""The way into the terminal app: which store, which day, which language; then the desk, or the set-up of a new centre.

Nothing heavy is imported here (start-up): options are read by hand, since typer alone costs more than the first screen.
`duesdesk.__main__` asks `wanted` first and leaves every other command to `duesdesk.cli`.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from duesdesk import config
from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock, parse_when
from duesdesk.domain.errors import DuesdeskError, StoreTrouble
from duesdesk.i18n import _, sentence, set_language

if TYPE_CHECKING:
    from duesdesk.config import Settings

DEMO = "demo"
_WITH_VALUE = {"--db": "db", "--today": "today", "--lang": "language", "--actor": "actor", "--theme": "theme"}
_NEW = ("store-missing", "store-empty")


class Wanted(NamedTuple):
    """What the command line asks of the terminal app. Empty texts leave it to settings and environment."""

    db: str = ""
    today: str = ""
    language: str = ""
    actor: str = ""
    theme: str = ""
    demo: bool = False
    fresh: bool = False
    ascii: bool = False


def wanted(arguments: Sequence[str]) -> Wanted | None:
    """What is asked when the arguments open the terminal app; None when they are for the other commands."""
    texts: dict[str, str] = {}
    flags: set[str] = set()
    left = list(arguments)
    while left:
        word = left.pop(0)
        name, equals, value = word.partition("=")
        if name in _WITH_VALUE:
            if not equals and not left:
                return None
            texts[_WITH_VALUE[name]] = value if equals else left.pop(0)
        elif word in (DEMO, "--ascii") or (word == "--fresh" and DEMO in flags):
            flags.add(word)
        else:
            return None
    return Wanted(
        db=texts.get("db", ""),
        today=texts.get("today", ""),
        language=texts.get("language", ""),
        actor=texts.get("actor", ""),
        theme=texts.get("theme", ""),
        demo=DEMO in flags,
        fresh="--fresh" in flags,
        ascii="--ascii" in flags,
    )


def open_terminal(asked: Wanted) -> int:
    """Show the terminal app until the person leaves; the exit code. What goes wrong is a sentence on standard error."""
    try:
        settings = config.load()
        set_language(asked.language or settings.language or "en")
        _check(asked.language, settings.store_address(asked.db))
        today = asked.today or settings.today
        clock = Clock(parse_when(today) if today else None)
        if asked.demo:
            return _demo(asked, settings, clock)
        return _desk_or_setup(asked, settings, clock, settings.store_address(asked.db))
    except DuesdeskError as error:
        print(sentence(error), file=sys.stderr)  # noqa: T201 (the only output of a start that failed)
        return error.exit_code
    except KeyboardInterrupt:
        from duesdesk.cli.boundary import stopped  # imported late: start-up

        return stopped()
    except Exception as error:  # noqa: BLE001  # lint-ok: except because nobody above would tell it in a sentence
        from duesdesk.cli.boundary import fault  # imported late: start-up

        return fault(error)


def _check(language: str, url: str) -> None:
    """Refuse what the other commands refuse, too. Raises WrongUsage."""
    if language or "://" in url:
        from duesdesk.cli.session import Given  # imported late: start-up

        given = Given(db=url, language=language)
        given.check_language()
        _checked = given.address


def demo_address(asked_db: str, settings: Settings) -> str:
    """Where the demo centre lies: where it was asked for, else in the folder of this machine."""
    return asked_db or str(config.own_folder(settings.home) / "demo.db")


def _demo(asked: Wanted, settings: Settings, clock: Clock) -> int:
    from duesdesk.services.demo import demo_day, prepare_demo  # imported late: start-up

    url = demo_address(asked.db, settings)
    gc.enable()  # building takes seconds
    if demo_day(url) is None:
        print(_("Building the demo centre …"), file=sys.stderr)  # noqa: T201 (it takes seconds)
    prepare_demo(url, clock, fresh=asked.fresh)
    # Somebody stands at the desk of the demo, and its amounts are there to be seen.
    return _show(asked._replace(actor=asked.actor or "Ana"), settings, clock, url, amounts_shown=True)


def _desk_or_setup(asked: Wanted, settings: Settings, clock: Clock, url: str) -> int:
    try:
        return _show(asked, settings, clock, url)
    except StoreTrouble as trouble:
        if trouble.code not in _NEW or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
    from duesdesk import terminal  # imported late: start-up

    made = terminal.set_up(url, clock, country=_country(settings))
    if made == DEMO:
        return _demo(asked._replace(db=""), settings, clock)
    return _show(asked, settings, clock, url) if made else 0


def _show(asked: Wanted, settings: Settings, clock: Clock, url: str, *, amounts_shown: bool | None = None) -> int:
    from duesdesk import terminal  # imported late: start-up

    desk = open_desk(url, clock=clock, actor=asked.actor or None, desk=settings.text("desk.name"))
    if not asked.language and not settings.language:
        set_language(desk.centre.language, desk.centre.country)
    else:
        set_language(asked.language or settings.language, desk.centre.country)
    shown = _amounts_shown(desk) if amounts_shown is None else amounts_shown
    try:
        return terminal.run(
            _given(desk),
            find_code=_find_code,
            colors=asked.theme or settings.text("screen.theme"),
            amounts_shown=shown,
            ascii_signs=asked.ascii or None,
            log_file=settings.home / "duesdesk.log",
        )
    finally:
        desk.close()


def _given(desk: Desk) -> Callable[[], Desk]:
    return lambda: desk


def _find_code(desk: Desk, code: str) -> str | None:
    return desk.search.resolve_scan(code)


def _amounts_shown(desk: Desk) -> bool:
    """Amounts are hidden at a front desk unless the centre says otherwise (`privacy.default`)."""
    with desk.place.database.read() as tx:
        text = tx.value("SELECT value FROM setting WHERE key = 'privacy.default'")
    default = config.setting("privacy.default").default
    return config.parse("privacy.default", default if text is None else text) is False


def _country(settings: Settings) -> str:
    return {"es": "ES", "it": "IT", "ro": "RO", "pt": "PT"}.get(settings.language, "ES")
