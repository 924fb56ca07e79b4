"""Takes the README's picture, docs/pictures/dashboard.svg, of the demo centre at a fixed morning.

Run it when the Dashboard looks different: `python -m tools.make_picture`.
"""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from duesdesk import i18n
from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import open_desk
from duesdesk.clock import Clock
from duesdesk.services.demo import build_demo

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "dashboard.svg"
DAY = date(2026, 11, 22)
MORNING = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)
SIZE = (120, 36)


async def take(path: Path) -> str:
    """The picture as SVG."""
    desk = open_desk(str(path), clock=Clock(MORNING), actor="Ana")
    app = DuesdeskApp(lambda: desk)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down")
        await pilot.pause(1)
        return app.export_screenshot(title="duesdesk")


def main() -> None:
    """Build the demo, look at it, write the picture."""
    i18n.set_language("en", "ES")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.db"
        build_demo(str(path), DAY)
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_text(asyncio.run(take(path)), encoding="utf-8")


if __name__ == "__main__":
    main()
