"""The verbs of stories that speak of plans and settlements; they stand beside those of `stories`.

plan M1 3 first 2026-03-31 as G1         a plan of three parts; with `every 2` (months), `grace 0`, `for A1 A2`, and
                                         `each 40.00` instead of the number of parts; an amount's currency at the end
settle M1 60.00 by 2026-03-31 as S1      a settlement; with `for A1 A2`
approve S1 | cancel G1                   by their names
expect plan G1 running                   the state of an agreement; `expect settlement S1 open`
expect parts G1 2026-03-31 33.33 …       the days and amounts of all its parts
expect part G1 2 late 10.00              the state of a part, and what covers it
expect waived S1 40.00                   what a settlement has waived; `expect came S1 60.00` what came for it
expect decided G1 broken                 what was decided about it, in order, or `nothing`
"""

from __future__ import annotations

from datetime import date
from typing import Any

from duesdesk.domain.money import from_text
from duesdesk.services.agreements import PlanRequest, SettleRequest
from tests.scenarios.stories import CURRENCY, Options, Teller

Words = tuple[str, ...]


class Agreeing(Teller):
    """Tells of agreements."""

    def do(self, words: Words, block: list[str]) -> None:
        verb, *rest = words
        if verb == "plan":
            self._plan(tuple(rest))
        elif verb == "settle":
            self._settle(tuple(rest))
        elif verb == "approve":
            self._at().agreements.approve(self._agreement(rest[0]))
        elif verb == "cancel":
            self._at().agreements.cancel(self._agreement(rest[0]), reason="story")
        elif verb == "expect" and rest[0] in ("plan", "settlement", "parts", "part", "waived", "came", "decided"):
            self._expect_agreed(rest[0], rest[1:])
        else:
            super().do(words, block)

    def _agreement(self, label: str) -> int:
        return int(self.called[label])

    def _plan(self, words: Words) -> None:
        options = Options(words, "first", "every", "grace", "each", "as", "key", lists=("for",))
        plain = options.plain
        currency = plain.pop() if CURRENCY.fullmatch(plain[-1]) else self.currency
        each = options.one("each")
        wanted = PlanRequest(
            self._known(plain[0]),
            currency,
            options.day("first") or self._at().today(),
            None if each else int(plain[1]),
            from_text(each, currency) if each else None,
            int(options.one("every") or 1),
            int(options.one("grace") or 5),
            tuple(self._called(label) for label in options.many("for")),
        )
        answer = self._at().agreements.plan(wanted, key=options.one("key"))
        self.called[options.one("as") or "plan"] = str(answer["plan"])

    def _settle(self, words: Words) -> None:
        options = Options(words, "by", "as", "key", lists=("for",))
        amount_minor, currency = self._amount(options.plain, 1)
        wanted = SettleRequest(
            self._known(options.plain[0]),
            currency,
            amount_minor,
            options.day("by") or self._at().today(),
            tuple(self._called(label) for label in options.many("for")),
        )
        answer = self._at().agreements.settle(wanted, key=options.one("key"))
        self.called[options.one("as") or "settlement"] = str(answer["settlement"])

    def _expect_agreed(self, what: str, words: list[str]) -> None:
        label, *rest = words
        told: dict[str, Any] = self._at().agreements.show(self._agreement(label))
        if what in ("plan", "settlement"):
            self._same(told["state"], rest[0])
        elif what == "parts":
            self._same([text for part in told["parts"] for text in (part["due_on"], part["amount"])], rest)
        elif what == "part":
            part = told["parts"][int(rest[0]) - 1]
            self._same((part["state"], part["paid"]), tuple(rest[1:]))
        elif what == "decided":
            self._same([one["kind"] for one in told["decisions"]], [] if rest == ["nothing"] else rest)
        else:
            self._same(told["waived" if what == "waived" else "paid"], rest[0])

    def _day_of(self, text: str) -> date:
        return date.fromisoformat(text)
