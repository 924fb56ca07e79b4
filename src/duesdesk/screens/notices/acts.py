"""What the keys of the notices screen do: pull back, send again, decide, another way, stop all, letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from duesdesk.clock import zone
from duesdesk.i18n import _, ngettext, number
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.notice.words import state_word, why_words
from duesdesk.screens.notices import rows
from duesdesk.screens.notices.delivering import Delivering
from duesdesk.screens.text import Line, line
from duesdesk.services.acts import Plain, new_key

if TYPE_CHECKING:
    from duesdesk.screens.notices.letters import Letters
    from duesdesk.services.notice_views import NoticeView
    from duesdesk.services.outbox import Sent
    from duesdesk.services.reach import ChannelView


class NoticeActs(Delivering):
    """The acts; see the module. What is shown is in `screen`."""

    def selected(self) -> NoticeView | None:
        """The selected notice."""
        raise NotImplementedError

    def chosen(self) -> list[int]:
        """The marked notices, else the selected one."""
        raise NotImplementedError

    def meant(self) -> NoticeView | None:
        """The notice that is marked alone, else the selected one; None when several are marked."""
        raise NotImplementedError

    def clear_marks(self) -> None:
        """Nothing is marked any more."""
        raise NotImplementedError

    def _do(self, act: Callable[[], Plain], told: Callable[[Plain], str]) -> None:
        """One act beside the keyboard, then what came of it."""

        def done(answer: Plain) -> None:
            self.clear_marks()
            self.app.data_changed()
            self.app.show_message(told(answer), "ok")

        self.load(act, done, group="act", hold_keys=True)

    def _ask(
        self, title: str, asked: list[Line], yes: str, act: Callable[[], Plain], told: Callable[[Plain], str]
    ) -> None:
        """The same after a question."""
        self.app.push_screen(
            ConfirmModal(title, asked, yes=yes), lambda agreed: self._do(act, told) if agreed else None
        )

    # --- back

    def action_pull_back(self) -> None:
        view, chosen, key = self.meant(), self.chosen(), new_key()
        if not chosen:
            return
        if view is None:
            self._do(lambda: self.desk.notices.cancel_many(chosen, key=key), _pulled_words)
            return
        said = _("The notice to {name} is withdrawn · u undoes").format(name=view.payer_name)
        self._do(lambda: self.desk.notices.cancel(view.id, key=key), lambda _answer: said)

    def action_pull_batch(self) -> None:
        view, key = self.selected(), new_key()
        if view is None or not view.batch:
            return
        asked = [line(_("All notices that were written together with this one, as far as they have not left."))]
        self._ask(
            _("Pull all of them back?"),
            asked,
            _("pull them back"),
            lambda: self.desk.notices.cancel_many(batch=view.batch, key=key),
            _pulled_words,
        )

    # --- again

    def action_again(self) -> None:
        view, chosen, key = self.meant(), self.chosen(), new_key()
        if not chosen:
            return
        if view is None:
            asked = [
                line(
                    ngettext("{count} marked notice.", "{count} marked notices.", len(chosen)).format(count=len(chosen))
                ),
                line(_("Those that wait, have left or are unsure stay as they are."), "dim"),
            ]
            act = lambda: self.desk.notices.retry_many(chosen, key=key)  # noqa: E731  # one line
            self._ask(_("Send again?"), asked, _("send them again"), act, _again_words)
        elif view.state == rows.UNSURE:
            self._decide(view)
        else:
            self._send_again(view, [line(_("It is sent again to {address}.").format(address=_where(view)))])

    def _decide(self, view: NoticeView) -> None:
        from duesdesk.screens.notices.decide import AGAIN, LEFT, DecideModal  # imported late: start-up

        def decided(answer: str | None) -> None:
            if answer == LEFT:
                key = new_key()
                self._ask(
                    _("It left?"),
                    [line(_("It counts as sent to {address}, and is not sent again.").format(address=_where(view)))],
                    _("it left"),
                    lambda: self.desk.notices.left(view.id, key=key),
                    lambda _answer: _("It counts as sent · u undoes"),
                )
            elif answer == AGAIN:
                said = _("It is sent again to {address}.").format(address=_where(view))
                self._send_again(view, [line(said), line(_("If it arrived all the same, it is read twice."), "warn")])

        local = zone(self.desk.centre.timezone)
        when = rows.moment(view.changed_at, self.desk.today(), local)
        self.app.push_screen(DecideModal(view, when), decided)

    def _send_again(self, view: NoticeView, asked: list[Line]) -> None:
        key = new_key()
        self._ask(
            _("Send again?"),
            asked,
            _("send it again"),
            lambda: self.desk.notices.retry(view.id, key=key),
            lambda _answer: _("It waits to be sent · u undoes"),
        )

    def action_other_way(self) -> None:
        view = self.selected()
        if view is None:
            return
        from duesdesk.screens.notices.ways import WaysModal  # imported late: start-up

        key = new_key()

        def picked(channel: str | None) -> None:
            if channel is not None:
                self._do(
                    lambda: self.desk.notices.retry(view.id, channel=channel, key=key),
                    lambda answer: _("Notice to {name}: {state}.").format(
                        name=view.payer_name, state=state_word(answer["state"])
                    ),
                )

        def show(ways: list[ChannelView]) -> None:
            self.app.push_screen(WaysModal(view, ways), picked)

        self.open_with(lambda: self.desk.reaching.of(view.payer), show)

    # --- out

    def action_send_now(self) -> None:
        view = self.selected()
        if view is None:
            return

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.show_message(_("Sending …"))
                self.load(
                    lambda: self.desk.outbox.send_now(view.id),
                    lambda sent: self._left_now(sent, view.payer_name),
                    group="act",
                    hold_keys=True,
                )

        asked = [
            line(_("It leaves for {address}, whatever is left of its cooling time.").format(address=_where(view))),
            line(_("What the law and the member forbid still keeps it."), "dim"),
        ]
        self.app.push_screen(ConfirmModal(_("Send it now?"), asked, yes=_("send now")), answered)

    def _left_now(self, sent: Sent, name: str) -> None:
        self.app.data_changed()
        state = state_word(sent.state)
        if sent.state != rows.SENT and sent.detail:
            until = sent.until.astimezone(zone(self.desk.centre.timezone)) if sent.until else None
            state = f"{state}, {why_words(sent.detail, until)}"
        told = _("Notice to {name}: {state}.").format(name=name, state=state)
        self.show_message(told, "ok" if sent.state == rows.SENT else "warn")

    def action_stop_all(self) -> None:
        if self._page is None:
            return
        key, stops = new_key(), self.desk.stops
        if self._page.stop is not None:
            asked = [line(_("What is past its cooling time leaves with the next sending."))]
            self._ask(_("Let them go again?"), asked, _("let them go"), lambda: stops.go(key=key), _stop_words)
            return
        asked = [line(_("Nothing more leaves on any desk after the message under way, until somebody lets them go."))]
        self._ask(_("Stop all notices?"), asked, _("stop them"), lambda: stops.stop(key=key), _stop_words)

    def action_letters(self) -> None:
        from duesdesk.screens.notices.letters import LettersModal, read_letters  # imported late: start-up

        def show(found: Letters) -> None:
            self.app.push_screen(LettersModal(found), lambda _nothing: self.app.data_changed())

        self.open_with(lambda: read_letters(self.desk), show)


def _where(view: NoticeView) -> str:
    return view.address.replace("\n", ", ") or view.payer_name


def _pulled_words(answer: Plain) -> str:
    count = len(answer["notices"])
    told = ngettext("{count} notice is withdrawn · u undoes", "{count} notices are withdrawn · u undoes", count).format(
        count=number(count)
    )
    left = answer["left"]
    if left:
        told += " · " + ngettext("{count} had left", "{count} had left", left).format(count=number(left))
    return told


def _again_words(answer: Plain) -> str:
    count, left = len(answer["notices"]), len(answer["left_out"])
    told = ngettext("{count} waits to be sent · u undoes", "{count} wait to be sent · u undoes", count).format(
        count=number(count)
    )
    if left:
        told += " · " + ngettext("{count} stays as it is", "{count} stay as they are", left).format(count=number(left))
    return told


def _stop_words(answer: Plain) -> str:
    count = answer["waiting"]
    told = (
        ngettext("Notices are stopped; {count} waits.", "Notices are stopped; {count} wait.", count)
        if answer["stopped"]
        else ngettext("Notices leave again; {count} waits.", "Notices leave again; {count} wait.", count)
    )
    return told.format(count=number(count))
