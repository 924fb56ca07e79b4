"""The rule in force: shown, checked with sentences that help, put in force for whom, and taken back."""

from __future__ import annotations

from datetime import date

import pytest

from duesdesk import i18n
from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import BadInput, NotFound, Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.rules import Target
from tests.conftest import OpenDesk

OWN = 'name = "own"\n[[step]]\nid = "one"\nwhen = "due"\ndo = "call"\n'


def test_the_shipped_rule_is_in_force_and_says_what_the_page_of_the_product_says(desk: Desk) -> None:
    view = desk.rules.show()
    assert (view.version, view.scope, view.rule.name) == (None, "centre", "standard")
    said = [(step.when, step.offset_days, step.do, step.tone) for step in view.rule.steps]
    assert said == [
        ("issued", 0, "notice", "neutral"),
        ("due", -5, "notice", "friendly"),
        ("due", 0, "notice", "friendly"),
        ("paid", 0, "notice", "friendly"),
        ("due", 3, "notice", "friendly"),
        ("due", 10, "notice", "neutral"),
        ("due", 20, "call", "neutral"),
        ("due", 30, "notice", "firm"),
        ("due", 45, "suspend", "neutral"),
        ("due", 60, "handover", "neutral"),
        ("instalment_missed", 1, "notice", "neutral"),
    ]
    waits = {step.id: step.requires for step in view.rule.steps if step.requires}
    assert {name: (one.step, one.days) for name, one in waits.items()} == {
        "suspend": ("formal-letter", 10),
        "hand-over": ("formal-letter", 10),
    }
    # It passes its own check.
    assert desk.rules.check(view.text).name == "standard"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = \n", "mine.toml is no TOML: Invalid value (at line 1, column 8)."),
        ('name = "x"\n', "mine.toml, field “step” of the rule: there are no steps; please give at least one [[step]]."),
        (
            OWN.replace('do = "call"', 'do = "notise"'),
            "mine.toml, step “one”, field “do”: this value is not known here; docs/commands.md lists those that are.",
        ),
        (
            OWN.replace('do = "call"', 'do = "notice"\ntemplate = "no_such"'),
            (
                "mine.toml, step “one”, field “template”: this value is not known here; docs/commands.md lists those"
                " that are."
            ),
        ),
        (
            OWN + 'requires = { step = "letter" }\n',
            "mine.toml, step “one”, field “requires”: there is no other step of that name.",
        ),
        (
            OWN + "ofset_days = 3\n",
            "mine.toml, step “one”, field “ofset_days”: there is no such field; please look at how it is spelt.",
        ),
        (
            OWN.replace('"own"', '"own"\ngap_days = -1'),
            "mine.toml, field “gap_days” of the rule: the number is too small or too large.",
        ),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_with_file_step_field_and_what_to_do(
    desk: Desk, text: str, told: str
) -> None:
    with pytest.raises(BadInput) as refused:
        desk.rules.check(text, "mine.toml")
    assert i18n.sentence(refused.value) == told


def test_a_wrong_rule_is_never_put_in_force(desk: Desk) -> None:
    with pytest.raises(BadInput):
        desk.rules.use(OWN.replace("call", "shout"))
    assert desk.rules.show().version is None


def test_versions_are_kept_and_the_latest_of_each_target_counts(desk: Desk) -> None:
    desk.members.add(MemberDetails("Ana", group="gold"))
    desk.invoices.issue(IssueRequest("M00001", 4500, "EUR", date(2026, 12, 1)))
    first = desk.rules.use(OWN)["rule"]
    desk.rules.use(OWN.replace("own", "newer"))
    desk.rules.use(OWN.replace("own", "of Ana"), Target(member="M00001"))
    desk.rules.use(OWN.replace("own", "of gold"), Target(group="gold"))
    desk.rules.use(OWN.replace("own", "of one"), Target(invoice="INV-00001"))
    assert [(one.scope, one.target, one.rule.name) for one in desk.rules.all()] == [
        ("centre", "", "newer"),
        ("group", "gold", "of gold"),
        ("member", "M00001", "of Ana"),
        ("invoice", "INV-00001", "of one"),
    ]
    desk.rules.use("", Target(member="M00001"))
    with pytest.raises(NotFound):
        desk.rules.show(Target(member="M00001"))
    with desk.place.database.read() as tx:
        assert tx.value("SELECT content FROM rule_version WHERE id = :id", id=first) == OWN
        assert tx.value("SELECT count(*) FROM rule_version") == 6


def test_the_same_rule_again_is_refused_and_an_unknown_target_too(desk: Desk) -> None:
    desk.rules.use(OWN)
    with pytest.raises(Refused, match="rule-in-force-already"):
        desk.rules.use(OWN)
    for target in (Target(member="M9"), Target(invoice="X"), Target(group="gold")):
        with pytest.raises(NotFound):
            desk.rules.use(OWN, target)


def test_undo_brings_back_what_was_in_force(desk: Desk) -> None:
    desk.rules.use(OWN)
    desk.rules.use(OWN.replace("own", "newer"))
    desk.undo.undo()
    assert desk.rules.show().rule.name == "own"
    desk.undo.undo()
    view = desk.rules.show()
    assert (view.version, view.rule.name) == (None, "standard")


def test_a_rule_of_somebody_else_meanwhile_is_not_undone(at: OpenDesk) -> None:
    at().staff.add("Marta", "manager")
    at().rules.use(OWN)
    marta = at(actor="Marta")
    marta.rules.use(OWN.replace("own", "newer"))
    with pytest.raises(Refused, match="undo-not-the-last"):
        at().undo.undo()
    assert at().rules.show().rule.name == "newer"


def test_steps_remember_the_version_of_the_rule_they_were_taken_under(desk: Desk) -> None:
    desk.members.add(MemberDetails("Ana"))
    desk.invoices.issue(IssueRequest("M00001", 4500, "EUR", date(2026, 11, 1), issued_on=date(2026, 10, 1)))
    desk.settings.set("notices.hours", "always")
    version = desk.rules.use(OWN, reason="calls only")["rule"]
    desk.runs.run()
    with desk.place.database.read() as tx:
        assert tx.all("SELECT rule_version_id, rule_name, step_id, pack FROM step_taken") == [
            (version, "own", "one", "es-2026-11-27")
        ]


def test_a_member_follows_the_rule_of_their_own_then_of_who_pays_then_of_the_group(desk: Desk) -> None:
    desk.members.add(MemberDetails("Ana", group="gold"))
    desk.members.add(MemberDetails("Child", payer="M00001"))

    def name(member: str) -> str | None:
        view = desk.rules.of_member(member)
        return view.rule.name if view is not None else None

    assert (name("M00001"), name("M00002")) == (None, None)
    desk.rules.use(OWN.replace("own", "of gold"), Target(group="gold"))
    assert (name("M00001"), name("M00002")) == ("of gold", "of gold")
    desk.rules.use(OWN.replace("own", "of Ana"), Target(member="M00001"))
    assert (name("M00001"), name("M00002")) == ("of Ana", "of Ana")
    desk.rules.use(OWN.replace("own", "of the child"), Target(member="M00002"))
    assert (name("M00001"), name("M00002")) == ("of Ana", "of the child")
    desk.rules.use("", Target(member="M00001"))
    assert name("M00001") == "of gold"


def test_every_version_is_kept_with_who_when_and_why_and_the_shipped_one_comes_last(desk: Desk) -> None:
    desk.rules.use(OWN, reason="calls only")
    desk.rules.use(OWN.replace("own", "newer"))
    found = desk.rules.versions()
    assert [(one.name, one.reason, one.is_in_force) for one in found] == [
        ("newer", "", True),
        ("own", "calls only", False),
        ("standard", "", False),
    ]
    assert found[1].text == OWN
    assert found[1].at is not None
    assert found[1].actor


def test_a_rule_is_not_put_in_the_place_of_another_than_the_one_it_was_made_from(desk: Desk) -> None:
    desk.rules.use(OWN)
    with pytest.raises(Refused, match="rule-changed-meanwhile"):
        desk.rules.use(OWN.replace("own", "late"), instead_of="")
    desk.rules.use(OWN.replace("own", "in time"), instead_of=OWN)
    assert desk.rules.show().rule.name == "in time"


def test_everything_that_is_wrong_is_found_each_at_its_step(desk: Desk) -> None:
    text = OWN.replace("call", "shout") + '[[step]]\nid = "two"\nwhen = "dew"\ndo = "call"\n'
    assert [(one.step, one.error is not None) for one in desk.rules.findings(text)] == [("one", True), ("two", True)]
    twice = OWN + '[[step]]\nid = "one"\nwhen = "due"\ndo = "call"\nrequires = { step = "three" }\n'
    assert [str(one.error.facts["problem"]) for one in desk.rules.findings(twice) if one.error] == [
        "twice",
        "unknown-step",
    ]
    assert desk.rules.findings(OWN) == []
