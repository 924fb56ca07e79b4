"""The only wiring: an address, a clock and a person become a Desk with its services.

Services are made when they are first asked for, and their modules imported then (start-up).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from duesdesk.clock import Clock
from duesdesk.domain.roles import MANAGER
from duesdesk.services import centres
from duesdesk.services.actors import actor_named, founder_named
from duesdesk.services.workplace import Actor, Centre, Workplace
from duesdesk.store import schema
from duesdesk.store.database import Database, StoreVersion

if TYPE_CHECKING:
    from datetime import date

    from duesdesk.domain.month import Foreseen
    from duesdesk.reports import Reports
    from duesdesk.services.acts import Plain
    from duesdesk.services.agreements import Agreements
    from duesdesk.services.billing import Billing
    from duesdesk.services.bookings import Bookings
    from duesdesk.services.checks import Checks
    from duesdesk.services.collection.explain import Explains
    from duesdesk.services.collection.rehearse import Rehearsals
    from duesdesk.services.collection.run import Runs
    from duesdesk.services.credits import Credits
    from duesdesk.services.daily import Daily
    from duesdesk.services.dashboard import Dashboard
    from duesdesk.services.debts import Debts
    from duesdesk.services.digests import Digests
    from duesdesk.services.drafts import Drafts
    from duesdesk.services.holds import Holds
    from duesdesk.services.imports.service import Imports
    from duesdesk.services.invoices import Invoices
    from duesdesk.services.mass_notices import MassNotices
    from duesdesk.services.member_files import MemberFiles
    from duesdesk.services.members import Members
    from duesdesk.services.memberships import Memberships
    from duesdesk.services.modules import Modules
    from duesdesk.services.notices import Notices
    from duesdesk.services.outbox import Outbox
    from duesdesk.services.payments import Payments
    from duesdesk.services.print_runs import PrintRuns
    from duesdesk.services.promises import Promises
    from duesdesk.services.reach import Reaching
    from duesdesk.services.rules import Rules
    from duesdesk.services.search import Search
    from duesdesk.services.settings import SettingsList
    from duesdesk.services.staff import StaffList
    from duesdesk.services.stops import Stops
    from duesdesk.services.talks import Talks
    from duesdesk.services.tasks import Tasks
    from duesdesk.services.templates import Templates
    from duesdesk.services.undo import Undo

DESK_NAME = "desk 1"


class Desk:
    """One person at one desk of one centre, with everything they can do. Made by `open_desk`, and not changed."""

    def __init__(self, place: Workplace) -> None:
        self.place = place

    @property
    def centre(self) -> Centre:
        """The centre of this store."""
        return self.place.centre

    @property
    def clock(self) -> Clock:
        """Now and today."""
        return self.place.clock

    @property
    def actor(self) -> Actor:
        """Who is acting."""
        return self.place.actor

    def today(self) -> date:
        """The centre's day."""
        return self.place.today()

    @property
    def is_near(self) -> bool:
        """Whether the store is a file here: a read of a few rows takes less than a frame."""
        return self.place.database.is_near

    def database_version(self) -> StoreVersion:
        """Another one when another process has written: cheap enough to ask every second."""
        return self.place.database.version()

    def with_actor(self, name: str | None) -> Desk:
        """The same desk with somebody else at it. Raises NotFound."""
        with self.place.database.read() as tx:
            return Desk(self.place.with_actor(actor_named(tx, name, self.actor.desk)))

    def rehearsing(self) -> Desk:
        """The same desk, answering what an act would do; nothing is written."""
        return Desk(self.place._replace(rehearses=True))

    def close(self) -> None:
        """Give the connections back."""
        self.place.database.close()

    @cached_property
    def members(self) -> Members:
        from duesdesk.services.members import Members

        return Members(self.place)

    @cached_property
    def member_files(self) -> MemberFiles:
        from duesdesk.services.member_files import MemberFiles

        return MemberFiles(self.place)

    @cached_property
    def invoices(self) -> Invoices:
        from duesdesk.services.invoices import Invoices

        return Invoices(self.place)

    @cached_property
    def notices(self) -> Notices:
        from duesdesk.config import load
        from duesdesk.services.notices import Notices

        return Notices(self.place, load())

    @cached_property
    def mass_notices(self) -> MassNotices:
        from duesdesk.services.mass_notices import MassNotices

        return MassNotices(self.place, self.notices)

    @cached_property
    def outbox(self) -> Outbox:
        from duesdesk.config import load
        from duesdesk.services.outbox import Outbox

        return Outbox(self.place, load())

    @cached_property
    def print_runs(self) -> PrintRuns:
        from duesdesk.config import load
        from duesdesk.services.print_runs import PrintRuns

        return PrintRuns(self.place, load())

    @cached_property
    def payments(self) -> Payments:
        from duesdesk.services.payments import Payments

        return Payments(self.place)

    @cached_property
    def checks(self) -> Checks:
        from duesdesk.services.checks import Checks

        return Checks(self.place)

    @cached_property
    def credits(self) -> Credits:
        from duesdesk.services.credits import Credits

        return Credits(self.place)

    @cached_property
    def daily(self) -> Daily:
        from duesdesk.services.daily import Daily

        return Daily(self.place)

    @cached_property
    def dashboard(self) -> Dashboard:
        from duesdesk.services.dashboard import Dashboard

        return Dashboard(self.place)

    @cached_property
    def debts(self) -> Debts:
        from duesdesk.services.debts import Debts

        return Debts(self.place)

    @cached_property
    def drafts(self) -> Drafts:
        from duesdesk.services.drafts import Drafts

        return Drafts(self.place)

    @cached_property
    def billing(self) -> Billing:
        from duesdesk.services.billing import Billing

        return Billing(self.place)

    @cached_property
    def bookings(self) -> Bookings:
        from duesdesk.services.bookings import Bookings

        return Bookings(self.place)

    @cached_property
    def talks(self) -> Talks:
        from duesdesk.services.talks import Talks

        return Talks(self.place)

    @cached_property
    def templates(self) -> Templates:
        from duesdesk.services.templates import Templates

        return Templates(self.place)

    @cached_property
    def agreements(self) -> Agreements:
        from duesdesk.services.agreements import Agreements

        return Agreements(self.place)

    @cached_property
    def promises(self) -> Promises:
        from duesdesk.services.promises import Promises

        return Promises(self.place)

    @cached_property
    def reaching(self) -> Reaching:
        from duesdesk.config import load
        from duesdesk.services.reach import Reaching

        return Reaching(self.place, load())

    @cached_property
    def reports(self) -> Reports:
        from duesdesk.reports import Reports

        def foresee(month: date, ahead: bool) -> Foreseen:  # noqa: FBT001  # its shape is a Callable's
            from duesdesk.services.collection.month import Months

            return Months(self.place, self.rehearsals).foreseen(month, ahead=ahead)

        return Reports(self.place.database, self.today, self.centre.timezone, self.centre.currency, foresee)

    @cached_property
    def rules(self) -> Rules:
        from duesdesk.services.rules import Rules

        return Rules(self.place)

    @cached_property
    def rehearsals(self) -> Rehearsals:
        from duesdesk.config import load
        from duesdesk.services.collection.rehearse import Rehearsals

        return Rehearsals(self.place, load())

    @cached_property
    def explains(self) -> Explains:
        from duesdesk.config import load
        from duesdesk.services.collection.explain import Explains

        return Explains(self.place, load())

    @cached_property
    def holds(self) -> Holds:
        from duesdesk.services.holds import Holds

        return Holds(self.place)

    @cached_property
    def tasks(self) -> Tasks:
        from duesdesk.services.tasks import Tasks

        return Tasks(self.place)

    @cached_property
    def runs(self) -> Runs:
        from duesdesk.config import load
        from duesdesk.services.collection.run import Runs

        return Runs(self.place, load())

    @cached_property
    def search(self) -> Search:
        from duesdesk.services.search import Search

        return Search(self.place)

    @cached_property
    def settings(self) -> SettingsList:
        from duesdesk.services.settings import SettingsList

        return SettingsList(self.place)

    @cached_property
    def staff(self) -> StaffList:
        from duesdesk.services.staff import StaffList

        return StaffList(self.place)

    @cached_property
    def memberships(self) -> Memberships:
        from duesdesk.services.memberships import Memberships

        return Memberships(self.place)

    @cached_property
    def modules(self) -> Modules:
        from duesdesk.services.modules import Modules

        return Modules(self.place)

    @cached_property
    def imports(self) -> Imports:
        from duesdesk.services.imports.service import Imports

        return Imports(self.place)

    @cached_property
    def digests(self) -> Digests:
        from duesdesk.config import load
        from duesdesk.services.digests import Digests

        return Digests(self.place, load())

    @cached_property
    def stops(self) -> Stops:
        from duesdesk.services.stops import Stops

        return Stops(self.place)

    @cached_property
    def undo(self) -> Undo:
        from duesdesk.services.undo import Undo

        return Undo(self.place)


def open_desk(
    url: str, *, clock: Clock, actor: str | None = None, desk: str = DESK_NAME, rehearses: bool = False
) -> Desk:
    """The desk at the store `url` (a path, sqlite:///…, postgresql://…); where one `rehearses`, nothing is written.

    Raises StoreTrouble when the store is missing, empty, newer or older than the program; NotFound for an unknown
    actor.
    """
    database = Database(url)
    try:
        schema.check(database)
        with database.read() as tx:
            centre, person = centres.read(tx, database.name), actor_named(tx, actor, desk)
    except BaseException:
        database.close()
        raise
    return Desk(Workplace(database, clock, centre, person, rehearses))


def found_centre(
    url: str,
    centre: Centre,
    *,
    clock: Clock,
    crm: bool = False,
    founder: str | None = None,
    desk: str = DESK_NAME,
    key: str | None = None,
    rehearses: bool = False,
) -> Plain:
    """Make a new store at `url` with its centre, as `founder` (None: the owner); what `centres.found` answers.

    Raises BadInput, Refused when there is one, Conflict for a key that founded another, StoreTrouble.
    """
    database = Database(url, create=not rehearses)
    try:
        if rehearses:
            return centres.rehearse(database, centre, crm=crm)
        return centres.found(database, centre, clock, Actor(founder_named(founder), MANAGER, desk), crm=crm, key=key)
    finally:
        database.close()
