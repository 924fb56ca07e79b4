"""What became of a notice of which nobody knows: a person says it, and nothing is chosen beforehand."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding

from duesdesk.i18n import _
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.notice.words import why_words
from duesdesk.screens.text import Line, line, wrap
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.notice_views import NoticeView

LEFT, AGAIN = "left", "again"


class DecideModal(DeskModal[str]):
    """Did it leave? The result is LEFT, AGAIN (it did not), or None: that is decided later. Enter decides nothing."""

    WIDTH = 64
    BINDINGS = [
        Binding("l", f"answer('{LEFT}')", show=False),
        Binding("s", f"answer('{AGAIN}')", show=False),
    ]

    def __init__(self, view: NoticeView, when: str) -> None:
        super().__init__()
        self._view = view
        self._when = when

    def heading(self) -> str:
        return _("Did it leave?")

    def compose_box(self) -> ComposeResult:
        view = self._view
        told = _("The notice to {name} was on its way at {time}, and nobody heard what became of it").format(
            name=view.payer_name, time=self._when
        )
        if view.detail:
            told += f": {why_words(view.detail)}"
        lines = [
            *wrap(f"{told}.", self.WIDTH - 6),
            "",
            *wrap(
                _("Look where it should be: the sent mail, the account of the text service, or ask them."),
                self.WIDTH - 6,
            ),
        ]
        yield Panel([line(one) for one in lines], surface="bar", indent=2)

    def hint(self) -> Line:
        return keys_line(("l", _("it left")), ("s", _("it did not: send again")), ("Esc", _("decide later")))

    def action_answer(self, answer: str) -> None:
        self.dismiss(answer)
