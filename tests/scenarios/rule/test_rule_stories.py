"""Every story of the collection rule in the .txt files beside this one holds, on both engines."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import found_centre
from duesdesk.clock import Clock
from duesdesk.services.workplace import Centre
from tests.scenarios.collecting import Collecting
from tests.scenarios.stories import Story, read_stories
from tests.scenarios.test_stories_on_postgres import PostgresTeller, address

STORIES = [story for file in sorted(Path(__file__).parent.glob("*.txt")) for story in read_stories(file)]


class OnPostgres(Collecting, PostgresTeller):
    """The same on a PostgreSQL that has a centre already."""


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("centres")


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_the_story_holds(story: Story, tmp_path: Path, templates: Path) -> None:
    Collecting(tmp_path, templates).tell(story)


def test_no_two_stories_have_the_same_title() -> None:
    titles = [story.title for story in STORIES]
    assert len(titles) >= 40
    assert len(set(titles)) == len(titles)


@pytest.fixture(scope="module")
def empty_centre(postgres_server: str) -> Iterator[tuple[str, str]]:
    """The server, and the name of a database with an empty centre to make others from."""
    import psycopg

    name = f"duesdesk_rule_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    centre = Centre("Story", "EUR", "ES", "Europe/Madrid", "en")
    found_centre(address(postgres_server, name), centre, clock=Clock(date(2026, 1, 1)))
    yield postgres_server, name
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES, ids=str)
def test_the_story_holds_on_postgresql(story: Story, tmp_path: Path, empty_centre: tuple[str, str]) -> None:
    import psycopg

    server, template = empty_centre
    name = f"duesdesk_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            OnPostgres(tmp_path, address(server, name)).tell(story)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
