"""`notices list|show|cancel|retry|stop|go`, `send`."""

from __future__ import annotations

from datetime import tzinfo
from typing import Annotated

import typer

from duesdesk.cli import print_runs
from duesdesk.cli.labels import in_words
from duesdesk.cli.options import Actor, Csv, DryRun, Json, Key, Limit, Reason, Xlsx, check_limit
from duesdesk.cli.output import answer, answer_each, instant_line, note, say, show, show_each
from duesdesk.cli.session import Given
from duesdesk.clock import zone
from duesdesk.domain.errors import Refused, WrongUsage
from duesdesk.i18n import _, ngettext, number, sentence
from duesdesk.reports.shape import TEXT, WORD, Column, Sheet
from duesdesk.services.acts import Plain
from duesdesk.services.notice_views import NoticeView

app = typer.Typer(help=_("The notices written: list, show, cancel, send again."))
alone = typer.Typer()
PARTLY = 4
# What keeps a notice back that is ours to put right.
_OURS = ("not_set_up", "stopped")
_STATES = ("held", "queued", "sending", "sent", "unsure", "failed", "cancelled")
Id = Annotated[int, typer.Argument(metavar="ID")]
_COLUMNS = (
    Column("notice", TEXT),
    Column("created_at", TEXT),
    Column("member", TEXT),
    Column("name", TEXT),
    Column("channel", TEXT),
    Column("address", TEXT),
    Column("subject", TEXT),
    Column("status", WORD),
    Column("detail", TEXT),
)


def document(view: NoticeView) -> Plain:
    """A notice as JSON."""
    return {
        "notice": view.id,
        "member": view.payer,
        "name": view.payer_name,
        "channel": view.channel,
        "address": view.address,
        "template": view.template,
        "subject": view.subject,
        "state": view.state,
        "detail": view.detail,
        "created_at": view.created_at.isoformat(),
        "send_after": view.send_after.isoformat(),
        "changed_at": view.changed_at.isoformat(),
        "attempts": view.attempts,
        "actor": view.actor,
        "origin": view.origin,
        "tone": view.tone,
        "hash": view.body_hash,
        "pressing": view.pressing,
        "waits_for": view.why,
        "until": view.until.isoformat() if view.until else None,
        "stopped_by": view.who,
        "batch": view.batch,
    }


@app.command("list", help=_("The notices, the newest first."))
def list_notices(
    context: typer.Context,
    state: Annotated[
        str | None, typer.Option("--state", help=_("held, queued, sending, sent, unsure, failed or cancelled."))
    ] = None,
    limit: Limit = None,
    as_json: Json = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
) -> None:
    given: Given = context.obj
    # First: what is wrong is told in the language of the centre.
    desk = given.desk()
    if state is not None and state not in _STATES:
        raise WrongUsage("scope-unknown", scope=state, known=_STATES)
    check_limit(limit)
    notices, local = desk.notices, zone(desk.centre.timezone)
    more = max(0, notices.count(state) - limit) if limit is not None else 0
    if csv is not None or xlsx is not None:
        rows = tuple(_row(view, local) for page in notices.pages(state, most=limit) for view in page)
        show([Sheet("", (), _COLUMNS, rows)], csv=csv, xlsx=xlsx, name="notices")
    if as_json:
        rest = {} if limit is None else {"more": more}
        answer_each("notices", (document(view) for page in notices.pages(state, most=limit) for view in page), rest)
    elif csv is None and xlsx is None:
        show_each(_COLUMNS, ([_row(view, local) for view in page] for page in notices.pages(state, most=limit)))
    if more:
        note(
            ngettext("… and {count} more (--limit).", "… and {count} more (--limit).", more).format(count=number(more))
        )


def _row(view: NoticeView, local: tzinfo) -> tuple[object, ...]:
    return (
        str(view.id),
        instant_line(view.created_at.astimezone(local)),
        view.payer,
        view.payer_name,
        view.channel,
        view.address,
        view.subject,
        view.state,
        in_words(view.why) if view.why else view.detail,
    )


@app.command("show", help=_("One notice with its exact text."))
def show_notice(context: typer.Context, notice: Id, as_json: Json = False) -> None:
    given: Given = context.obj
    desk = given.desk()
    view = desk.notices.look(notice)
    if as_json:
        answer({**document(view), "ends": view.ends, "body": view.body})
    else:
        if view.why:
            until = instant_line(view.until.astimezone(zone(desk.centre.timezone))) if view.until else ""
            note(f"{in_words(view.why)} · {until}" if until else in_words(view.why))
        if view.ends:
            note(_("It would not leave any more: {reason}.").format(reason=in_words(view.ends)))
        say(f"{view.address}\n{view.subject}\n\n{view.body}")


@app.command("cancel", help=_("Pull back what has not left: notices, or all of a notice to many."))
def cancel(
    context: typer.Context,
    notice: Annotated[list[int] | None, typer.Argument(metavar="[ID]...")] = None,
    batch: Annotated[str, typer.Option("--batch", metavar="B", help=_("All of this notice to many."))] = "",
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    ids = notice or []
    if bool(ids) == bool(batch):
        raise WrongUsage("notices-or-batch")
    notices = given.desk(actor, dry_run=dry_run).notices
    if len(ids) == 1:
        _told(notices.cancel(ids[0], reason=reason, key=key), as_json=as_json)
        return
    done = notices.cancel_many(ids, batch=batch, reason=reason, key=key)
    if as_json:
        answer(done)
        return
    count = len(done["notices"])
    say(
        ngettext("{count} notice is pulled back.", "{count} notices are pulled back.", count).format(
            count=number(count)
        )
    )
    if done["left"]:
        note(ngettext("{count} had left.", "{count} had left.", done["left"]).format(count=number(done["left"])))


@app.command("left", help=_("A person knows that an unsure notice did leave: it counts as sent."))
def left(
    context: typer.Context,
    notice: Id,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    _told(given.desk(actor, dry_run=dry_run).notices.left(notice, reason=reason, key=key), as_json=as_json)


@app.command("now", help=_("Send one notice now, without the rest of its cooling time."))
def now(
    context: typer.Context,
    notice: Id,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    state = desk.notices.get(notice).state
    # Under a key it may have left by the first call, which is answered again.
    if key is None and state not in ("held", "queued"):
        raise Refused("notice-not-waiting", notice=notice, state=in_words(state))
    done = desk.outbox.run_one(notice, key=key)
    if as_json:
        answer(done)
    elif done["state"] == "sent":
        say(_("Notice {notice}: {state}.").format(notice=notice, state=in_words("sent")))
    else:
        state, detail = in_words(done["state"]), in_words(done["detail"])
        say(_("Notice {notice}: {state} ({detail}).").format(notice=notice, state=state, detail=detail))
    if done["state"] not in ("sent", "cancelled"):
        raise typer.Exit(PARTLY)


@app.command("retry", help=_("Queue notices again that failed, or one of which nobody knows whether it arrived."))
def retry(
    context: typer.Context,
    notice: Annotated[list[int], typer.Argument(metavar="ID...")],
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="C", help=_("By another channel, as it would read there today."))
    ] = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    notices = given.desk(actor, dry_run=dry_run).notices
    if len(notice) == 1:
        _told(notices.retry(notice[0], channel=channel, key=key), as_json=as_json)
        return
    if channel is not None:
        raise WrongUsage("notices-by-one-channel")
    done = notices.retry_many(notice, key=key)
    if as_json:
        answer(done)
        return
    count = len(done["notices"])
    say(
        ngettext("{count} notice waits to be sent.", "{count} notices wait to be sent.", count).format(
            count=number(count)
        )
    )
    for one in done["left_out"]:
        note(sentence(Refused(one["reason"], notice=one["notice"])))


@app.command("stop", help=_("Nothing more leaves, on no desk, after the message under way."))
def stop(
    context: typer.Context,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    _told_of_stop(given.desk(actor, dry_run=dry_run).stops.stop(reason=reason, key=key), as_json=as_json)


@app.command("go", help=_("Notices leave again."))
def go(
    context: typer.Context,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    _told_of_stop(given.desk(actor, dry_run=dry_run).stops.go(reason=reason, key=key), as_json=as_json)


def _told_of_stop(done: Plain, *, as_json: bool) -> None:
    if as_json:
        answer(done)
        return
    count = done["waiting"]
    told = (
        ngettext("Notices are stopped; {count} waits.", "Notices are stopped; {count} wait.", count)
        if done["stopped"]
        else ngettext("Notices leave again; {count} waits.", "Notices leave again; {count} wait.", count)
    )
    say(told.format(count=number(count)))


def _told(done: Plain, *, as_json: bool) -> None:
    if as_json:
        answer(done)
    else:
        say(_("Notice {notice}: {state}.").format(**done))


@alone.command("send", help=_("Deliver what is due and past its cooling time."))
def send(
    context: typer.Context,
    when: Annotated[str | None, typer.Option("--date", metavar="WHEN", help=_("As of a day or an instant."))] = None,
    limit: Limit = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    check_limit(limit)
    desk = given.desk(actor, dry_run=dry_run)
    from duesdesk.services.outbox import moment_of

    done = desk.outbox.run(limit=limit, moment=moment_of(when, desk.place), key=key)
    # The daily word to the back office leaves with the first sending after the day's run.
    daily = desk.digests.send_due()
    if as_json:
        answer(done)
    else:
        _told_of_sending(done)
    kept_back = any(one["state"] == "waits" and one["detail"] in _OURS for one in done["notices"])
    if daily not in ("", "sent"):
        note(_("The daily word to the back office: {state}.").format(state=in_words(daily)))
    if done["retry"] or done["unsure"] or done["failed"] or kept_back or daily not in ("", "sent"):
        raise typer.Exit(PARTLY)


_MOST_ALIKE = 5
"""More notices than these of which the same is to be told are told in one line."""


def _told_of_sending(done: Plain) -> None:
    sent, left = done["sent"], done["left"]
    told = (
        ngettext("{count} notice would be sent.", "{count} notices would be sent.", sent)
        if done["dry_run"]
        else ngettext("{count} notice sent.", "{count} notices sent.", sent)
    )
    say(told.format(count=number(sent)))
    alike: dict[tuple[str, str], list[int]] = {}
    for one in done["notices"]:
        if one["state"] != "sent":
            alike.setdefault((in_words(one["state"]), in_words(one["detail"])), []).append(one["notice"])
    for (state, detail), notices in alike.items():
        if len(notices) > _MOST_ALIKE:
            told = _("{count} notices: {state} ({detail}).")
            note(told.format(count=number(len(notices)), state=state, detail=detail))
            continue
        for notice in notices:
            note(_("Notice {notice}: {state} ({detail}).").format(notice=notice, state=state, detail=detail))
    if any(one["detail"] in _OURS for one in done["notices"]):
        note(_("duesdesk doctor says what a channel lacks."))
    if left:
        note(ngettext("{count} more is due.", "{count} more are due.", left).format(count=number(left)))


print_runs.add_to(app)
