"""Names of columns and words for codes, as tables and sheets show them. Files and JSON carry the keys."""

from __future__ import annotations

from typing import Any

from duesdesk.domain.text import clean_text
from duesdesk.i18n import _, amount, day_year, number
from duesdesk.messages import N_

LABELS: dict[str, str] = {
    "activity": N_("Activity"),
    "actor": N_("By"),
    "address": N_("Address"),
    "amount": N_("Amount"),
    "balance": N_("Balance"),
    "billed": N_("Billed"),
    "channel": N_("Channel"),
    "checked_in": N_("In"),
    "closing": N_("Closing balance"),
    "created_at": N_("Written"),
    "credit": N_("Credit on account"),
    "credited": N_("Credited"),
    "currency": N_("Currency"),
    "current": N_("Current"),
    "date": N_("Day"),
    "days": N_("Days"),
    "days_average": N_("Days on average"),
    "days_longest": N_("Days at most"),
    "days_overdue": N_("Days overdue"),
    "debtors": N_("Debtors"),
    "default": N_("Usually"),
    "description": N_("Description"),
    "detail": N_("Detail"),
    "disputed": N_("Disputed"),
    "dso": N_("Days of billing open"),
    "due_on": N_("Due"),
    "due_today": N_("Due today"),
    "email": N_("E-mail"),
    "ends_on": N_("Ends"),
    "every": N_("Every"),
    "help": N_("What it is"),
    "how": N_("How it was said"),
    "invoice": N_("Invoice"),
    "invoices": N_("Invoices"),
    "issued_on": N_("Issued"),
    "key": N_("Setting"),
    "kind": N_("Kind"),
    "late": N_("Late"),
    "member": N_("Member"),
    "members": N_("Members"),
    "method": N_("Method"),
    "mode": N_("Mode"),
    "name": N_("Name"),
    "next": N_("Next step"),
    "next_on": N_("Next charge"),
    "notice": N_("Notice"),
    "oldest_due": N_("Oldest due"),
    "open": N_("Open"),
    "open_invoices": N_("Open invoices"),
    "open_members": N_("Members with something open"),
    "open_undisputed": N_("Open, undisputed"),
    "opening": N_("Opening balance"),
    "overdue": N_("Overdue"),
    "owner": N_("Whose"),
    "paid": N_("Paid"),
    "partial": N_("Partially paid"),
    "payments": N_("Payments"),
    "period": N_("Period"),
    "period_from": N_("From"),
    "period_to": N_("To"),
    "phone": N_("Phone"),
    "plan": N_("Plan"),
    "price": N_("Price"),
    "reason": N_("Reason"),
    "received": N_("Received"),
    "reference": N_("Number"),
    "returned": N_("Given back"),
    "section": N_("Section"),
    "starts_on": N_("Since"),
    "since": N_("Since"),
    "status": N_("State"),
    "subject": N_("Subject"),
    "task": N_("Task"),
    "text": N_("Text"),
    "time": N_("Time"),
    "total": N_("Total"),
    "unpaid": N_("Unpaid"),
    "unpaid_invoices": N_("Unpaid invoices"),
    "unpaid_undisputed": N_("Unpaid, undisputed"),
    "until": N_("Until"),
    "value": N_("Value"),
    "wanted": N_("Said"),
    "why": N_("It"),
    "window": N_("Days looked at"),
}

WORDS: dict[str, str] = {
    "active": N_("active"),
    "ahead": N_("to begin"),
    "all": N_("all"),
    "attended": N_("attended"),
    "back_office": N_("back office"),
    "booked": N_("booked"),
    "broken": N_("broken"),
    "call": N_("call"),
    "call_back": N_("call back"),
    "cancelled": N_("cancelled"),
    "cannot_pay": N_("cannot pay now"),
    "can_be_used": N_("can be used"),
    "card": N_("card"),
    "claim": N_("they say it is paid"),
    "complaint": N_("complaint"),
    "cash": N_("cash"),
    "credit_note": N_("credit note"),
    "deceased": N_("deceased"),
    "done": N_("done"),
    "daily": N_("daily"),
    "dead": N_("came back"),
    "desk": N_("a word at the desk"),
    "direct_debit": N_("direct debit"),
    "disputes": N_("says it is wrong"),
    "draft": N_("draft"),
    "email": N_("e-mail"),
    "ended": N_("ended"),
    "excluded": N_("left out"),
    "expected": N_("not yet in"),
    "failed": N_("failed"),
    "fax": N_("fax"),
    "front_desk": N_("front desk"),
    "frozen": N_("frozen"),
    "handover": N_("proposal to hand over"),
    "hardship": N_("hardship"),
    "held": N_("held"),
    "informed": N_("was told"),
    "insolvency": N_("insolvency"),
    "invoice": N_("invoice"),
    "kept": N_("kept"),
    "left": N_("has left"),
    "letter": N_("letter"),
    "link": N_("online link"),
    "manager": N_("manager"),
    "month": N_("month"),
    "minor": N_("a minor"),
    "monthly": N_("monthly"),
    "no_address": N_("nothing is known to write to"),
    "no_answer": N_("no answer"),
    "no_show": N_("not come"),
    "not_asked": N_("nobody asked yet"),
    "not_set_up": N_("is not set up here"),
    "not_wanted": N_("is not wanted"),
    "notice": N_("notice"),
    "open": N_("still open"),
    "other": N_("other"),
    "paid": N_("paid"),
    "partial": N_("partially paid"),
    "partially_paid": N_("partially paid"),
    "promise": N_("promise"),
    "promises": N_("promises"),
    "prospect": N_("not a member yet"),
    "push": N_("push message"),
    "queued": N_("queued"),
    "receipt": N_("payment"),
    "refund": N_("refund"),
    "refund_undone": N_("refund undone"),
    "restored": N_("void no longer"),
    "reversal": N_("reversal"),
    "reversal_undone": N_("reversal undone"),
    "running": N_("running"),
    "says_paid": N_("says it is paid"),
    "sending": N_("being sent"),
    "sent": N_("sent"),
    "signal": N_("Signal"),
    "sms": N_("text message"),
    "snooze": N_("snoozed"),
    "suspend": N_("proposal to suspend"),
    "talk": N_("conversation"),
    "telegram": N_("Telegram"),
    "transfer": N_("transfer"),
    "trial": N_("trial"),
    "unpaid": N_("unpaid"),
    "unreachable": N_("cannot be reached"),
    "unsure": N_("unsure"),
    "void": N_("void"),
    "voucher": N_("voucher"),
    "vulnerable": N_("vulnerable"),
    "waiver": N_("waiver"),
    "week": N_("week"),
    "weekly": N_("weekly"),
    "whatsapp": N_("WhatsApp"),
    "will_pay": N_("will pay"),
    "write_off": N_("write-off"),
    "written_off": N_("written off"),
    "year": N_("year"),
}


def label(key: str) -> str:
    """The name of a column in the language of the screen; a key without one (an ageing bucket) names itself."""
    known = LABELS.get(key)
    return _(known) if known else key


def in_words(code: str) -> str:
    """A code of ours as a word."""
    known = WORDS.get(code)
    return _(known) if known else clean_text(code)


def shown(kind: str, value: Any, currency: str) -> str:  # noqa: ANN401  # any value of a report
    """A value of a report as people read it."""
    if value is None:
        return "–"
    if kind == "money":
        return amount(value, currency)
    if kind == "day":
        return day_year(value)
    if kind == "number":
        return number(value)
    if kind == "flag":
        return _("yes") if value else ""
    if kind == "word":
        return in_words(value)
    return clean_text(str(value))
