"""The key `n`: a notice to the selected person, or to all who are marked in the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duesdesk.screens.notice.many import NoticeToManyModal
from duesdesk.screens.notice.one import NoticeModal

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp


def open_notice(app: DuesdeskApp, member: str) -> None:
    """Open the dialog for `member`, or for the marked people of the screen when there are several."""
    screen = app.desk_screen()
    marked = [str(number) for number in getattr(screen, "marked_members", list)()]
    if len(marked) > 1:
        app.push_screen(NoticeToManyModal(marked))
    elif member or marked:
        app.push_screen(NoticeModal(marked[0] if marked else member))
