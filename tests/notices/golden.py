"""Whole notices as they leave, one page for each place; `python -m tests.notices.golden` writes them anew."""

from __future__ import annotations

from pathlib import Path

from tests.notices.telling import PLACES, house, told

FOLDER = Path(__file__).with_name("golden")
SHOWN = (
    ("overdue", "friendly", "email"),
    ("overdue", "firm", "email"),
    ("formal_letter", "neutral", "letter"),
    ("payment_received", "neutral", "email"),
    ("overdue", "neutral", "sms"),
)


def page(place: tuple[str, str]) -> str:
    """Some notices of one place, as they leave."""
    parts = []
    at = house(place[1], opt_out=place[1] == "GB", pix_key="pix@aurora.example" if place[1] == "BR" else "")
    for name, tone, channel in SHOWN:
        text = told(name, tone, place, channel=channel, at=at)
        parts.append(f"===== {name}, {tone}, {channel}\n{text.subject}\n\n{text.body}\n")
    # Blanks that do not break are shown as such: nobody sees them otherwise.
    return "\n".join(parts).replace("\xa0", "~").replace("\u202f", "~")


def file_of(place: tuple[str, str]) -> Path:
    """Where the page of a place lies."""
    return FOLDER / f"{'-'.join(place)}.txt"


if __name__ == "__main__":
    for one in PLACES:
        file_of(one).write_text(page(one), encoding="utf-8")
