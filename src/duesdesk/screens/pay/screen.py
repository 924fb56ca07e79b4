"""The key `p`: open the payment form, or say after a crash that the payment was saved; and what is said when it was."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from duesdesk import i18n
from duesdesk.domain.errors import DuesdeskError
from duesdesk.domain.money import from_text
from duesdesk.i18n import _
from duesdesk.screens.contact_words import word
from duesdesk.screens.pay.form import PayForm
from duesdesk.screens.pay.lines import METHOD_WORDS
from duesdesk.screens.pay.modal import PayModal, draft_name
from duesdesk.screens.text import amount, filled, join, line
from duesdesk.services.acts import Plain
from duesdesk.services.payments import PaySheet

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp
    from duesdesk.bootstrap import Desk
    from duesdesk.services.drafts import Draft


def open_pay(app: DuesdeskApp, member: str) -> None:
    """Open the form for a member; or, after a crash, say that their payment was saved."""
    screen = app.desk_screen()
    looked_at = screen.pay_currency() if screen is not None else None
    app.open_with(lambda: _read(app.desk, member, looked_at), lambda found: _open(app, member, *found))


def _read(desk: Desk, member: str, looked_at: str | None) -> tuple[Draft | None, PaySheet | None]:
    """What was typed before at this desk, and what is owed; no sheet when what was typed is saved already."""
    draft = desk.drafts.find(draft_name(member))
    if draft is not None and draft.key in PayModal.seen_keys:
        draft = None
    if draft is not None and draft.answer is not None:
        return draft, None
    if draft is not None and not draft.content["typed"]:
        draft = None
    currency = str(draft.content["currency"]) if draft is not None else looked_at
    return draft, desk.payments.sheet(member, currency)


def _open(app: DuesdeskApp, member: str, draft: Draft | None, sheet: PaySheet | None) -> None:
    if sheet is None:
        if draft is not None:
            _tell_saved(app, member, draft)
        return
    form = PayForm(sheet) if draft is None else PayForm.from_draft(sheet, draft.content)
    at = i18n.time_of(draft.saved_at) if draft is not None else ""
    modal = PayModal(form, draft_at=at)
    app.push_screen(modal, lambda answer: _paid(app, sheet, modal.key, answer))


def _paid(app: DuesdeskApp, sheet: PaySheet, key: str, answer: Plain | None) -> None:
    app.front.submit(_forget, app, sheet.member, key)
    if answer is None:
        return
    app.data_changed()
    told = _("{amount} from {name} saved · {payment} · u undoes")
    money = amount(_money(answer), "ok")
    app.show_message(filled(told, "ok", amount=money, name=sheet.payer_name, payment=str(answer["payment"])), "ok")


def _money(answer: Plain) -> str:
    return i18n.money(from_text(answer["amount"], answer["currency"]), answer["currency"])


def _tell_saved(app: DuesdeskApp, member: str, draft: Draft) -> None:
    """The last payment of this form was written, and the program ended before that was seen."""
    from duesdesk.screens.modals.confirm import ConfirmModal  # imported late: start-up

    answer, at = draft.answer or {}, draft.at or draft.saved_at
    said = [
        line(_("This payment was saved at {time}.").format(time=i18n.time_of(at)), "ok"),
        (),
        join(f"{answer['payment']}   ", amount(_money(answer)), f"   {word(METHOD_WORDS, answer['method'])}"),
    ]

    def again(wanted: bool | None) -> None:
        PayModal.seen_keys.add(draft.key)
        app.front.submit(_forget, app, member, draft.key)
        if wanted:
            open_pay(app, member)

    dialog = ConfirmModal(_("Already saved"), said, yes=_("take another payment"), no=_("good"))
    app.push_screen(dialog, again)


def _forget(app: DuesdeskApp, member: str, key: str) -> None:
    # A draft that stays is told once more, or forgotten tomorrow; there is nobody to tell of it now.
    with suppress(DuesdeskError):
        app.desk.drafts.forget(draft_name(member), key)
