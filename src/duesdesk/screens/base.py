"""The base of every screen: bars, keys, loading beside the keyboard, freshness, and the person that letters act on.

A screen composes its body, says who is selected, and fetches its data in `refresh_data`, which is called when it is
shown first, and again when data has changed, also below a dialog. `load` (see `loading`) fetches beside the keyboard.
Errors anywhere end in one message and never in the end of the app.

Example:
    class DashboardScreen(DeskScreen):
        ID = "dashboard"; BINDINGS = bindings_for("dashboard"); FOOTER = ("open", "pay", "find", "help")
        def compose_body(self) -> ComposeResult: yield LineList(COLUMNS, id="debtors")
        def refresh_data(self) -> None: self.load(self.desk.dashboard.page, self.show_page)
        def current_member(self) -> str | None: return self.query_one(LineList).selected_key
        def show_page(self, page: Page) -> None: self.query_one(LineList).set_source(Rows(page.rows))
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar, TypeVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen

from duesdesk.domain.roles import may
from duesdesk.i18n import _
from duesdesk.screens import registry
from duesdesk.screens.keys import BY_ID, KeySpec, bindings_for, for_action
from duesdesk.screens.loading import AtDesk
from duesdesk.screens.text import Line, Piece, Severity, fit, styled
from duesdesk.screens.widgets.bars import Place, TopBar
from duesdesk.screens.widgets.drawn import Careful, Drawn
from duesdesk.screens.widgets.footer import Footer, FooterKey

T = TypeVar("T")
LEAST_COLUMNS, LEAST_LINES = 60, 16
SMALL = "-small"
HELD_SECONDS, REST_SECONDS = 0.15, 0.12
"""Another key within the first is a key that is held; after the second without one the cursor rests."""


class TooSmall(Drawn):
    """Said kindly instead of a screen that does not fit."""

    def draw(self, y: int) -> list[Segment]:
        """Two short lines in the middle."""
        width, height = self.size
        words = (_("A little more room, please."), f"{LEAST_COLUMNS} × {LEAST_LINES}")
        at = y - max(0, height // 2 - 1)
        said = words[at] if at in (0, 1) else ""
        return styled(fit(Piece(said, "text" if at == 0 else "dim"), width, "center"))


class DeskScreen(Careful, AtDesk, Screen[None]):
    """The base of the screens; see the module."""

    ID = ""
    PLACE = ""
    """The place that is lit in the top bar, where this screen is a part of one."""
    FOOTER: tuple[str, ...] = ("find", "help")
    """Ids of the keys in the footer, at most seven; the last one stays when there is little room."""
    FOOTER_MORE: tuple[str, ...] = ()
    """Ids of further keys, shown above the others while nothing is said there."""
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("*")
    AUTO_FOCUS = "*"

    def __init__(self) -> None:
        super().__init__()
        self._shown_version = -1
        self._moved_at = 0.0
        self._following: asyncio.TimerHandle | None = None

    # --- for the screens

    def compose_body(self) -> ComposeResult:
        """The widgets between the top bar and the footer."""
        return ()

    def size_classes(self, size: Size) -> dict[str, bool]:
        """The CSS classes that say what fits on a terminal of this size; screens add their own."""
        return {SMALL: size.width < LEAST_COLUMNS or size.height < LEAST_LINES}

    def refresh_data(self) -> None:
        """Fetch what the screen shows, usually by `load`, keeping what is selected."""

    def current_member(self) -> str | None:
        """The number of the person that letters act on; None when nobody is selected."""
        return None

    def pay_currency(self) -> str | None:
        """The currency of the debt that is looked at, in which `p` takes a payment; None: that of who pays."""
        return None

    def scanned(self, member: str) -> bool:
        """A known card was scanned here. Return True when the screen has dealt with it; else the file is opened."""
        return False

    def status(self) -> str:
        """Words at the right of the top bar; the desk and who works here."""
        return self.app.who()

    def may(self, act: str) -> bool:
        """Whether the role of who works here allows `act` (a name of `domain.roles`)."""
        return not act or may(self.desk.actor.role, act)

    def member_changed(self) -> None:
        """Call after another person was selected: the footer dims what cannot act on nobody."""
        self.refresh_footer()

    def follow(self, show: Callable[[], None]) -> None:
        """Have what stands beside a list follow its cursor: when one key is drawn, and after a held one when it rests.

        Each row on the way would be read, drawn and sent for nobody, and the list would have to wait for it.
        """
        loop = asyncio.get_running_loop()
        is_held = loop.time() - self._moved_at < HELD_SECONDS
        self._moved_at = loop.time()
        if self._following is not None:
            self._following.cancel()
            self._following = None
        if is_held:
            self._following = loop.call_later(REST_SECONDS, self.call_later, show)
        else:
            self.call_after_refresh(show)

    # --- life

    def compose(self) -> ComposeResult:
        # Before anything is styled and laid out: neither is done twice.
        self.update_classes(self.size_classes(self.app.size), update=False)
        yield TopBar(id="top")
        yield from self.compose_body()
        yield Footer(id="foot")
        if self.has_class(SMALL):
            yield TooSmall(id="small")

    def on_mount(self) -> None:
        self.refresh_top()
        self.bring_up_to_date()

    def refresh_top(self) -> None:
        """Show the centre, the places and who works here."""
        self.query_one(TopBar).show(
            self.desk.centre.name,
            [Place(place.id, place.shown, _(place.label), _(place.short)) for place in registry.PLACES],
            self.PLACE or self.ID,
            self.status(),
        )

    def on_screen_resume(self) -> None:
        if self.is_current and self.is_mounted:
            self.bring_up_to_date()

    def on_resize(self, event: events.Resize) -> None:
        self.fit_classes(event.size)
        if self.has_class(SMALL) and not self.query(TooSmall):
            self.mount(TooSmall(id="small"))

    def fit_classes(self, size: Size) -> None:
        """Take the classes for a terminal of this size; nothing is done when they stay."""
        self.update_classes(self.size_classes(size), animate=False)

    def _answer(self, fn: Callable[[], T], then: Callable[[T], None]) -> None:
        super()._answer(fn, then)
        self.refresh_footer()

    def bring_up_to_date(self) -> None:
        """Fetch anew when something was written since this screen last did."""
        version = self.app.data_version
        if version != self._shown_version:
            self._shown_version = version
            try:
                self.refresh_data()
            except Exception as error:  # noqa: BLE001  # every error becomes a message
                self.app.report(error)
            self.refresh_footer()

    def refresh_footer(self) -> None:
        """Show the keys of FOOTER and FOOTER_MORE, dimming those that cannot act now."""
        keys, more = ([self._footer_key(BY_ID[key]) for key in some] for some in (self.FOOTER, self.FOOTER_MORE))
        for footer in self.query(Footer):
            footer.set_keys(keys, more)

    def _footer_key(self, spec: KeySpec) -> FooterKey:
        # A run of keys has no single one that a click would press.
        action = "" if "%s" in spec.action else spec.action
        return FooterKey(_(spec.shown), _(spec.label), self.can_act(spec), action)

    def show_message(self, message: Line | str, severity: Severity = "text") -> None:
        """Show a short message above the footer; empty clears it."""
        for footer in self.query(Footer):
            footer.say(message, severity)

    # --- keys

    def can_act(self, spec: KeySpec) -> bool:
        """Whether this key can do something now: a person is selected where one is needed, and the role allows it."""
        if spec.member and self.current_member() is None:
            return False
        act = spec.action[5:-2] if spec.action.startswith("act('") else ""
        return self.may(spec.act) and (not act or act in registry.ACTS)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """None (dimmed, no answer) for a key that cannot act now."""
        spec = for_action(f"{action}('{parameters[0]}')" if parameters else action)
        return True if spec is None or self.can_act(spec) else None

    def action_goto(self, place: str) -> None:
        self.app.goto(place)

    def action_act(self, act: str) -> None:
        member = self.current_member()
        self.app.act(act, member or "")

    def action_open(self) -> None:
        member = self.current_member()
        if member is not None:
            self.app.act("member", member)

    def action_find(self) -> None:
        self.app.act("find", "")

    def action_add(self) -> None:
        self.app.act("add", self.current_member() or "")

    def action_back(self) -> None:
        self.app.step_back()

    def action_leave(self) -> None:
        self.app.leave()

    def action_privacy(self) -> None:
        self.app.toggle_amounts()

    def action_help(self) -> None:
        from duesdesk.screens.modals.help import HelpModal  # imported late: start-up

        self.app.push_screen(HelpModal(self.ID))

    def action_palette(self) -> None:
        from duesdesk.screens.modals.palette import PaletteModal  # imported late: start-up

        self.app.push_screen(PaletteModal(self))

    def on_top_bar_chosen(self, event: TopBar.Chosen) -> None:
        self.app.goto(event.key)

    async def on_footer_pressed(self, event: Footer.Pressed) -> None:
        await self.run_action(event.action)
