"""What people are told of the collection rule: of a rule that cannot be read, of runs, holds and tasks.

`PROBLEMS` says what is wrong with a field of a rule; its texts stand for the fact `problem`.
"""

from __future__ import annotations

from duesdesk.messages import N_

RULES: dict[str, str | tuple[str, str]] = {
    "group-unknown": N_("Nobody is in the group “{group}”."),
    "hold-days-out-of-bounds": N_("{days} days are too few or too many: from 1 to {most}."),
    "hold-in-the-past": N_("A hold until {until_on} is over already: please name a later day."),
    "hold-kind-unknown": N_("“{kind}” is no kind of hold: please choose one of {known}."),
    "hold-none": N_("Nothing holds {target} that could be lifted."),
    "hold-other-kinds": N_("{target} is held for another reason ({kinds}): please name it with --kind."),
    "hold-there-already": N_("{target} is held for that already."),
    "member-missing-here": N_("Please name a member, or an invoice."),
    "member-or-invoice": N_("Please name a member, or one invoice with --invoice."),
    "pack-damaged": N_("A pack of rules of the law cannot be read: {detail} Please install duesdesk again."),
    "rule-by-hand": N_(
        "The steps of this rule are written in a way that a form cannot change: please change its text (E)."
    ),
    "rule-field-days": N_("A whole number of days is wanted, from {least} to {most}."),
    "rule-field-unknown": N_("“{value}” is not known here; there are: {known}."),
    "rule-changed-meanwhile": N_("Another rule was put in force meanwhile ({actor}): please look at it first."),
    "rule-name-or-file": N_("There is no rule and no file called “{name}”. Rules: {known}."),
    "rule-file-unreadable": N_("{file} cannot be read: {detail}"),
    "rule-file-or-back": N_("Please give the file of a rule, or --back without one."),
    "rule-for-one": N_("Please name one member, one invoice or one group, or none of them for the centre."),
    "rule-in-force-already": N_("The rule “{name}” is in force there already, word for word."),
    "rule-none-of-its-own": N_("{target} has no rule of its own."),
    "rule-too-long": N_("The rule is too long: at most {longest} characters."),
    "rule-too-long-in-file": N_("{file}: the rule is too long: at most {longest} characters."),
    "rehearsal-days": N_("A rehearsal takes 1 to {most} days, not {days}."),
    "rule-unreadable": N_("The rule is no TOML: {detail}."),
    "rule-unreadable-in-file": N_("{file} is no TOML: {detail}."),
    "rule-wrong": N_("Step “{step}”, field “{field}”: {problem}"),
    "rule-wrong-head": N_("Field “{field}” of the rule: {problem}"),
    "rule-wrong-head-in-file": N_("{file}, field “{field}” of the rule: {problem}"),
    "rule-wrong-in-file": N_("{file}, step “{step}”, field “{field}”: {problem}"),
    "run-too-far": N_("A run for {day} lies more than {days} days ahead: is it the year? Nothing was done."),
    "run-behind": N_("A run for {day} would go back behind the last one, of {last}: nothing was done."),
    "run-under-way": N_("The rule is being run already, by {name} at {desk}, for {day}."),
    "task-done-already": N_("Task {task} is closed already."),
    "task-name-or-day": N_("Please say who does it, or on which day (--date)."),
    "task-unknown": N_("There is no task {task}."),
}

PROBLEMS: dict[str, str] = {
    "before-nothing": N_("only steps of the due date can come before it; please give 0 or more days."),
    "comes-later": N_("the step it requires comes after it; please name one that comes before."),
    "fee-once": N_("a fee is charged once for a debt; please leave it out."),
    "missing": N_("it is missing; please give it."),
    "no-short-form": N_("its template has no short form for text messages; write one, or take those channels out."),
    "none": N_("there are no steps; please give at least one [[step]]."),
    "not-a-list": N_("steps are written as [[step]], one after the other."),
    "not-a-number": N_("a whole number is wanted, without quotes."),
    "not-a-step": N_('please write it as { step = "formal-letter", days = 10 }.'),
    "not-a-text": N_("a short text in quotes is wanted."),
    "not-an-amount": N_('an amount such as "5.00" is wanted.'),
    "not-an-id": N_('please give a name of small letters, digits and dashes, such as "first-reminder".'),
    "not-written": N_("its template is not written in the centre's language; please write it there first."),
    "only-a-notice-before": N_('before the due date there are only notices; please write do = "notice".'),
    "only-after-due": N_("only a step on or after the due date can repeat; please leave it out."),
    "out-of-bounds": N_("the number is too small or too large."),
    "too-fine": N_("its currency has no such small parts; please leave the last digits out."),
    "too-many": N_("there are too many steps."),
    "twice": N_("two steps are called so; please give each a name of its own."),
    "unknown": N_("this value is not known here; docs/commands.md lists those that are."),
    "unknown-field": N_("there is no such field; please look at how it is spelt."),
    "unknown-step": N_("there is no other step of that name."),
}
"""What is wrong with a field of a rule, and what to do."""
