"""The key `f`: who of a list is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from duesdesk.domain.errors import BadInput
from duesdesk.i18n import _
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.widgets.choice import Option
from duesdesk.services.debtors import Filter

MOST_DAYS = 99_999
EVERYBODY, WITH, WITHOUT = "all", "with", "without"


class FilterModal(FormModal):
    """Days late, words, group, e-mail; the result is a dict as of every form, read by `chosen`."""

    def __init__(self, before: Filter, groups: Sequence[str]) -> None:
        shown = ", ".join(groups[:4])
        fields = [
            FormField(
                "days_from", _("Days late, from"), default=_number(before.days_from), max_length=5, validate=_days
            ),
            FormField("days_to", _("to"), default=_number(before.days_to), max_length=5, validate=_days),
            FormField("text", _("Name or number"), default=before.text, max_length=60),
            FormField("group", _("Group"), default=before.group, hint=shown, max_length=60),
            FormField(
                "email",
                _("E-mail"),
                "choice",
                default=EVERYBODY if before.email is None else WITH if before.email else WITHOUT,
                options=(
                    Option(EVERYBODY, _("all"), "a"),
                    Option(WITH, _("with"), "w"),
                    Option(WITHOUT, _("without"), "o"),
                ),
            ),
        ]
        super().__init__(_("Who to list"), fields, save_word=_("list them"))


def chosen(values: dict[str, object]) -> Filter:
    """The filter that the form was filled in with."""
    email = {WITH: True, WITHOUT: False}.get(str(values["email"]))
    days_from, days_to = values["days_from"], values["days_to"]
    return Filter(
        days_from if isinstance(days_from, int) else None,
        days_to if isinstance(days_to, int) else None,
        str(values["text"]),
        str(values["group"]),
        email,
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _days(typed: object) -> object:
    text = str(typed).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_DAYS:
        raise BadInput("days-unreadable", value=text)
    return int(text)
