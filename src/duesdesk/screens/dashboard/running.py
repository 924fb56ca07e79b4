"""The key that runs the rule from the Dashboard: it leads to where its counts and its progress are told."""

from __future__ import annotations

from duesdesk.domain.errors import Refused
from duesdesk.domain.roles import require
from duesdesk.screens.dashboard.tabbed import Tabbed


class RunningFromHere(Tabbed):
    """A screen that makes up for a missed run; see the module."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # It answers also when the role forbids it: who may is told.
        return True if action == "run_rule" else super().check_action(action, parameters)

    def action_run_rule(self) -> None:
        try:
            require(self.desk.actor.role, "run")
        except Refused as error:
            from duesdesk.screens.refusals import refusal  # imported late: start-up

            self.app.show_message(refusal(error, "warn"), "warn")
            return
        self.app.goto("rule")
        from duesdesk.screens.rule.running import RunningScreen  # imported late: start-up

        rule = self.app.screen
        if isinstance(rule, RunningScreen):
            rule.call_after_refresh(rule.run_from_elsewhere)
