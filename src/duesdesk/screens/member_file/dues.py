"""Memberships in the Member File: what each costs, how it stands, when it is charged next, and what was charged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from duesdesk import i18n
from duesdesk.domain import dues
from duesdesk.domain.dues import Schedule
from duesdesk.i18n import _, ngettext, pgettext
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, fit, join, line
from duesdesk.screens.widgets.line_list import Column, Row
from duesdesk.services.member_files import MemberFile
from duesdesk.services.membership_views import ChargeView, MembershipView

LABEL_CELLS, DAY_CELLS = 16, 14
_TONES = {dues.LEFT: "warn", dues.FROZEN: "accent", dues.TRIAL: "accent"}


def columns() -> tuple[Column, ...]:
    """The columns of the list, titles in the language of the screen."""
    return (
        Column("plan", _("Membership"), 14, flex=True),
        Column("price", _("Price"), 9, "right"),
        Column("every", pgettext("membership", "Every"), 9),
        Column("next", _("Next charge"), 13),
        Column("state", "", 17),
    )


def row(one: MembershipView, file: MemberFile, today: date, currency: str) -> Row:
    """A membership as a row of the list."""
    ended = one.state == dues.ENDED
    text: list[Piece] = [Piece(one.plan, "dim" if ended else "text")]
    if one.member != file.number:
        text.append(Piece(f" {sign('dot')} {one.name}", "dim"))
    price = i18n.amount(one.price_minor, one.currency)
    shown = price if one.currency == currency else i18n.money(one.price_minor, one.currency)
    return Row(
        one.id,
        (
            join(*text),
            amount(shown, "dim" if ended else "text", bold=not ended),
            Piece(how_often(one.schedule), "dim"),
            Piece(next_words(one, today), "dim" if one.next_charge is None else "text"),
            Piece(state_words(one, today), _TONES.get(one.state, "dim")),
        ),
    )


def how_often(schedule: Schedule) -> str:
    """'month', '3 months'."""
    count = schedule.every
    if count == 1:
        return {
            dues.WEEK: pgettext("membership", "week"),
            dues.MONTH: pgettext("membership", "month"),
            dues.YEAR: pgettext("membership", "year"),
        }[schedule.period]
    if schedule.period == dues.WEEK:
        told = ngettext("{count} week", "{count} weeks", count)
    elif schedule.period == dues.MONTH:
        told = ngettext("{count} month", "{count} months", count)
    else:
        told = ngettext("{count} year", "{count} years", count)
    return told.format(count=i18n.number(count))


def every(schedule: Schedule) -> str:
    """'every month', 'every 3 months'."""
    count = schedule.every
    if schedule.period == dues.WEEK:
        told = ngettext("every week", "every {count} weeks", count)
    elif schedule.period == dues.MONTH:
        told = ngettext("every month", "every {count} months", count)
    else:
        told = ngettext("every year", "every {count} years", count)
    return told.format(count=i18n.number(count))


def next_words(one: MembershipView, today: date) -> str:
    """When it is charged next: 'now' when its day has come."""
    if one.next_charge is None:
        return sign("none")
    if one.next_charge.from_on <= today:
        return pgettext("charge", "now")
    return i18n.relative_day(one.next_charge.from_on, today)


def state_words(one: MembershipView, today: date) -> str:
    """How it stands, with the day that matters."""
    when = one.schedule
    if one.state == dues.ENDED and when.ends_on is not None:
        return _("ended {day}").format(day=i18n.day_month(when.ends_on, today))
    if one.state == dues.FROZEN:
        if one.frozen_until is None:
            return pgettext("membership", "frozen")
        return _("frozen to {day}").format(day=i18n.day_month(one.frozen_until, today))
    if one.state == dues.TRIAL and when.trial_until is not None:
        return _("trial to {day}").format(day=i18n.day_month(when.trial_until, today))
    if one.state == dues.AHEAD:
        return _("from {day}").format(day=i18n.day_month(when.starts_on, today))
    if one.state == dues.LEFT:
        return _("has left")
    if when.ends_on is not None:
        return _("ends {day}").format(day=i18n.day_month(when.ends_on, today))
    return ""


def next_dues(file: MemberFile, today: date) -> str:
    """The next charge of the household, for the tile: 'next dues 1 Dec'; '' when there is none."""
    days = [one.next_charge.from_on for one in file.memberships if one.next_charge is not None]
    if not days:
        return ""
    return _("next dues {day}").format(day=i18n.relative_day(max(min(days), today), today))


def membership_lines(one: MembershipView, charges: Sequence[ChargeView], today: date) -> list[Line]:
    """All about one membership: its terms, the next charge, and the periods charged."""
    when = one.schedule
    state = state_words(one, today) or pgettext("membership", "running")
    lines = [
        _labelled(_("For"), Piece(one.name), Piece(f"  {one.member}", "dim")),
        _labelled(
            _("Price"),
            amount(i18n.money(one.price_minor, one.currency), "white", bold=True),
            Piece(f"  {every(when)}", "dim"),
        ),
        _labelled(_("State"), Piece(state, _TONES.get(one.state, "text"))),
        _labelled(_("Since"), Piece(i18n.day_year(when.starts_on))),
    ]
    if when.trial_until is not None:
        lines.append(_labelled(_("Trial until"), Piece(i18n.day_year(when.trial_until))))
    if when.charged_from > when.starts_on:
        lines.append(_labelled(_("Charged from"), Piece(i18n.day_year(when.charged_from))))
    if when.period != dues.WEEK:
        lines.append(_labelled(_("Billing day"), Piece(i18n.number(when.billing_day))))
    if when.ends_on is not None:
        lines.append(_labelled(_("Ends"), Piece(i18n.day_year(when.ends_on))))
    if one.next_charge is None:
        lines.append(_labelled(_("Next charge"), Piece(_("none"), "dim")))
    else:
        first, last = one.next_charge
        told = _("up to {day}").format(day=i18n.day_year(last))
        lines.append(_labelled(_("Next charge"), Piece(i18n.day_year(first), "white"), Piece(f"  {told}", "dim")))
    if not charges:
        return lines
    lines += [(), line(_("Charged"), "dim")]
    for charge in charges:
        first, last = charge.period
        lines.append(
            join(
                *fit(Piece(i18n.day_year(first), "dim"), DAY_CELLS),
                *fit(Piece(i18n.day_year(last), "dim"), DAY_CELLS),
                Piece(charge.invoice),
            )
        )
    return lines


def _labelled(label: str, *pieces: Piece) -> Line:
    return join(*fit(Piece(label, "dim"), LABEL_CELLS), *pieces)
