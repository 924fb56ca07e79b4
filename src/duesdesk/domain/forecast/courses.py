"""The course of an invoice: what lowered it and what befell it, day by day, so that any past day can be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_STATES = {"voided": 1, "restored": -1}


class Item(NamedTuple):
    """An invoice of which something is open at the end of a day. `due` None is an invoice without a due day."""

    invoice_id: int
    payer_id: int
    currency: str
    due: int | None
    open_minor: int
    disputed: bool


class Befell(NamedTuple):
    """What befell an invoice on a day that is not money: a kind of the ledger, and the due day it moved to."""

    day: int
    kind: str
    due: int | None


class Course(NamedTuple):
    """An invoice from the day it counts from.

    `before_minor` lay on it at the end of the first day that is looked at; `moves` are the later ones, in order, as
    (day, amount, whether it was money); below zero when something was taken back.
    """

    invoice_id: int
    payer_id: int
    currency: str
    start: int
    due: int | None
    total_minor: int
    before_minor: int
    moves: tuple[tuple[int, int, bool], ...] = ()
    befell: tuple[Befell, ...] = ()


Settled = tuple[int, int, bool, int]
"""An invoice was paid to the end: payer, days after its due day, whether it was disputed, and 0.

When it is so no longer, the day on which it had been stands last.

A plain tuple: there is one for every invoice that was ever paid.
"""


def at(course: Course, day: int) -> Item | None:
    """What is open of the invoice at the end of the day; None when nothing is, or it was void or no invoice yet."""
    if course.start > day:
        return None
    rest = course.total_minor - course.before_minor
    for moved, minor, _is_money in course.moves:
        if moved > day:
            break
        rest -= minor
    if rest <= 0:
        return None
    if not course.befell:
        return Item(course.invoice_id, course.payer_id, course.currency, course.due, rest, False)
    due, voided, disputed = _befell(course, day)
    if voided:
        return None
    return Item(course.invoice_id, course.payer_id, course.currency, due, rest, disputed)


def _befell(course: Course, day: int) -> tuple[int | None, bool, bool]:
    """(due day, void, disputed) at the end of the day."""
    due, voidings, disputed = course.due, 0, False
    for one in course.befell:
        if one.day > day:
            break
        if one.kind == "due_moved":
            due = one.due
        elif one.kind in ("disputed", "undisputed"):
            disputed = one.kind == "disputed"
        else:
            voidings += _STATES.get(one.kind, 0)
    return due, voidings > 0, disputed


def settlings(course: Course) -> Iterator[tuple[int, Settled]]:
    """Each day on which the invoice was paid to the end, or was so no longer. Without a due day there are none.

    What was lowered without money alone was not paid.
    """
    rest, money = course.total_minor - course.before_minor, False
    last: tuple[int, int, bool] | None = None
    for day, minor, is_money in course.moves:
        rest -= minor
        money = money or (is_money and minor > 0)
        due, _voided, disputed = _befell(course, day)
        if rest <= 0 and last is None and money and due is not None:
            last = day, day - due, disputed
            yield day, (course.payer_id, day - due, disputed, 0)
        elif rest > 0 and last is not None:
            paid_on, delay_days, was_disputed = last
            yield day, (course.payer_id, delay_days, was_disputed, paid_on)
            last = None
