"""What is open at the end of a day, and what was learnt by then: a book that goes on from day to day, never back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from duesdesk.domain.forecast.courses import Course, Item, Settled, at
from duesdesk.domain.forecast.habits import CENTRE, DISPUTED, REMEMBERED_DAYS, Habits

Cell = tuple[str, int, int | None]
"""Invoices that are alike to a forecast: currency, group and due day."""


class OpenBook:
    """The open invoices of a day, alike ones added up in `cells` as (how many, how much)."""

    def __init__(self, courses: Sequence[Course], settled: Mapping[int, Sequence[Settled]]) -> None:
        """`settled` is by day, in any order; courses tell of every day that will be asked for."""
        self.habits = Habits()
        self.open_of: dict[int, dict[int, Item]] = {}
        self.cells: dict[Cell, tuple[int, int]] = {}
        self._settled = settled
        self._days = sorted(settled)
        self._learnt = 0
        self._groups: dict[int, int] = {}
        self._changes: dict[int, list[Course]] = {}
        for course in courses:
            for day in {course.start, *(move[0] for move in course.moves), *(one.day for one in course.befell)}:
                self._changes.setdefault(day, []).append(course)
        self._change_days = sorted(self._changes)
        self._changed = 0

    def to(self, day: int) -> None:
        """Go on to the end of the day."""
        self._learn(day)
        again: dict[int, Course] = {}
        while self._changed < len(self._change_days) and self._change_days[self._changed] <= day:
            for course in self._changes[self._change_days[self._changed]]:
                again[course.invoice_id] = course
            self._changed += 1
        for course in again.values():
            self._put(course, at(course, day))

    def cell_of(self, item: Item) -> Cell:
        """Where the invoice stands."""
        return item.currency, DISPUTED if item.disputed else self._groups.get(item.payer_id, CENTRE), item.due

    def _learn(self, day: int) -> None:
        heard: set[int] = set()
        habits = self.habits
        while self._learnt < len(self._days) and self._days[self._learnt] <= day:
            # In an order of its own: what the store gives first must not matter.
            for payer_id, delay_days, disputed, again in sorted(self._settled[self._days[self._learnt]]):
                if again:
                    habits.unlearn(payer_id, delay_days)
                else:
                    habits.learn(self._days[self._learnt], payer_id, delay_days, disputed=disputed)
                heard.add(payer_id)
            self._learnt += 1
        habits.forget(day - REMEMBERED_DAYS)
        for payer_id in heard:
            group = habits.group(payer_id)
            if group != self._groups.get(payer_id, CENTRE):
                owed = self.open_of.get(payer_id, {}).values()
                for item in owed:
                    self._add(item, -1)
                self._groups[payer_id] = group
                for item in owed:
                    self._add(item, 1)

    def _put(self, course: Course, item: Item | None) -> None:
        owed = self.open_of.get(course.payer_id)
        if owed is None:
            if item is None:
                return
            owed = self.open_of[course.payer_id] = {}
        before = owed.pop(course.invoice_id, None)
        if before is not None:
            self._add(before, -1)
        if item is not None:
            owed[course.invoice_id] = item
            self._add(item, 1)

    def _add(self, item: Item, sign: int) -> None:
        cell = self.cell_of(item)
        count, minor = self.cells.get(cell, (0, 0))
        if count + sign:
            self.cells[cell] = count + sign, minor + sign * item.open_minor
        else:
            del self.cells[cell]
