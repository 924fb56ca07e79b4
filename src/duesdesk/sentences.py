"""What people are told of each error, by its code. One table per noun, sorted; placeholders are the error's facts.

`i18n.sentence` fills them: a fact `amount_minor` beside `currency` becomes `{amount}` with its sign, days become short
days, several values become a list. A pair made by `NN_` has a form for one and a form for more, chosen by `count`.
A sentence says what is wrong and, where something can be done, what.
"""

from __future__ import annotations

from duesdesk.messages import N_

AMOUNTS: dict[str, str | tuple[str, str]] = {
    "amount-ambiguous": N_("“{value}” could be {small} or {large}: please write it in one of these ways."),
    "amount-missing": N_("Please type an amount, such as {example}."),
    "amount-negative": N_("“{value}” is below zero: an amount is wanted here without a minus."),
    "amount-too-fine": N_("“{value}” has more decimals than {currency} has ({digits})."),
    "amount-too-large": N_("“{value}” is larger than any amount kept here."),
    "amount-typed-unreadable": N_("“{value}” is not an amount: please write it as {example}."),
    "amount-unreadable": N_("“{value}” is not an amount."),
    "currency-unknown": N_("“{currency}” is not a currency: its code has three capital letters, such as EUR."),
}

DAYS: dict[str, str | tuple[str, str]] = {
    "date-impossible": N_("“{value}” is not in the calendar."),
    "date-missing": N_("Please type a date, such as {example}, or +7 for a week from today."),
    "date-unreadable": N_("“{value}” is not a date: please write it as {example}."),
    "timezone-unknown": N_("There is no time zone “{timezone}”: its name is such as Europe/Madrid."),
    "today-unreadable": N_(
        "--today “{value}” is neither a date (2026-09-04) nor an instant with its offset (2026-09-04T00:30:00+00:00)."
    ),
    "today-without-offset": N_("--today “{value}” needs its offset from UTC, such as 2026-09-04T00:30:00+00:00."),
}

SENTENCES: dict[str, str | tuple[str, str]] = {**AMOUNTS, **DAYS}
