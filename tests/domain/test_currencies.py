"""A currency is one that CLDR knows."""

from __future__ import annotations

import pytest
from babel import Locale

from duesdesk.domain import currencies
from duesdesk.domain.errors import BadInput

NO_MONEY = {"XTS", "XXX"}


def test_the_list_is_that_of_cldr() -> None:
    assert {code for code in Locale("en").currencies if code not in NO_MONEY} == currencies.CODES


@pytest.mark.parametrize("code", ["ZZZ", "ERU", "XXX", "eur", "", "EUR "])
def test_a_typing_error_is_no_currency(code: str) -> None:
    with pytest.raises(BadInput):
        currencies.check(code)
