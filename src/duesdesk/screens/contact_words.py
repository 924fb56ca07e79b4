"""Words for what happens with people: outcomes of talks, channels, states of notices, ways to pay, roles, kinds.

Tables of marked texts; `word` gives one in the language of the screen, and the code itself when it is not in the table.
"""

from __future__ import annotations

from collections.abc import Mapping

from duesdesk.i18n import _
from duesdesk.messages import N_
from duesdesk.screens.signs import sign

OUTCOMES = {
    "will_pay": N_("will pay"),
    "no_answer": N_("no answer"),
    "call_back": N_("call back"),
    "says_paid": N_("says it is paid"),
    "disputes": N_("says it is wrong"),
    "cannot_pay": N_("cannot pay now"),
    "informed": N_("was told"),
    "other": N_("something else"),
}
TALK_CHANNELS = {"desk": N_("at the desk"), "phone": N_("by phone"), "message": N_("by message")}
NOTICE_CHANNELS = {
    "email": N_("e-mail"),
    "sms": N_("text message"),
    "whatsapp": N_("WhatsApp"),
    "telegram": N_("Telegram"),
    "signal": N_("Signal"),
    "push": N_("push message"),
    "letter": N_("letter"),
    "print": N_("letter"),
    "fax": N_("fax"),
    "desk": N_("a word at the desk"),
}
REACH = {
    "": N_("can be used"),
    "not_set_up": N_("is not set up here"),
    "not_wanted": N_("is not wanted"),
    "no_address": N_("nothing is known to write to"),
    "dead": N_("came back"),
    "not_asked": N_("nobody asked yet"),
}
NOTICE_STATES = {
    "held": N_("held back"),
    "queued": N_("waits to be sent"),
    "sending": N_("is being sent"),
    "sent": N_("sent"),
    "unsure": N_("nobody knows whether it arrived"),
    "failed": N_("could not be sent"),
    "cancelled": N_("withdrawn"),
}
PROMISES = {"open": N_("promised"), "kept": N_("kept:"), "broken": N_("broken:")}
AGREED = {"plan": N_("plan"), "settlement": N_("settlement")}
AGREED_STATES = {
    "running": N_("running"),
    "late": N_("a part is late"),
    "broken": N_("broken"),
    "done": N_("paid"),
    "proposed": N_("waits for an approval"),
    "open": N_("open"),
    "kept": N_("kept"),
    "missed": N_("missed"),
    "cancelled": N_("cancelled"),
    "approved": N_("approved"),
    "unapproved": N_("no longer approved"),
    "reopened": N_("open again: money went back"),
    "restored": N_("in force again"),
}
METHODS = {
    "cash": N_("cash"),
    "card": N_("card"),
    "transfer": N_("transfer"),
    "direct_debit": N_("direct debit"),
    "link": N_("online link"),
    "voucher": N_("voucher"),
    "other": N_("other"),
}
MONEY_BACK = {
    "reversal": N_("reversed"),
    "refund": N_("given back"),
    "reversal_undone": N_("reversal undone"),
    "refund_undone": N_("refund undone"),
}
CREDITS = {"credit_note": N_("credit note"), "waiver": N_("waiver"), "write_off": N_("write-off")}
INVOICE_STATES = {
    "draft": N_("draft"),
    "paid": N_("paid"),
    "void": N_("void"),
    "written_off": N_("written off"),
}
INVOICE_KINDS = {"dues": N_("dues"), "session": N_("session"), "product": N_("product"), "fee": N_("fee")}
BOOKINGS = {
    "booked": N_("booked"),
    "attended": N_("came"),
    "no_show": N_("did not come"),
    "cancelled": N_("cancelled"),
}
MEMBERS = {"active": N_("active"), "frozen": N_("frozen"), "left": N_("has left"), "prospect": N_("not a member yet")}
ROLES = {"front_desk": N_("front desk"), "back_office": N_("back office"), "manager": N_("manager")}
MOVES = {
    "paid": N_("paid"),
    "taken_back": N_("taken back"),
    "issued": N_("issued"),
    "voided": N_("voided"),
    "restored": N_("void no longer"),
    "due_moved": N_("due date moved"),
    "disputed": N_("disputed"),
    "undisputed": N_("no longer disputed"),
    **CREDITS,
    **MONEY_BACK,
}

_CONTACT_SIGNS = {"desk": "note", "phone": "phone", "message": "mail", **dict.fromkeys(NOTICE_CHANNELS, "mail")}
_CONTACT_SIGNS["desk"] = "note"


def word(table: Mapping[str, str], code: str) -> str:
    """The word for `code` in the language of the screen."""
    return _(table[code]) if code in table else code


def channel_sign(channel: str) -> str:
    """The sign beside a contact by this channel."""
    return sign(_CONTACT_SIGNS.get(channel, "dot"))
