"""What is written about the program agrees with the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_make_target_is_explained_by_make_help_and_in_the_readme() -> None:
    makefile, readme = read("Makefile"), read("README.md")
    targets = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    explained = re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)
    assert sorted(explained) == sorted(targets)
    assert [target for target in targets if f"`make {target}`" not in readme] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", paper.read_text(encoding="utf-8"))
    inside = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in inside if not (paper.parent / link).exists()] == []


def test_every_decision_stands_in_the_list_of_decisions() -> None:
    listed = read("docs/adr/README.md")
    pages = sorted(page.name for page in (ROOT / "docs" / "adr").glob("0*.md"))
    assert pages
    assert [page for page in pages if f"({page})" not in listed] == []
    numbers = [int(page[:4]) for page in pages]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_page_of_decision_is_one_page() -> None:
    long = {page.name: len(page.read_text(encoding="utf-8").splitlines()) for page in (ROOT / "docs/adr").glob("0*.md")}
    assert {name: lines for name, lines in long.items() if lines > 60} == {}


def test_the_words_we_do_not_use_are_in_no_name() -> None:
    banned = {"manager", "managers", "handler", "handlers", "helper", "helpers", "utils", "util", "misc", "common"}
    named = [path for path in (ROOT / "src" / "duesdesk").rglob("*.py") if banned & set(path.stem.split("_"))]
    assert named == []


def test_what_a_text_of_a_notice_may_speak_of_stands_in_its_paper() -> None:
    from duesdesk.documents.notice_templates import ITEM_FIELDS, VARIABLES

    rows = re.findall(r"^\| (`[^|]+`) \| (.+) \|$", read("docs/texts.md"), re.MULTILINE)
    told = {word for words, _meaning in rows for word in re.findall(r"`(\w+)`", words)}
    assert told == VARIABLES
    (items,) = (meaning for words, meaning in rows if words == "`items`")
    assert set(re.findall(r"\w+", items)) >= ITEM_FIELDS


def test_the_example_in_the_paper_of_texts_is_in_order() -> None:
    from duesdesk.documents import notice_templates, notice_words

    (example,) = re.findall(r"^```\n(Subject:.*?)^```", read("docs/texts.md"), re.MULTILINE | re.DOTALL)
    notice_templates.check(example)
    assert list(notice_words.findings(example, "en", form="whole")) == []
