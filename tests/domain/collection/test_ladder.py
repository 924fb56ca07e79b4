"""A rule that staff wrote is read whole or refused with the step, the field and what is wrong."""

from __future__ import annotations

import pytest

from duesdesk.domain.collection.ladder import MOST_DAYS, parse
from duesdesk.domain.errors import BadInput
from tests.domain.collection.book import LADDER

STEP = '[[step]]\nid = "a"\nwhen = "due"\ndo = "notice"\n'
OTHER = STEP.replace('"a"', '"b"')


def test_the_rule_of_the_contract_is_read_as_written() -> None:
    rule = parse(
        """
        name = "standard"
        minimum_open = "1.00"
        gap_days = 3
        [[step]]
        id = "before-due"
        when = "due"
        offset_days = -5
        do = "notice"
        template = "before_due"
        tone = "friendly"
        channels = ["email", "sms"]
        [[step]]
        id = "formal-letter"
        when = "due"
        offset_days = 30
        do = "notice"
        template = "formal_letter"
        tone = "firm"
        channels = ["letter"]
        [[step]]
        id = "suspend"
        when = "due"
        offset_days = 45
        do = "suspend"
        requires = { step = "formal-letter", days = 10 }
        """
    )
    first, _letter, suspend = rule.steps
    assert (rule.name, rule.minimum_open_text, rule.gap_days) == ("standard", "1.00", 3)
    assert (first.offset_days, first.template, first.tone, first.channels) == (
        -5,
        "before_due",
        "friendly",
        ("email", "sms"),
    )
    assert suspend.requires is not None
    assert (suspend.requires.step, suspend.requires.days) == ("formal-letter", 10)


def test_a_notice_that_names_no_text_or_channel_gets_the_usual_ones() -> None:
    rule = parse(LADDER)
    told = {step.id: (step.template, step.channels) for step in rule.steps if step.do == "notice"}
    assert told["invoice"] == ("invoice", ("email",))
    assert told["before-due"][0] == "before_due"
    assert told["due-day"][0] == "due_day"
    assert told["reminder"][0] == "overdue"
    assert told["receipt"][0] == "payment_received"


def test_a_step_that_repeats_without_an_end_repeats_as_long_as_it_is_owed() -> None:
    (step,) = parse(f'name = "x"\n{STEP}offset_days = 3\nrepeat_days = 7\n').steps
    assert (step.repeat_days, step.max_times) == (7, MOST_DAYS)


WRONG = {
    "no TOML": ("name = ", "rule-unreadable", None),
    "no name": (STEP, "rule-wrong", ("", "name", "missing")),
    "no steps": ('name = "x"', "rule-wrong", ("", "step", "none")),
    "an unknown field of the rule": (f'name = "x"\ngap = 3\n{STEP}', "rule-wrong", ("", "gap", "unknown-field")),
    "an unknown field of a step": (f'name = "x"\n{STEP}offset = 3\n', "rule-wrong", ("a", "offset", "unknown-field")),
    "an unknown event": (
        'name = "x"\n[[step]]\nid = "a"\nwhen = "late"\ndo = "notice"',
        "rule-wrong",
        ("a", "when", "unknown"),
    ),
    "an unknown action": (
        'name = "x"\n[[step]]\nid = "a"\nwhen = "due"\ndo = "shout"',
        "rule-wrong",
        ("a", "do", "unknown"),
    ),
    "no id": ('name = "x"\n[[step]]\nwhen = "due"\ndo = "notice"', "rule-wrong", ("1", "id", "not-an-id")),
    "an id twice": (f'name = "x"\n{STEP}{STEP}', "rule-wrong", ("a", "id", "twice")),
    "a half day": (f'name = "x"\n{STEP}offset_days = 1.5\n', "rule-wrong", ("a", "offset_days", "not-a-number")),
    "true as a number": (f'name = "x"\n{STEP}offset_days = true\n', "rule-wrong", ("a", "offset_days", "not-a-number")),
    "eleven years": (f'name = "x"\n{STEP}offset_days = 4000\n', "rule-wrong", ("a", "offset_days", "out-of-bounds")),
    "a gap below zero": (f'name = "x"\ngap_days = -1\n{STEP}', "rule-wrong", ("", "gap_days", "out-of-bounds")),
    "an amount with a comma": (
        f'name = "x"\nminimum_open = "1,00"\n{STEP}',
        "rule-wrong",
        ("", "minimum_open", "not-an-amount"),
    ),
    "an amount as a float": (
        f'name = "x"\nminimum_open = 1.5\n{STEP}',
        "rule-wrong",
        ("", "minimum_open", "not-an-amount"),
    ),
    "a pigeon": (f'name = "x"\n{STEP}channels = ["pigeon"]\n', "rule-wrong", ("a", "channels", "unknown")),
    "before the invoice is there": (
        'name = "x"\n[[step]]\nid = "a"\nwhen = "issued"\noffset_days = -1\ndo = "notice"',
        "rule-wrong",
        ("a", "offset_days", "before-nothing"),
    ),
    "a call before anything is late": (
        'name = "x"\n[[step]]\nid = "a"\nwhen = "due"\noffset_days = -1\ndo = "call"',
        "rule-wrong",
        ("a", "do", "only-a-notice-before"),
    ),
    "a fee of nothing": (
        'name = "x"\n[[step]]\nid = "a"\nwhen = "due"\ndo = "fee"\namount = "0.00"',
        "rule-wrong",
        ("a", "amount", "missing"),
    ),
    "several times without a pause": (
        f'name = "x"\n{STEP}max_times = 2\n',
        "rule-wrong",
        ("a", "repeat_days", "missing"),
    ),
    "a requirement nobody knows": (
        f'name = "x"\n{STEP}requires = {{ step = "z" }}\n',
        "rule-wrong",
        ("a", "requires", "unknown-step"),
    ),
    "a requirement of itself": (
        f'name = "x"\n{STEP}requires = {{ step = "a" }}\n',
        "rule-wrong",
        ("a", "requires", "unknown-step"),
    ),
    "a requirement that comes later": (
        f'name = "x"\n{STEP}requires = {{ step = "b" }}\n{OTHER}offset_days = 9\n',
        "rule-wrong",
        ("a", "requires", "comes-later"),
    ),
    "a name that is a text of two lines": (f'name = "x\\ny"\n{STEP}', "rule-wrong", ("", "name", "not-a-text")),
    "steps that are a number": ('name = "x"\nstep = 3', "rule-wrong", ("", "step", "not-a-list")),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_rule_is_refused_with_its_place(what: str) -> None:
    text, code, place = WRONG[what]
    with pytest.raises(BadInput) as refused:
        parse(text)
    assert refused.value.code == code
    if place is not None:
        facts = refused.value.facts
        assert (facts["step"], facts["field"], facts["problem"]) == place


def test_a_template_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        parse(f'name = "x"\n{STEP}template = "shout"\n', templates=lambda name: name == "overdue")
    assert refused.value.facts["field"] == "template"
