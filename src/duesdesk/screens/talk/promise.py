"""The key y: a promise to pay an amount by a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from duesdesk.domain.errors import BadInput
from duesdesk.i18n import _, amount, long_day, pgettext
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.text import Piece
from duesdesk.services.acts import new_key
from duesdesk.services.payments import PaySheet

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp


def open_promise(app: DuesdeskApp, member: str) -> None:
    """Ask for amount and day."""
    app.open_with(lambda: app.desk.payments.sheet(member), lambda sheet: _open(app, member, sheet))


def _open(app: DuesdeskApp, member: str, sheet: PaySheet) -> None:
    today: date = app.desk.today()
    key = new_key()

    def save(values: dict[str, object]) -> object:
        return app.desk.promises.take(
            member,
            cast("int", values["amount"]),
            sheet.currency,
            cast("date", values["due_on"]),
            note=str(values["note"]),
            key=key,
        )

    def not_passed(value: object) -> object:
        if isinstance(value, date) and value < today:
            raise BadInput("day-has-passed", day=value)
        return value

    suggested = amount(sheet.suggested_minor, sheet.currency) if sheet.suggested_minor else ""
    fields = [
        FormField("due_on", pgettext("day", "By"), "date", required=True, today=today, hint=_("a day: fri, +7, 14/12"),
                  validate=not_passed, codes=("promise-in-the-past",)),
        FormField("amount", _("Amount"), "amount", required=True, default=suggested, currency=sheet.currency,
                  codes=("amount-not-positive",)),
        FormField("note", _("Note"), max_length=200),
    ]  # fmt: skip
    intro = []
    if sheet.payer != sheet.member:
        intro.append(Piece(_("{payer} pays for {name}.").format(payer=sheet.payer_name, name=sheet.member_name), "dim"))
    modal = FormModal(_("Promise · {name}").format(name=sheet.member_name), fields, save=save, intro=intro)

    def saved(values: dict[str, object] | None) -> None:
        if values is None:
            return
        app.data_changed()
        told = _("Promised for {day}: nothing is asked before.").format(day=long_day(cast("date", values["due_on"])))
        app.show_message(told, "ok")

    app.push_screen(modal, saved)
