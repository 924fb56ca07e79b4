"""A small app on the toolkit, for its tests: a list of people, a find dialog, an amount dialog that opens after it.

Started as a program it runs in the terminal; imported it gives `small_app()` for run_test. The data is invented here:
the toolkit is tested, not the services.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar, cast

from duesdesk.app import DuesdeskApp
from duesdesk.domain.errors import DuesdeskError
from duesdesk.screens import registry
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import bindings_for
from duesdesk.screens.modals.base import DeskModal
from duesdesk.screens.text import amount, line
from duesdesk.screens.widgets.bars import Tab, Tabs
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.line_list import Column, LineList, Row
from duesdesk.screens.widgets.panel import Panel
from duesdesk.screens.widgets.tiles import Tile, Tiles
from duesdesk.store.database import StoreVersion

PEOPLE = 100_000
KNOWN = {"004512": "M00007", "M00218": "M00218", "k4512": "M00009"}
NAMES = ("Popescu Ștefan", "García-López María", "[b]Smith[/b] Zoë", "D'Angelo Luca", "Nowak Łukasz")


class People:
    """Many rows that cost nothing until they are asked for."""

    def __init__(self, count: int = PEOPLE) -> None:
        self._count = count
        self.asked: list[int] = []

    def count(self) -> int:
        return self._count

    def row(self, index: int) -> Row:
        self.asked.append(index)
        cells = (line(NAMES[index % len(NAMES)]), amount("96.50", bold=True), line("14 Sep", "dim"))
        return Row(f"M{index:05}", (*cells, line("69 ●●●", "bad"), line("formal letter 24 Nov", "dim")))

    def index_of(self, key: object) -> int | None:
        index = int(str(key)[1:])
        return index if index < self._count else None


class PeopleScreen(DeskScreen):
    ID = "dashboard"
    BINDINGS = bindings_for("dashboard")
    FOOTER = ("open", "pay", "notice", "find", "privacy", "help")
    AUTO_FOCUS = "LineList"

    def compose_body(self):
        yield Tabs([Tab("a", "Accounting"), Tab("c", "Calendar")], id="tabs")
        yield Tiles([Tile("unpaid", "Unpaid", amount("€ 4,310.50", "white", bold=True), "38 debtors")], id="tiles")
        columns = (
            Column("name", "People", 20, flex=True),
            Column("owes", "Owes", 9, "right"),
            Column("oldest", "Oldest", 6, min_terminal_width=110),
            Column("days", "Days", 6),
            Column("next", "Next", 20),
        )
        yield LineList(columns, pointer=True, on_move=self.moved, id="people")
        yield Panel([line("READY")], id="log")

    def refresh_data(self) -> None:
        self.query_one(LineList).set_source(People(int(os.environ.get("SMALL_APP_ROWS", PEOPLE))))

    def current_member(self) -> str | None:
        return cast("str | None", self.query_one(LineList).selected_key)

    def moved(self, key: object) -> None:
        self.app.sub_title = str(key)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        log(self.app, f"opened {event.key}")

    def action_boom(self) -> None:
        raise ZeroDivisionError("inside an action")


class FindModal(DeskModal[str]):
    def heading(self) -> str:
        return "Find"

    def compose_box(self):
        yield Field(placeholder="Name", on_change=self.typed, id="find")
        yield Panel([()], surface="bar", id="echo")

    def typed(self, value: str) -> None:
        self.query_one("#echo", Panel).set_lines([line(f"list for {value}")])

    def on_field_submitted(self, event: Field.Submitted) -> None:
        self.dismiss(event.value)


class AmountModal(DeskModal[str]):
    """Loads its amount in a thread; keys pressed meanwhile wait for it."""

    def __init__(self, member: str, *, slow: Callable[[], str] | None = None) -> None:
        super().__init__()
        self.member = member
        self.slow = slow
        self.how = "cash"

    BINDINGS: ClassVar = [("k", "how('card')", "card"), ("c", "how('cash')", "cash")]

    def heading(self) -> str:
        return f"Pay [{self.member}]"

    def compose_box(self):
        yield Field(accept="[0-9.,]", align="right", id="amount")
        yield Field(accept="[0-9.,]", id="given")

    def on_mount(self) -> None:
        self.load(self.slow or (lambda: "96.50"), self.arrived, hold_keys=True)

    def arrived(self, value: str) -> None:
        self.query_one("#amount", Field).set_value(value, fresh=True)

    def action_how(self, how: str) -> None:
        self.how = how

    def has_changes(self) -> bool:
        return bool(self.query_one("#given", Field).value)

    def on_field_submitted(self, event: Field.Submitted) -> None:
        if event.field.id == "amount" and self.member == "two":
            self.query_one("#given").focus()
            return
        given = self.query_one("#given", Field).value
        self.dismiss(
            f"paid {self.member} {self.query_one('#amount', Field).value} {given} {self.how}".replace("  ", " ")
        )


def log(app: Any, text: str) -> None:
    """Add a line to what the screen shows."""
    panel = app.desk_screen().query_one("#log", Panel)
    panel.set_lines([*panel.lines, line(text)])


def logged(app: Any) -> list[str]:
    """What was logged after READY."""
    return ["".join(piece.text for piece in one) for one in app.desk_screen().query_one("#log", Panel).lines][1:]


def open_find(app: DuesdeskApp, typed: str) -> None:
    app.push_screen(FindModal(), lambda name: open_pay(app, name) if name else log(app, "nothing found"))


def open_pay(app: DuesdeskApp, member: str) -> None:
    app.push_screen(AmountModal(member), lambda told: log(app, told or f"left {member}"))


def open_member(app: DuesdeskApp, member: str) -> None:
    log(app, f"file {member}")


def refuse(app: DuesdeskApp, member: str) -> None:
    raise DuesdeskError("field-empty", field=member)


class SmallDesk:
    centre = SimpleNamespace(name="Aurora Centre", currency="EUR")
    actor = SimpleNamespace(name="Ana", role="manager", desk="desk 1")
    members = SimpleNamespace(get=lambda number: SimpleNamespace(name=f"Person {number}"))
    dashboard = SimpleNamespace(is_quick=lambda: False)
    is_near = True

    def __init__(self) -> None:
        self.version = 0

    def database_version(self) -> StoreVersion:
        return StoreVersion(self.version, 0)


HERE = "tests.screens.toolkit.small_app" if __name__ != "__main__" else "__main__"


def use_small_registry() -> None:
    """Point the registry at this file."""
    registry.PLACES = (registry.PlaceSpec("dashboard", "F3", "Dashboard", "Dash", f"{HERE}:PeopleScreen"),)
    registry.ACTS.clear()
    registry.ACTS.update(
        find=f"{HERE}:open_find", pay=f"{HERE}:open_pay", member=f"{HERE}:open_member", notice=f"{HERE}:refuse"
    )


def small_app(**options: Any) -> DuesdeskApp:
    use_small_registry()
    DuesdeskApp.CSS = "#log { height: 5; } #amount { width: 12; }"
    return DuesdeskApp(cast("Any", SmallDesk), find_code=lambda _desk, code: KNOWN.get(code), **options)


def main() -> None:
    from duesdesk import terminal

    use_small_registry()
    DuesdeskApp.CSS = "#log { height: 5; } #amount { width: 12; }"
    terminal.leave(terminal.run(cast("Any", SmallDesk), find_code=lambda _desk, code: KNOWN.get(code)))


if __name__ == "__main__":
    main()
