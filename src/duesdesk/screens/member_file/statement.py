"""The statement of account: on the screen, and saved as text or CSV for whoever asked for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from duesdesk import i18n
from duesdesk.domain.money import to_text
from duesdesk.i18n import _, pgettext
from duesdesk.screens.contact_words import CREDITS, METHODS, MONEY_BACK, word
from duesdesk.screens.modals.base import keys_line
from duesdesk.screens.modals.reading import ReadModal
from duesdesk.screens.text import Line, Piece, amount, fit, join, line, pad

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp
    from duesdesk.reports.statement import Statement, StatementIn, StatementRow

DAY_CELLS, WHAT_CELLS, REFERENCE_CELLS, MONEY_CELLS = 12, 26, 11, 12
WIDTH = 80
FOLDER = "exports"


def open_statement(app: DuesdeskApp, member: str) -> None:
    """Show the account of who pays for `member`."""

    def show(found: object) -> None:
        app.push_screen(StatementModal(cast("Statement", found), app.desk.centre.name))

    app.open_with(lambda: app.desk.reports.read("statement", member=member), show)


class StatementModal(ReadModal):
    """See the module."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "save('txt')", show=False),
        Binding("c", "save('csv')", show=False),
    ]

    def __init__(self, statement: Statement, centre: str) -> None:
        super().__init__(_("Statement · {name}").format(name=statement.name), statement_lines(statement), width=WIDTH)
        self.statement = statement
        self.centre = centre

    def hint(self) -> Line:
        return keys_line(("t", _("save as text")), ("c", _("save as CSV")), ("↑ ↓", _("move")), ("Esc", _("back")))

    def action_save(self, kind: str) -> None:
        statement, centre = self.statement, self.centre
        self.load(lambda: save(statement, centre, kind), self._saved, group="save", hold_keys=True)

    def _saved(self, path: Path) -> None:
        self.show_message(_("Saved: {file}").format(file=path), "ok")


def save(statement: Statement, centre: str, kind: str) -> Path:
    """Write the statement ("txt" or "csv") into the folder of exports; answers the file. Raises BadInput."""
    from duesdesk import config  # imported late: start-up
    from duesdesk.documents import exports

    folder = config.load().home / FOLDER
    number = "".join(char if char.isascii() and char.isalnum() else "-" for char in statement.member)
    name = f"statement-{number}-{statement.as_of.isoformat()}.{kind}"
    if kind == "csv":
        header = ("date", "kind", "reference", "member", "name", "text", "currency", "amount", "balance")
        return exports.write(folder, name, exports.csv_text(header, _csv_rows(statement)))
    return exports.write(folder, name, "\n".join(text_lines(statement, centre)) + "\n")


def _csv_rows(statement: Statement) -> list[tuple[str, ...]]:
    return [
        (
            row.on.isoformat(),
            row.kind,
            row.reference,
            row.member,
            row.name,
            row.text,
            one.currency,
            to_text(row.amount_minor, one.currency),
            to_text(row.balance_minor, one.currency),
        )
        for one in statement.currencies
        for row in one.rows
    ]


def what_of(row: StatementRow) -> str:
    """What an entry was, in words."""
    if row.kind == "invoice":
        return row.text or _("Invoice")
    if row.kind == "void":
        return _("void: {what}").format(what=row.text)
    if row.kind == "receipt":
        return _("paid by {method}").format(method=word(METHODS, row.text))
    if row.kind in MONEY_BACK:
        return word(MONEY_BACK, row.kind)
    return f"{word(CREDITS, row.kind)}, {row.text}"


def for_whom(row: StatementRow, statement: Statement) -> str:
    """Whom an entry was for, below it; empty for the payer's own."""
    return "" if row.member == statement.member else _("for {name}").format(name=row.name)


def _sums(one: StatementIn) -> list[tuple[str, int]]:
    found = [(_("Open"), one.open_minor), (_("of it overdue"), one.unpaid_minor), (_("Credit"), one.credit_minor)]
    return [(_("Balance"), one.closing_minor), *(pair for pair in found if pair[1])]


def _until(statement: Statement) -> str:
    return _("up to {day}").format(day=i18n.day_year(statement.as_of))


def statement_lines(statement: Statement) -> list[Line]:
    """The statement as lines to read; amounts are hidden as everywhere."""
    lines: list[Line] = [line(f"{statement.member}  {_until(statement)}", "dim"), ()]
    for one in statement.currencies:
        lines.append(_head())
        for row in one.rows:
            back = row.amount_minor < 0
            lines.append(
                join(
                    *fit(Piece(i18n.day_year(row.on), "dim"), DAY_CELLS),
                    *fit(Piece(what_of(row)), WHAT_CELLS),
                    *fit(Piece(" " + row.reference, "dim"), REFERENCE_CELLS),
                    *fit(
                        amount(i18n.amount(row.amount_minor, one.currency), "ok" if back else "text"),
                        MONEY_CELLS,
                        "right",
                    ),
                    *fit(amount(i18n.amount(row.balance_minor, one.currency), "dim"), MONEY_CELLS, "right"),
                )
            )
            if for_whom(row, statement):
                lines.append(join(Piece(" " * DAY_CELLS), Piece(for_whom(row, statement), "dim")))
        lines.append(())
        for label, minor in _sums(one):
            shown = amount(i18n.money(minor, one.currency), "white", bold=True)
            lines.append(join(*fit(Piece(label, "dim"), DAY_CELLS + WHAT_CELLS), *fit(shown, MONEY_CELLS, "right")))
        lines.append(())
    return lines if statement.currencies else [*lines, line(_("No entry yet."), "dim")]


def _head() -> Line:
    return join(
        *fit(Piece(_("Day"), "dim"), DAY_CELLS),
        *fit(Piece(pgettext("statement", "What"), "dim"), WHAT_CELLS),
        *fit(Piece(" " + _("Number"), "dim"), REFERENCE_CELLS),
        *fit(Piece(_("Amount"), "dim"), MONEY_CELLS, "right"),
        *fit(Piece(_("Balance"), "dim"), MONEY_CELLS, "right"),
    )


def text_lines(statement: Statement, centre: str) -> list[str]:
    """The statement as plain text."""
    lines = [centre, _("Statement of account"), f"{statement.name}  {statement.member}", _until(statement), ""]
    for one in statement.currencies:
        lines.append(f"{one.currency}")
        for row in one.rows:
            whom = for_whom(row, statement)
            lines += [_text(row, one), *([" " * DAY_CELLS + whom] if whom else [])]
        lines.append("")
        lines += [
            f"{pad(label, DAY_CELLS + WHAT_CELLS)}{i18n.money(minor, one.currency)}" for label, minor in _sums(one)
        ]
        lines.append("")
    return lines


def _text(row: StatementRow, one: StatementIn) -> str:
    return "".join(
        (
            pad(i18n.day_year(row.on), DAY_CELLS),
            pad(what_of(row), WHAT_CELLS),
            pad(" " + row.reference, REFERENCE_CELLS),
            pad(i18n.amount(row.amount_minor, one.currency), MONEY_CELLS, "right"),
            pad(i18n.amount(row.balance_minor, one.currency), MONEY_CELLS, "right"),
        )
    )
