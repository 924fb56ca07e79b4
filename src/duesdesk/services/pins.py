"""PINs of staff: kept so that neither the store nor a copy of it tells them, and slow to guess."""

from __future__ import annotations

import hmac
import os
import re
from hashlib import scrypt

from duesdesk.domain.errors import BadInput

LEAST_DIGITS, MOST_DIGITS = 4, 12
_COST, _BLOCK, _LANES = 2**14, 8, 1


def check(pin: str) -> str:
    """The PIN without blanks around it. Raises BadInput unless it is 4 to 12 digits."""
    digits = pin.strip()
    if not re.fullmatch(rf"\d{{{LEAST_DIGITS},{MOST_DIGITS}}}", digits, re.ASCII):
        raise BadInput("pin-unreadable", least=LEAST_DIGITS, most=MOST_DIGITS)
    return digits


def hashed(pin: str, salt: bytes | None = None) -> str:
    """What is kept of a PIN: 'scrypt$salt$hash', both in hexadecimal."""
    salt = os.urandom(16) if salt is None else salt
    return f"scrypt${salt.hex()}${scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES).hex()}"


def fits(pin: str, kept: str) -> bool:
    """Whether `pin` is the one of which `kept` was made."""
    _kind, salt, _hash = kept.split("$")
    return hmac.compare_digest(hashed(pin.strip(), bytes.fromhex(salt)), kept)
