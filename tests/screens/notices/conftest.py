"""What the tests of the outbox share: three people who were written to."""

from __future__ import annotations

from tests.screens.test_notices import _amounts_are_shown, written

__all__ = ["_amounts_are_shown", "written"]
