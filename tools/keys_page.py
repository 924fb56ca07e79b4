"""Writes docs/keys.md from the table of keys: `python -m tools.keys_page`. A test holds the page equal to the table."""

from __future__ import annotations

import sys
from pathlib import Path

from duesdesk.screens.keys import EVERYWHERE, KEYS, all_shown

PAGE = Path(__file__).parent.parent / "docs" / "keys.md"
_PLACES = (
    (EVERYWHERE, "Everywhere"),
    ("dashboard", "Dashboard"),
    ("crm_daily", "CRM Daily"),
    ("member_file", "Member File"),
    ("settings", "Settings"),
)
_HEAD = """# Keys

Made from the table in `src/duesdesk/screens/keys.py` by `python -m tools.keys_page`; F1 in the program shows the same.
Letters act on the selected person. A key that cannot act now is dimmed.
"""
_LISTS = """
## In every list

| key | what it does |
|---|---|
| ↑ ↓ `j` `k` | one row up or down |
| PgUp PgDn | one page |
| Home End | the first row, the last row |

## In every dialog

| key | what it does |
|---|---|
| Enter | the next field; in the last one, what the last line of the dialog says |
| Ctrl+S | save, from any field |
| Tab ↑ ↓ | from field to field |
| Esc | back; asks first when something typed would be lost |

A card or barcode reader works on every screen and in every dialog: it opens the member, and on CRM Daily checks in.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for place, title in _PLACES:
        rows = [f"| {all_shown(spec)} | {spec.help} |" for spec in KEYS if place in spec.screens]
        if rows:
            parts.append("\n".join((f"\n## {title}\n", "| key | what it does |", "|---|---|", *rows, "")))
    return "".join(parts) + _LISTS


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
