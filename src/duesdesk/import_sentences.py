"""What people are told about files they bring in; part of `duesdesk.sentences`.

Sentences about one row do not name its line: they are shown beside it.
"""

from __future__ import annotations

from duesdesk.messages import N_, NN_

IMPORTS: dict[str, str | tuple[str, str]] = {
    # About a cell
    "import-address-too-long": N_("This has more than {lines} lines, or one of more than {letters} letters."),
    "import-allocation-above-open": N_("Only {open} of this invoice is open."),
    "import-allocations-above-payment": N_("The allocations are more than the payment."),
    "import-allocations-twice": N_("The allocations name one invoice twice."),
    "import-allocations-unreadable": N_("Allocations are written as INV-1=40.00;INV-2=10.00."),
    "import-amount-groups": N_(
        "This is not an amount with the decimal sign “{decimal}”: groups of thousands have three digits."
    ),
    "import-amount-negative": N_("An amount below zero is not taken here; a credit note lowers an invoice."),
    "import-amount-other-currency": N_("The amount says {mark}, the currency of the row is {currency}."),
    "import-amount-too-fine": N_("{currency} has {digits} decimals; this amount has more."),
    "import-amount-too-large": N_("This amount is larger than any kept here."),
    "import-amount-unreadable": N_("This is not an amount."),
    "import-amount-zero": N_("The amount is zero."),
    "import-before-start": N_("It lies before the start ({starts_on})."),
    "import-card-taken": N_("Member {member} has this card."),
    "import-card-twice": N_("Line {line} gives this card to another member."),
    "import-cell-bytes": N_(
        "Some bytes of this cell are no letters in the encoding of the file; say the right one with --encoding."
    ),
    "import-cell-card-number": N_("This looks like a payment card number ({masked}); such numbers are never kept."),
    "import-cell-control": N_("This cell has control characters in it, which no name or number has."),
    "import-cell-missing": N_("Every row needs this, and it is blank."),
    "import-cell-too-long": N_("This has {found} characters; there is room for {limit}."),
    "import-credit-above-open": N_("Only {open} of this invoice is open."),
    "import-country-unknown": N_("This is not a country: its code has two letters, such as ES."),
    "import-currency-unknown": N_("This is not a currency: its code has three letters, such as EUR."),
    "import-date-far": N_("The year must be from {first} to {last}."),
    "import-date-impossible": N_("This day is not in the calendar."),
    "import-date-not-as-asked": N_("This is not written as --date-format {pattern} says."),
    "import-date-order-mixed": N_(
        "In this column {day_first} can only begin with the day and {month_first} only with the month;"
        " say which with --date-format %d/%m/%Y or %m/%d/%Y."
    ),
    "import-date-order-unclear": N_(
        "This may be day first or month first, and nothing in the column tells;"
        " say which with --date-format %d/%m/%Y or %m/%d/%Y."
    ),
    "import-date-short-year": N_("A year of two digits is not taken; write four, or say --date-format with %y."),
    "import-date-unreadable": N_("This is not a date."),
    "import-decimal-mixed": N_(
        "This column writes decimals with a point and with a comma; say which with --decimal, to see the other rows."
    ),
    "import-decimal-unclear": N_(
        "This may be thousands or decimals, and nothing in the column tells; say the decimal sign with --decimal."
    ),
    "import-differs": N_("{field}: the file says {in_file}, the desk has {stored}."),
    "import-due-before-issue": N_("It would be due before it was issued ({issued_on})."),
    "import-email-unreadable": N_("This is not one e-mail address; it is kept, and nothing is sent to it."),
    "import-field-too-long": N_("This cell is longer than {limit} characters; is a quotation mark missing?"),
    "import-invoice-and-allocations": N_("The allocations do not lie on invoice {invoice} alone, which the row names."),
    "import-invoice-currency": N_("This invoice is in {currency}, the payment in {paid_in}."),
    "import-invoice-not-owed": N_("This invoice is void or a draft."),
    "import-invoice-of-another": N_("This invoice is not of the payer of member {member}."),
    "import-invoice-unknown": N_("There is no such invoice."),
    "import-left-before-joined": N_("They would have left before they joined ({joined_on})."),
    "import-line-too-long": N_("This line is longer than {limit} characters; is a quotation mark missing?"),
    "import-member-unknown": N_("There is no such member; import the members first."),
    "import-membership-there": N_("The member has a membership of this plan at that time already."),
    "import-number-out-of-bounds": N_("This is not a whole number from {least} to {most}."),
    "import-payer-has-a-payer": N_("{payer} does not pay for themselves, so cannot pay for others."),
    "import-payer-pays-for-others": N_("{member} pays for {other}, so must pay for themselves."),
    "import-payer-unknown": N_("There is no such member to pay."),
    "import-payment-negative": N_("A payment below zero is a refund only with --negative refund."),
    "import-payment-reference-taken": N_("There is a payment {payment} already."),
    "import-phone-unreadable": N_("This is not a phone number."),
    "import-quote-open": N_("A quotation mark that opens here is never closed; nothing after this line was read."),
    "import-refund-above": N_("Only {left} {currency} of this payer’s money could be given back on that day."),
    "import-refund-names-invoices": N_("A refund takes back the newest allocations first; it cannot name invoices."),
    "import-row-quotes": N_("The quotation marks of this row are wrong."),
    "import-row-width": NN_(
        "This row has {count} cell, the header has {expected}.",
        "This row has {count} cells, the header has {expected}.",
    ),
    "import-settled-but-closed": N_("This invoice was voided or written off here, not paid."),
    "import-time-unreadable": N_("This is not a time of day, such as 18:30."),
    "import-timezone-unknown": N_("This is not a time zone: its name is such as Europe/Madrid."),
    "import-twice": N_("Line {line} has the same one, with other content."),
    "import-twice-of-rejected": N_("Line {line} says the same and was rejected."),
    "import-two-times": N_("The row has another time beside this one ({other})."),
    "import-word-unknown": N_("This word is not known here; it may be {known}."),
    # About the file
    "import-columns-missing": N_(
        "The file lacks the columns {fields}. Its header has: {headers}."
        " Say which column is meant with --map FIELD=HEADER."
    ),
    "import-columns-missing-guess": N_(
        "The file lacks the columns {fields}. Its header has: {headers}. Is this meant: {guess}?"
    ),
    "import-encoding-unknown": N_("There is no encoding “{encoding}”; usual ones are utf-8, cp1252 and cp1250."),
    "import-encoding-wrong": N_("{file} is not written in {encoding}."),
    "import-field-twice": N_("Several columns may be “{field}”: {headers}. Say which with --map {field}=HEADER."),
    "import-file-empty": N_("{file} is empty."),
    "import-file-kind": N_("{file} is a {kind} file; CSV and XLSX files are read here."),
    "import-file-missing": N_("There is no file {file}."),
    "import-file-too-large": N_("{file} is larger than {megabytes} MB; please split it."),
    "import-file-unreadable": N_("{file} cannot be read: {detail}."),
    "import-header-missing": N_("The first row of {file} has no names of columns."),
    "import-header-twice": N_("Two columns of {file} are called “{header}” (line 1); please rename one."),
    "import-map-missing": N_("--map {field}: the file has no column “{header}”. Its header has: {headers}."),
    "import-map-missing-guess": N_("--map {field}: the file has no column “{header}”. Is “{guess}” meant?"),
    "import-not-a-file": N_("{file} is not a file."),
    "import-not-text": N_("{file} is not a text file: its line {line} is no header of columns."),
    "import-profile-damaged": N_("The profile “{profile}” cannot be read."),
    "import-rejected-unwritable": N_("Nothing was imported, because {file} cannot be written: {detail}."),
    "import-sheets-extra-missing": N_(
        "Reading {file} needs python-calamine: please install duesdesk[sheets], or save the sheet as CSV."
    ),
    "import-too-many-rows": N_("The file has more rows than are read at once ({rows}); please split it."),
    "import-utf16": N_("{file} is written in UTF-16 (line {line}): please save it as UTF-8, or say --encoding utf-16."),
    "import-workbook-bomb": N_("{file} unpacks to more than {megabytes} MB; it is not read."),
    "import-workbook-unreadable": N_("{file} is damaged, or not a workbook."),
    # About how it was asked
    "import-date-format-unknown": N_(
        "--date-format {pattern} does not tell day, month and year; it is such as %d/%m/%Y."
    ),
    "import-decimal-unknown": N_("--decimal is “.” or “,”, not “{decimal}”."),
    "import-delimiter-unknown": N_("--delimiter is a comma, a semicolon, a tab or “|”, not “{delimiter}”."),
    "import-field-unknown": N_("{kind} have no field “{field}”; there are {fields}."),
    "import-kind-unknown": N_("“{kind}” cannot be imported; there are {kinds}."),
    "import-map-unreadable": N_("--map is written as FIELD=HEADER, not “{value}”."),
    "import-negative-unknown": N_("--negative is “refund” or is left out, not “{negative}”."),
    "import-profile-kind": N_("The profile “{profile}” is for {kind}, not for {asked}."),
    "import-profile-unknown": N_("There is no profile “{profile}”; there are {profiles}."),
    # Said beside
    "import-note-encoding": N_("The file is not UTF-8; it was read as {encoding}."),
    "import-note-ignored": N_("Not read: {headers}."),
}
