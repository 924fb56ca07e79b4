"""The payment form: what it settles is shown before Enter, and Enter saves it once, whatever happens.

The key that makes it once is made when the form opens, kept as a draft of this desk before the payment is written, and
forgotten after it was seen. So after a crash the draft tells that the payment was saved.
"""

from __future__ import annotations

from threading import Lock
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from duesdesk.domain import payment_methods
from duesdesk.domain.errors import Conflict, DuesdeskError
from duesdesk.i18n import _, pgettext
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.pay.doubts import Doubts, paid_today_line
from duesdesk.screens.pay.form import CASH, PayForm
from duesdesk.screens.pay.items import ItemList
from duesdesk.screens.pay.lines import (
    about_amount,
    change_line,
    form_keys,
    item_columns,
    item_row,
    meanwhile_line,
    method_chosen,
    method_lines,
    no_method_line,
    nothing_owed,
    then_lines,
)
from duesdesk.screens.refusals import refusal_lines
from duesdesk.screens.text import Line, Piece, line
from duesdesk.screens.widgets.choice import Choice, Option
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.line_list import LineList, Row, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.payments import PaySheet

MOST_ITEMS, LEAST_ITEMS, AMOUNT_CELLS = 8, 3, 14
# Lines of the box besides the items: edges, amount, methods, cash, blanks, what follows, message, keys.
OTHER_LINES = 18
REST_SECONDS = 0.6
LOOK_SECONDS = 1.0
"""So long after the form has changed by itself, Enter saves nothing: it was meant for what stood there before."""
_LETTERS = {method.letter: method.code for method in payment_methods.METHODS}


class PayModal(DeskModal[Plain]):
    """The payment form; the result is the answer of the service. See the module."""

    WIDTH = 76
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "part(1)", show=False),
        Binding("shift+tab", "part(-1)", show=False),
        Binding("down", "part(1)", show=False),
        Binding("up", "part(-1)", show=False),
        Binding("space", "choose", show=False),
        Binding("enter", "save", show=False),
    ]
    AUTO_FOCUS = "#pay-amount"
    letters: ClassVar[frozenset[str]] = frozenset({*_LETTERS, "g"})
    seen_keys: ClassVar[set[str]] = set()
    """Keys of the payments that were told to be saved since the program started."""

    def __init__(self, form: PayForm, *, draft_at: str = "") -> None:
        """`draft_at` is when the form was typed before, '14:02'; empty for a fresh one."""
        super().__init__()
        self.form = form
        self.key = new_key()
        """Under which the payment is saved, once."""
        self._draft_at = draft_at
        self._lock = Lock()
        self._doubts, self._was_typed = Doubts(draft_at), form.typed
        self._settled = False
        self._kept: Plain | None = None
        self._other_than_seen = False
        self._told_meanwhile: Line = ()

    @property
    def draft_name(self) -> str:
        """Under what the draft of this form is kept."""
        return draft_name(self.form.sheet.member)

    def heading(self) -> str:
        sheet = self.form.sheet
        if sheet.member != sheet.payer:
            told = _("Take payment · {payer} for {name}")
            return told.format(payer=sheet.payer_name, name=sheet.member_name)
        return _("Take payment · {name}").format(name=sheet.payer_name)

    # --- life

    def compose_box(self) -> ComposeResult:
        form = self.form
        with Horizontal(classes="pay-row"):
            yield Panel([line(_("Amount"), "dim")], surface="bar", indent=2, classes="pay-label")
            yield Field(
                form.amount_text,
                accept=r"[0-9.,'’-]",
                align="right",
                fresh=True,
                secret=True,
                max_length=20,
                on_change=self._amount_typed,
                on_submit=lambda _text: self.action_save(),
                id="pay-amount",
            )
            yield Panel(surface="bar", indent=2, id="pay-about")
        yield Panel(surface="bar", indent=11, id="pay-wrong")
        yield Panel([()], surface="bar")
        with Horizontal(classes="pay-row"):
            yield Panel([line(_("How"), "dim")], surface="bar", indent=2, classes="pay-label")
            yield Panel(surface="bar", indent=0, id="pay-how")
        with Horizontal(classes="pay-row", id="pay-cash"):
            yield Panel([line(_("Given"), "dim")], surface="bar", indent=2, classes="pay-label")
            yield Field(
                form.given_text,
                accept=r"[0-9.,'’]",
                align="right",
                max_length=20,
                on_change=self._given_typed,
                on_submit=lambda _text: self.action_save(),
                id="pay-given",
            )
            yield Panel(surface="bar", indent=2, id="pay-change")
        if len(form.sheet.currencies) > 1:
            with Horizontal(classes="pay-row"):
                yield Panel([line(pgettext("currency", "In"), "dim")], surface="bar", indent=2, classes="pay-label")
                options = [Option(currency, currency) for currency in form.sheet.currencies]
                yield Choice(options, value=form.sheet.currency, on_change=self._other_currency, id="pay-currency")
        yield Panel([()], surface="bar")
        yield ItemList(item_columns(form.sheet), surface="bar", empty=line(_("nothing is open"), "dim"), id="pay-items")
        yield Panel(surface="bar", indent=2, id="pay-then")

    def on_mount(self) -> None:
        super().on_mount()
        self._fit_items()
        self._draw()
        if self._draft_at:
            self.show_message(_("As it was typed at {time}; it was not saved.").format(time=self._draft_at))
        elif self.form.sheet.paid_today is not None:
            self.show_message(paid_today_line(self.form.sheet), "warn")
        # The key is kept now, so that Enter has only the payment to write.
        self.load(self._keep_draft, _nothing, group="draft", in_order=True)
        # An amount with groups of thousands is read by Babel, which takes its time to load: before it is needed.
        self.set_timer(REST_SECONDS, lambda: self.load(_load_babel, _nothing, group="babel"))

    def on_resize(self, _event: events.Resize) -> None:
        self._fit_items()

    def _fit_items(self) -> None:
        room = max(LEAST_ITEMS, min(MOST_ITEMS, self.app.size.height - OTHER_LINES))
        items = self.query_one("#pay-items", LineList)
        count = max(1, len(self.form.sheet.items))
        items.more = count > room
        items.styles.height = 1 + min(count, room) + (1 if items.more else 0)

    def hint(self) -> Line:
        return keys_line(*form_keys(self.form))

    def _is_secret(self) -> bool:
        """Whether the amount was put in by the program; what was typed here is no secret."""
        return not self.is_mounted or not self.query_one("#pay-amount", Field).is_typed

    def amounts_changed(self) -> None:
        self._draw()

    def has_changes(self) -> bool:
        return self.form.was_meant or bool(self.form.given_text.strip())

    def is_begun(self) -> bool:
        return self.has_changes() or self.form.method != CASH

    # --- drawing

    def _draw(self) -> None:
        form, today = self.form, self.desk.today()
        # A figure that is cut would be another one.
        field = self.query_one("#pay-amount", Field)
        field.styles.width = AMOUNT_CELLS if field.hides else max(AMOUNT_CELLS, len(form.amount_text) + 3)
        self.query_one("#pay-about", Panel).set_lines([about_amount(form)])
        self.query_one("#pay-how", Panel).set_lines(method_lines(form.method, self.WIDTH - 15))
        self.query_one("#pay-cash").display = form.method == CASH
        self.query_one("#pay-change", Panel).set_lines([change_line(form, secret=self._is_secret())])
        rows: list[Row] = [item_row(item, form, today) for item in form.sheet.items]
        items = self.query_one("#pay-items", LineList)
        items.set_source(Rows(rows))
        items.set_marked(frozenset(form.chosen))
        told = then_lines(form, today)
        labelled = [(Piece((_("Then") if not n else "").ljust(9), "dim"), *one) for n, one in enumerate(told)]
        self.query_one("#pay-then", Panel).set_lines([(), *labelled] if told else [])
        self.set_hint(self.hint())

    def _say_wrong(self, error: DuesdeskError | None) -> None:
        said = refusal_lines(error, self.WIDTH - 16, "bad") if error is not None else []
        self.query_one("#pay-wrong", Panel).set_lines(said)

    # --- what is typed

    def _amount_typed(self, text: str) -> None:
        # A card that was read into it is taken out again: then nothing was typed.
        self.form.type_amount(text, typed=self._was_typed or self.query_one("#pay-amount", Field).is_typed)
        self._changed()

    def _given_typed(self, text: str) -> None:
        self.form.given_text = text
        self._changed()

    def _changed(self) -> None:
        self._say_wrong(None)
        self.show_message("")
        self._draw()
        self.load(self._keep_draft, _nothing, group="draft", in_order=True)

    def _keep_draft(self) -> None:
        """Keep what was typed; not any more once it is being saved."""
        with self._lock:
            if not self._settled:
                self._keep(self.form.content())

    def _keep(self, content: Plain) -> None:
        if content != self._kept:
            self.desk.drafts.keep(self.draft_name, self.key, content)
            self._kept = content

    async def on_key(self, event: events.Key) -> None:
        """What the fields have no use for: ways to pay, `g` for the cash given, a figure for the amount."""
        letter = (event.character or "").lower()
        if letter in _LETTERS:
            self.form.method = _LETTERS[letter]
            if self.form.method != CASH and self.query_one("#pay-given").has_focus:
                self.query_one("#pay-amount").focus()
            self._changed()
            self.show_message(method_chosen(self.form))
        elif letter == "g" and self.form.method == CASH:
            self.query_one("#pay-given").focus()
        elif letter == "g":
            self.show_message(_("Given is for cash: c chooses it."))
        elif letter.isdigit():
            amount = self.query_one("#pay-amount", Field)
            amount.set_value(amount.value, fresh=True)
            amount.focus()
            amount.press(event.key, letter)
        elif letter.isalpha() and letter not in self.active_bindings:
            self.show_message(no_method_line(letter, cash=self.form.method == CASH))
        else:
            return
        event.stop()
        event.prevent_default()

    def action_part(self, by: int) -> None:
        """Go between the amount, the invoices, the cash given and the currency."""
        parts = [self.query_one("#pay-amount"), self.query_one("#pay-items")]
        if self.form.method == CASH:
            parts.append(self.query_one("#pay-given"))
        parts += list(self.query("#pay-currency"))
        at = next((place for place, part in enumerate(parts) if part.has_focus), 0)
        parts[(at + by) % len(parts)].focus()

    def action_choose(self) -> None:
        """Space: name an invoice, or no longer."""
        key = self.query_one("#pay-items", LineList).selected_key
        if key is None:
            return
        self.form.toggle(str(key))
        if not self.form.typed:
            self.query_one("#pay-amount", Field).set_value(self.form.amount_text, fresh=True)
        self._changed()

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_save()

    def on_choice_submitted(self, _event: Choice.Submitted) -> None:
        self.action_save()

    def _other_currency(self, currency: str) -> None:
        self._read_again(currency)

    def _read_again(self, currency: str = "") -> None:
        member, wanted = self.form.sheet.member, currency or self.form.sheet.currency
        self.load(lambda: self.desk.payments.sheet(member, wanted), self._show_sheet, hold_keys=True)

    def _show_sheet(self, sheet: PaySheet) -> None:
        """What is owed now, or in another currency: what was typed for the old one is kept only in the same."""
        same = sheet.currency == self.form.sheet.currency
        self.form = self.form.renewed(sheet) if same else PayForm(sheet, method=self.form.method)
        for name, text in (("#pay-amount", self.form.amount_text), ("#pay-given", self.form.given_text)):
            field = self.query_one(name, Field)
            # What was typed stays as it is, with its cursor.
            if field.value != text:
                field.set_value(text, fresh=name == "#pay-amount")
        self.query_one("#pay-items", LineList).set_columns(item_columns(sheet))
        self._fit_items()
        self._draw()

    def store_changed(self) -> None:
        if self._settled:
            return
        sheet = self.form.sheet
        self.load(
            lambda: self.desk.payments.sheet(sheet.member, sheet.currency, since=sheet.act_id),
            self._read_meanwhile,
            group="meanwhile",
        )

    def _read_meanwhile(self, sheet: PaySheet) -> None:
        """Somebody has written while this form is open; when it was about this person, say so and show what is left."""
        before = self.form.sheet
        if self._settled or sheet.currency != before.currency or sheet.act_id <= before.act_id:
            return
        if sheet.shows_as(before):
            self.form = self.form.renewed(sheet)
            return
        self._show_sheet(sheet)
        self._other_than_seen = True
        self._told_meanwhile = meanwhile_line(sheet)
        self.show_message(self._told_meanwhile, "warn")
        self.set_timer(LOOK_SECONDS, self._was_seen)

    def _was_seen(self) -> None:
        self._other_than_seen = False

    # --- saving

    def action_save(self) -> None:
        """Enter: once. While it is being written, and after it, nothing is saved again."""
        if self._settled:
            return
        problem = self.form.problem()
        if problem is not None:
            self._say_wrong(problem)
            self.show_message(nothing_owed(self.form))
            return
        if self._other_than_seen:
            # Enter was on its way when the form changed: nobody saves what nobody has seen.
            self.show_message(self._told_meanwhile, "warn")
            return
        doubt = self._doubts.about(self.form)
        if doubt:
            self.show_message(doubt, "warn")
            self.app.keys.drop_repeats("enter")
            return
        self._settled = True
        self.load(self._save, self._saved, group="save", hold_keys=True)

    def _save(self) -> Plain | DuesdeskError:
        """Beside the keyboard: the draft with its key first, then the payment."""
        done = False
        try:
            wanted = self.form.request()
            with self._lock:
                self._keep(self.form.content())
            answer = self.desk.payments.pay(wanted, key=self.key)
            done = True
        except DuesdeskError as error:
            return error
        finally:
            # Whatever went wrong, Enter may be tried again: under the same key it is still one payment.
            self._settled = done
        return answer

    def _saved(self, answer: Plain | DuesdeskError) -> None:
        if isinstance(answer, DuesdeskError):
            self._refused(answer)
            return
        self.seen_keys.add(self.key)
        self.app.keys.drop_repeats("enter")
        self.dismiss(answer)

    def _refused(self, error: DuesdeskError) -> None:
        """The form stays as it was typed; after another desk's payment it shows what is left."""
        self._say_wrong(error)
        if isinstance(error, Conflict):
            self._read_again()

    def action_close(self) -> None:
        if self._settled:
            return
        self._settled = True
        self.leave()


def draft_name(member: str) -> str:
    """Under what the draft of a member's payment is kept."""
    return f"pay {member}"


def _load_babel() -> None:
    import babel.numbers  # noqa: F401  # imported late: start-up


def _nothing(_answer: object) -> None:
    return None
