"""Why something is or is not done about a debt: as JSON, and as lines for people."""

from __future__ import annotations

from duesdesk.clock import utc_text
from duesdesk.i18n import _, day_year, money
from duesdesk.reports.shape import decimal_text
from duesdesk.services.acts import Plain
from duesdesk.services.collection import why
from duesdesk.services.collection.explain import AccountExplained, Explained, InvoiceExplained


def document(found: Explained) -> Plain:
    """The document of `rule explain`."""
    return {
        "member": found.member,
        "payer": found.payer,
        "name": found.payer_name,
        "next": found.next.as_json() if found.next is not None else None,
        "waiting": [
            {"notice": one.notice, "step": one.step, "leaves_at": utc_text(one.leaves_at)} for one in found.waiting
        ],
        "accounts": [_account(one) for one in found.accounts],
    }


def _account(account: AccountExplained) -> Plain:
    told = decimal_text(account.currency)
    return {
        "currency": account.currency,
        "next": account.next.as_json() if account.next is not None else None,
        "invoices": [
            {
                "invoice": one.invoice,
                "open": told(one.open_minor),
                "due_on": one.due_on.isoformat() if one.due_on else None,
                "rule": one.rule,
                "had": [
                    {
                        "step": had.step,
                        "on": had.on.isoformat(),
                        "done_on": had.done_on.isoformat() if had.done_on else None,
                    }
                    for had in one.had
                ],
                "held_by": [held.as_json() for held in one.held_by],
            }
            for one in account.invoices
        ],
    }


def lines(found: Explained) -> list[str]:
    """The same for people."""
    told = [f"{found.payer}  {found.payer_name}"]
    if not found.accounts:
        return [*told, _("Nothing is open: the rule has nothing to do.")]
    waits = _("Notice {notice} ({step}) waits to leave.")
    told += [waits.format(notice=one.notice, step=why.step_words(one.step)) for one in found.waiting]
    for account in found.accounts:
        told.append(why.sentence(account))
        told += [line for invoice in account.invoices for line in _invoice(account, invoice)]
    return told


def _invoice(account: AccountExplained, invoice: InvoiceExplained) -> list[str]:
    due = day_year(invoice.due_on) if invoice.due_on else "–"
    told = [
        _("  {invoice}: {amount}, due {day}, rule “{rule}”.").format(
            invoice=invoice.invoice, amount=money(invoice.open_minor, account.currency), day=due, rule=invoice.rule
        )
    ]
    told += [f"    {day_year(had.on)}  {why.step_words(had.step)}" for had in invoice.had]
    if invoice.held_by:
        told.append(f"    {why.held(invoice.held_by)}")
    return told
