"""What a setting may hold from now on: more is read, so that what was kept before still opens the program."""

from __future__ import annotations

import re

from duesdesk.domain.errors import BadInput
from duesdesk.known_settings import Setting

_PIX_KEY = re.compile(
    # CPF, CNPJ, telephone, e-mail, or the random key of the bank.
    r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}|[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2}|\+\d{11,15}"
    r"|[^\s@]{1,64}@[^\s@]{1,255}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_PIX_KEY = 77


def check(known: Setting, value: str) -> None:
    """Refuse a value that could not be used. Raises BadInput."""
    if not value:
        return
    if known.kind == "address":
        _check_address(known.key, value)
    elif known.key == "centre.pix_key" and (len(value) > _LONGEST_PIX_KEY or not _PIX_KEY.fullmatch(value)):
        raise BadInput("setting-not-a-pix-key", key=known.key, value=value)


def _check_address(key: str, value: str) -> None:
    """By the same that looks when a message is written to it, or from it: one it refuses would stop them all."""
    from duesdesk.channels.mail import checked_address  # imported late: start-up

    try:
        checked_address(value)
    except BadInput as error:
        raise BadInput("setting-not-an-address", key=key, value=value) from error
