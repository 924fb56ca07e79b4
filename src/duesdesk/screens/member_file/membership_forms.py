"""The key m: a new membership, another price or name, freeze, end. A menu first, then a short form.

Every form has the idempotency key of its act from when it opens, so that saving twice is saving once.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from duesdesk import i18n
from duesdesk.domain import dues
from duesdesk.domain.errors import BadInput
from duesdesk.domain.money import from_text
from duesdesk.domain.roles import may
from duesdesk.i18n import _, ngettext, pgettext
from duesdesk.screens.member_file.acts import REASON_LENGTH, show_form
from duesdesk.screens.member_file.dues import every, state_words
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.modals.form import FormField
from duesdesk.screens.text import Line, Piece, amount, filled, join, line
from duesdesk.screens.widgets.choice import Option
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.membership_requests import PLAN_LENGTH, MembershipRequest
from duesdesk.services.membership_views import MembershipView

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

ADD, PRICE, NAME, FREEZE, AGAIN, END = "add", "price", "name", "freeze", "again", "end"


def open_memberships(app: DuesdeskApp, member: str, name: str, chosen: MembershipView | None) -> None:
    """What is to be done: with `chosen`, or a new one for `member`. Who has none gets the form of a new one at once."""
    if chosen is None:
        add_membership(app, member, name)
        return

    def answered(what: str | None) -> None:
        if what == ADD:
            add_membership(app, member, name)
        elif what == PRICE:
            _price(app, chosen)
        elif what == NAME:
            _rename(app, chosen)
        elif what == FREEZE:
            _freeze(app, chosen)
        elif what == AGAIN:
            _unfreeze(app, chosen)
        elif what == END:
            _end(app, chosen)

    app.push_screen(MembershipModal(chosen, app.desk.today(), app.desk.actor.role, name), answered)


class MembershipModal(DeskModal[str]):
    """One key for each thing that can be done with a membership."""

    WIDTH = 56
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", f"choose('{PRICE}')", show=False),
        Binding("n", f"choose('{NAME}')", show=False),
        Binding("f", f"choose('{FREEZE}')", show=False),
        Binding("r", f"choose('{AGAIN}')", show=False),
        Binding("e", f"choose('{END}')", show=False),
        Binding("a", f"choose('{ADD}')", show=False),
    ]

    def __init__(self, one: MembershipView, today: date, role: str, name: str) -> None:
        super().__init__()
        self._one = one
        self._today = today
        self._name = name
        is_open = one.state != dues.ENDED
        self._offers = {
            PRICE: is_open and may(role, "membership.price"),
            NAME: is_open and may(role, "membership.rename"),
            FREEZE: is_open and one.state != dues.FROZEN,
            AGAIN: one.state == dues.FROZEN,
            END: is_open,
            ADD: True,
        }

    def heading(self) -> str:
        return self._one.plan

    def compose_box(self) -> ComposeResult:
        one = self._one
        about = join(
            amount(i18n.money(one.price_minor, one.currency), "white", bold=True),
            Piece(f"  {every(one.schedule)}  {state_words(one, self._today)}", "dim"),
        )
        yield Panel(
            [
                about,
                (),
                self._option("p", PRICE, _("another price")),
                self._option("n", NAME, _("another name")),
                self._option("f", FREEZE, _("freeze: nothing is charged meanwhile")),
                self._option("r", AGAIN, _("end the freeze")),
                self._option("e", END, _("end the membership")),
                self._option("a", ADD, _("another membership for {name}").format(name=self._name)),
            ],
            surface="bar",
            indent=2,
        )

    def _option(self, key: str, what: str, told: str) -> Line:
        if not self._offers[what]:
            return line(f"{key}  {told}", "faint")
        return join(Piece(key, "accent", bold=True), Piece("  " + told))

    def hint(self) -> Line:
        return keys_line(("Esc", _("back")))

    def action_choose(self, what: str) -> None:
        if self._offers[what]:
            self.dismiss(what)


def add_membership(app: DuesdeskApp, member: str, name: str) -> None:
    """A new membership for a member."""
    desk, key = app.desk, new_key()
    currency, today = desk.centre.currency, desk.today()
    periods = (
        Option(dues.MONTH, _("months"), "m"),
        Option(dues.WEEK, _("weeks"), "w"),
        Option(dues.YEAR, _("years"), "y"),
    )
    fields = [
        FormField("plan", _("Membership"), required=True, max_length=PLAN_LENGTH, hint=_("as the invoice calls it"),
                  codes=("plan-missing", "membership-there-already", "card-number-refused")),
        FormField("price", _("Price"), "amount", required=True, currency=currency, codes=("amount-not-positive",)),
        FormField("every", pgettext("membership", "Every"), max_length=2, hint=_("how many; empty: one"),
                  validate=_whole, codes=("every-out-of-bounds",)),
        FormField("period", _("Period"), "choice", default=dues.MONTH, options=periods),
        FormField("starts_on", pgettext("membership", "From"), "date", today=today, hint=_("a day; empty: today"),
                  codes=("membership-far-behind", "plan-charged-already", "day-far")),
        FormField("billing_day", _("Billing day"), max_length=2, validate=_day_of_month,
                  hint=_("31: the last; empty: that of the first charge"),
                  codes=("billing-day-out-of-bounds", "billing-day-of-weeks")),
        FormField("trial_until", _("Trial until"), "date", today=today, hint=_("the last day that is free"),
                  codes=("trial-before-start",)),
        FormField("ends_on", _("Ends"), "date", today=today, hint=_("nothing begins after this day"),
                  codes=("membership-ends-before-start",)),
        FormField("charged_from", _("Charged from"), "date", today=today,
                  hint=_("what begins before was charged elsewhere")),
    ]  # fmt: skip

    def save(values: dict[str, object]) -> Plain:
        wanted = MembershipRequest(
            member,
            str(values["plan"]),
            cast("int", values["price"]),
            currency,
            str(values["period"]),
            cast("int", values["every"]),
            cast("int | None", values["billing_day"]),
            cast("date | None", values["starts_on"]),
            cast("date | None", values["trial_until"]),
            cast("date | None", values["ends_on"]),
            cast("date | None", values["charged_from"]),
        )
        return desk.memberships.add(wanted, key=key)

    def told(answer: Plain) -> str:
        if answer["due"]:
            begun = ngettext(
                "{count} period has begun: the next billing charges it.",
                "{count} periods have begun: the next billing charges them.",
                answer["due"],
            )
            return begun.format(count=i18n.number(answer["due"]))
        return _kept(answer)

    show_form(app, _("New membership · {name}").format(name=name), fields, save, told)


def _price(app: DuesdeskApp, one: MembershipView) -> None:
    desk, key, today = app.desk, new_key(), app.desk.today()
    fields = [
        FormField("price", _("Price"), "amount", required=True, currency=one.currency,
                  default=i18n.amount(one.price_minor, one.currency), codes=("amount-not-positive", "price-same")),
        FormField("from_on", pgettext("membership", "From"), "date", today=today,
                  hint=_("a day; empty: from the next charge"),
                  codes=("price-period-charged", "price-to-come", "membership-ends")),
    ]  # fmt: skip

    def save(values: dict[str, object]) -> Plain:
        return desk.memberships.price(
            one.member,
            cast("int", values["price"]),
            from_on=cast("date | None", values["from_on"]),
            which=one.id,
            key=key,
        )

    intro = [line(_("It begins with a period; what was charged stays."), "dim")]
    show_form(app, _("Price · {plan}").format(plan=one.plan), fields, save, _priced, intro)


def _priced(answer: Plain) -> Line:
    price = i18n.money(from_text(answer["price"], answer["currency"]), answer["currency"])
    begins = i18n.day_year(date.fromisoformat(answer["starts_on"]))
    told = _("{plan} costs {price} from {day} on.")
    return filled(told, "ok", plan=str(answer["plan"]), price=amount(price, "ok"), day=begins)


def _rename(app: DuesdeskApp, one: MembershipView) -> None:
    desk, key, today = app.desk, new_key(), app.desk.today()
    fields = [
        FormField("plan", _("Membership"), required=True, max_length=PLAN_LENGTH, default=one.plan,
                  hint=_("as the invoice calls it"),
                  codes=("plan-missing", "plan-same", "membership-there-already", "card-number-refused")),
        FormField("from_on", pgettext("membership", "From"), "date", today=today,
                  hint=_("a day; empty: from the next charge"),
                  codes=("price-period-charged", "price-to-come", "membership-ends")),
    ]  # fmt: skip

    def save(values: dict[str, object]) -> Plain:
        return desk.memberships.rename(
            one.member,
            str(values["plan"]),
            from_on=cast("date | None", values["from_on"]),
            which=one.id,
            key=key,
        )

    intro = [line(_("It begins with a period; what was charged stays."), "dim")]
    show_form(app, _("Name · {plan}").format(plan=one.plan), fields, save, _kept, intro)


def _freeze(app: DuesdeskApp, one: MembershipView) -> None:
    desk, key, today = app.desk, new_key(), app.desk.today()
    fields = [
        FormField("from_on", pgettext("membership", "From"), "date", today=today, hint=_("a day; empty: today"),
                  codes=("membership-rests", "membership-rests-until", "membership-ends")),
        FormField("until_on", _("Until"), "date", today=today, hint=_("its last day; empty: until it is ended"),
                  codes=("days-wrong-way-round",)),
        FormField("reason", _("Reason"), max_length=REASON_LENGTH),
    ]  # fmt: skip

    def save(values: dict[str, object]) -> Plain:
        return desk.memberships.freeze(
            one.member,
            from_on=cast("date | None", values["from_on"]),
            until_on=cast("date | None", values["until_on"]),
            which=one.id,
            reason=str(values["reason"]),
            key=key,
        )

    def told(answer: Plain) -> str:
        if answer["charged"]:
            return _("Charged already: {invoices}. A credit note gives it back.").format(
                invoices=i18n.listing(answer["charged"])
            )
        return _kept(answer)

    show_form(app, _("Freeze · {plan}").format(plan=one.plan), fields, save, told)


def _unfreeze(app: DuesdeskApp, one: MembershipView) -> None:
    desk, key = app.desk, new_key()
    field = FormField("on", _("Runs again"), "date", today=desk.today(), hint=_("the first day; empty: today"),
                      codes=("membership-runs",))  # fmt: skip

    def save(values: dict[str, object]) -> Plain:
        return desk.memberships.unfreeze(one.member, on=cast("date | None", values["on"]), which=one.id, key=key)

    show_form(app, _("End the freeze · {plan}").format(plan=one.plan), [field], save, _kept)


def _end(app: DuesdeskApp, one: MembershipView) -> None:
    desk, key, today = app.desk, new_key(), app.desk.today()
    fields = [
        FormField("on", _("Ends"), "date", today=today, hint=_("a day; empty: today"), codes=("day-far",)),
        FormField("reason", _("Reason"), max_length=REASON_LENGTH),
    ]

    def save(values: dict[str, object]) -> Plain:
        return desk.memberships.end(
            one.member,
            on=cast("date | None", values["on"]),
            which=one.id,
            reason=str(values["reason"]),
            key=key,
        )

    def told(answer: Plain) -> str:
        if answer["charged"]:
            return _("Charged for the time after it: {invoices}. Please void or credit them.").format(
                invoices=i18n.listing(answer["charged"])
            )
        return _kept(answer)

    intro = [line(_("No period begins after that day; one that began before is charged whole."), "dim")]
    show_form(app, _("End · {plan}").format(plan=one.plan), fields, save, told, intro)


def _kept(answer: Plain) -> str:
    """The membership after an act, and the way back."""
    if answer.get("next_on"):
        day = i18n.day_year(date.fromisoformat(answer["next_on"]))
        return _("{plan}: next charge {day}. “u” takes it back.").format(plan=answer["plan"], day=day)
    return _("{plan}: nothing more is charged. “u” takes it back.").format(plan=answer["plan"])


def _whole(value: object) -> object:
    text = str(value).strip() or "1"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= dues.MOST_EVERY):
        raise BadInput("every-out-of-bounds", every=text, most=dues.MOST_EVERY)
    return int(text)


def _day_of_month(value: object) -> object:
    text = str(value).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= dues.MONTH_DAYS):
        raise BadInput("billing-day-out-of-bounds", day=text)
    return int(text)
