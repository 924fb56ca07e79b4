"""The channels of a member: by which they can be reached and why not by others, and a form for a yes or a stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from duesdesk.i18n import _
from duesdesk.screens.contact_words import NOTICE_CHANNELS, REACH, word
from duesdesk.screens.member_file.acts import show_form
from duesdesk.screens.modals.form import FormField
from duesdesk.screens.text import Line, Piece, join, pad
from duesdesk.screens.widgets.choice import Option
from duesdesk.services.acts import Plain, new_key

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp
    from duesdesk.services.reach import ChannelView

_LETTERS = {
    "email": "e", "sms": "t", "whatsapp": "w", "telegram": "g", "signal": "s", "push": "p", "letter": "l", "fax": "f",
    "desk": "d",
}  # fmt: skip
NAME_WIDTH, WHY_WIDTH, HOW_WIDTH = 20, 28, 60
_YES, _NO, _UNKNOWN = "yes", "no", "unknown"


def open_reach(app: DuesdeskApp, number: str, name: str, found: Sequence[ChannelView]) -> None:
    """Show the channels, and keep what is said in the form below them."""
    desk, key = app.desk, new_key()
    # What is not set up here and was never spoken of would only make the line longer.
    worth = [one for one in found if one.channel != "desk" and (one.why != "not_set_up" or one.wanted is not None)]
    offered = worth or found[:1]
    options = tuple(Option(one.channel, word(NOTICE_CHANNELS, one.channel), _LETTERS[one.channel]) for one in offered)
    answers = (
        Option(_NO, _("wants nothing this way"), "n"),
        Option(_YES, _("agrees"), "y"),
        Option(_UNKNOWN, _("nothing is known"), "u"),
    )
    fields = [
        FormField("channel", _("Channel"), "choice", default=offered[0].channel, options=options),
        FormField("wanted", _("They said"), "choice", default=_NO, options=answers),
        FormField("how", _("How"), max_length=HOW_WIDTH, hint=_("a form, a word at the desk, an answer"),
                  codes=("consent-how-missing", "card-number-refused")),
        FormField("address", _("Goes to"), max_length=100, hint=_("empty: the phone, e-mail or address in the file"),
                  codes=("mail-address-invalid", "phone-not-international", "handle-unreadable")),
    ]  # fmt: skip

    def save(values: dict[str, object]) -> Plain:
        address = str(values["address"]) or None
        wanted = {_YES: True, _NO: False}.get(str(values["wanted"]))
        return desk.reaching.consent(
            number, str(values["channel"]), wanted=wanted, how=str(values["how"]), address=address, key=key
        )

    def told(answer: Plain) -> str:
        return f"{word(NOTICE_CHANNELS, answer['channel'])}: {word(REACH, answer['why'])}"

    show_form(app, _("Channels · {name}").format(name=name), fields, save, told, [_line(one) for one in found])


def _line(one: ChannelView) -> Line:
    tone = "text" if not one.why else "warn" if one.why in ("dead", "not_wanted") else "dim"
    return join(
        Piece(pad(word(NOTICE_CHANNELS, one.channel), NAME_WIDTH), "text" if not one.why else "dim"),
        Piece(pad(word(REACH, one.why), WHY_WIDTH), tone),
        Piece(one.how, "faint"),
    )
