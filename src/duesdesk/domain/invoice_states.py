"""What an invoice is, read from its figures: draft, unpaid, partially_paid, paid, void or written_off."""

from __future__ import annotations

DRAFT, UNPAID, PARTIALLY_PAID, PAID, VOID, WRITTEN_OFF = (
    "draft",
    "unpaid",
    "partially_paid",
    "paid",
    "void",
    "written_off",
)


def state(
    total_minor: int, paid_minor: int, credited_minor: int, *, written_off_minor: int, voided: bool, draft: bool
) -> str:
    """The state by the amounts paid and credited (of which `written_off_minor` was written off).

    Part paid is what money was received on; a credit note alone leaves the rest unpaid.
    """
    if voided:
        return VOID
    if draft:
        return DRAFT
    if total_minor - paid_minor - credited_minor > 0:
        return PARTIALLY_PAID if paid_minor > 0 else UNPAID
    return WRITTEN_OFF if written_off_minor > 0 else PAID
