"""What the payment form holds: the sheet, what was typed and chosen, and the split that follows. No screen in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from duesdesk import i18n
from duesdesk.domain import allocation, payment_methods, promises
from duesdesk.domain.allocation import Owed, Split
from duesdesk.domain.errors import BadInput, DuesdeskError
from duesdesk.i18n import parse_amount
from duesdesk.services.acts import Plain
from duesdesk.services.payments import OpenInvoice, PayRequest, PaySheet, Shown, WaitingNotice

CASH = payment_methods.METHODS[0].code


@dataclass
class PayForm:
    """The state of one form. `chosen` are invoice numbers; none means the oldest due first."""

    sheet: PaySheet
    amount_text: str = ""
    given_text: str = ""
    method: str = CASH
    chosen: frozenset[str] = field(default_factory=frozenset)
    typed: bool = False
    """Whether the amount was typed; until then it follows what is owed and chosen."""

    def __post_init__(self) -> None:
        if not self.typed:
            self.amount_text = self.suggested()

    @classmethod
    def from_draft(cls, sheet: PaySheet, content: Plain) -> PayForm:
        """The form as it was typed before, over what is owed now."""
        known = {item.number for item in sheet.items}
        return cls(
            sheet,
            str(content["amount"]),
            str(content["given"]),
            str(content["method"]),
            frozenset(str(number) for number in content["chosen"]) & known,
            typed=True,
        )

    def content(self) -> Plain:
        """What a draft keeps."""
        return {
            "amount": self.amount_text,
            "given": self.given_text,
            "method": self.method,
            "chosen": sorted(self.chosen),
            "currency": self.sheet.currency,
            "typed": self.was_meant,
        }

    # --- amounts

    def suggested(self) -> str:
        """What stands in the field at first: what is chosen, else all that is overdue, else all that is open."""
        minor = sum(item.open_minor for item in self.picked()) if self.chosen else self.sheet.suggested_minor
        return self.as_typed(minor) if minor else ""

    def as_typed(self, minor: int) -> str:
        """An amount as one would type it: without groups of thousands."""
        return i18n.amount(minor, self.sheet.currency).replace(i18n.current().table.group, "")

    def amount_minor(self) -> int:
        """The amount. Raises BadInput when it cannot be read or is nothing."""
        minor = parse_amount(self.amount_text, self.sheet.currency)
        if minor == 0:
            raise BadInput("amount-not-positive", value=self.amount_text)
        return minor

    def given_minor(self) -> int | None:
        """The cash handed over, None when none was typed. Raises BadInput."""
        if self.method != CASH or not self.given_text.strip():
            return None
        return parse_amount(self.given_text, self.sheet.currency)

    def change_minor(self) -> int | None:
        """What goes back over the counter; None when nothing was given. Raises BadInput when it is too little."""
        given = self.given_minor()
        if given is None:
            return None
        amount = self.amount_minor()
        if given < amount:
            raise BadInput("given-below-amount", given_minor=given, amount_minor=amount, currency=self.sheet.currency)
        return given - amount

    # --- what it settles

    def picked(self) -> list[OpenInvoice]:
        """The invoices the money may go to, in order."""
        return [item for item in self.sheet.items if not self.chosen or item.number in self.chosen]

    def split(self) -> Split:
        """Where the money goes; `invoice_id` of a share is its place in the sheet. Raises BadInput, Refused."""
        places = {item.number: place for place, item in enumerate(self.sheet.items)}
        owed = [Owed(places[item.number], item.open_minor) for item in self.picked()]
        propose = allocation.propose_for if self.chosen else allocation.propose
        return propose(self.amount_minor(), owed)

    def shares(self) -> dict[str, int]:
        """Invoice number -> what of the money goes to it; empty while there is no such split."""
        try:
            split = self.split()
        except DuesdeskError:
            return {}
        return {self.sheet.items[share.invoice_id].number: share.amount_minor for share in split.shares}

    def is_far_too_much(self) -> bool:
        """Whether more would stay on account than all that is owed: a slip, more often than not."""
        return self.credit_minor() > self.sheet.open_minor

    @property
    def is_not_due(self) -> bool:
        """Whether something is open and nothing of it overdue."""
        return not self.sheet.unpaid_minor and bool(self.sheet.open_minor)

    @property
    def was_meant(self) -> bool:
        """Whether the amount is the person's own: typed, or that of invoices that were chosen."""
        return self.typed or bool(self.chosen)

    def credit_minor(self) -> int:
        """What stays on account."""
        try:
            return self.split().credit_minor
        except DuesdeskError:
            return 0

    def problem(self) -> DuesdeskError | None:
        """What keeps this from being saved."""
        try:
            self.split()
            self.change_minor()
        except DuesdeskError as error:
            return error
        return None

    def request(self) -> PayRequest:
        """What is asked of the service: exactly the split that is shown. Raises BadInput, Refused."""
        self.change_minor()
        split = self.split()
        shown = tuple((self.sheet.items[one.invoice_id].number, one.amount_minor) for one in split.shares)
        return PayRequest(
            self.sheet.member,
            self.amount_minor(),
            self.sheet.currency,
            self.method,
            tuple(item.number for item in self.picked()) if self.chosen else (),
            shown=Shown(shown, self.sheet.act_id),
        )

    # --- what follows

    def withdrawn(self) -> list[WaitingNotice]:
        """The notices this payment pulls back."""
        shares = self.shares()
        return [one for one in self.sheet.waiting if any(number in shares for number in one.invoices)]

    def keeps_promise(self) -> bool:
        """Whether the promise that counts is kept by this payment alone."""
        promise = self.sheet.promise
        if promise is None or promise.state != promises.OPEN or promise.currency != self.sheet.currency:
            return False
        try:
            return self.amount_minor() >= promise.amount_minor
        except DuesdeskError:
            return False

    # --- changes

    def type_amount(self, text: str, *, typed: bool = True) -> None:
        """The amount was typed, or is again as it was before; an empty field follows what is owed again."""
        self.amount_text, self.typed = text, typed and bool(text.strip())

    def toggle(self, number: str) -> None:
        """Choose an invoice, or no longer; an amount that was not typed follows."""
        self.chosen ^= {number}
        if not self.typed:
            self.amount_text = self.suggested()

    def renewed(self, sheet: PaySheet) -> PayForm:
        """The same form over what is owed now."""
        known = {item.number for item in sheet.items}
        return PayForm(sheet, self.amount_text, self.given_text, self.method, self.chosen & known, typed=self.typed)
