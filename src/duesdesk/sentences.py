"""What people are told of each error, by its code. One table per noun, sorted; placeholders are the error's facts.

`i18n.sentence` fills them: a fact `amount_minor` beside `currency` becomes `{amount}` with its sign, days become short
days, several values become a list. A pair made by `NN_` has a form for one and a form for more, chosen by `count`.
A sentence says what is wrong and, where something can be done, what.
"""

from __future__ import annotations

from duesdesk.import_sentences import IMPORTS
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

DEMO: dict[str, str | tuple[str, str]] = {
    "demo-files-damaged": N_(
        "The files of the demo centre were changed: {file}, line {line}: {reason} Please install duesdesk again."
    ),
    "demo-store-in-use": N_(
        "{path} holds a real centre: the demo centre is never built over it. Please name another place with --db."
    ),
}

TERMINAL: dict[str, str | tuple[str, str]] = {
    "no-terminal": N_("This needs a terminal: for lists and reports in a script, see duesdesk --help."),
}

FORMS: dict[str, str | tuple[str, str]] = {
    "field-empty": N_("Please fill in “{field}”."),
}

MAIL: dict[str, str | tuple[str, str]] = {
    "email-not-set-up": N_("Notices cannot be sent by e-mail yet: please set “{key}” (duesdesk settings set {key} …)."),
    "mail-address-invalid": N_("“{value}” is not one e-mail address."),
    "mail-body-missing": N_("The notice has no text."),
    "mail-subject-missing": N_("The notice has no subject."),
}

SETTINGS: dict[str, str | tuple[str, str]] = {
    "folder-unusable": N_("The folder {folder} cannot be used: {why}."),
    "hours-unreadable": N_(
        "“{value}” are no hours: please write them as “Mon-Fri 09:00-19:00, Sat 09:00-14:00”, or “always”."
    ),
    "secrets-open-to-others": N_("Others can read {file}: please allow its owner alone (chmod 600), then try again."),
    "setting-empty": N_("“{key}” cannot be empty."),
    "setting-kept-in-store": N_("“{key}” is the same for all desks of the centre and is kept in the store."),
    "setting-not-a-choice": N_("“{key}” cannot be “{value}”: it is one of {choices}."),
    "setting-not-a-host": N_("“{key}” cannot be “{value}”: the name or number of a server is wanted, without a port."),
    "setting-not-a-number": N_("“{key}” cannot be “{value}”: it is a whole number from {least} to {most}."),
    "setting-not-an-address": N_("“{key}” cannot be “{value}”: one e-mail address is wanted."),
    "setting-not-edges": N_("“{key}” cannot be “{value}”: days that rise are wanted, such as 30,60,90."),
    "setting-unknown": N_("There is no setting “{key}”. Perhaps one of these: {choices}."),
    "settings-unreadable": N_("The file {file} cannot be read: {why}."),
}

SENTENCES: dict[str, str | tuple[str, str]] = {
    **AMOUNTS,
    **DAYS,
    **DEMO,
    **FORMS,
    **TERMINAL,
    **MAIL,
    **SETTINGS,
    **IMPORTS,
}
