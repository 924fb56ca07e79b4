"""Every story in the .txt files beside this one holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.stories import Story, Teller, Wrong, read_stories

STORIES = [story for file in sorted(Path(__file__).parent.glob("*.txt")) for story in read_stories(file)]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("centres")


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_the_story_holds(story: Story, tmp_path: Path, templates: Path) -> None:
    Teller(tmp_path, templates).tell(story)


def test_a_story_that_does_not_hold_is_told_with_its_line(tmp_path: Path, templates: Path) -> None:
    file = tmp_path / "wrong.txt"
    file.write_text(
        "= Due today counts as overdue\ncentre EUR Europe/Madrid\nday 2026-03-10: invoice A1 M1 45.00 due 2026-03-10\n"
        "  expect unpaid M1 45.00\n",
        encoding="utf-8",
    )
    (story,) = read_stories(file)
    with pytest.raises(Wrong, match=r"wrong\.txt:4: expect unpaid M1 45\.00\n  found 0\.00, expected 45\.00"):
        Teller(tmp_path, templates).tell(story)


def test_no_two_stories_have_the_same_title() -> None:
    titles = [story.title for story in STORIES]
    assert len(titles) >= 25
    assert len(set(titles)) == len(titles)
