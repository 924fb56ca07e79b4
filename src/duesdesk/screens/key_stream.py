"""Keys in order, whatever comes between them: a key is handed on only when the one before has been handled fully.

Textual delivers keys by messages: a letter reaches its field in one task, Enter opens a dialog in another, and keys
that came in the same read overtake each other. Here every key and paste waits in one queue. A key is given to Textual,
and a `KeyDone` message follows it on the same way up (field, screen, app); when that has arrived, every handler of the
key has run. When the key has opened or closed a screen, or moved the focus, the next key waits for that as well, and
for a load that asked to `hold` the keys. So `nowak<enter>50<bs>5<enter>` in one write does what slow typing does.

After a second of such a load it is said that the store is waited for. Esc then stops waiting: the keys typed meanwhile
are dropped with it, since they were meant for what did not come.

Example (the app does this):
    self.keys = KeyStream(self); self.keys.start()
    self.keys.put(event)                                 # from App.on_event, for each new Key or Paste
    free = self.keys.hold(stopped); ...; free()          # keys wait until the load is there
    await self.keys.finish()                             # tests: everything pressed has been handled
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast

from textual import events
from textual._time import get_time

from duesdesk.i18n import _
from duesdesk.screens.scan import FieldLike, KeyLike, ScanFilter
from duesdesk.screens.widgets.drawn import KeyDone

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

    from duesdesk.app import DuesdeskApp

WAITING_SECONDS = 1.0
"""A load that holds the keys for longer is told."""
CHECK_SECONDS = 0.03
"""How often a key that is not answered is looked after: its widget may be gone."""
PATIENCE_SECONDS = 3.0
"""A key whose handler does not end is not waited for longer than this."""
MOST_ROUNDS = 6
_STOPPERS = ("escape", "ctrl+q")
SEE_SECONDS = 0.8
"""So long after a card has closed a dialog nothing that is typed acts: it was meant for who was there before."""
REPEAT_SECONDS = 0.7
"""A key held down comes again after this at the latest, then faster."""


class KeyStream:
    """The queue of keys of one app; see the module."""

    def __init__(self, app: DuesdeskApp) -> None:
        self._app = app
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._more = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._task: asyncio.Task[None] | None = None
        self._reader = ScanFilter()
        self._holds: list[Callable[[], None]] = []
        self._freed = asyncio.Event()
        self._slow: asyncio.TimerHandle | None = None
        self._told_waiting = ""
        self._stops = 0
        self._hurry = False
        self._dropped, self._dropped_at = "", 0.0
        self._seen_at = 0.0

    def start(self) -> None:
        """Begin to hand keys on."""
        self._task = asyncio.create_task(self._run(), name="keys")

    def stop(self) -> None:
        """Hand on no more keys."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @property
    def running(self) -> bool:
        """Whether keys are handed on by this stream."""
        return self._task is not None

    def put(self, event: events.Key | events.Paste) -> None:
        """Queue a key or a paste as it came from the terminal."""
        if self._told_waiting and isinstance(event, events.Key) and event.key in _STOPPERS:
            self._stop_waiting()
            if event.key == "escape":
                return
        if isinstance(event, events.Key) and event.key == "ctrl+j":
            # Enter, typed before the terminal was ours: it made a line end of it.
            time, event = event.time, events.Key("enter", "\r")
            event.time = time
        self._waiting.append(event)
        self._idle.clear()
        self._more.set()

    def hold(self, stopped: Callable[[], object]) -> Callable[[], None]:
        """Let later keys wait until the function returned here has been called (it may be called twice).

        `stopped` is called when the person does not want to wait any longer.
        """

        def stop() -> None:
            stopped()

        def free() -> None:
            if stop in self._holds:
                self._holds.remove(stop)
                self._free()

        if not self._holds:
            self._slow = asyncio.get_running_loop().call_later(WAITING_SECONDS, self._tell_waiting)
        self._holds.append(stop)
        return free

    def _free(self) -> None:
        self._freed.set()
        if not self._holds and self._slow is not None:
            self._slow.cancel()
            self._slow = None
            self._app.unsay(self._told_waiting)
            self._told_waiting = ""

    def _tell_waiting(self) -> None:
        self._told_waiting = _("Waiting for the store … Esc stops waiting.")
        self._app.show_message(self._told_waiting, "warn")

    def _stop_waiting(self) -> None:
        self._stops += 1
        self._waiting.clear()
        self._reader.release()
        holds, self._holds = self._holds, []
        for stop in holds:
            stop()
        self._free()

    def drop_repeats(self, key: str) -> None:
        """`key` has done its work: as long as it is held down, or pressed again at once, it is not handed on."""
        self._dropped, self._dropped_at = key, get_time()

    def drop_unseen(self) -> None:
        """Another person is shown, by no key: what is typed before they can be seen does nothing."""
        self._seen_at = get_time() + SEE_SECONDS

    def _is_unseen(self, event: events.Key | events.Paste) -> bool:
        types = isinstance(event, events.Paste) or event.character is not None or event.key == "enter"
        return event.time < self._seen_at and types and getattr(event, "key", "") not in _STOPPERS

    def _is_repeat(self, event: events.Key) -> bool:
        if event.key != self._dropped or event.time - self._dropped_at >= REPEAT_SECONDS:
            self._dropped = ""
            return False
        self._dropped_at = max(self._dropped_at, event.time)
        return True

    async def finish(self) -> None:
        """Wait until all keys have been handled; letters held back for a possible scan are let go at once."""
        self._hurry = True
        self._more.set()
        await self._idle.wait()
        self._hurry = False

    async def _run(self) -> None:
        while True:
            try:
                await self._step()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001  # the keyboard must not die with one key's handler
                self._app._handle_exception(error)  # noqa: SLF001  # the app's one error way

    async def _step(self) -> None:
        if not self._waiting:
            await self._wait_for_more()
            return
        event = self._waiting.popleft()
        if isinstance(event, events.Paste):
            await self._handle_all(self._reader.release())
            await self._handle(event)
            return
        if self._is_repeat(event):
            return
        app = self._app
        key, field = cast("KeyLike", event), cast("FieldLike | None", app.focused_field())
        code, stops = self._reader.asks(key, field=field), self._stops
        member = await self._look_up(code) if code else None
        if self._stops != stops:
            return
        told = self._reader.feed(key, field=field, known=member is not None, acts=app.acts_here)
        await self._handle_all(told.keys)
        if told.code:
            app.scanned(told.code, member)
            await self._settle(app.focused or app.screen, always=True)

    async def _handle_all(self, keys: Iterable[KeyLike]) -> None:
        """Hand keys on, until the person has stopped waiting for what one of them asked for."""
        stops = self._stops
        for key in keys:
            if self._stops == stops:
                await self._handle(cast("events.Key", key))

    async def _look_up(self, code: str) -> str | None:
        """The member who has this code, asked beside the keyboard; None also when nobody can be asked."""
        app = self._app
        found = asyncio.get_running_loop().run_in_executor(app.front, app.find_code, app.desk, code)
        free = self.hold(found.cancel)
        try:
            return await found
        except asyncio.CancelledError:
            if not found.cancelled():
                raise
            return None
        except Exception as error:  # noqa: BLE001  # every error becomes a message
            app._handle_exception(error)  # noqa: SLF001  # as above
            return None
        finally:
            free()

    async def _wait_for_more(self) -> None:
        self._more.clear()
        if not self._reader.holding:
            self._idle.set()
            await self._more.wait()
            return
        if not self._hurry:
            left = self._reader.due() - get_time()
            try:
                await asyncio.wait_for(self._more.wait(), max(0.0, left))
            except TimeoutError:
                # Keys read meanwhile by the input thread may only now be on their way to the queue.
                await asyncio.sleep(0)
        if not self._waiting and (self._hurry or get_time() >= self._reader.due()):
            await self._handle_all(self._reader.release())

    async def _handle(self, event: events.Key | events.Paste) -> None:
        app = self._app
        if not app.screen_stack or self._is_unseen(event):
            return
        if self._holds or not app.screen.is_mounted:
            # Something was opened, or is loading, without a key.
            await self._settle(app.screen, always=True)
        target: Widget = app.focused or app.screen
        stack = tuple(app.screen_stack)
        await app.deliver(event)
        await self._drain(target)
        if (app.focused or app.screen) is not target or tuple(app.screen_stack) != stack or self._holds:
            await self._settle(target)

    async def _settle(self, target: Widget, *, always: bool = False) -> None:
        """Wait until screens that were opened are composed, results handed back, holds freed, the focus at rest."""
        app = self._app
        for _round in range(MOST_ROUNDS):
            if self._holds:
                await self._wait_freed()
                always = True
            if not app.screen_stack:
                return
            screen: Screen[object] = app.screen
            await self._mounted(screen)
            now: Widget = app.focused or screen
            if now is target and not always:
                return
            await self._drain(now)
            target, always = now, False

    async def _wait_freed(self) -> None:
        while self._holds:
            self._freed.clear()
            await self._freed.wait()

    async def _mounted(self, screen: Screen[object]) -> None:
        if not screen.is_mounted:
            try:
                await asyncio.wait_for(screen._mounted_event.wait(), PATIENCE_SECONDS)  # noqa: SLF001  # no public way
            except TimeoutError:
                return

    async def _drain(self, target: Widget) -> None:
        """Wait until everything sent to `target` so far has been handled, up to the app."""
        done = KeyDone()
        arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.on_arrival = lambda: None if arrived.done() else arrived.set_result(None)
        if not target.post_message(done):
            return
        until = get_time() + PATIENCE_SECONDS
        while not arrived.done() and get_time() < until:
            await asyncio.wait((arrived,), timeout=CHECK_SECONDS)
            if not arrived.done() and not self._alive(target):
                return

    def _alive(self, target: Widget) -> bool:
        stack = self._app.screen_stack
        return target.is_attached and target.is_running and bool(stack) and target.screen in stack
