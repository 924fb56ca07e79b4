"""A: a Textual app with one word on it. No program made with Textual starts sooner."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class EmptyApp(App[None]):
    """One word."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield Static("READY")


if __name__ == "__main__":
    EmptyApp().run()
