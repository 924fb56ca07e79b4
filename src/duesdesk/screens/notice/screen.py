"""The key `n`: a notice to the selected person, whoever is marked. `N`: to those marked, or to many by a filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from duesdesk.domain.errors import BadInput
from duesdesk.i18n import _
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.notice.many import NoticeToManyModal
from duesdesk.screens.notice.one import NoticeModal
from duesdesk.screens.widgets.choice import Option
from duesdesk.services.mass_notices import Chosen

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

UNPAID, GROUP = "unpaid", "group"
MOST_DAYS = 99_999
NO_GROUP = "group-not-named"


def open_notice(app: DuesdeskApp, member: str) -> None:
    """Open the dialog for `member`, who is under the cursor; marks are for `N`."""
    if member:
        app.push_screen(NoticeModal(member))


def open_notice_to_many(app: DuesdeskApp, _member: str) -> None:
    """To those marked; without marks to everybody in the list of the screen; where there is none, ask who is meant."""
    marked = _marked(app)
    listed: Callable[[], list[str]] | None = getattr(app.desk_screen(), "listed_members", lambda: None)()
    if marked:
        app.push_screen(NoticeToManyModal(marked))
    elif listed is not None:
        app.open_with(listed, lambda members: _open_for(app, members))
    else:
        app.open_with(app.desk.dashboard.groups, lambda groups: _ask(app, groups))


def _open_for(app: DuesdeskApp, members: list[str]) -> None:
    if members:
        app.push_screen(NoticeToManyModal(members))
    else:
        app.show_message(_("Nobody is in this list."), "warn")


def _marked(app: DuesdeskApp) -> list[str]:
    return [str(number) for number in getattr(app.desk_screen(), "marked_members", list)()]


def _ask(app: DuesdeskApp, groups: list[str]) -> None:
    fields = [
        FormField(
            "who",
            _("Who"),
            "choice",
            default=UNPAID,
            options=(
                Option(UNPAID, _("whoever is overdue"), "o"),
                Option(GROUP, _("a group"), "g"),
            ),
        ),
        FormField("min_days", _("Days late, from"), default="1", max_length=5, validate=_days),
        FormField("group", _("Group"), hint=", ".join(groups[:4]), max_length=60, codes=(NO_GROUP,)),
    ]

    def answered(values: dict[str, object] | None) -> None:
        if values is not None:
            app.push_screen(NoticeToManyModal(chosen=_chosen(values)))

    form = FormModal(_("Notice to many: who?"), fields, save=_chosen, save_word=_("see who gets it"))
    app.push_screen(form, answered)


def _chosen(values: dict[str, object]) -> Chosen:
    """Who is meant. Raises BadInput without the name of the group."""
    group = str(values["group"]).strip()
    days = values["min_days"] if isinstance(values["min_days"], int) else 0
    chosen = Chosen(unpaid=values["who"] == UNPAID, group=group, min_days=days)
    if not chosen.unpaid and not group:
        raise BadInput(NO_GROUP)
    return chosen


def _days(typed: object) -> object:
    text = str(typed).strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_DAYS:
        raise BadInput("days-unreadable", value=text)
    return int(text)
