"""The same notice to many: who gets one, for how much together, who is left out and why; only then it is written.

What is written is held for its cooling time like any other notice: until then it can be pulled back, and the stop holds
all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.domain.errors import DuesdeskError, Refused
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.notice_texts import NoticeRequest, Preview
from duesdesk.services.notices import Notices
from duesdesk.services.workplace import Workplace
from duesdesk.store import positions
from duesdesk.store.database import Tx

SAMPLES = 3


class Chosen(NamedTuple):
    """Who is meant: everybody who owes something overdue (for `min_days` or longer), a `group`, or these `members`."""

    unpaid: bool = False
    group: str = ""
    min_days: int = 0
    members: tuple[str, ...] = ()


class Audience(NamedTuple):
    """What a notice to many would be. `sums` are minor units by currency of what those who get it are asked for."""

    going: tuple[Preview, ...]
    left_out: tuple[Preview, ...]
    sums: tuple[tuple[str, int], ...]


class MassNotices:
    """Notices to many of one centre, acting as one person."""

    def __init__(self, place: Workplace, notices: Notices) -> None:
        self._place = place
        self._notices = notices

    def who(self, chosen: Chosen) -> list[str]:
        """Numbers of the payers that are meant, sorted. Raises Refused when nobody was chosen."""
        if not chosen.unpaid and not chosen.group and not chosen.members:
            raise Refused("notices-for-nobody")
        with self._place.database.read() as tx:
            return _who(tx, chosen, self._place.today().isoformat())

    def preview(self, chosen: Chosen, template: str, *, channel: str = "email", tone: str = "") -> Audience:
        """Who would get what, and who would not. Raises Refused, NotFound."""
        previews = self._notices.preview_many(self.who(chosen), template, channel=channel, tone=tone)
        going = tuple(one for one in previews if one.problem is None)
        sums: dict[str, int] = {}
        for one in going:
            for item in one.items:
                sums[item.currency] = sums.get(item.currency, 0) + item.open_minor
        return Audience(going, tuple(one for one in previews if one.problem is not None), tuple(sorted(sums.items())))

    def write(
        self,
        audience: Audience,
        template: str,
        *,
        channel: str = "email",
        tone: str = "",
        key: str | None = None,
        stop: Callable[[], bool] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Plain:
        """Hold one notice for each of those who get one; the same key again writes no second one.

        Answers `{"written": [{"notice", "member"}], "left_out": [{"member", "reason"}]}`; those who paid since they
        were seen are left out. `stop` ends it before the next one.
        """
        prefix = key or new_key()
        written: list[Plain] = []
        left_out: list[Plain] = [_left_out(one.payer, one.payer_name, one.problem) for one in audience.left_out]
        for one in audience.going:
            if stop is not None and stop():
                break
            wanted = NoticeRequest(one.payer, template, channel=channel, tone=tone)
            try:
                done = self._notices.write(wanted, key=f"{prefix}/{one.payer}")
            except Refused as error:
                left_out.append(_left_out(one.payer, one.payer_name, error))
                continue
            written.append({"notice": done["notice"], "member": one.payer})
            if progress is not None:
                progress(len(written))
        return {"written": written, "left_out": left_out}


def _left_out(member: str, name: str, problem: DuesdeskError | None) -> Plain:
    return {"member": member, "name": name, "reason": problem.code if problem is not None else ""}


def _who(tx: Tx, chosen: Chosen, today: str) -> list[str]:
    found: set[str] = set()
    if chosen.unpaid:
        found.update(
            row[0]
            for row in tx.all(
                f"""SELECT DISTINCT m.number FROM ({positions.open_sql(tx, today)}) o JOIN member m ON m.id = o.payer_id
                    WHERE o.due_on < :before AND NOT o.disputed
                      AND (:group_name = '' OR m.group_name = :group_name)""",
                as_of=today,
                before=_days_before(today, max(0, chosen.min_days - 1)),
                group_name=chosen.group,
            )
        )
    elif chosen.group:
        found.update(
            row[0]
            for row in tx.all(
                """SELECT DISTINCT p.number FROM member m JOIN member p ON p.id = coalesce(m.payer_id, m.id)
                   WHERE m.group_name = :group_name AND m.left_on IS NULL""",
                group_name=chosen.group,
            )
        )
    return sorted(found) + [one for one in chosen.members if one not in found]


def _days_before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def samples(going: Sequence[Preview]) -> Sequence[Preview]:
    """A few of them, from the beginning, the middle and the end."""
    if len(going) <= SAMPLES:
        return going
    return [going[0], going[len(going) // 2], going[-1]]
