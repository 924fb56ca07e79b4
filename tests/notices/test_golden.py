"""Whole notices stay as they were read and found good."""

from __future__ import annotations

import pytest

from tests.notices.golden import file_of, page
from tests.notices.telling import PLACES


@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_the_notices_read_as_they_did(place: tuple[str, str]) -> None:
    """A changed text changes its page: `python -m tests.notices.golden`, then read the difference."""
    assert page(place) == file_of(place).read_text(encoding="utf-8")
