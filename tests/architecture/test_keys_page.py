"""docs/keys.md says what the keys do, no more and no less."""

from __future__ import annotations

from tools import keys_page


def test_the_page_of_keys_is_the_table_of_keys() -> None:
    assert keys_page.PAGE.read_text(encoding="utf-8") == keys_page.page(), "run: python -m tools.keys_page"


def test_every_place_of_the_table_stands_on_the_page() -> None:
    named = {place for spec in keys_page.KEYS for place in spec.screens}
    assert named <= {place for place, _title in keys_page._PLACES}  # what the page does not know it leaves out
