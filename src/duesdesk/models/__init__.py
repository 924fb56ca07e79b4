"""Tables, one file per noun: columns, keys and CHECKs. No method here decides anything.

Importing this package registers every table on `SQLModel.metadata`; migrations and the ORM need that, the
terminal and the reports do not (they read through `store.database.Tx`).
"""

from __future__ import annotations

from duesdesk.models import (
    acts,
    agreements,
    bookings,
    centre,
    collection,
    contacts,
    credits,
    invoices,
    members,
    memberships,
    payments,
    projections,
)
from duesdesk.models.centre import Staff
from duesdesk.models.members import Member

# Rows of these tables are inserted and never changed or deleted; triggers on both engines refuse it.
APPEND_ONLY = (
    "act",
    "agreement",
    "agreement_event",
    "agreement_invoice",
    "agreement_part",
    "allocation",
    "audit_entry",
    "credit",
    "invoice",
    "invoice_event",
    "invoice_line",
    "member_note",
    "membership_charge",
    "notice_event",
    "payment",
    "rule_version",
    "step_taken",
    "template_text",
)

__all__ = [
    "APPEND_ONLY",
    "Member",
    "Staff",
    "acts",
    "agreements",
    "bookings",
    "centre",
    "collection",
    "contacts",
    "credits",
    "invoices",
    "members",
    "memberships",
    "payments",
    "projections",
]
