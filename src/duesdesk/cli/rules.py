"""`rule show|check|use|explain|rehearse`: the collection rule, for the centre, a group, a member or one invoice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from duesdesk.cli.options import Actor, Csv, DryRun, Json, Key, Member, Reason, Xlsx
from duesdesk.cli.output import answer, listed, note, say
from duesdesk.cli.session import Given
from duesdesk.cli.templates import told_instead
from duesdesk.clock import zone
from duesdesk.domain.collection.ladder import Rule, Step
from duesdesk.domain.errors import BadInput, WrongUsage
from duesdesk.i18n import _, day_year, ngettext, sentence
from duesdesk.reports.shape import TEXT, Column, Sheet
from duesdesk.services.acts import Plain
from duesdesk.services.rules import RuleView, Target

app = typer.Typer(help=_("The collection rule: show it, check one, put it in force, and why it does what it does."))
OfMember = Annotated[str | None, typer.Option("--member", metavar="M", help=_("Of one member or payer."))]
OfInvoice = Annotated[str | None, typer.Option("--invoice", metavar="N", help=_("Of one invoice."))]
OfGroup = Annotated[str | None, typer.Option("--group", metavar="G", help=_("Of a group of members."))]
RuleFile = Annotated[Path, typer.Argument(metavar="FILE", help=_("A rule as TOML; - reads it here."))]


def _target(member: str | None, invoice: str | None, group: str | None) -> Target:
    if sum(bool(one) for one in (member, invoice, group)) > 1:
        raise WrongUsage("rule-for-one")
    return Target(group, member, invoice)


def read_rule(path: Path) -> str:
    """The text of a rule. Raises BadInput when the file cannot be read."""
    try:
        if str(path) == "-":
            import sys

            return sys.stdin.read()
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise BadInput("rule-file-unreadable", file=path, detail=getattr(error, "strerror", None) or "UTF-8") from error


def rule_document(rule: Rule) -> Plain:
    """A rule as JSON."""
    return {
        "name": rule.name,
        "minimum_open": rule.minimum_open_text,
        "gap_days": rule.gap_days,
        "max_per_week": rule.max_per_week,
        "confirm": rule.confirm,
        "steps": [_step(step) for step in rule.steps],
    }


def _step(step: Step) -> Plain:
    return {
        "id": step.id,
        "when": step.when,
        "offset_days": step.offset_days,
        "do": step.do,
        "template": step.template or None,
        "tone": step.tone,
        "channels": list(step.channels),
        "requires": {"step": step.requires.step, "days": step.requires.days} if step.requires else None,
        "repeat_days": step.repeat_days or None,
        "max_times": step.max_times,
        "amount": step.amount_text or None,
    }


@app.command("show", help=_("The rule in force, and who follows another one."))
def show(
    context: typer.Context,
    member: OfMember = None,
    invoice: OfInvoice = None,
    group: OfGroup = None,
    as_json: Json = False,
) -> None:
    given: Given = context.obj
    desk = given.desk()
    target = _target(member, invoice, group)
    view = desk.rules.show(target)
    others = desk.rules.all()[1:] if target.scope == "centre" else []
    if not as_json:
        say(view.text)
        for one in others:
            say(_("{scope} {target}: rule “{name}”.").format(scope=one.scope, target=one.target, name=one.rule.name))
        return
    answer(
        {
            **_view(view),
            **rule_document(view.rule),
            "text": view.text,
            "others": [{**_view(one), "name": one.rule.name} for one in others],
        }
    )


@app.command("versions", help=_("Every rule that was in force: since when, by whom and why; the newest first."))
def versions(
    context: typer.Context,
    member: OfMember = None,
    invoice: OfInvoice = None,
    group: OfGroup = None,
    as_json: Json = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
) -> None:
    given: Given = context.obj
    desk = given.desk()
    found, local = desk.rules.versions(_target(member, invoice, group)), zone(desk.centre.timezone)
    if as_json or csv is not None or xlsx is not None:
        told = [
            {"version": one.version, "name": one.name or None, "since": one.at.isoformat() if one.at else None,
             "actor": one.actor or None, "reason": one.reason or None, "in_force": one.is_in_force, "text": one.text}
            for one in found
        ]  # fmt: skip
        keys = ("version", "name", "since", "actor", "reason", "text")
        rows = tuple(tuple(str(one[key] or "") for key in keys) for one in told)
        sheets = [Sheet("", (), tuple(Column(key, TEXT) for key in keys), rows)]
        listed(sheets, {"versions": told}, as_json=as_json, csv=csv, xlsx=xlsx, name="versions")
        return
    for one in found:
        since = day_year(one.at.astimezone(local).date()) if one.at else _("as it is shipped")
        said = [since, one.name or _("the next wider one"), one.actor, one.reason, _("in force") * one.is_in_force]
        say(" · ".join(part for part in said if part))


@app.command("explain", help=_("What the rule does next about a member's debts, when, and what holds it back."))
def explain(context: typer.Context, member: Member, as_json: Json = False) -> None:
    given: Given = context.obj
    found = given.desk().explains.of(member)
    from duesdesk.cli import explained

    if as_json:
        answer(explained.document(found))
    else:
        say("\n".join(explained.lines(found)))


def _view(view: RuleView) -> Plain:
    return {
        "scope": view.scope,
        "target": view.target or None,
        "version": view.version,
        "since": view.since.isoformat() if view.since else None,
        "actor": view.actor or None,
    }


@app.command("check", help=_("Whether a rule can be read; what is wrong is told with its step and field."))
def check(context: typer.Context, file: RuleFile, as_json: Json = False) -> None:
    given: Given = context.obj
    desk = given.desk()
    text = read_rule(file)
    try:
        rule = desk.rules.check(text, file.name)
    except BadInput:
        # The first is the answer; the others are told before it.
        for other in desk.rules.findings(text)[1:]:
            if other.error is not None:
                note(sentence(other.error))
        raise
    instead = desk.rules.told_otherwise(rule)
    if as_json:
        told_in = [
            {"template": one.name, "tone": one.tone, "form": one.form, "language": one.language, "members": one.members,
             "told_in": one.told_in}
            for one in instead
        ]  # fmt: skip
        answer({"ok": True, **rule_document(rule), "instead": told_in})
    else:
        told = ngettext("The rule “{name}” is in order: {count} step.", "The rule “{name}” is in order: {count} steps.",
                        len(rule.steps))  # fmt: skip
        say(told.format(name=rule.name, count=len(rule.steps)))
        for one in instead:
            note(f"{one.name}: {told_instead(one.members, one.language, one.told_in)}")


@app.command("use", help=_("Put a rule in force from the next run on; --back gives its place to the wider rule again."))
def use(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help=_("A rule as TOML; - reads it here."))] = None,
    member: OfMember = None,
    invoice: OfInvoice = None,
    group: OfGroup = None,
    back: Annotated[bool, typer.Option("--back", help=_("The next wider rule holds again."))] = False,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    if (file is None) != back:
        raise WrongUsage("rule-file-or-back")
    text = read_rule(file) if file is not None else ""
    desk = given.desk(actor, dry_run=dry_run)
    target = _target(member, invoice, group)
    done = desk.rules.use(text, target, file=file.name if file else "", reason=reason, key=key)
    if as_json:
        answer(done)
    elif text:
        say(_("The rule “{name}” is in force from the next run on.").format(name=done["name"]))
    else:
        say(_("The next wider rule is in force from the next run on."))


@app.command("rehearse", help=_("What a rule would do in the days to come, if nobody paid; nothing is written."))
def rehearse(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=_("A rule as TOML in the place of the centre's."))
    ] = None,
    days: Annotated[int, typer.Option("--days", help=_("How many days, today included."))] = 30,
    as_json: Json = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
) -> None:
    given: Given = context.obj
    desk = given.desk()
    rule = desk.rules.check(read_rule(file), file.name) if file is not None else None
    found = desk.rehearsals.rehearse(rule, days)
    from duesdesk.cli import rehearsed

    into_files = csv is not None or xlsx is not None
    if not as_json and not into_files:
        say(rehearsed.told(found))
    steps, rows = rehearsed.sheets(found)
    # A file has the rows alone: how often each step comes is counted from them.
    sheets = [rows] if into_files else [steps, rows]
    listed(sheets, found.as_json(), as_json=as_json, csv=csv, xlsx=xlsx, name="rehearsal")
