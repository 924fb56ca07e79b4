"""How late: buckets of days overdue, by due date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from duesdesk.domain.errors import BadInput

DEFAULT_EDGES = (30, 60, 90)
# Each edge is two columns of a list, and a store has room for some hundreds.
MOST_EDGES = 100


class Bucket(NamedTuple):
    """Days overdue from `first` to `last`, both included; None is without an end. `current` ends with due today."""

    name: str
    first: int | None
    last: int | None


def buckets(edges: Sequence[int] = DEFAULT_EDGES) -> tuple[Bucket, ...]:
    """`current, 1-a, a+1-b, b+1+` for the edges a, b. Raises BadInput unless they rise from at least 1, and are few."""
    if not edges or edges[0] < 1 or any(first >= second for first, second in pairwise(edges)):
        raise BadInput("ageing-edges", edges=",".join(map(str, edges)))
    if len(edges) > MOST_EDGES:
        raise BadInput("ageing-edges-many", found=len(edges), most=MOST_EDGES)
    found = [Bucket("current", None, 0)]
    first = 1
    for last in edges:
        found.append(Bucket(f"{first}-{last}", first, last))
        first = last + 1
    return (*found, Bucket(f"{first}+", first, None))


def days_overdue(due_on: date | None, as_of: date) -> int:
    """Days since the due date, never below 0; due today is not overdue, and without a due date nothing is."""
    return max(0, (as_of - due_on).days) if due_on is not None else 0


def bucket_index(days: int, edges: Sequence[int]) -> int:
    """Which of `buckets(edges)` an item of so many days overdue belongs to."""
    if days <= 0:
        return 0
    return next((n for n, last in enumerate(edges, 1) if days <= last), len(edges) + 1)
