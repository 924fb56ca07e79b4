"""A rule changed by form: what is not changed stays as somebody wrote it."""

from __future__ import annotations

import pytest

from duesdesk.domain.collection.difference import between
from duesdesk.domain.collection.ladder import parse
from duesdesk.domain.errors import BadInput
from duesdesk.services import rule_text
from duesdesk.services.collection.rulebook import shipped_text

WRITTEN = """# ours, since the move
name = "ours"   # agreed with Marta
gap_days = 3

# a kind word first
[[step]]
id = "kind"        # keep this name
when = "due"
offset_days = 3    # not before the third day
do = "notice"

[[step]]
id = "call"
when = "due"
offset_days = 20
do = "call"
[step.requires]
step = "kind"
days = 2
"""


def test_one_field_changes_one_line() -> None:
    text = rule_text.with_step(WRITTEN, "kind", {"offset_days": 5, "do": "notice", "tone": None})
    before, after = WRITTEN.splitlines(), text.splitlines()
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [
        ("offset_days = 3    # not before the third day", "offset_days = 5    # not before the third day")
    ]


def test_the_head_changes_apart_from_the_steps_and_keeps_its_comments() -> None:
    text = rule_text.with_head(WRITTEN, {"gap_days": 4, "confirm": "settled", "minimum_open": "2.50"})
    rule = parse(text)
    assert (rule.gap_days, rule.confirm, rule.minimum_open_text) == (4, "settled", "2.50")
    assert "# agreed with Marta" in text
    assert text.startswith("# ours, since the move\n")
    assert text.index("confirm") < text.index("# a kind word first") < text.index("[[step]]")


def test_a_comment_above_a_step_goes_where_the_step_goes() -> None:
    text = rule_text.moved(WRITTEN.replace('[step.requires]\nstep = "kind"\ndays = 2\n', ""), "kind", 1)
    assert [step.id for step in parse(text).steps] == ["call", "kind"]
    assert '# a kind word first\n[[step]]\nid = "kind"' in text
    gone = rule_text.without_step(text, "kind")
    assert "kind word" not in gone
    assert [step.id for step in parse(gone).steps] == ["call"]


def test_what_a_step_requires_is_changed_however_it_was_written_and_taken_out() -> None:
    text = rule_text.with_step(WRITTEN, "call", {"requires": {"step": "kind", "days": 7}})
    step = parse(text).step("call")
    assert step is not None
    assert step.requires is not None
    assert step.requires.days == 7
    freed = parse(rule_text.with_step(text, "call", {"requires": None})).step("call")
    assert freed is not None
    assert freed.requires is None


def test_a_new_step_stands_at_the_end_in_a_usual_order() -> None:
    text = rule_text.with_step(
        WRITTEN, "letter", {"do": "notice", "when": "due", "offset_days": 30, "tone": "firm", "channels": ["letter"]}
    )
    assert text.endswith(
        '\n\n[[step]]\nid = "letter"\nwhen = "due"\noffset_days = 30\ndo = "notice"\ntone = "firm"\n'
        'channels = ["letter"]\n'
    )
    assert [one.kind for one in between(parse(WRITTEN), parse(text))] == ["added"]


def test_every_change_of_the_shipped_rule_reads_back_as_that_change() -> None:
    shipped = shipped_text()
    for step in parse(shipped).steps:
        if any(one.requires and one.requires.step == step.id for one in parse(shipped).steps):
            continue
        changes = between(parse(shipped), parse(rule_text.without_step(shipped, step.id)))
        assert [(one.kind, one.before) for one in changes] == [("removed", step)]
        changed = parse(rule_text.with_step(shipped, step.id, {"offset_days": step.offset_days + 0}))
        assert between(parse(shipped), changed) == ()
    swapped = between(parse(shipped), parse(rule_text.moved(shipped, "call", -1)))
    assert [one.kind for one in swapped] == ["moved"]


def test_steps_written_in_one_line_are_left_to_the_hand() -> None:
    text = 'name = "x"\nstep = [{ id = "one", when = "due", do = "call" }]\n'
    assert parse(text).steps
    with pytest.raises(BadInput, match="rule-by-hand"):
        rule_text.with_step(text, "one", {"offset_days": 3})
