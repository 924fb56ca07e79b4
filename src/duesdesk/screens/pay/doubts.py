"""What makes Enter in the payment form ask once more: a slip is likelier than a wish. Each is asked once."""

from __future__ import annotations

from duesdesk import i18n
from duesdesk.i18n import _
from duesdesk.screens.pay.form import PayForm
from duesdesk.screens.text import Line, amount, filled, line
from duesdesk.services.payments import PaySheet, TakenMeanwhile


class Doubts:
    """What was asked of one form already."""

    def __init__(self, draft_at: str) -> None:
        """`draft_at` is when the form was typed before, '14:02'; empty for a fresh one."""
        self._draft_at = draft_at
        self._far_too_much = ""
        self._paid_today: TakenMeanwhile | None = None

    def about(self, form: PayForm) -> Line:
        """What is to be said instead of saving; empty when there is no doubt, or it was said before."""
        taken = form.sheet.paid_today
        if self._draft_at:
            # `p`, Enter by habit would take what somebody typed before the program stopped: once more, knowingly.
            told = _("Typed at {time} and not saved. Enter again saves it so.").format(time=self._draft_at)
            self._draft_at = ""
            return line(told, "warn")
        if taken is not None and taken != self._paid_today and form.is_not_due and not form.was_meant:
            # `p`, Enter after a payment of today: who paid what was overdue rarely pays ahead at once.
            self._paid_today = taken
            return _join(paid_today_line(form.sheet), _("Enter again pays what is not due yet."))
        if form.is_far_too_much() and self._far_too_much != form.amount_text:
            # A bottle's code that was scanned into the amount, a digit too many: once more, knowingly.
            self._far_too_much = form.amount_text
            return line(_("Most of this stays on account: far less is owed. Enter again saves it so."), "warn")
        return ()


def paid_today_line(sheet: PaySheet) -> Line:
    """That this payer has paid today; empty when they have not."""
    taken = sheet.paid_today
    if taken is None:
        return ()
    money = amount(i18n.money(taken.amount_minor, taken.currency), "warn")
    return filled(_("{amount} was paid today at {time}."), "warn", amount=money, time=i18n.time_of(taken.at))


def _join(before: Line, told: str) -> Line:
    return (*before, *line(" " + told, "warn"))
