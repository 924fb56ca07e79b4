"""The part of the app that follows what other desks write, beside the keyboard.

Every moment the store is asked, in a thread and never twice at once, whether somebody has written; then the screen in
front fetches anew, also below a dialog, and the dialog is told, too. A store that cannot be reached is told once.

Example:
    app.data_changed()                                   # after a write of our own: the screens show it
    class PayModal(DeskModal): def store_changed(self) -> None: self.load(...)
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple, cast

from duesdesk.domain.errors import DuesdeskError
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.telling import TellingApp

if TYPE_CHECKING:
    from datetime import date

    from duesdesk.app import DuesdeskApp
    from duesdesk.screens.modals.base import DeskModal

POLL_SECONDS = 1.5
# Where the acts stand in a version (`Desk.database_version`).
_ACTS = 0


class _Seen(NamedTuple):
    """What was known of the store when it was last looked at: `version` counts its acts, and writes of any kind."""

    version: tuple[int, int] | None
    today: date | None


class FollowingApp(TellingApp):
    """See the module."""

    data_version = 0
    """Counts the changes that screens have to show."""
    _seen: _Seen | None = None
    _follows_own = False
    _trouble = ""
    _watch: asyncio.Task[None] | None = None
    _one_look: asyncio.Lock | None = None

    def start_following(self) -> None:
        """From now on changes of others are seen. The store has answered a moment ago: this waits for nothing."""
        self._seen = self._look()
        self._watch = asyncio.create_task(self._keep_looking(), name="follow")

    def stop_following(self) -> None:
        """Ask no more."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _look(self) -> _Seen:
        desk = cast("DuesdeskApp", self).desk
        version, today = (getattr(desk, name, None) for name in ("database_version", "today"))
        return _Seen(version() if version is not None else None, today() if today is not None else None)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Ask once whether somebody has written, or the day has turned: who is late changes by itself."""
        if self._one_look is None:
            self._one_look = asyncio.Lock()
        async with self._one_look:
            await self._ask()

    async def _ask(self) -> None:
        try:
            found = await asyncio.get_running_loop().run_in_executor(cast("DuesdeskApp", self).front, self._look)
        except DuesdeskError as error:
            if error.code != self._trouble:
                self._trouble = error.code
                self.report(error)
            return
        except Exception as error:  # noqa: BLE001  # every error becomes a message
            self._handle_exception(error)
            return
        if self._has_changed(found) or self._trouble:
            self._trouble = ""
            self.data_changed()

    def _has_changed(self, found: _Seen) -> bool:
        before, self._seen = self._seen, found
        if before is None or before.version is None or found.version is None:
            return before != found
        if self._follows_own:
            return before != found
        # The first look was through another connection, which counts the writes of others for itself.
        self._follows_own = True
        return (before.version[_ACTS], before.today) != (found.version[_ACTS], found.today)

    def data_changed(self) -> None:
        """Something was written: the screen in front and dialogs over it fetch anew, the others when they are shown."""
        self.data_version += 1
        below: DeskScreen | None = None
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen):
                below = screen
        if below is not None and below.is_mounted:
            below.bring_up_to_date()
        for screen in self.screen_stack:
            if screen.is_modal:
                cast("DeskModal[object]", screen).store_changed()
