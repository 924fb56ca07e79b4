"""What people are told of plans and settlements that cannot be made, approved or cancelled."""

from __future__ import annotations

from duesdesk.messages import N_

AGREEMENTS: dict[str, str | tuple[str, str]] = {
    "agreement-in-the-past": N_("{day} is over: an agreement begins today or later."),
    "agreement-on-disputed": N_("{invoice} is disputed: please settle the dispute first."),
    "agreement-on-nothing": N_("{member} owes nothing that could be agreed upon."),
    "agreement-over": N_("Agreement {agreement} is over already."),
    "agreement-state-unknown": N_("“{value}” is not known here: please choose one of {known}."),
    "agreement-there-already": N_(
        "Agreement {agreement} is about {invoice} already: please cancel that first, or leave the invoice out."
    ),
    "agreement-unknown": N_("There is no agreement {agreement}: duesdesk agreements list shows them."),
    "plan-grace-out-of-bounds": N_("{days} days of grace are too many or too few: from 0 to {most}."),
    "plan-months-out-of-bounds": N_("{months} months between two parts are too many or too few: from 1 to {most}."),
    "plan-part-amount": N_("Please name an amount above zero for each part."),
    "plan-parts-or-amount": N_("Please name the number of parts (--parts), or the amount of each (--each)."),
    "plan-parts-out-of-bounds": N_("{parts} parts are too many or too few: from 1 to {most}."),
    "plan-parts-too-small": N_("The debt is too small for {parts} parts: some would be nothing."),
    "plan-too-long": N_("The last part would be due on {last}: please agree on fewer parts."),
    "settlement-not-below": N_("A settlement is below what is owed ({open}): for all of it make a plan or a promise."),
    "settlement-not-proposed": N_("Agreement {agreement} waits for no approval."),
    "settlement-ones-own": N_("You proposed settlement {agreement} yourself: somebody else has to approve of it."),
    "settlement-too-late": N_("The day of settlement {agreement} ({day}) is over: please make a new one."),
}
