"""What people are told of each error, by its code. One table per noun, sorted; placeholders are the error's facts.

`i18n.sentence` fills them: a fact `amount_minor` beside `currency` becomes `{amount}` with its sign, days become short
days, several values become a list. A pair made by `NN_` has a form for one and a form for more, chosen by `count`.
A sentence says what is wrong and, where something can be done, what.
"""

from __future__ import annotations

from typing import TypeAlias

from duesdesk.agreement_sentences import AGREEMENTS
from duesdesk.import_sentences import IMPORTS
from duesdesk.messages import N_
from duesdesk.notice_sentences import NOTICES
from duesdesk.rule_sentences import RULES

TABLE: TypeAlias = dict[str, str | tuple[str, str]]

AMOUNTS: TABLE = {
    "amount-ambiguous": N_("“{value}” could be {small} or {large}: please write it in one of these ways."),
    "amount-missing": N_("Please type an amount, such as {example}."),
    "amount-negative": N_("“{value}” is below zero: an amount is wanted here without a minus."),
    "amount-too-fine": N_("“{value}” has more decimals than {currency} has ({digits})."),
    "amount-too-large": N_("“{value}” is larger than any amount kept here."),
    "amount-typed-unreadable": N_("“{value}” is not an amount: please write it as {example}."),
    "amount-unreadable": N_("“{value}” is not an amount."),
    "currency-unknown": N_("“{currency}” is not a currency: its code has three capital letters, such as EUR."),
}

COMMANDS: TABLE = {
    "backup-by-pg-dump": N_("{path} is a PostgreSQL database: please save it with pg_dump -Fc."),
    "backup-file-there": N_("{file} is there already: a backup never overwrites. Please name another file."),
    "copy-damaged": N_("{path} is damaged: please restore an older backup."),
    "copy-does-not-verify": N_("The copy for {path} does not hold ({checks}): please run duesdesk verify."),
    "copy-missing": N_("There is nothing at {path}: please name a file that duesdesk backup made."),
    "copy-of-no-store": N_("{path} is no saved store: please name a file that duesdesk backup made."),
    "db-address-unknown": N_("“{scheme}” is no kind of store: please give a path, or an address with {known}."),
    "demo-opens-without": N_("duesdesk demo opens the demo centre; with --build-only it is only made."),
    "file-not-written": N_("{file} cannot be written: {detail}"),
    "language-not-spoken": N_("“{language}” is not spoken here: please choose one of {known}."),
    "limit-too-small": N_("--limit {limit}: at least one is wanted."),
    "notice-reason-without-now": N_("--reason belongs to --now: it says why the notice may leave outside the hours."),
    "notices-by-one-channel": N_("Another channel is chosen for one notice at a time."),
    "notices-or-batch": N_("Please name notices, or a batch by --batch."),
    "notice-text-or-template": N_("Please give a template or a text, not both."),
    "notice-to-many-by-template": N_("A notice to many is a template, waits its cooling time and names no invoice."),
    "nothing-to-change": N_("Please say what to change: duesdesk member edit --help lists it."),
    "restore-by-pg-restore": N_("{path} is a PostgreSQL database: please restore it with pg_restore."),
    "restore-place-taken": N_("There is a store at {path} already: please restore to another place."),
    "store-there-already": N_("{path} is there already: nothing was overwritten."),
    "text-file-unreadable": N_("{file} cannot be read: {detail}"),
    "xlsx-extra-missing": N_("XLSX files need one more part of duesdesk: install duesdesk[sheets]."),
}

DAYS: TABLE = {
    "date-impossible": N_("“{value}” is not in the calendar."),
    "date-missing": N_("Please type a date, such as {example}, or +7 for a week from today."),
    "date-unreadable": N_("“{value}” is not a date: please write it as {example}."),
    "day-far": N_("{day} cannot be meant: a day from {first} to {last} is wanted."),
    "day-has-passed": N_("{day} is over: a day from today on is wanted."),
    "days-unreadable": N_("“{value}” is not a number of days, such as 30."),
    "timezone-unknown": N_("There is no time zone “{timezone}”: its name is such as Europe/Madrid."),
    "today-unreadable": N_(
        "{option} “{value}” is neither a date (2026-09-04) nor an instant with its offset (2026-09-04T00:30:00+00:00)."
    ),
    "today-without-offset": N_("{option} “{value}” needs its offset from UTC, such as 2026-09-04T00:30:00+00:00."),
}

DEMO: TABLE = {
    "demo-files-damaged": N_(
        "The files of the demo centre were changed: {file}, line {line}: {reason} Please install duesdesk again."
    ),
    "demo-store-in-use": N_(
        "{path} holds a real centre: the demo centre is never built over it. Please name another place with --db."
    ),
}

TERMINAL: TABLE = {
    "no-terminal": N_("This needs a terminal: for lists and reports in a script, see duesdesk --help."),
}

FORMS: TABLE = {
    "field-empty": N_("Please fill in “{field}”."),
}

MAIL: TABLE = {
    "email-not-set-up": N_("Notices cannot be sent by e-mail yet: please set “{key}” (duesdesk settings set {key} …)."),
    "mail-address-invalid": N_("“{value}” is not one e-mail address."),
    "mail-body-missing": N_("The notice has no text."),
    "mail-subject-missing": N_("The notice has no subject."),
}

SETTINGS: TABLE = {
    "folder-unusable": N_("The folder {folder} cannot be used: {why}."),
    "hours-unreadable": N_(
        "“{value}” are no hours: please write them as “Mon-Fri 09:00-19:00, Sat 09:00-14:00”, or “always”."
    ),
    "secrets-open-to-others": N_("Others can read {file}: please allow its owner alone (chmod 600), then try again."),
    "setting-empty": N_("“{key}” cannot be empty."),
    "setting-kept-in-store": N_("“{key}” is the same for all desks of the centre and is kept in the store."),
    "setting-not-a-choice": N_("“{key}” cannot be “{value}”: it is one of {choices}."),
    "secret-empty": N_("The secret is empty: nothing was changed."),
    "setting-not-a-host": N_("“{key}” cannot be “{value}”: the name or number of a server is wanted, without a port."),
    "setting-not-a-link": N_("“{key}” cannot be “{value}”: a page that begins with https:// is wanted."),
    "setting-not-a-number": N_("“{key}” cannot be “{value}”: it is a whole number from {least} to {most}."),
    "setting-not-a-template": N_("“{key}” cannot be “{value}”: the name of a template has letters, digits and _ only."),
    "setting-not-an-address": N_("“{key}” cannot be “{value}”: one e-mail address is wanted."),
    "setting-not-an-iban": N_("“{key}” cannot be “{value}”: this is not an IBAN; please look at its digits."),
    "setting-not-a-pix-key": N_(
        "“{key}” cannot be “{value}”: a CPF, a CNPJ, a telephone number with +55, an e-mail address or a random key is "
        "wanted."
    ),
    "setting-not-edges": N_("“{key}” cannot be “{value}”: days that rise are wanted, such as 30,60,90."),
    "snooze-days-or-until": N_("Please say for how many days, or until which day: snooze MEMBER DAYS, or --until DAY."),
    "setting-unknown-alone": N_("There is no setting “{key}”: duesdesk settings show lists them all."),
    "setting-unknown": N_("There is no setting “{key}”. Perhaps one of these: {choices}."),
    "settings-unreadable": N_("The file {file} cannot be read: {why}."),
}

BOOKINGS: TABLE = {
    "booking-cancelled": N_("{activity} of {member} was cancelled: it cannot be checked in."),
    "booking-unknown": N_("This booking is not there any more."),
    "mode-unknown": N_("“{mode}” is not known here: please choose one of {known}."),
}

CENTRES: TABLE = {
    "centre-there-already": N_("{path} holds a centre already."),
    "country-unknown": N_("“{country}” is not a country: its code has two letters, such as ES."),
    "language-unknown": N_("“{language}” is not spoken here: please choose one of {known}."),
    "last-manager": N_("{name} is the last manager: please make somebody else a manager first."),
    "module-unknown": N_("There is no module “{module}”: please choose one of {known}."),
    "pin-clear-or-check": N_("Please clear the PIN or check it, not both."),
    "pin-typed-otherwise": N_("The second time it was another PIN: nothing was saved."),
    "pin-unreadable": N_("A PIN has {least} to {most} digits."),
    "pin-wrong": N_("This is not the PIN of {name}."),
    "role-may-not": N_("This needs the role {needed}: {act} is not for the role {role}."),
    "role-unknown": N_("“{role}” is not a role: please choose one of {known}."),
    "staff-name-taken": N_("There is somebody called {name} already."),
    "staff-unknown": N_("Nobody called “{name}” works here."),
}

CREDITS: TABLE = {
    "amount-not-positive": N_("The amount must be above zero, not {value}."),
    "credit-above-open": N_("Only {open} of {invoice} is open: no more can be taken off."),
    "credit-already-reversed": N_("{credit} was taken back already."),
    "credit-kind-unknown": N_("“{kind}” is not known here: please choose one of {known}."),
    "credit-unknown": N_("There is no credit “{credit}”."),
    "reason-missing": N_("Please give a reason: it stays beside the act."),
}

INVOICES: TABLE = {
    "ageing-edges": N_("“{edges}” cannot be used: days that rise are wanted, such as 30,60,90."),
    "ageing-edges-many": N_("{found} groups are too many: at most {most} days can be named."),
    "due-before-issue": N_("An invoice of {issued_on} cannot be due on {due_on}, before it was issued."),
    "invoice-already-void": N_("{invoice} is void already."),
    "invoice-disputed-already": N_("{invoice} is disputed already."),
    "invoice-kind-unknown": N_("“{kind}” is not a kind of invoice: please choose one of {known}."),
    "invoice-not-disputed": N_("{invoice} is not disputed."),
    "invoice-not-open": N_("Nothing of {invoice} is open."),
    "invoice-of-another-payer": N_("{invoice} is not paid by {member}."),
    "invoice-unknown": N_("There is no invoice “{invoice}”."),
    "invoice-void": N_("The invoice was made void: nothing can be owed on it again."),
    "nothing-left-open": N_("Another desk was faster: less is open than you saw. Please look again."),
    "void-with-payments": N_("Money lies on this invoice: please reverse the payment first."),
}

MEMBERS: TABLE = {
    "address-too-long": N_("An address has at most {lines} lines of {letters} letters each."),
    "card-number-refused": N_("This holds a payment card number ({masked}): card numbers are never kept here."),
    "card-taken": N_("Card {card} belongs to {member} already."),
    "channel-not-set-up": N_("Nothing can be sent by {channel} yet: “{key}” is missing."),
    "channel-unknown": N_("“{channel}” is not known here: please choose one of {known}."),
    "consent-how-missing": N_("Please say how they agreed, such as “form of 2 Nov” or “told Ana at the desk”."),
    "email-unreadable": N_("“{value}” is not one e-mail address."),
    "handle-unreadable": N_("“{value}” is no name of a chat or a person there ({channel})."),
    "language-unreadable": N_("“{value}” is not a language: its code has two letters, such as es."),
    "left-before-joined": N_("A member who joined on {joined_on} cannot have left on {left_on}."),
    "member-number-taken": N_("There is a member with the number {member} already."),
    "member-status-unknown": N_("“{status}” is not known here: please choose one of {known}."),
    "member-unknown": N_("There is no member “{member}”."),
    "name-missing": N_("Please type a name."),
    "note-empty": N_("Please type the note."),
    "outcome-unknown": N_("“{outcome}” is not known here: please choose one of {known}."),
    "payer-has-a-payer": N_("{payer} is paid for by {pays}: please name the one who pays in the end."),
    "phone-not-international": N_("“{value}” is not a whole number: please write it with its country, +34 600 …"),
    "phone-unreadable": N_("“{value}” is not a phone number."),
    "promise-in-the-past": N_("A promise for {due_on} is too late: that day is over."),
    "terms-out-of-bounds": N_("{days} days cannot be the time to pay: it is from 0 to 365 days."),
}

MEMBERSHIPS: TABLE = {
    "billing-day-of-weeks": N_("Weeks begin on the weekday of the start: please leave the billing day out."),
    "billing-day-out-of-bounds": N_("{day} is no day of a month: the billing day is from 1 to 31."),
    "billing-paid-meanwhile": N_(
        "Money lies on {invoice} already: this billing cannot be taken back whole. Please void its invoices one by one."
    ),
    "billing-undone-meanwhile": N_(
        "The billing of {invoice} was taken back meanwhile: its period is billed again, and would be owed twice."
    ),
    "billing-too-far-ahead": N_("{day} is too far ahead: dues are issued at most {most} days before their day."),
    "every-out-of-bounds": N_("“{every}” is not a number of periods: it is from 1 to {most}."),
    "member-has-left": N_("{member} has left and would not be charged: please change that first."),
    "membership-changed-since": N_("Something else was changed about it since: it cannot be taken back."),
    "membership-charged": N_("Dues were charged for it already: please end it instead."),
    "membership-ends": N_("{plan} ends on {ends_on}: nothing is charged after that day."),
    "membership-ends-before-start": N_("A membership that starts on {starts_on} cannot end on {ends_on}."),
    "membership-far-behind": N_(
        "More than {most} periods since {starts_on} would be charged at once:"
        " please say from which day on it is charged here (--charge-from)."
    ),
    "membership-none": N_("{member} has no membership that runs."),
    "membership-of-plan-unknown": N_("{member} has no membership “{plan}” that runs."),
    "membership-rests": N_("{plan} is frozen from {from_on} on already: please end that first."),
    "membership-rests-until": N_("{plan} is frozen from {from_on} until {until_on} already."),
    "membership-runs": N_("{plan} is not frozen on {on}."),
    "membership-several": N_(
        "{member} has several memberships ({plans}): please name the plan (--plan), or its number (--id)."
    ),
    "membership-there-already": N_("{member} has “{plan}” from {day} on already: please end that first."),
    "period-unknown": N_("“{period}” is not a period: please choose one of {known}."),
    "plan-charged-already": N_(
        "{member} is charged for “{plan}” up to {day} already:"
        " please let it start after that day, or say from which day on it is charged (--charge-from)."
    ),
    "plan-missing": N_("Please type what the membership is called."),
    "plan-same": N_("It is called {plan} already."),
    "price-period-charged": N_(
        "The period from {day} on was charged already: another price or name can begin on {begins}, not before."
    ),
    "price-same": N_("{plan} costs {price} already."),
    "price-to-come": N_("The price of {price} begins on {day} already: please undo that first, or name a later day."),
    "trial-before-start": N_("A trial until {trial_until} is over before the start on {starts_on}."),
}

PAYMENTS: TABLE = {
    "currencies-differ": N_("A payment in {payment} cannot settle an invoice in {invoice}."),
    "debt-paid-meanwhile": N_(
        "{actor} took {amount} from {name} at {at}. Nothing was saved; what is left is shown now."
    ),
    "given-below-amount": N_("Only {given} was given for {amount}: please correct one of them."),
    "method-unknown": N_("“{method}” is not a way to pay: please choose one of {known}."),
    "nothing-left-of-payment": N_("Less of this payment is left than you saw. Please look again."),
    "payment-above-named-invoices": N_("This is more than the chosen invoices owe. Nothing was saved."),
    "payment-already-returned": N_("{payment} was taken back already."),
    "payment-not-a-receipt": N_("{payment} is itself a return: only money that came in can be returned."),
    "payment-number-taken": N_("There is a payment {payment} already."),
    "payment-unknown": N_("There is no payment “{payment}”."),
    "refund-above-payment": N_("Only {left} of {payment} is left to give back."),
}

REPORTS: TABLE = {
    "day-unreadable": N_("{option}: “{value}” is not a day, such as 2026-09-04."),
    "month-unreadable": N_("{option}: “{value}” is not a month, such as 2026-09."),
    "days-named-twice": N_("Please name the day once: {options}."),
    "days-wrong-way-round": N_("{first} is after {last}: please name the earlier day first."),
    "edges-unreadable": N_("“{value}” is no list of days: please write it as 30,60,90."),
    "member-missing": N_("Please name the member (--member)."),
    "option-not-of-report": N_("The report “{report}” does not know “{option}”."),
    "report-unknown": N_("There is no report “{report}”: please choose one of {known}."),
    "scope-unknown": N_("“{scope}” is not known here: please choose one of {known}."),
    "section-unknown": N_("“{section}” is not known here: please choose one of {known}."),
    "week-not-of-forecast": N_(
        "{day} is in none of the {weeks} weeks before or after: please name one of those, or later."
    ),
    "weeks-out-of-bounds": N_("{weeks} weeks are too few or too many: from 1 to {most}."),
    "window-out-of-bounds": N_("{days} days are too few or too many: from 1 to {most}."),
}

STORE: TABLE = {
    "postgres-extra-missing": N_("PostgreSQL needs one more part of duesdesk: install duesdesk[postgres]."),
    "store-corrupt": N_("{path} is damaged: please restore the last backup."),
    "store-empty": N_("{path} holds no centre yet: start with duesdesk init, or open duesdesk and set it up."),
    "store-foreign": N_(
        "{path} is a database of another program: it was left as it is. Please name your store (--db)."
    ),
    "store-full": N_("The disk of {path} is full: nothing was saved. Please make room, then try again."),
    "store-is-a-folder": N_("{path} is a folder: please name the file of the store in it (--db)."),
    "store-locked": N_("{path} is busy with another desk: nothing was saved. Please try again."),
    "store-missing": N_(
        "There is nothing at {path}: please name your store (--db), or make a new one there with duesdesk init."
    ),
    "store-not-ours": N_(
        "{path} is no store of duesdesk, or its beginning is damaged: please name another file (--db), or restore the "
        "last backup."
    ),
    "store-out-of-reach": N_("{path} cannot be reached: {detail}"),
    "store-read-only": N_("{path} may only be read by you: nothing was saved."),
    "store-too-new": N_("{path} was made by a newer duesdesk ({found}, this one knows {known}): please update it."),
    "store-too-old": N_("{path} was made by an older duesdesk: please run duesdesk upgrade ({found} of {known})."),
}

UNDO: TABLE = {
    "cannot-undo": N_("This cannot be undone: {verb}."),
    "key-used-for-other-content": N_("The key {key} was used before, with other content. Nothing was written."),
    "nothing-to-undo": N_("There is nothing to undo."),
    "undo-paid-otherwise": N_(
        "What {payment} had paid was paid otherwise since: take it back by hand, or leave it on account."
    ),
    "undo-not-the-last": N_("Something else was done since then: only the last act can be undone."),
}

WORDS: dict[str, str] = {
    "agreement.cancel": N_("to cancel an agreement"),
    "back_office": N_("back office"),
    "bill": N_("to issue dues"),
    "book": N_("to book"),
    "cancelled": N_("it was pulled back"),
    "checkin": N_("to check in"),
    "consent": N_("to keep what somebody agreed to"),
    "credit_note": N_("a credit note"),
    "desk": N_("a word at the desk"),
    "dispute": N_("a dispute"),
    "email": N_("e-mail"),
    "fax": N_("fax"),
    "flag": N_("to mark somebody"),
    "front_desk": N_("front desk"),
    "hold": N_("to leave somebody out"),
    "import": N_("to import"),
    "init": N_("to found a centre"),
    "invoice.issue": N_("to issue an invoice"),
    "invoice.move_due": N_("to move a due date"),
    "invoice.void": N_("to make an invoice void"),
    "letter": N_("letter"),
    "manager": N_("manager"),
    "member.add": N_("to add a member"),
    "member.edit": N_("to change a member"),
    "membership.add": N_("to add a membership"),
    "membership.end": N_("to end a membership"),
    "membership.freeze": N_("to freeze a membership"),
    "membership.price": N_("to change a price"),
    "membership.rename": N_("to give a membership another name"),
    "membership.unfreeze": N_("to end a freeze"),
    "module": N_("to switch modules"),
    "note": N_("to write a note"),
    "notice": N_("to send a notice"),
    "notice.cancel": N_("to pull back a notice"),
    "notice.go": N_("to let notices go again"),
    "notice.left": N_("to say that a notice has left"),
    "notice.many": N_("to send a notice to many"),
    "notice.print": N_("to print letters"),
    "notice.stop": N_("to stop notices"),
    "pay": N_("to take a payment"),
    "plan": N_("a plan"),
    "promise": N_("a promise"),
    "push": N_("push message"),
    "refund": N_("a refund"),
    "restore": N_("to restore a store"),
    "reverse": N_("to reverse a payment"),
    "rule.use": N_("to change the rule"),
    "run": N_("to run the rule"),
    "send": N_("to send what is due"),
    "sending": N_("it is being sent"),
    "sent": N_("it was sent"),
    "setting": N_("to change settings"),
    "settle": N_("a settlement"),
    "settle.approve": N_("to approve of a settlement"),
    "signal": N_("Signal"),
    "sms": N_("text message"),
    "staff": N_("to change staff"),
    "talk": N_("to log a talk"),
    "telegram": N_("Telegram"),
    "template": N_("to change the text of notices"),
    "snooze": N_("to snooze somebody"),
    "task": N_("to work on a task"),
    "undo": N_("to undo"),
    "unhold": N_("to lift a hold"),
    "upgrade": N_("to upgrade a store"),
    "use_credit": N_("to use credit on account"),
    "waiver": N_("a waiver"),
    "whatsapp": N_("WhatsApp"),
    "write_off": N_("a write-off"),
}
"""Codes that may stand in the facts `act`, `channel`, `needed`, `role`, `state` and `verb`, as they are told."""

SENTENCES: TABLE = {
    **AGREEMENTS,
    **AMOUNTS,
    **BOOKINGS,
    **CENTRES,
    **COMMANDS,
    **CREDITS,
    **DAYS,
    **DEMO,
    **FORMS,
    **INVOICES,
    **MEMBERS,
    **MEMBERSHIPS,
    **NOTICES,
    **PAYMENTS,
    **REPORTS,
    **RULES,
    **STORE,
    **TERMINAL,
    **UNDO,
    **MAIL,
    **SETTINGS,
    **IMPORTS,
}
