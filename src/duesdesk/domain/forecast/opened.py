"""What is open at the end of a day, and what was learnt by then: a book that goes on from day to day, never back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from duesdesk.domain.forecast.courses import Course, Item, Settled, at
from duesdesk.domain.forecast.habits import DISPUTED, REMEMBERED_DAYS, Habits

Cell = tuple[str, int, int | None]
"""Invoices that are alike to a forecast: currency, group and due day."""


class OpenBook:
    """The open invoices of a day, alike ones added up in `cells` as [how many, how much]."""

    def __init__(self, courses: Sequence[Course], settled: Mapping[int, Sequence[Settled]]) -> None:
        """`settled` is by day, each in the order of the store; courses tell of every day that will be asked for."""
        self.habits = Habits()
        self.open_of: dict[int, dict[int, Item]] = {}
        self.cells: dict[Cell, list[int]] = {}
        self._settled = settled
        self._days = sorted(settled)
        self._learnt = 0
        self._courses = courses
        self._changes: dict[int, list[Course]] = {}
        self._change_days: list[int] = []
        self._changed = 0
        self._begun = False

    def to(self, day: int) -> None:
        """Go on to the end of the day."""
        self.habits.forget(day - REMEMBERED_DAYS)
        self._learn(day)
        if not self._begun:
            self._begin(day)
            return
        again: dict[int, Course] = {}
        while self._changed < len(self._change_days) and self._change_days[self._changed] <= day:
            for course in self._changes[self._change_days[self._changed]]:
                again[course.invoice_id] = course
            self._changed += 1
        for course in again.values():
            self._put(course, at(course, day))

    def _begin(self, day: int) -> None:
        """What is open on the first day, and on which days there is something new after it."""
        self._begun = True
        changes = self._changes
        for course in self._courses:
            if course.start <= day:
                item = at(course, day)
                if item is not None:
                    self.open_of.setdefault(course.payer_id, {})[course.invoice_id] = item
                    self._add(item, 1)
            else:
                changes.setdefault(course.start, []).append(course)
            for move in course.moves:
                if move[0] > day:
                    changes.setdefault(move[0], []).append(course)
            for one in course.befell:
                if one.day > day:
                    changes.setdefault(one.day, []).append(course)
        self._change_days = sorted(changes)

    def cell_of(self, item: Item) -> Cell:
        """Where the invoice stands."""
        return item.currency, DISPUTED if item.disputed else self.habits.group(item.payer_id), item.due

    def _learn(self, day: int) -> None:
        habits, open_of = self.habits, self.open_of
        while self._learnt < len(self._days) and self._days[self._learnt] <= day:
            day_learnt = self._days[self._learnt]
            for payer_id, delay_days, disputed, paid_on in self._settled[day_learnt]:
                owed = open_of.get(payer_id)
                if owed:
                    self._take_out(owed.values())
                if paid_on:
                    habits.unlearn(paid_on, payer_id, delay_days)
                else:
                    habits.learn(day_learnt, payer_id, delay_days, disputed=disputed)
                if owed:
                    # Perhaps their habit is another one now.
                    for item in owed.values():
                        self._add(item, 1)
            self._learnt += 1

    def _take_out(self, items: Iterable[Item]) -> None:
        for item in items:
            self._add(item, -1)

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
        key = self.cell_of(item)
        cell = self.cells.get(key)
        if cell is None:
            self.cells[key] = [sign, sign * item.open_minor]
        else:
            cell[0] += sign
            cell[1] += sign * item.open_minor
            if not cell[0]:
                del self.cells[key]
