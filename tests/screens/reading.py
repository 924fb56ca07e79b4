"""Reading a running screen as a person does: its lines of text, and the lines of one part of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot
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


def with_below(app: DuesdeskApp) -> list[str]:
    """The lines of the whole terminal, what lies around a dialog included."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    return ["".join(segment.text for segment in strip).rstrip() for strip in update.strips]  # type: ignore[union-attr]


def text_of(app: DuesdeskApp, selector: str) -> str:
    """What one widget of the screen in front shows, as one text."""
    widget = app.screen.query_one(selector, Widget)
    region = widget.region
    return "\n".join(line[region.x : region.right].rstrip() for line in seen(app)[region.y : region.bottom])


async def at_rest(pilot: Pilot[int]) -> None:
    """Until every thread that fetches has answered and the answer is drawn."""
    app = pilot.app
    assert isinstance(app, DuesdeskApp)
    await app.keys.finish()
    for _turn in range(3):
        # Threads are busy with nothing once they take this: what was asked before has been answered.
        for name in ("threads", "front"):
            if name in app.__dict__:
                for done in [app.__dict__[name].submit(int) for _thread in range(4)]:
                    done.result(10)
        await pilot.pause()


async def settled(pilot: object, until: Callable[[], bool]) -> None:
    """Wait until what was asked for is there; fails after a while."""
    for _turn in range(1500):
        if until():
            await pilot.pause()  # type: ignore[attr-defined]
            return
        await pilot.pause(0.01)  # type: ignore[attr-defined]
    shown = "\n".join(seen(pilot.app))  # type: ignore[attr-defined]
    raise AssertionError(f"it never came:\n{shown}")
