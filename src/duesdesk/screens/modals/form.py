"""A form as data: say the fields, get back a dict of checked values, or None.

Enter goes to the next field and saves on the last one; Ctrl+Enter or Ctrl+S saves anywhere; Esc asks when something
was typed. What is wrong is said under its field. `save`, when given, does the act beside the keyboard while the form is
still open (keys wait for it, and it must not touch the screen): an error it raises is said in the form, and nothing
typed is lost; what it answers is `result["saved"]`.

Example:
    fields = [FormField("name", _("Name"), required=True),
              FormField("fee", _("Fee"), "amount", currency="EUR"),
              FormField("from", _("From"), "date", today=desk.today(), default=short_day(desk.today())),
              FormField("kind", _("Kind"), "choice", options=(Option("dues", _("dues"), "d"),))]
    app.push_screen(FormModal(_("New member"), fields, save=self.add_member), self.member_added)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widget import Widget

from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import _, parse_amount, parse_date
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.refusals import refusal
from duesdesk.screens.text import Line, Piece, amounts_shown, line, width_of, wrap_line
from duesdesk.screens.widgets.choice import Choice, Option
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.lines_field import LinesField
from duesdesk.screens.widgets.panel import Panel

Kind = Literal["text", "amount", "date", "choice", "multiline", "password"]
MULTILINE_HEIGHT = 5


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    The value in the result is a str, for "amount" minor units of `currency`, for "date" a date (read against `today`),
    for "choice" the key of the option; an empty amount or date that is not required gives None. `validate` gets that
    value and returns the one to keep, or raises a DuesdeskError, which is said under the field. Errors of `save` whose
    code is among `codes` are said there, too. `wraps` gives a choice as many lines as its options need.
    """

    key: str
    label: str
    kind: Kind = "text"
    required: bool = False
    default: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    currency: str = ""
    today: date | None = None
    max_length: int = 200
    validate: Callable[[object], object] | None = None
    codes: tuple[str, ...] = ()
    wraps: bool = False


class FormModal(DeskModal[dict[str, object]]):
    """A form; see the module."""

    WIDTH = 68
    BINDINGS = [
        Binding("ctrl+s,ctrl+enter", "save", show=False),
        Binding("down", "next(1)", show=False),
        Binding("up", "next(-1)", show=False),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[FormField],
        *,
        save: Callable[[dict[str, object]], object] | None = None,
        save_word: str = "",
        intro: Sequence[Line | Piece | str] = (),
    ) -> None:
        """`save_word` is what Enter does on the last field ("save"); `intro` are lines above the fields."""
        super().__init__()
        self._title = title
        self.fields = tuple(fields)
        self._save = save
        self._save_word = save_word
        self._intro = list(intro)
        self._wrong: set[str] = set()

    def heading(self) -> str:
        return self._title

    def compose_box(self) -> ComposeResult:
        if self._intro:
            yield Panel([*self._intro, ()], surface="bar", indent=2)
        self._label_width = max((width_of(field.label) for field in self.fields), default=0) + 4
        for field in self.fields:
            row = Widget(classes="form-row")
            with row:
                label = Panel([line(field.label, "dim")], surface="bar", indent=2, classes="form-label")
                label.styles.width = self._label_width
                yield label
                yield self._entry(field)
            yield Panel(self._under(field), surface="bar", indent=self._label_width + 1, id=f"under-{field.key}")

    def _entry(self, field: FormField) -> Field | Choice:
        if field.kind == "choice":
            return Choice(field.options, value=field.default, wraps=field.wraps, id=f"entry-{field.key}")
        if field.kind == "multiline":
            entry = LinesField(field.default, max_length=max(2000, field.max_length), id=f"entry-{field.key}")
            entry.styles.height = MULTILINE_HEIGHT
            return entry
        return Field(
            field.default,
            password=field.kind == "password",
            max_length=field.max_length,
            # A prefilled amount or day is replaced by what is typed; a name is usually corrected.
            fresh=field.kind in ("amount", "date"),
            secret=field.kind == "amount",
            id=f"entry-{field.key}",
        )

    def _under(self, field: FormField, error: Line | str = "") -> list[Line]:
        if error:
            told = line(error, "bad") if isinstance(error, str) else error
            return wrap_line(told, self.WIDTH - self._label_width - 6)
        hint = field.hint
        if field.kind == "amount" and field.default and not amounts_shown():
            hint = hint or _("hidden; v shows it")
        return [line(hint, "faint"), ()] if hint else [()]

    def amounts_changed(self) -> None:
        for field in self.fields:
            if field.kind == "amount" and field.key not in self._wrong:
                self.set_error(field.key, "")

    def hint(self) -> Line:
        word = self._save_word or _("save")
        if any(field.kind == "multiline" for field in self.fields):
            return keys_line(("Enter", _("next")), ("Ctrl+S", word), ("Esc", _("back")))
        return keys_line(
            ("Enter", _("next, at the end {word}").format(word=word) if len(self.fields) > 1 else word),
            ("Esc", _("back")),
        )

    # --- values

    def entry(self, key: str) -> Field | Choice:
        """The widget of a field, to set or read what is typed."""
        found = self.query_one(f"#entry-{key}")
        assert isinstance(found, Field | Choice)  # noqa: S101  # made in _entry
        return found

    def typed(self) -> dict[str, str]:
        """What stands in the fields, unchecked."""
        return {field.key: self.entry(field.key).value for field in self.fields}

    def has_changes(self) -> bool:
        """Whether anything differs from the defaults."""
        return any(self.entry(f.key).value != f.default for f in self.fields if f.kind != "choice" or f.default)

    def set_error(self, key: str, error: Line | str) -> None:
        """Say an error under a field; empty takes it away."""
        field = next(one for one in self.fields if one.key == key)
        self._wrong = self._wrong | {key} if error else self._wrong - {key}
        self.query_one(f"#under-{key}", Panel).set_lines(self._under(field, error))

    def _checked(self, field: FormField) -> object:
        typed = self.entry(field.key).value
        value: object = typed
        if field.kind != "multiline":
            value = typed = typed.strip()
        if not typed and not field.required and field.kind in ("amount", "date"):
            return None
        if not typed and field.required:
            raise DuesdeskError("field-empty", field=field.label)
        if field.kind == "amount":
            value = parse_amount(typed, field.currency)
        elif field.kind == "date" and field.today is not None:
            value = parse_date(typed, field.today)
        return field.validate(value) if field.validate is not None else value

    # --- keys

    def on_field_submitted(self, event: Field.Submitted) -> None:
        if isinstance(event.field, LinesField):
            self.action_save()
        else:
            self._enter(event.field)

    def on_choice_submitted(self, event: Choice.Submitted) -> None:
        self._enter(event.choice)

    def _enter(self, entry: Widget) -> None:
        if self.fields and entry.id == f"entry-{self.fields[-1].key}":
            self.action_save()
        else:
            self.action_next(1)

    def action_next(self, by: int) -> None:
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_save(self) -> None:
        if self.is_saving:
            return
        values: dict[str, object] = {}
        wrong: list[str] = []
        for field in self.fields:
            try:
                values[field.key] = self._checked(field)
                self.set_error(field.key, "")
            except DuesdeskError as error:
                wrong.append(field.key)
                self.set_error(field.key, refusal(error, "bad"))
        if wrong:
            self.entry(wrong[0]).focus()
            return
        save = self._save
        if save is None:
            self.dismiss(values)
            return
        self.show_message("")
        self.load(lambda: _tried(save, values), lambda saved: self._saved(values, saved), group="save", hold_keys=True)

    def _saved(self, values: dict[str, object], saved: object) -> None:
        if not isinstance(saved, DuesdeskError):
            self.dismiss({**values, "saved": saved})
            return
        field = next((field for field in self.fields if saved.code in field.codes), None)
        if field is None:
            self.show_message(refusal(saved, "bad"), "bad")
            return
        self.set_error(field.key, refusal(saved, "bad"))
        self.entry(field.key).focus()


def _tried(save: Callable[[dict[str, object]], object], values: dict[str, object]) -> object:
    """What `save` answers, or the refusal it raised."""
    try:
        return save(values)
    except DuesdeskError as error:
        return error
