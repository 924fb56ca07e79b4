"""The terminal app: screens, colours, keys in order, scans from anywhere, hidden amounts, and one way for errors.

It holds no business: it is given `open_desk`, and everything else comes from the desk. `duesdesk.terminal.run` starts
it with a real terminal; tests start it with `app.run_test(size=(80, 24))`.

Example:
    app = DuesdeskApp(lambda: open_desk(url, clock, actor="ana"))
    app.goto("crm_daily"); app.act("pay", "M00218"); app.back()
    app.data_changed()                                   # after a write: the screen shows it
    app.show_message(_("Saved."), "ok")
    async with app.run_test() as pilot: await pilot.press("p", "enter")   # returns when both have been handled
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from duesdesk.i18n import _
from duesdesk.screens import registry, text, theme
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.following import FollowingApp
from duesdesk.screens.key_stream import KeyStream
from duesdesk.screens.loading import Loading
from duesdesk.screens.output import PaintingApp
from duesdesk.screens.widgets.drawn import KeyDone

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.driver import Driver

    from duesdesk.bootstrap import Desk
    from duesdesk.screens.modals.base import DeskModal
    from duesdesk.screens.widgets.field import Field
    from duesdesk.services.dashboard import FirstPage

BACK_SECONDS = 2.0
"""So long after a dialog was left by Esc another one is taken for one too many."""
STYLES = Path(__file__).with_name("screens") / "desk.tcss"


class DuesdeskApp(FollowingApp, PaintingApp, Loading):
    """The app; see the module."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "screens/first.tcss"
    TITLE = "duesdesk"
    ALLOW_SELECT = False
    AUTO_FOCUS = "*"
    BINDINGS = [
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "how_to_leave", show=False),
        Binding("ctrl+l", "redraw", show=False, priority=True),
    ]

    def __init__(
        self,
        open_desk: Callable[[], Desk],
        *,
        find_code: Callable[[Desk, str], str | None] | None = None,
        colors: str = theme.DEFAULT,
        amounts_shown: bool = True,
        log_error: Callable[[BaseException], str] | None = None,
        driver_class: type[Driver] | None = None,
        first_page: FirstPage | None = None,
    ) -> None:
        """`find_code(desk, code)` gives the member number of a card or member code; None when nobody has it.

        `log_error` writes an unexpected error with its trace and says where. `first_page` was read a moment ago for the
        first paint.

        Raises:
            DuesdeskError: the desk could not be opened (from `open_desk`); the terminal is untouched then.
        """
        super().__init__(driver_class=driver_class)
        self.log_error = log_error
        self.first_page = first_page
        self.desk = open_desk()
        self.find_code = find_code or _nobody
        self.keys = KeyStream(self)
        self._left_dialog = ""
        # Our messages are drawn in the footer; toasts and tooltips would be two more widgets on each screen.
        self._disable_notifications = True
        self._disable_tooltips = True
        self._filters.clear()
        self._screens: dict[str, DeskScreen] = {}
        self._went_back_at = -BACK_SECONDS
        for one in theme.textual_themes():
            self.register_theme(one)
        text.show_amounts(amounts_shown)
        # Set without telling anybody: Textual reads the theme when it starts, and would parse all CSS twice.
        self.set_reactive(App.theme, colors if colors in theme.PALETTES else theme.DEFAULT)
        self._invalidate_css()
        self.stylesheet.set_variables(self.get_css_variables())
        theme.use(self.theme, no_color=self.no_color)

    # --- life

    @cached_property
    def threads(self) -> ThreadPoolExecutor:
        """Where screens fetch what only fills them, beside the keyboard."""
        return ThreadPoolExecutor(max_workers=2, thread_name_prefix="load")

    @cached_property
    def front(self) -> ThreadPoolExecutor:
        """The one thread that does what keys ask for, in order; see `loading`."""
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="front")

    def get_default_screen(self) -> Screen[Any]:
        """The first place, so that no empty screen is ever painted."""
        return self.place(registry.PLACES[0].id)

    def on_mount(self) -> None:
        self.keys.start()
        self.start_following()
        if not self.is_headless:
            self._end_on_signals()

    def _end_on_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            # No signal handlers on Windows' loops; there the process ends as Windows does it.
            with contextlib.suppress(NotImplementedError, AttributeError):
                loop.add_signal_handler(getattr(signal, name), self.leave)

    def on_unmount(self) -> None:
        self.keys.stop()
        self.stop_following()
        for name in ("threads", "front"):
            if name in self.__dict__:
                self.__dict__[name].shutdown(wait=False, cancel_futures=True)

    def watch_theme(self, name: str) -> None:
        theme.use(name, no_color=self.no_color)
        self._redraw()

    def _redraw(self) -> None:
        if self.is_running and self.screen_stack:
            for widget in self.screen.walk_children():
                widget.refresh()

    # --- keys

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded and self.keys.running:
            self.keys.put(event)
            return
        await super().on_event(event)

    async def deliver(self, event: events.Event) -> None:
        """Hand a key to Textual, as the key stream does when its turn has come."""
        self.clear_old_message(event.time)
        await super().on_event(event)

    def on_key_done(self, message: KeyDone) -> None:
        message.settle()

    async def _press_keys(self, keys: Iterable[str]) -> None:
        # Textual's own waits between keys until the processor rests; ours are in order anyhow.
        from textual.keys import _character_to_key  # imported late: tests only

        for key in keys:
            if key.startswith("wait:"):
                await asyncio.sleep(float(key[5:]) / 1000)
                continue
            character = key if len(key) == 1 else " " if key == "space" else None
            name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
            self.post_message(events.Key(name, character))
        handed_on = asyncio.Event()
        self.call_later(handed_on.set)
        await handed_on.wait()
        await self.keys.finish()

    def focused_field(self) -> Field | None:
        """The entry field that letters go into, or None."""
        focused = self.focused if self.screen_stack else None
        return cast("Field", focused) if getattr(focused, "TAKES_TEXT", False) else None

    # --- scans

    def acts_here(self, letter: str) -> bool:
        """Whether a letter is a key of what is in front: of the screen or dialog, or of what has the keyboard there."""
        if letter in self.screen.active_bindings:
            return True
        front: DOMNode | None = self.focused or self.screen
        while front is not None:
            if letter in getattr(front, "letters", ()):
                return True
            front = front.parent
        return False

    def scanned(self, code: str, member: str | None) -> None:
        """A reader read `code` of `member`: tell the screen, or open the Member File; an unknown code is said."""
        try:
            self._scanned(code, member)
        except Exception as error:  # noqa: BLE001  # every error becomes a message
            self.report(error)

    def _scanned(self, code: str, member: str | None) -> None:
        if member is None:
            self.show_message(_("Card {code} is not known.").format(code=code), "warn")
            return
        modals = [cast("DeskModal[object]", screen) for screen in self.screen_stack if screen.is_modal]
        if modals and modals[-1].scanned(member):
            return
        if any(modal.is_begun() for modal in modals):
            self.show_message(_("Card {code} was read. Save or close this first.").format(code=code), "warn")
            return
        left = next((modal.heading_shown for modal in modals if modal.SAVES), "")
        while self.screen.is_modal:
            self.screen.dismiss(None)
        # After those who opened the dialogs have heard that they were left.
        self.call_later(self._open_scanned, member, left)

    def _open_scanned(self, member: str, left: str) -> None:
        self._left_dialog = left
        if left:
            self.keys.drop_unseen()
        screen = self.desk_screen()
        if screen is not None and screen.scanned(member):
            return
        self.act("member", member)
        if left:
            self.load(lambda: self.desk.members.get(member).name, self._tell_left, group="left", hold_keys=True)

    def _tell_left(self, name: str) -> None:
        """A card has closed a dialog: which, and for whom; whoever typed into it meant somebody else."""
        told = _("“{dialog}” closed, nothing saved: card of {name}")
        self.show_message(told.format(dialog=self._left_dialog, name=name), "warn")
        self.keys.drop_unseen()

    def take_left(self) -> str:
        """The title of a dialog that the last card has closed, for who tells of that card; empty without one."""
        left, self._left_dialog = self._left_dialog, ""
        return left

    # --- where we are

    def desk_screen(self) -> DeskScreen | None:
        """The front screen below any dialogs."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, DeskScreen):
                return screen
        return None

    def place(self, name: str) -> DeskScreen:
        """The screen of a place (`registry.PLACES`), made when first asked for and kept."""
        made = self._screens.get(name)
        if made is None:
            spec = next(place for place in registry.PLACES if place.id == name)
            made = self._screens[name] = registry.load_named(spec.where)()
            self.install_screen(made, name)
        return made

    def show_screen(self, name: str, make: Callable[[], DeskScreen]) -> DeskScreen:
        """Push a kept screen that is no place, such as the Member File; brings it to the front when it is below."""
        made = self._screens.get(name)
        if made is None:
            made = self._screens[name] = make()
            self.install_screen(made, name)
        if made in self.screen_stack:
            while self.screen is not made:
                self.pop_screen()
        else:
            self.push_screen(made)
        return made

    if not TYPE_CHECKING:  # the types are Textual's own

        def push_screen(self, *args: object, **options: object) -> object:
            """As Textual's, but the result is told in the app's own turn: who pushed may be a dialog that closed."""
            self.read_all_styles()
            with self._context():
                return super().push_screen(*args, **options)

    def read_all_styles(self) -> None:
        """Read the styles that the first screen does without; the first time only."""
        if not self.stylesheet.has_source(str(STYLES)):
            self.stylesheet.read(STYLES)
            self.stylesheet.parse()

    def goto(self, name: str) -> None:
        """Go to a place; what was opened on top of another place is left."""
        target = self.place(name)
        while len(self.screen_stack) > 1 and self.screen is not target:
            self.pop_screen()
        if self.screen is not target:
            self.push_screen(target)

    def went_back(self) -> None:
        """A dialog was left by Esc."""
        self._went_back_at = asyncio.get_running_loop().time()

    def step_back(self) -> None:
        """Esc on a screen: back, but not just after a dialog was left by it.

        One Esc too many would have the next letter act on somebody else, on the screen below.
        """
        is_one_too_many = asyncio.get_running_loop().time() - self._went_back_at < BACK_SECONDS
        self._went_back_at = -BACK_SECONDS
        if not is_one_too_many:
            self.back()
        elif len(self.screen_stack) > 1:
            self.show_message(_("The dialog is closed. Esc once more goes back from here."))

    def back(self) -> None:
        """Go back one screen; on the first one nothing happens."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def act(self, name: str, member: str) -> None:
        """Do what `registry.ACTS` names, for a member ("" for acts that need none)."""
        where = registry.ACTS.get(name)
        if where is None:
            return
        try:
            registry.load_named(where)(self, member)
        except Exception as error:  # noqa: BLE001  # every error becomes a message
            self.report(error)

    def take_over(self, name: str) -> None:
        """Somebody else of the staff works at this desk from now on."""
        self.load(lambda: self.desk.with_actor(name), self._taken_over, group="take over", hold_keys=True)

    def _taken_over(self, desk: Desk) -> None:
        self.desk = desk
        for screen in self._screens.values():
            if screen.is_mounted:
                screen.refresh_top()
        self.data_changed()

    def who(self) -> str:
        """The desk and the name of who works here, for the top bar."""
        actor = self.desk.actor
        desk = getattr(actor, "desk", "") or ""
        return f"{desk} · {actor.name}" if desk else str(actor.name)

    # --- amounts, leaving

    @property
    def amounts_shown(self) -> bool:
        """Whether amounts of money are drawn, or dots."""
        return text.amounts_shown()

    def toggle_amounts(self) -> None:
        """Hide or show all amounts, on every screen."""
        text.show_amounts(not text.amounts_shown())
        for screen in self.screen_stack:
            if screen.is_modal:
                cast("DeskModal[object]", screen).amounts_changed()
        self._redraw()
        # Lines were cut and padded to what was shown: those of the other screens, too.
        self.data_changed()

    def action_leave(self) -> None:
        self.leave()

    def leave(self) -> None:
        """End the app; the terminal is put back as it was."""
        self.exit(0)

    def action_how_to_leave(self) -> None:
        self.show_message(_("Ctrl+Q leaves duesdesk."))

    def notify(self, message: str, **_details: Any) -> None:  # noqa: ANN401  # Textual's own words
        """Textual's own messages, as plain text in our message line."""
        self.show_message(message)


def _nobody(_desk: Desk, _code: str) -> str | None:
    return None
