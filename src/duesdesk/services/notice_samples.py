"""Facts to try a template on before it is saved: a usual notice, a bare one, and the longest there may be."""

from __future__ import annotations

from datetime import date, timedelta

from duesdesk.services.notice_values import Agreed, Facts, ItemFact, PaymentFact, SettledFact

DAY = date(2026, 11, 22)
_DUES = ItemFact("INV-00012", "Dues", "", "EUR", 7150, 2000, 5150, DAY - timedelta(days=69))
_NEXT = ItemFact("INV-00019", "Pilates", "Leo Ruiz", "EUR", 4500, 0, 4000, DAY + timedelta(days=3))
_PAYMENT = PaymentFact("P-00007", "EUR", 5000, DAY, (SettledFact("INV-00008", "Dues", 5000),))
USUAL = Facts(
    "Ana Ruiz", "M00001", (_DUES, _NEXT), {"EUR": 1000}, _PAYMENT, Agreed("EUR", 5150, DAY), Agreed("EUR", 2000, DAY)
)
BARE = Facts("Ana Ruiz", "M00001", ())
LARGE = USUAL._replace(
    name="N" * 120,
    items=tuple(
        _DUES._replace(
            number=f"INVOICE-2026-{n:08}",
            description="D" * 60,
            member="M" * 60,
            total_minor=123_456_789,
            open_minor=123_436_789,
            due_on=DAY - timedelta(days=n - 30),
        )
        for n in range(60)
    ),
)
SAMPLES = (USUAL, BARE, LARGE)
