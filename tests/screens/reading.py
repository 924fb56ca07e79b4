"""Reading a running screen as a person does: its lines of text, and the lines of one part of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.widget import Widget

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock

HOSTILE = "\x1b[31m[b]Bold[/b]\x1b]52;c;aGk=\x07 \u202eevil\u202c\r\n<x> ' \" \x9b2J 🧑‍🤝‍🧑 العربية"


def started(store: Path, clock: Clock, *, actor: str | None = None, amounts_shown: bool = True) -> DuesdeskApp:
    """The app on a store, not running yet."""

    def find_code(desk: Desk, code: str) -> str | None:
        with desk.place.database.read() as tx:
            found: str | None = tx.value("SELECT number FROM member WHERE card = :code OR number = :code", code=code)
        return found

    return DuesdeskApp(
        lambda: open_desk(str(store), clock=clock, actor=actor), find_code=find_code, amounts_shown=amounts_shown
    )


def seen(app: DuesdeskApp) -> list[str]:
    """The lines of the whole terminal."""
    compositor = app.screen._compositor
    return ["".join(segment.text for segment in strip).rstrip() for strip in compositor.render_strips()]


def text_of(app: DuesdeskApp, selector: str) -> str:
    """What one widget of the screen in front shows, as one text."""
    widget = app.screen.query_one(selector, Widget)
    region = widget.region
    return "\n".join(line[region.x : region.right].rstrip() for line in seen(app)[region.y : region.bottom])


async def settled(pilot: object, until: Callable[[], bool]) -> None:
    """Wait until what was asked for is there; fails after a while."""
    for _turn in range(1500):
        if until():
            await pilot.pause()  # type: ignore[attr-defined]
            return
        await pilot.pause(0.01)  # type: ignore[attr-defined]
    shown = "\n".join(seen(pilot.app))  # type: ignore[attr-defined]
    raise AssertionError(f"it never came:\n{shown}")
