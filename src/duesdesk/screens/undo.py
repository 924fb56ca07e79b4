"""The key `u`: take back the last act of who works here, whole, after its name was shown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from duesdesk import i18n
from duesdesk.clock import zone
from duesdesk.domain.errors import NotFound, Refused
from duesdesk.domain.money import from_text
from duesdesk.i18n import _, ngettext
from duesdesk.messages import N_
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.text import Line, Piece, amount, line
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.undo import LastAct

if TYPE_CHECKING:
    from datetime import tzinfo

    from duesdesk.app import DuesdeskApp
    from duesdesk.bootstrap import Desk

VERBS = {
    "pay": N_("Payment {payment}"),
    "refund": N_("Refund {payment} of {reverses}"),
    "reverse": N_("Reversal {payment} of {reverses}"),
    "invoice.issue": N_("Invoice {invoice}"),
    "invoice.void": N_("Void: {invoice}"),
    "invoice.move_due": N_("Due date of {invoice}: {due_on}"),
    "dispute": N_("Dispute of {invoice}"),
    "credit_note": N_("Credit note {credit} on {invoice}"),
    "waiver": N_("Waiver {credit} on {invoice}"),
    "write_off": N_("Write-off {credit} on {invoice}"),
    "member.edit": N_("Change of {name}"),
    "setting": N_("Setting: {label}"),
    "module": N_("Module {module}"),
    "talk": N_("Talk"),
    "task": N_("Task"),
    "promise": N_("Promise for {due_on}"),
    "notice": N_("Notice"),
    "notice.many": N_("Notice to many"),
    "notice.left": N_("A notice that has left"),
    "template": N_("Text of {template}"),
    "notice.cancel": N_("Notice pulled back"),
    "checkin": N_("Check-in"),
    "membership.add": N_("Membership {plan}"),
    "membership.price": N_("Price of {plan}"),
    "membership.rename": N_("Another name: {plan}"),
    "membership.freeze": N_("Freeze of {plan}"),
    "membership.unfreeze": N_("End of the freeze of {plan}"),
    "membership.end": N_("End of {plan}"),
    "bill": N_("Dues up to {date}"),
}


def open_undo(app: DuesdeskApp, _member: str) -> None:
    """Ask whether the last act of today is taken back; say so when there is none, or it cannot be."""
    app.open_with(lambda: _read(app.desk), lambda found: _ask(app, *found))


def _read(desk: Desk) -> tuple[LastAct, str]:
    """The last act, and the name of who it was about. Raises Refused when there is none, or it cannot be undone."""
    last = desk.undo.last()
    if last is None:
        raise Refused("nothing-to-undo")
    if last.verb not in VERBS:
        raise Refused("cannot-undo", verb=last.verb)
    return last, _who(desk, last.answer)


def _ask(app: DuesdeskApp, last: LastAct, who: str) -> None:
    key = new_key()

    def answered(agreed: bool | None) -> None:
        if agreed:
            app.load(
                lambda: app.desk.undo.undo(key=key, act_id=last.id),
                lambda _answer: _taken_back(app, last),
                group="undo",
                hold_keys=True,
            )

    question = told(last, who, zone(app.desk.centre.timezone))
    app.push_screen(ConfirmModal(_("Take back?"), question, yes=_("take it back"), no=_("leave it")), answered)


def told(last: LastAct, who: str, local: tzinfo) -> list[Line]:
    """What the act was: its name, the sum, who it was about and when."""
    answer = last.answer
    first: list[Piece] = [Piece(_name(last), "white", bold=True)]
    if "amount" in answer and "currency" in answer:
        minor = from_text(str(answer["amount"]), str(answer["currency"]))
        first += [Piece("   "), amount(i18n.money(minor, str(answer["currency"])), bold=True)]
    many = answer.get("written") or answer.get("notices")
    if isinstance(many, list):
        count = ngettext("{count} notice", "{count} notices", len(many)).format(count=i18n.number(len(many)))
        first += [Piece("   "), Piece(count, "white")]
    at = i18n.time_of(last.at.astimezone(local))
    return [tuple(first), line(f"{who}   {at}" if who else at, "dim")]


def _name(last: LastAct) -> str:
    known = {name: str(value) for name, value in last.answer.items() if isinstance(value, str)}
    for name in known.keys() & {"due_on", "date"}:
        known[name] = i18n.day_year(date.fromisoformat(known[name]))
    if last.verb == "setting":
        from duesdesk.screens.settings.words import label  # imported late: start-up

        known["label"] = label(known["key"])
    return _(VERBS[last.verb]).format(**known)


def _who(desk: Desk, answer: Plain) -> str:
    number = answer.get("member")
    if not isinstance(number, str):
        return ""
    try:
        return desk.members.get(number).name
    except NotFound:
        return number


def _taken_back(app: DuesdeskApp, last: LastAct) -> None:
    app.data_changed()
    app.show_message(_("{what} was taken back.").format(what=_name(last)), "ok")
