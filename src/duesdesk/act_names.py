"""What acts are called where they are taken back: on the screen and by `undo`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from duesdesk.i18n import _, day_year
from duesdesk.messages import N_

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
    "plan": N_("Plan of instalments"),
    "settle": N_("Settlement"),
    "settle.approve": N_("Approval of a settlement"),
    "agreement.cancel": N_("End of an agreement"),
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
    "rule.use": N_("Rule “{name}”"),
    "hold": N_("Left out of the rule"),
    "flag": N_("Mark: {kind}"),
    "snooze": N_("No contact up to {until}"),
    "unhold": N_("Lifted: {lifted}"),
    "consent": N_("Whether it is wanted: {channel}"),
}
"""What each act is called that can be taken back: those of `services.undo` (a test compares)."""


def named(verb: str, answer: Mapping[str, object]) -> str:
    """The act in plain words, with the numbers and days of its answer; the verb itself for one without a name."""
    name = VERBS.get(verb)
    if name is None:
        return verb
    known = {key: str(value) for key, value in answer.items() if isinstance(value, str)}
    for key in known.keys() & {"due_on", "date", "until"}:
        known[key] = day_year(date.fromisoformat(known[key]))
    try:
        return _(name).format(**known)
    except KeyError:
        # What a screen puts into words of its own (a mark, a setting) is named by its number here.
        return verb
