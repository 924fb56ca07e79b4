"""The Dashboard: tiles of what is owed, due and collected, and the people behind the selected one.

Left and right change the tile, and the list follows; Enter on a tile goes into its list. Figures and the first page are
read at once while that is quick; everything else is fetched beside the keyboard.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from datetime import date
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size

from duesdesk.screens.dashboard import words
from duesdesk.screens.dashboard.figures import tiles_of
from duesdesk.screens.dashboard.person import ageing_lines, method_lines, person_lines, rule_line, why_line
from duesdesk.screens.dashboard.right import right_line, run_line
from duesdesk.screens.dashboard.rows import (
    ItemRows,
    PeopleRows,
    as_columns,
    care_columns,
    care_row,
    taken_columns,
    taken_row,
)
from duesdesk.screens.dashboard.running import RunningFromHere
from duesdesk.screens.dashboard.staying import Stay, Staying, settled
from duesdesk.screens.dashboard.words import CARES, COLLECTED, LOW_LINES, WIDE_COLUMNS
from duesdesk.screens.keys import KeySpec, bindings_for
from duesdesk.screens.text import line
from duesdesk.screens.whys import Whys
from duesdesk.screens.widgets.bars import Tabs
from duesdesk.screens.widgets.line_list import Column, LineList
from duesdesk.screens.widgets.panel import Panel
from duesdesk.screens.widgets.tiles import Tiles
from duesdesk.services.dashboard import Care, Later, Summary, Taken
from duesdesk.services.debtors import AMOUNT, CONTACT, DAYS, LISTS, NAME, ORDERS, UNPAID, Debtor, DebtorList, Filter

if TYPE_CHECKING:
    from duesdesk.services.debts import Head, PersonDebt  # start-up: the first paint needs none

LATER_SECONDS, WHY_SECONDS = 0.25, 0.8
"""What takes longer is read again only after the screen has shown what is new."""
SORTED_COLUMN = {AMOUNT: "amount", DAYS: "days", NAME: "name", CONTACT: "contact"}


class Shown(NamedTuple):
    """What was fetched for one list."""

    summary: Summary
    people: DebtorList | None
    taken: list[Taken] | None


class DashboardScreen(RunningFromHere):
    """See the module."""

    ID = "dashboard"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("dashboard")
    FOOTER = ("open", "pay", "notice", "talk", "find", "mark", "help")
    AUTO_FOCUS = "#people"

    def __init__(self) -> None:
        super().__init__()
        self._list = UNPAID
        self._order = AMOUNT
        self._filter = Filter()
        self._shown: Shown | None = None
        self._later: Later | None = None
        self._rows: PeopleRows | ItemRows[Taken] | ItemRows[Care] | None = None
        self._listed: tuple[object, ...] = ()
        self._stays: Stay | None = None
        self._marked: frozenset[Hashable] = frozenset()
        self._rolled_on: date | None = None
        self._was_painted = False
        self._today_is_quick = False
        self._drawn_for = Size()
        self._asked: tuple[str, Shown | None] | None = None
        self._person: tuple[PersonDebt, Head] | None = None
        self._whys = Whys(self, self._show_whys)

    def compose_body(self) -> ComposeResult:
        yield self.tabs_line()
        yield Tiles(on_move=self._show_list, id="dash-tiles")
        yield Panel(id="dash-strip")
        yield LineList(as_columns(words.people_columns(UNPAID, "")), pointer=True, on_move=self._moved, id="people")
        yield Panel([()], id="dash-person")

    # --- what is shown

    def size_classes(self, size: Size) -> dict[str, bool]:
        return {**super().size_classes(size), "-low": size.height < LOW_LINES, "-wide": size.width >= WIDE_COLUMNS}

    def on_resize(self, event: events.Resize) -> None:
        if event.size != self._drawn_for:
            self._drawn_for = event.size
            self.call_after_refresh(self._draw_all)

    @property
    def currency(self) -> str:
        """The currency shown."""
        return self._currency or self.desk.centre.currency

    def pay_currency(self) -> str | None:
        return self._currency or None

    def refresh_data(self) -> None:
        wanted = (self._list, self._order, self._filter, self.currency)
        page, self.app.first_page = self.app.first_page, None
        self._was_painted = self._was_painted or page is not None
        # A store far away may take long to answer, or not answer at all: nothing is asked of it between two keys.
        near = self.desk.is_near
        self._today_is_quick = near and (page is not None or self.desk.dashboard.is_quick())
        if page is not None and self.desk.dashboard.still_stands(page):
            self._show(Shown(page.summary, page.people, None))
        else:
            # Keys wait for a list that comes from a thread, so that they act on who is seen; a past day takes too long.
            holds = self.is_current and (self._today_is_quick or not near)
            self.load(lambda: self._fetch(*wanted), self._show, now=self._is_quick(), hold_keys=holds)
        if self._later is not None:
            self.set_timer(LATER_SECONDS, self._load_later)
        elif self._rolled_on is not None or self.current_member() is None:
            # At the start it follows the person instead: one after the other needs one thread and one connection.
            self._load_later()

    def _load_later(self) -> None:
        self.load(self.desk.dashboard.later, self._show_later, group="later")

    def _is_quick(self) -> bool:
        return self._today_is_quick and self._list in LISTS[:2] and self._order == AMOUNT and self._filter.is_empty

    def _fetch(self, kind: str, order: str, chosen: Filter, currency: str) -> Shown:
        dashboard = self.desk.dashboard
        summary = dashboard.summary()
        if kind == COLLECTED:
            return Shown(summary, None, dashboard.taken(currency))
        if kind not in LISTS:
            return Shown(summary, None, None)
        one = summary.of(currency)
        total = {UNPAID: one.debtors, "partial": one.partial_members}.get(kind)
        rows = words.first_rows(self.app.size.height)
        return Shown(
            summary, dashboard.people(kind, currency, order=order, chosen=chosen, total=total, rows=rows), None
        )

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        self._whys.forget()
        self._draw_tiles()
        self._draw_strip()
        self._draw_list()

    def _show_later(self, later: Later) -> None:
        self._later = later
        if self._was_painted:
            # What the rule needs is loaded only when the program that was just started is at rest.
            self.set_timer(WHY_SECONDS, self._whys.start)
        else:
            self._whys.start()
        self._draw_tiles()
        if self._list == CARES:
            self._draw_list()
        if self._rolled_on != self.desk.today():
            self._rolled_on = self.desk.today()
            # The day has turned since the last act: from now on the figures cost less again.
            self.load(self.desk.dashboard.roll, lambda _answer: None, group="roll")

    def _draw_all(self) -> None:
        self._draw_tiles()
        self._draw_strip()
        self._draw_person()

    def _draw_tiles(self) -> None:
        if self._shown is None:
            return
        summary = self._shown.summary
        self.query_one("#dash-tiles", Tiles).set_tiles(tiles_of(summary, self.currency, self._later, self.size.width))
        run = run_line(self.desk, self._later, may_run=self.may("run"))
        self.query_one("#dash-tabs", Tabs).set_right(right_line(summary, self.currency, self._list, run))

    def _draw_strip(self) -> None:
        if self._shown is None:
            return
        strip = self.query_one("#dash-strip", Panel)
        draw = method_lines if self._list == COLLECTED else ageing_lines
        strip.set_lines(draw(self._shown.summary.of(self.currency), strip.room))

    def _draw_list(self) -> None:
        shown = self._shown
        if shown is None:
            return
        today = shown.summary.as_of
        people = self.query_one("#people", LineList)
        listed = (self._list, self._order, self._filter, self.currency)
        selected = self._selected() if listed == self._listed else None
        people.empty = line(words.empty_words(self._list, filtered=not self._filter.is_empty), "dim")
        if shown.people is not None:
            self._rows = PeopleRows(shown.people, self._whys.of)
            columns = self._people_columns(shown.people.total, shown.summary)
        elif shown.taken is not None:
            self._rows = ItemRows(shown.taken, lambda one: one.payment, taken_row)
            columns = taken_columns(self._title(len(shown.taken)))
        else:
            cares = self._later.cares if self._later is not None else ()
            self._rows = ItemRows(cares, lambda one: one.identity, lambda one: care_row(one, today))
            columns = care_columns(self._title(len(cares)))
        people.marked = self._marked
        people.set_columns(columns, SORTED_COLUMN[self._order] if shown.people is not None else "")
        has_left = selected is not None and self._rows.index_of(selected.row.key) is None
        self._stays = selected if has_left else None
        source = Staying(self._rows, self._stays) if self._stays is not None else self._rows
        people.set_source(source, keep=listed == self._listed)
        self._listed = listed
        self.member_changed()
        self._load_person()

    def _people_columns(self, total: int, of: Summary) -> tuple[Column, ...]:
        return as_columns(words.people_columns(self._list, self._title(total), of.of(self.currency)))

    def _title(self, total: int) -> str:
        behind = None
        if self._shown is not None and not self._filter.is_empty and self._list in LISTS:
            one = self._shown.summary.of(self.currency)
            behind = {UNPAID: one.debtors, "partial": one.partial_members}.get(self._list)
        return words.list_title(self._list, total, of=behind, marked=len(self._marked))

    # --- the person

    def _selected(self) -> Stay | None:
        """Who is selected, as they stay when they are in the list no longer; None without a person."""
        people, member = self.query_one("#people", LineList), self.current_member()
        row = people.selected_row
        if row is None or member is None:
            return None
        return self._stays or Stay(people.index, settled(row, self._list), member, self._person_row())

    def current_member(self) -> str | None:
        key = self.query_one("#people", LineList).selected_key
        if key is None or self._rows is None:
            return None
        if self._stays is not None and key == self._stays.row.key:
            return self._stays.member
        if isinstance(self._rows, PeopleRows):
            return key if isinstance(key, str) else None
        item = self._rows.item(key)
        return item.member if item is not None else None

    def marked_members(self) -> list[str]:
        """The people marked, in the order of the list as far as they are in it."""
        return sorted(str(key) for key in self._marked)

    def listed_members(self) -> Callable[[], list[str]] | None:
        """How everybody in the list is read, for a notice to many; None where it is no list of people."""
        return self._rows.people.numbers if isinstance(self._rows, PeopleRows) else None

    def _moved(self, key: Hashable | None) -> None:
        if self._stays is not None and key != self._stays.row.key and self._rows is not None:
            self._stays = None
            self.query_one("#people", LineList).set_source(self._rows)
        if key is None:
            self.member_changed()
        self.follow(self._load_person)

    def _load_person(self) -> None:
        member = self.current_member()
        if member is None:
            self._next_load("person")
            self._asked = self._person = None
            self.query_one("#dash-person", Panel).set_lines([])
            return
        if self._asked is not None and self._asked[0] == member and self._asked[1] is self._shown:
            return  # on the way, or shown already
        self._asked = (member, self._shown)
        self.load(lambda: self.desk.debts.with_head(member), self._show_person, group="person")

    def _show_person(self, found: tuple[PersonDebt, Head]) -> None:
        self._person = found
        self._draw_person()
        if self._later is None:
            self._load_later()

    def _draw_person(self) -> None:
        if self._person is None or self._shown is None:
            return
        debt, head = self._person
        if debt.member != self.current_member():
            return
        panel = self.query_one("#dash-person", Panel)
        row = self._person_row()
        comes_at = row.comes_at if row is not None else None
        why = [why_line(debt, comes_at, panel.room), rule_line(self._whys.of(debt.member), self.currency, panel.room)]
        if self.has_class("-low"):
            panel.set_lines(why)
        else:
            others = row.children if row is not None else 0
            panel.set_lines([*person_lines(debt, head, others, self._shown.summary.as_of, panel.room), *why])

    def _show_whys(self, members: Collection[str]) -> None:
        people = self.query_one("#people", LineList)
        for member in members:
            people.refresh_row(member)
        if self._person is not None and self._person[0].member in members:
            self._draw_person()

    def _person_row(self) -> Debtor | None:
        """The selected row of a list of people."""
        list_ = self.query_one("#people", LineList)
        if self._stays is not None:
            return self._stays.debtor
        if not isinstance(self._rows, PeopleRows) or not list_.count:
            return None
        return self._rows.people.row(list_.index)

    # --- keys

    def can_act(self, spec: KeySpec) -> bool:
        if spec.id in ("sort", "filter", "mark") and self._list not in LISTS:
            return False
        if spec.id == "currency":
            return self._shown is not None and len(self._shown.summary.currencies) > 1
        return super().can_act(spec)

    def on_tiles_chosen(self, event: Tiles.Chosen) -> None:
        self._show_list(event.key)
        self.query_one("#people", LineList).focus()

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_open()

    def action_tile(self, key: str) -> None:
        self.query_one("#dash-tiles", Tiles).press(key)

    def _show_list(self, kind: str) -> None:
        if kind != self._list:
            self._list, self._marked = kind, frozenset()
            self._fetch_list()

    def _fetch_list(self) -> None:
        if self._list == CARES and self._shown is not None:
            # It is here already, or comes with the rest that takes longer; a list still on its way is too late.
            self._next_load("main")
            self._show(self._shown._replace(people=None, taken=None))
            return
        wanted = (self._list, self._order, self._filter, self.currency)
        self.load(lambda: self._fetch(*wanted), self._show, now=self._is_quick(), hold_keys=True)

    def action_sort(self) -> None:
        self._order = ORDERS[(ORDERS.index(self._order) + 1) % len(ORDERS)]
        self._fetch_list()

    def action_currency(self) -> None:
        if self._shown is None:
            return
        known = [one.currency for one in self._shown.summary.currencies]
        at = known.index(self.currency) if self.currency in known else -1
        self._currency = known[(at + 1) % len(known)]
        self._fetch_list()

    def action_mark(self) -> None:
        member = self.current_member()
        if member is None:
            return
        self._marked ^= {member}
        self._draw_list()
        people = self.query_one("#people", LineList)
        people.go(people.index + 1)

    def clear_marks(self) -> None:
        """Nobody is marked any more."""
        self._marked = frozenset()
        self._draw_list()

    def action_filter(self) -> None:
        self.open_with(self.desk.dashboard.groups, self._ask_filter)

    def _ask_filter(self, groups: list[str]) -> None:
        from duesdesk.screens.dashboard.filtering import FilterModal, chosen  # imported late: start-up

        def filtered(values: dict[str, object] | None) -> None:
            if values is not None and chosen(values) != self._filter:
                self._filter = chosen(values)
                self._fetch_list()

        self.app.push_screen(FilterModal(self._filter, groups), filtered)

    def action_back(self) -> None:
        if not self._filter.is_empty:
            self._filter = Filter()
            self._fetch_list()
        elif self._marked:
            self.clear_marks()
        else:
            super().action_back()
