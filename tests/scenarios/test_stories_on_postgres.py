"""The stories of dues once more on PostgreSQL: locks, days and instants are other ones there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import found_centre
from duesdesk.clock import Clock
from duesdesk.services.workplace import Centre
from tests.scenarios.stories import Story, Teller, read_stories

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
STORIES = list(read_stories(Path(__file__).with_name("dues.txt")))


class PostgresTeller(Teller):
    """Tells stories of a centre in euros that is there already."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, folder)
        self.url = url

    def _centre(self, words: tuple[str, ...], block: list[str]) -> None:
        assert words == ("EUR", "Europe/Madrid")


@pytest.fixture(scope="module")
def empty_centre(postgres_server: str) -> Iterator[tuple[str, str]]:
    """The server, and the name of a database with an empty centre to make others from."""
    import psycopg

    name = f"duesdesk_story_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    found_centre(
        address(postgres_server, name),
        Centre("Story", "EUR", "ES", "Europe/Madrid", "en"),
        clock=Clock(date(2026, 1, 1)),
    )
    yield postgres_server, name
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def address(server: str, name: str) -> str:
    head, _, query = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_the_story_holds_on_postgresql(story: Story, tmp_path: Path, empty_centre: tuple[str, str]) -> None:
    import psycopg

    server, template = empty_centre
    name = f"duesdesk_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            PostgresTeller(tmp_path, address(server, name)).tell(story)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
