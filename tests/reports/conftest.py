from __future__ import annotations

from collections.abc import Callable

import pytest

from duesdesk.bootstrap import Desk
from tests.reports.book import Book


@pytest.fixture
def book(at: Callable[..., Desk]) -> Book:
    """An empty book with three members; Kid is paid for by Ana."""
    made = Book(at)
    made.member("ANA", "Ana Ruiz")
    made.member("BEN", "Ben Ock")
    made.member("KID", "Kid Ruiz", payer="ANA")
    return made
