"""What CRM Daily shows while it is switched off: what it does, and how to switch it on."""

from __future__ import annotations

from textual.widget import Widget

from duesdesk.domain.roles import MAY
from duesdesk.i18n import _, listing
from duesdesk.messages import N_
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.contact_words import ROLES, word
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, join, line, wrap
from duesdesk.screens.widgets.footer import FooterKey
from duesdesk.services.acts import Plain, new_key

MODULE = "crm"
_WIDEST = 76
_DOES = (
    N_("who comes, in order of time, and who of them owes"),
    N_("a quiet sign before somebody with a debt stands at the counter"),
    N_("what is open, what was said last, and a sentence to begin with"),
    N_("check-in by Space, or by the card from any screen"),
    N_("past days and days to come, weeks and months with their sums"),
)


def activate(screen: DeskScreen, then: Widget) -> None:
    """Switch it on; `then` gets the keyboard."""
    key = new_key()

    def activated(_answer: Plain) -> None:
        screen.app.show_message(_("CRM Daily is switched on."), "ok")
        screen.app.data_changed()
        then.focus()

    switch = screen.desk.modules.switch
    screen.load(lambda: switch(MODULE, active=True, key=key), activated, group="activate", hold_keys=True)


def inactive_keys(*, may: bool) -> list[FooterKey]:
    """The footer of the page; `may`: who is here may switch it on."""
    return [
        FooterKey("Enter", _("activate"), may, "open"),
        FooterKey("F3", _("Dashboard"), enabled=True, action="goto('dashboard')"),
        FooterKey("?", _("all keys"), enabled=True, action="help"),
    ]


def inactive_lines(room: int, role: str) -> list[Line]:
    """The page, for somebody with this role, in lines of at most `room` cells."""
    room = min(room, _WIDEST)
    intro = _("CRM Daily is switched off. It is the page for reception, and it shows:")
    lines: list[Line] = [line(_("CRM Daily"), "white", bold=True), (), *(line(one) for one in wrap(intro, room)), ()]
    for does in _DOES:
        first, *rest = wrap(_(does), room - 4)
        lines.append(join(Piece(f"  {sign('dot')} ", "accent"), Piece(first)))
        lines += [join(Piece("    "), Piece(one)) for one in rest]
    needs = _("It lives from bookings: duesdesk import bookings FILE brings them in.")
    lines += [(), *(line(one, "dim") for one in wrap(needs, room)), ()]
    if role in MAY["module"]:
        lines.append(join(Piece("Enter", "accent", bold=True), Piece("  " + _("switches it on"))))
    else:
        who = listing([word(ROLES, one) for one in ROLES if one in MAY["module"]])
        told = _("Somebody with the role {role} can switch it on; yours is {own}.").format(
            role=who, own=word(ROLES, role)
        )
        lines += [line(one, "warn") for one in wrap(told, room)]
    return lines
