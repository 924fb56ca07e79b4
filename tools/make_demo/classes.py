"""The timetable, who comes to what, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tools.make_demo.people import Person

TIMETABLE = (
    ("06:30", "Open gym"),
    ("07:00", "Spin"),
    ("07:30", "Yoga"),
    ("08:15", "Functional"),
    ("09:00", "Yoga"),
    ("09:30", "Pilates"),
    ("09:45", "Spin"),
    ("10:00", "Boxing"),
    ("11:00", "Yoga"),
    ("12:00", "Open gym"),
    ("13:00", "Functional"),
    ("14:00", "Spin"),
    ("15:00", "Open gym"),
    ("16:00", "Pilates"),
    ("16:45", "Junior gym"),
    ("17:15", "Zumba"),
    ("18:00", "Judo"),
    ("18:30", "Spin"),
    ("19:00", "Functional"),
    ("19:30", "Yoga"),
    ("20:00", "Boxing"),
    ("20:30", "Pilates"),
    ("21:00", "Open gym"),
)
"""The same every day of the week, so that whatever day the anchor becomes is a usual one."""

FIRST_DAY, LAST_DAY = -42, 14
TODAY = 64
TODAY_CANCELLED = 5
ALREADY_IN = "09:10"
"""Arrivals of the anchor day before this time have mostly checked in."""
ALREADY_CHECKED_IN = 8
DROP_IN_MINOR = 1200


@dataclass(slots=True, eq=False)
class Booking:
    member: Person
    on: int
    time: str
    activity: str
    status: str
    price_minor: int | None = None
    reference: str = ""


def make_bookings(chance: Random, people: list[Person]) -> list[Booking]:
    """Eight weeks of bookings in order of time: six behind, today, two ahead."""
    habits = _habits(chance, people)
    bookings = _today(chance, people, habits)
    for on in range(FIRST_DAY, LAST_DAY + 1):
        if on != 0:
            bookings += [
                Booking(member, on, time, activity, _became(chance, on))
                for time, activity, member in habits[on % 7]
                if member.joined <= on and chance.random() < 0.9
            ]
    _last_visits(bookings, people)
    _drop_ins(chance, bookings)
    bookings.sort(key=lambda b: (b.on, b.time, b.activity, b.member.number))
    for place, booking in enumerate(bookings, start=1):
        booking.reference = f"BK-{place:05d}"
    return bookings


def _habits(chance: Random, people: list[Person]) -> dict[int, list[tuple[str, str, Person]]]:
    """Who comes when in a usual week. Debtors who do not come today come on other days, if they still come at all."""
    comers = [p for p in people if p.comes and p.status == "active" and p.left is None and not _told(p)]
    habits: dict[int, list[tuple[str, str, Person]]] = {}
    for weekday in range(7):
        rows: list[tuple[str, str, Person]] = []
        taken: set[str] = set()
        for time, activity in TIMETABLE:
            # Today's debtors are counted one by one, so nobody else who owes comes on the anchor's weekday.
            free = [
                p
                for p in comers
                if p.number not in taken and _may_do(p, activity) and (weekday != 0 or not _owes(p.debtor))
            ]
            for member in chance.sample(free, min(len(free), 2 if time < ALREADY_IN else 3)):
                taken.add(member.number)
                rows.append((time, activity, member))
        habits[weekday] = rows
    return habits


def _told(person: Person) -> bool:
    """Whether the cast says when this person comes."""
    case = person.case or person.debtor.case
    return case is not None and bool(case.today or case.today_child or case.last_visit)


def _owes(payer: Person) -> bool:
    return payer.case is not None and any(item.due < 0 for item in payer.case.owed)


def _may_do(person: Person, activity: str) -> bool:
    if activity == "Junior gym":
        return person.group == "children"
    if person.group == "children":
        return activity == "Judo"
    if activity == "Boxing":
        return person.plan in {"boxing", "full", "premium"}
    if activity == "Judo":
        return person.plan in {"judo", "full"}
    return True


def _today(chance: Random, people: list[Person], habits: dict[int, list[tuple[str, str, Person]]]) -> list[Booking]:
    """The arrivals of the anchor day: those of the cast at their times, and regulars up to the wished number."""
    rows: list[Booking] = []
    for person in people:
        case = person.case or person.debtor.case
        words = "" if case is None else case.today if person.case is not None else case.today_child
        # Of several children the first one comes.
        if words and (person.case is not None or person is person.debtor.pays_for[0]):
            time, activity = words.split(" ", 1)
            rows.append(Booking(person, 0, time, activity, "booked"))
    cast = {booking.time for booking in rows}
    regulars = [Booking(member, 0, time, activity, "booked") for time, activity, member in habits[0]]
    # A class with one of the cast needs one regular less.
    for time in sorted(cast):
        spare = next((b for b in regulars if b.time == time), None)
        if spare is not None:
            regulars.remove(spare)
    spare_ones = chance.sample(regulars, max(0, len(rows) + len(regulars) - TODAY))
    regulars = [b for b in regulars if b not in spare_ones]
    for booking in chance.sample([b for b in regulars if b.time > ALREADY_IN], TODAY_CANCELLED):
        booking.status = "cancelled"
    early = [b for b in regulars if b.time < ALREADY_IN]
    for booking in chance.sample(early, ALREADY_CHECKED_IN - 1):
        booking.status = "attended"
    rows += regulars
    for booking in rows:
        if booking.member.case is not None and booking.member.case.key == "ionescu":
            booking.status = "attended"
    return rows


def _became(chance: Random, on: int) -> str:
    if on > 0:
        return "cancelled" if chance.random() < 0.03 else "booked"
    return chance.choices(("attended", "no_show", "cancelled"), (86, 7, 7))[0]


def _last_visits(bookings: list[Booking], people: list[Person]) -> None:
    """Visits of the cast: weekly until the last one the story names, or until last week for those who come today."""
    for person in people:
        case = person.case
        if case is None or not person.comes or person.left is not None or not (case.today or case.last_visit):
            continue
        time, activity = case.today.split(" ", 1) if case.today else ("18:30", "Spin")
        last = case.last_visit or -7
        for on in range(last, FIRST_DAY, -7):
            status = "no_show" if on == last - 14 else "attended"
            bookings.append(Booking(person, on, time, activity, status))


def _drop_ins(chance: Random, bookings: list[Booking]) -> None:
    """A few sessions came without cover and are still to be settled."""
    free = [b for b in bookings if b.status == "attended" and -6 <= b.on < 0 and b.member.case is None]
    for booking in chance.sample(free, 6):
        booking.price_minor = DROP_IN_MINOR
