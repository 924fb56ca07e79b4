"""A rule that is being changed and is not in force: its text, what it takes the place of, and how it differs."""

from __future__ import annotations

from dataclasses import dataclass

from duesdesk.domain.collection.difference import Difference, between
from duesdesk.domain.collection.ladder import Rule, parse
from duesdesk.services.acts import Plain
from duesdesk.services.drafts import Draft as Kept
from duesdesk.services.rules import RuleView, Target


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """See the module. `base` is the text it was begun from, '' for the rule that is shipped or a wider one."""

    key: str
    text: str
    base: str

    @property
    def rule(self) -> Rule:
        """What it says; the text was checked when it became a draft."""
        return parse(self.text)

    def differences(self, view: RuleView) -> tuple[Difference, ...]:
        """What differs from the rule in force."""
        return between(view.rule, self.rule)

    def content(self) -> Plain:
        """As it is kept at the desk."""
        return {"text": self.text, "base": self.base}


def base_of(view: RuleView) -> str:
    """The text a draft of `view` takes the place of."""
    return view.text if view.version is not None else ""


def kept_name(target: Target) -> str:
    """The name under which a draft is kept."""
    return f"rule:{target.scope}:{target.name}"


def typed_name(target: Target) -> str:
    """The name under which the text of a rule is kept while it is being written."""
    return f"rule-text:{target.scope}:{target.name}"


def typed_before(kept: Kept | None, begun: RuleDraft) -> tuple[str, RuleDraft]:
    """What was typed of the text and never tried, and what it was begun from; else nothing, and what is now."""
    if kept is None:
        return "", begun
    content = {name: str(value) for name, value in kept.content.items()}
    return content["typed"], RuleDraft(begun.key, content["text"], content["base"])


def found(kept: Kept | None, view: RuleView) -> RuleDraft | None:
    """The draft that was kept, when it is still to be put in force."""
    if kept is None or kept.answer is not None or kept.content["text"] == view.text:
        return None
    return RuleDraft(kept.key, str(kept.content["text"]), str(kept.content["base"]))
