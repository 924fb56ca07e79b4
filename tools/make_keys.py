"""Writes docs/keys.md from the one table of keys: `python -m tools.make_keys`."""

from __future__ import annotations

from pathlib import Path

from duesdesk.screens.keys import page

PAGE = Path(__file__).parents[1] / "docs" / "keys.md"

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
