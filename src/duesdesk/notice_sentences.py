"""What people are told about notices and their texts; part of `duesdesk.sentences`."""

from __future__ import annotations

from duesdesk.messages import N_

NOTICES: dict[str, str | tuple[str, str]] = {
    "folder-not-whole": N_("Please give the whole path of the folder, not “{folder}”."),
    "group-not-named": N_("Please name the group."),
    "letters-extra-missing": N_("Letters need one more part of duesdesk: install duesdesk[letters]."),
    "letters-need-sender": N_(
        "A letter in Brazil names the centre's address and tax number: please set “{key}” first."
    ),
    "no-letters": N_("No letter waits to be printed."),
    "notice-agreed": N_("What they owe was agreed upon, for now until {date}."),
    "notice-asked-anew": N_("The rule has gone on since notice {notice}: it is not sent a second time."),
    "notice-batch-unknown": N_("There is no notice to many {batch}."),
    "notice-below-minimum": N_("What they owe is below the least that is asked for."),
    "notice-credit-covers": N_("Money on account covers what they owe."),
    "notice-dead-address": N_("Mail to {address} came back: please correct the address first."),
    "notice-has-changed": N_("The notice reads differently by now: please read it once more."),
    "notice-has-left": N_("Notice {notice} cannot be pulled back any more: {state}."),
    "notice-in-print": N_("Notice {notice} lies printed (run {run}): please say first whether it was posted."),
    "notice-no-address": N_("There is no e-mail address to write to."),
    "notice-no-place": N_("There is no number or address to reach them by {channel}."),
    "notice-not-asked": N_("Nobody has asked yet whether they agree to {channel}: please keep their answer first."),
    "notice-not-meant": N_("They are not among those any more who were chosen."),
    "notice-not-to-retry": N_("Notice {notice} is on its way or has arrived: it is not sent again."),
    "notice-not-wanted": N_("They want nothing by {channel}."),
    "notice-disputed": N_("They contest what they owe: it is not asked for until that is settled."),
    "notice-not-waiting": N_("Notice {notice} does not wait: {state}."),
    "notice-nothing-owed": N_("Nothing is owed: there is nothing to remind of."),
    "notice-not-unsure": N_("Whether notice {notice} left is no question: {state}."),
    "notice-on-hold": N_("A hold keeps notices from them: {hold}."),
    "notice-own-words-with-places": N_("“{word}” is read as it stands: words of one's own have no places for figures."),
    "notice-promised": N_("They have promised to pay by {date}."),
    "notice-told-lately": N_("They were told on {date} already: that is less than {days} days ago."),
    "notice-too-old": N_("What they owe is too old to be asked for without a word of the manager."),
    "notice-too-long": N_("The text is too long to go by {channel}: at most {longest} characters."),
    "notice-unsure-alone": N_("Notice {notice}: nobody knows whether it arrived. It is decided of by itself."),
    "notice-waits": N_("Notice {notice} waits to be sent already."),
    "notice-waits-already": N_("A notice to them waits already."),
    "notice-unknown": N_("There is no notice {notice}."),
    "notice-week-full": N_("They were spoken to often enough this week."),
    "notice-without-creditor": N_(
        "The law wants a letter that asks for money to name the centre: please set centre.address and centre.tax_id."
    ),
    "notice-without-subject": N_("The notice has no subject."),
    "notice-without-text": N_("The notice has no text."),
    "notices-not-to-retry": N_("None of these can be sent again like this; an unsure one is decided by itself."),
    "notices-have-left": N_("All of them have left, or were pulled back already."),
    "notices-for-nobody": N_("Nobody is chosen: please say --unpaid, --group or name members."),
    "outbox-stopped": N_("Notices are stopped: nothing leaves before somebody says duesdesk notices go."),
    "print-run-closed": N_("Print run {run} is closed already: {state}."),
    "print-run-unknown": N_("There is no print run {run}."),
    "template-advertises": N_("A notice about money carries no advertising: please take out {words}."),
    "template-amount-in-subject": N_("The subject is seen on locked screens: it names no amount ({words})."),
    "template-centre-language-first": N_(
        "Please write “{template}” in {language} first: who reads another language gets that text, whole."
    ),
    "template-changed-meanwhile": N_("{actor} changed this text while you wrote: nothing was saved."),
    "template-debt-in-subject": N_("The subject is seen on locked screens: it speaks of no debt ({words})."),
    "template-debt-with-amount": N_(
        "A text message is seen on locked screens: an amount or a debt may stand in it, not both ({words})."
    ),
    "template-in-use": N_("The rule in force uses “{template}”: please put another rule in force first."),
    "template-last-twice": N_("It is said more than once that this is the last time: {words}."),
    "template-links-elsewhere": N_(
        "Only the centre’s own pages may be linked, not {links}: set centre.website, or write pay_link."
    ),
    "template-name": N_("“{template}” cannot be the name of a template: small letters, digits and _ are wanted."),
    "template-no-short-form": N_("The template “{template}” has no short form for text messages."),
    "template-not-in-language": N_("The template “{template}” is not written in {language}."),
    "template-not-own": N_("“{template}” is the text that is shipped already."),
    "template-plays-court": N_("A notice is no paper of a court, and announces none: please take out {words}."),
    "template-says-nothing": N_("The template says nothing: it needs a subject and a text."),
    "template-shouts": N_("This shouts: {words}. Please write it in small letters."),
    "template-threatens": N_("A notice never threatens: please take out {words}."),
    "template-tone-unknown": N_("“{tone}” is not a tone: please choose one of {known}."),
    "template-too-long": N_("The template is too long: at most {longest} characters."),
    "template-too-long-for-short": N_(
        "With the longest figures this takes {length} characters; a text message may have {longest}."
    ),
    "template-unknown": N_("There is no template “{template}”: please choose one of {known}."),
    "template-unknown-words": N_("The template speaks of {words}, which is not there. There is: {known}."),
    "template-unreadable": N_("The template cannot be read: {detail}"),
    "template-without-creditor": N_(
        "The law wants whoever asks for money to name address and tax number: please add the signature."
    ),
    "template-without-subject": N_("The first line of a template is “Subject:” and the subject."),
}

HOLDS: dict[str, str] = {
    "claim": N_("they say it is paid"),
    "complaint": N_("a complaint"),
    "deceased": N_("deceased"),
    "excluded": N_("left out"),
    "hardship": N_("hardship"),
    "insolvency": N_("insolvency"),
    "minor": N_("a minor"),
    "snooze": N_("snoozed"),
    "vulnerable": N_("vulnerable"),
}
"""Kinds of hold, as a sentence names them."""
