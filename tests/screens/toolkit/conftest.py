"""The small app of these tests has places of its own; the program's come back after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from duesdesk.screens import registry, text


@pytest.fixture(autouse=True)
def _the_places_come_back() -> Iterator[None]:
    places, acts = registry.PLACES, dict(registry.ACTS)
    yield
    registry.PLACES = places
    registry.ACTS.clear()
    registry.ACTS.update(acts)
    text.show_amounts(True)
