"""Codes to scan and pay: the European one (EPC069-12) and Pix of Brazil."""

from __future__ import annotations

import binascii
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from duesdesk.domain.text import clean_text

if TYPE_CHECKING:
    import segno

LONGEST_NAME, LONGEST_REFERENCE = 70, 140
_PIX_NAME, _PIX_CITY, _PIX_ID = 25, 15, 25
_NOT_IN_AN_ID = re.compile("[^A-Za-z0-9]")


def epc(name: str, iban: str, amount: str, reference: str) -> segno.QRCode:
    """The code of a transfer in euro. `amount` is a decimal text with two places, above zero."""
    from segno import helpers  # imported late: start-up

    return helpers.make_epc_qr(
        name=clean_text(name, max_length=LONGEST_NAME),
        iban=iban,
        amount=Decimal(amount),
        text=clean_text(reference, max_length=LONGEST_REFERENCE),
    )


def pix(name: str, key: str, city: str, amount: str, reference: str) -> segno.QRCode:
    """The code of a payment by Pix. `amount` is a decimal text with two places, above zero."""
    import segno  # imported late: start-up

    return segno.make_qr(pix_text(name, key, city, amount, reference), error="M")


def pix_text(name: str, key: str, city: str, amount: str = "", reference: str = "") -> str:
    """What a Pix code says ("BR Code", EMV): it may also be copied and pasted. Without an amount the payer types it."""
    account = _field(0, "br.gov.bcb.pix") + _field(1, clean_text(key, max_length=77))
    parts = [
        _field(0, "01"),
        _field(26, account),
        _field(52, "0000"),
        _field(53, "986"),
        _field(54, amount) if amount else "",
        _field(58, "BR"),
        _field(59, _plain(name, _PIX_NAME)),
        _field(60, _plain(city, _PIX_CITY)),
        _field(62, _field(5, _NOT_IN_AN_ID.sub("", reference)[:_PIX_ID] or "***")),
        "6304",
    ]
    text = "".join(parts)
    return f"{text}{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def _field(number: int, value: str) -> str:
    return f"{number:02}{len(value):02}{value}"


def _plain(text: str, longest: int) -> str:
    """Letters every bank's reader knows."""
    from anyascii import anyascii  # imported late: start-up

    return " ".join(anyascii(clean_text(text)).split())[:longest].strip() or "-"
