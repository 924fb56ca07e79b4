"""Which screens and acts there are, and where they live: one line each. They are imported when first used.

A place is a screen with a function key, named in the top bar. An act is a function `(app, member_number)` that a key
of the table (`keys.py`, action `act('pay')`) calls; it opens a dialog. "find" gets what was typed, or "", instead of a
member.

Example (adding one):
    PLACES += Place("till", "F8", N_("Till"), N_("Till"), "duesdesk.screens.till.screen:TillScreen")
    ACTS["promise"] = "duesdesk.screens.promise:open_promise"
    def open_promise(app: DuesdeskApp, member: str) -> None: app.push_screen(PromiseModal(member))
    load_named("duesdesk.screens.find.screen:open_find")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from duesdesk.messages import N_


class PlaceSpec(NamedTuple):
    """A screen of its own: id, key as shown, word, short word for 80 columns, and "module:Class"."""

    id: str
    shown: str
    label: str
    short: str
    where: str


PLACES: tuple[PlaceSpec, ...] = (
    PlaceSpec("dashboard", "F3", N_("Dashboard"), N_("Dash"), "duesdesk.screens.dashboard.screen:DashboardScreen"),
    PlaceSpec("crm_daily", "F4", N_("CRM Daily"), N_("CRM"), "duesdesk.screens.crm_daily.screen:CrmDailyScreen"),
    PlaceSpec("notices", "F5", N_("Notices"), N_("Notices"), "duesdesk.screens.notices.screen:NoticesScreen"),
    PlaceSpec("rule", "F6", N_("Rule"), N_("Rule"), "duesdesk.screens.rule.screen:RuleScreen"),
    PlaceSpec("settings", "F10", N_("Settings"), N_("Set"), "duesdesk.screens.settings.screen:SettingsScreen"),
)

ACTS: dict[str, str] = {
    "find": "duesdesk.screens.find.screen:open_find",
    "member": "duesdesk.screens.member_file.screen:open_member_file",
    "pay": "duesdesk.screens.pay.screen:open_pay",
    "notice": "duesdesk.screens.notice.screen:open_notice",
    "notice_many": "duesdesk.screens.notice.screen:open_notice_to_many",
    "talk": "duesdesk.screens.talk.screen:open_talk",
    "promise": "duesdesk.screens.talk.promise:open_promise",
    "undo": "duesdesk.screens.undo:open_undo",
    "texts": "duesdesk.screens.texts.screen:open_texts",
    "add": "duesdesk.screens.add.screen:open_add",
}


def load_named(where: str) -> Any:  # noqa: ANN401  # a class or a function, as the tables say
    """What "module:name" names, imported now."""
    module, _colon, name = where.partition(":")
    return getattr(import_module(module), name)
