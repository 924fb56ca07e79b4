"""The key `u`: take back the last act of who works here, whole, after its name was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duesdesk import i18n
from duesdesk.act_names import VERBS, named
from duesdesk.clock import zone
from duesdesk.domain.errors import NotFound, Refused
from duesdesk.domain.money import from_text
from duesdesk.i18n import _, ngettext
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.text import Line, Piece, amount, line
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.undo import LastAct

if TYPE_CHECKING:
    from datetime import tzinfo

    from duesdesk.app import DuesdeskApp
    from duesdesk.bootstrap import Desk


def open_undo(app: DuesdeskApp, _member: str) -> None:
    """Ask whether the last act of today is taken back; say so when there is none, or it cannot be."""
    app.open_with(lambda: _read(app.desk), lambda found: _ask(app, *found))


def _read(desk: Desk) -> tuple[LastAct, str]:
    """The last act, and the name of who it was about. Raises Refused when there is none, or it cannot be undone."""
    last = desk.undo.last()
    if last is None:
        raise Refused("nothing-to-undo")
    if last.verb not in VERBS:
        raise Refused("cannot-undo", verb=last.verb)
    return last, _who(desk, last.answer)


def _ask(app: DuesdeskApp, last: LastAct, who: str) -> None:
    key = new_key()

    def answered(agreed: bool | None) -> None:
        if agreed:
            app.load(
                lambda: app.desk.undo.undo(key=key, act_id=last.id),
                lambda _answer: _taken_back(app, last),
                group="undo",
                hold_keys=True,
            )

    question = told(last, who, zone(app.desk.centre.timezone))
    app.push_screen(ConfirmModal(_("Take back?"), question, yes=_("take it back"), no=_("leave it")), answered)


def told(last: LastAct, who: str, local: tzinfo) -> list[Line]:
    """What the act was: its name, the sum, who it was about and when."""
    answer = last.answer
    first: list[Piece] = [Piece(_name(last), "white", bold=True)]
    if "amount" in answer and "currency" in answer:
        minor = from_text(str(answer["amount"]), str(answer["currency"]))
        first += [Piece("   "), amount(i18n.money(minor, str(answer["currency"])), bold=True)]
    many = answer.get("written") or answer.get("notices")
    if isinstance(many, list):
        count = ngettext("{count} notice", "{count} notices", len(many)).format(count=i18n.number(len(many)))
        first += [Piece("   "), Piece(count, "white")]
    at = i18n.time_of(last.at.astimezone(local))
    return [tuple(first), line(f"{who}   {at}" if who else at, "dim")]


def _name(last: LastAct) -> str:
    known = {name: str(value) for name, value in last.answer.items() if isinstance(value, str)}
    if last.verb == "setting":
        from duesdesk.screens.settings.words import label  # imported late: start-up

        known["label"] = label(known["key"])
    elif last.verb == "rule.use":
        return _rule_name(known)
    elif last.verb in ("flag", "unhold", "consent"):
        known |= _marks(last.answer)
    return named(last.verb, known)


def _rule_name(answer: dict[str, str]) -> str:
    """A rule that was put in force, or taken away: for whom, unless it is the centre's."""
    if not answer["name"]:
        return _("Rule taken away from {target}").format(target=answer["target"])
    if answer["target"]:
        return _("Rule “{name}” for {target}").format(name=answer["name"], target=answer["target"])
    plain = VERBS["rule.use"]
    return _(plain).format(name=answer["name"])


def _marks(answer: Plain) -> dict[str, str]:
    """The marks and the channel of an act, in words."""
    from duesdesk.screens.contact_words import NOTICE_CHANNELS, word  # imported late: start-up
    from duesdesk.services.collection.reasons import reason_words  # imported late: start-up

    known = {"channel": word(NOTICE_CHANNELS, str(answer["channel"]))} if "channel" in answer else {}
    if "kind" in answer:
        known["kind"] = reason_words(str(answer["kind"]))
    if isinstance(answer.get("lifted"), list):
        known["lifted"] = ", ".join(reason_words(str(one)) for one in answer["lifted"])
    return known


def _who(desk: Desk, answer: Plain) -> str:
    number, notice = answer.get("member"), answer.get("notice")
    try:
        if isinstance(number, str):
            return desk.members.get(number).name
        return desk.notices.get(notice).payer_name if isinstance(notice, int) else ""
    except NotFound:
        return str(number or "")


def _taken_back(app: DuesdeskApp, last: LastAct) -> None:
    app.data_changed()
    app.show_message(_("{what} was taken back.").format(what=_name(last)), "ok")
