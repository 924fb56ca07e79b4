"""The verbs of stories that speak of the collection rule; they stand beside those of `stories`.

setting KEY VALUE …                      a setting of the centre
rule [for M1 | of A1 | group G]          puts the rule in force that its `|` lines say; `back` instead of them takes
                                         it away again
run | run 2026-03-10 | run dry           runs the rule for today or that day, or only rehearses it
send                                     sends what may leave by a quarter to two of the day
hold M1 [kind K] [until D] | hold of A1 | unhold M1 [kind K] | snooze M1 7 | dispute A1 | settled A1
promise M1 45.00 2026-03-20 | talk M1 [says_paid] | notice M1 | done M1 (their first open task)
expect steps M1 friendly receipt         what the last run took for M1, or `none`
expect listed M1 friendly A1 A2          the invoices that step of the last run spoke of
expect held M1 [A1] gap [until D]        why the last run held something of M1 back, or `none`
expect cancelled M1 friendly             what the last run pulled back, or `none`
expect sent M1 2 | expect waiting M1 1   notices of the rule that left, and that wait
expect tasks M1 call                     the kinds of open tasks, or `none`
expect following M1 reminder 2026-03-20  the next step and its day (`never`: nobody can tell)
expect asked M1 45.00                    what the last notice to M1 asks for
expect told M1 €45.00 | expect not told M1 €45.00   what the text of the newest notice to M1 says, and what not
expect left out 1 payments               what the last run left out because it was there before the rule
expect ahead M1 2026-03-20 reminder A1   what a rehearsal of the rule foresees for M1 on a day, with its invoices

The verbs of plans and settlements stand in `agreeing`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from duesdesk.bootstrap import Desk
from duesdesk.clock import zone
from duesdesk.domain.money import from_text, to_text
from duesdesk.services.collection.views import RunResult
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.rules import Target
from tests.scenarios.agreeing import Agreeing
from tests.scenarios.stories import Options, Wrong

Words = tuple[str, ...]


class Collecting(Agreeing):
    """Tells what the rule does. Members have an e-mail address unless the story says `member M1 unreachable`."""

    last: RunResult | None = None

    def do(self, words: Words, block: list[str]) -> None:
        verb, *rest = words
        own: dict[str, Callable[[Words], None]] = {
            "setting": lambda some: self._set(some[0], " ".join(some[1:])), "run": self._run, "send": self._send,
            "hold": self._hold, "unhold": self._unhold, "snooze": self._snooze, "dispute": self._dispute,
            "settled": self._settled, "promise": self._promise, "talk": self._talk, "notice": self._notice,
            "done": self._done,
        }  # fmt: skip
        if verb == "rule":
            self._rule(tuple(rest), block)
        elif verb in own:
            own[verb](tuple(rest))
        elif verb == "expect" and rest[0] in self._seen():
            self._seen()[rest[0]](tuple(rest[1:]))
        else:
            super().do(words, block)

    def _member(self, words: Words, block: list[str]) -> None:
        options = Options(words[1:], "payer", "terms", "country", "timezone", "group", "language")
        payer = options.one("payer")
        if payer:
            self._known(payer)
        self._at().members.add(
            MemberDetails(
                f"Member {words[0]}",
                number=words[0],
                email=None if "unreachable" in options.plain else f"{words[0].lower()}@example.org",
                language=options.one("language"),
                payer=payer,
                group=options.one("group"),
                country=options.one("country"),
                timezone=options.one("timezone"),
            )
        )
        self.members.add(words[0])

    def _tables(self) -> dict[str, int]:
        names = (
            "hold notice notice_event task step_taken step_item collection_run rule_version promise talk agreement"
            " agreement_event"
        ).split()
        with self._at().place.database.read() as tx:
            own = {name: tx.value(f"SELECT count(*) FROM {name}") for name in names}
        return {**super()._tables(), **own}

    # Acts

    def _set(self, key: str, value: str) -> None:
        self._at().settings.set(key, value)

    def _rule(self, words: Words, block: list[str]) -> None:
        options = Options(words, "for", "of", "group")
        invoice = options.one("of")
        target = Target(options.one("group"), options.one("for"), self._called(invoice) if invoice else None)
        text = "" if "back" in options.plain else "\n".join(block)
        self._at().rules.use(text, target)

    def _run(self, words: Words) -> None:
        day = next((date.fromisoformat(word) for word in words if word[0].isdigit()), None)
        desk = self._at()
        if "dry" not in words:
            self.last = desk.runs.run(day)
            return
        before = self._whole()
        self.last = Desk(desk.place._replace(rehearses=True)).runs.run(day)
        if self._whole() != before:
            raise Wrong("a rehearsal wrote something")

    def _whole(self) -> list[tuple[object, ...]]:
        """Every row of every table."""
        with self._at().place.database.read() as tx:
            if tx.postgres:
                names = tx.all("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
            else:
                names = tx.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
            return [(name, *row) for (name,) in names for row in tx.all(f'SELECT * FROM "{name}"')]

    def _send(self, words: Words) -> None:
        desk = self._at()
        at = datetime.combine(desk.today(), time(13, 45), zone(desk.centre.timezone))
        desk.outbox.send_due(now=at)

    def _hold(self, words: Words) -> None:
        options = Options(words, "kind", "until", "of")
        invoice = options.one("of")
        self._at().holds.hold(
            None if invoice else self._known(options.plain[0]),
            invoice=self._called(invoice) if invoice else None,
            kind=options.one("kind") or "excluded",
            reason="story",
            until=options.day("until"),
        )

    def _unhold(self, words: Words) -> None:
        options = Options(words, "kind")
        self._at().holds.lift(options.plain[0], kind=options.one("kind"))

    def _snooze(self, words: Words) -> None:
        self._at().holds.snooze(self._known(words[0]), int(words[1]), reason="story")

    def _dispute(self, words: Words) -> None:
        self._at().invoices.dispute(self._called(words[0]), reason="story")

    def _settled(self, words: Words) -> None:
        self._at().invoices.dispute(self._called(words[0]), disputed=False)

    def _promise(self, words: Words) -> None:
        amount_minor = from_text(words[1], self.currency)
        self._at().promises.take(words[0], amount_minor, self.currency, date.fromisoformat(words[2]))

    def _talk(self, words: Words) -> None:
        self._at().talks.log(words[0], outcome=words[1] if len(words) > 1 else "informed")

    def _notice(self, words: Words) -> None:
        self._at().notices.write(NoticeRequest(words[0], "overdue"))

    def _done(self, words: Words) -> None:
        task = next(one for one in self._at().tasks.all() if one.payer == words[0])
        self._at().tasks.done(task.id)

    # What must be true

    def _seen(self) -> dict[str, Callable[[Words], None]]:
        return {
            "steps": self._steps, "listed": self._listed, "held": self._held, "cancelled": self._cancelled,
            "sent": lambda words: self._counted(words, ("sent",)),
            "waiting": lambda words: self._counted(words, ("held", "queued")),
            "tasks": self._tasks, "following": self._following, "asked": self._asked,
            "told": lambda words: self._told(words, said=True), "not": lambda words: self._told(words[1:], said=False),
            "left": self._left_out, "ahead": self._ahead,
        }  # fmt: skip

    def _ran(self) -> RunResult:
        if self.last is None:
            raise Wrong("nothing ran yet")
        return self.last

    def _steps(self, words: Words) -> None:
        member, *steps = words
        found = sorted(one.step for one in self._ran().taken if one.member == member)
        self._same(found, [] if steps == ["none"] else sorted(steps))

    def _listed(self, words: Words) -> None:
        member, step, *labels = words
        found = [one.invoices for one in self._ran().taken if (one.member, one.step) == (member, step)]
        self._same(found, [tuple(self._called(label) for label in labels)])

    def _held(self, words: Words) -> None:
        options = Options(words, "until")
        member, *rest = options.plain
        held = [one for one in self._ran().held if one.member == member]
        if rest == ["none"]:
            self._same([one.reason for one in held], [])
            return
        *labels, reason = rest
        if labels:
            held = [one for one in held if one.invoice == self._called(labels[0])]
        if options.one("until"):
            self._same({(one.reason, one.until) for one in held}, {(reason, options.day("until"))})
        else:
            self._same({one.reason for one in held}, {reason})

    def _cancelled(self, words: Words) -> None:
        member, *steps = words
        found = sorted(one.step for one in self._ran().cancelled if one.member == member)
        self._same(found, [] if steps == ["none"] else sorted(steps))

    def _counted(self, words: Words, states: Words) -> None:
        self._same(len([row for row in self._notices(words[0]) if row[0] in states]), int(words[1]))

    def _notices(self, member: str) -> list[Any]:
        with self._at().place.database.read() as tx:
            return tx.all(
                """SELECT n.state, n.id, n.origin FROM notice n JOIN member m ON m.id = n.payer_id
                   WHERE m.number = :member AND n.origin <> 'hand' ORDER BY n.id""",
                member=member,
            )

    def _asked(self, words: Words) -> None:
        identity = [row[1] for row in self._notices(words[0]) if row[2] == "step"][-1]
        with self._at().place.database.read() as tx:
            asked = tx.value("SELECT sum(open_minor) FROM notice_item WHERE notice_id = :id", id=identity)
            body = tx.value("SELECT body FROM notice WHERE id = :id", id=identity)
        self._same(to_text(asked, self.currency), words[1])
        if words[1] not in body:
            raise Wrong(f"its text does not say {words[1]}:\n{body}")

    def _told(self, words: Words, *, said: bool) -> None:
        member, *rest = words
        identity = self._notices(member)[-1][1]
        with self._at().place.database.read() as tx:
            body = tx.value("SELECT body FROM notice WHERE id = :id", id=identity)
        if (" ".join(rest) in body) != said:
            raise Wrong(f"its text:\n{body}")

    def _left_out(self, words: Words) -> None:
        left = self._ran().left_out
        self._same(left.payments, int(words[1]))

    def _ahead(self, words: Words) -> None:
        member, day, step, *labels = words
        rows = [one for one in self._at().rehearsals.rehearse(days=30).rows if one.member == member]
        found = [(one.step, one.invoices) for one in rows if one.on == date.fromisoformat(day)]
        self._same(found, [(step, tuple(self._called(label) for label in labels))])

    def _tasks(self, words: Words) -> None:
        member, *kinds = words
        found = sorted(one.kind for one in self._at().tasks.all() if one.payer == member)
        self._same(found, [] if kinds == ["none"] else sorted(kinds))

    def _following(self, words: Words) -> None:
        following = self._at().explains.of(words[0]).next
        if words[1] == "nothing":
            self._same(following, None)
            return
        day = None if words[2] == "never" else date.fromisoformat(words[2])
        self._same(following and (following.step, following.on), (words[1], day))
