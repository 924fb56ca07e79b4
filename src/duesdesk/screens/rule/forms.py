"""The forms of the rule: one step of it, what holds for the whole, and for whom a rule of its own is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from duesdesk import i18n
from duesdesk.domain.collection.ladder import DUE, FEE, NOTICE, Rule, Step, usual_template
from duesdesk.domain.errors import BadInput, DuesdeskError
from duesdesk.domain.money import from_text, to_text
from duesdesk.domain.reach import CHANNELS
from duesdesk.i18n import _, fold
from duesdesk.messages import N_
from duesdesk.screens.contact_words import word
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.refusals import refusal
from duesdesk.screens.rule import words
from duesdesk.screens.text import Line, line, wrap
from duesdesk.screens.widgets.choice import Option
from duesdesk.services import rule_text

MOST_DAYS = 3650
BEFORE, AFTER = "before", "after"
_WHEN = (
    ("issued", N_("issued")),
    (BEFORE, N_("before")),
    (AFTER, N_("after")),
    ("paid", N_("paid")),
    ("promise_broken", N_("promise")),
    ("instalment_missed", N_("instalment")),
)
_DO = (
    (NOTICE, N_("notice")),
    ("call", N_("call")),
    ("desk", N_("desk talk")),
    (FEE, N_("fee")),
    ("suspend", N_("suspend")),
    ("handover", N_("hand over")),
)
# The field of the form that a field of the rule stands in.
_STANDS_IN = {"offset_days": "days", "do": "do", "when": "when", "template": "template", "channels": "channels",
              "requires": "after", "repeat_days": "every", "max_times": "times", "amount": "amount"}  # fmt: skip


class CloseForm(FormModal):
    """A form without blank lines between its fields, so that a long one fits; what is wrong is said at its field."""

    WIDTH = 78

    def _under(self, field: FormField, error: Line | str = "") -> list[Line]:
        if error:
            return super()._under(field, error)
        return (
            [line(one, "faint") for one in wrap(field.hint, self.WIDTH - self._label_width - 6)] if field.hint else []
        )

    def _saved(self, values: dict[str, object], saved: object) -> None:
        field = _STANDS_IN.get(str(saved.facts.get("field"))) if isinstance(saved, DuesdeskError) else None
        if field is None or not any(one.key == field for one in self.fields):
            super()._saved(values, saved)
            return
        assert isinstance(saved, DuesdeskError)  # noqa: S101  # as `field` says
        self.set_error(field, refusal(saved, "bad"))
        self.entry(field).focus()


class Sums(NamedTuple):
    """How sums are typed into the forms: of the centre's currency, in the language of the screen."""

    currency: str

    def shown(self, text: str) -> str:
        """A sum of the rule as it is typed; finer ones as they are."""
        try:
            return i18n.amount(from_text(text, self.currency), self.currency) if text else ""
        except BadInput:
            return text

    def read(self, before: str) -> Callable[[object], object]:
        """What makes the text of the rule of what was typed; a sum that was left as it is stays as it was written."""

        def text_of(value: object) -> object:
            typed = str(value).strip()
            if not typed or typed == self.shown(before):
                return before if typed else ""
            return to_text(i18n.parse_amount(typed, self.currency), self.currency)

        return text_of


def step_form(
    rule: Rule,
    step: Step | None,
    templates: Sequence[str],
    save: Callable[[dict[str, object]], object],
    currency: str,
) -> CloseForm:
    """The form of a step of `rule`; None: of a new one. `save` gets the fields of the step as TOML has them."""
    sums = Sums(currency)
    now = step or Step("", DUE, 7, NOTICE, tone="neutral", channels=("email",))
    own = "" if now.template == usual_template(now.when, now.offset_days) else now.template
    others = [one.id for one in rule.steps if one.id != now.id]
    times = "" if now.max_times in (1, MOST_DAYS) else str(now.max_times)
    before = now.when == DUE and now.offset_days < 0
    fields = (
        FormField("when", _("When"), "choice", options=_options(_WHEN),
                  default=BEFORE if before else AFTER if now.when == DUE else now.when),
        FormField("days", _("Days"), default=str(abs(now.offset_days)),
                  hint=_("before or after the due day, or that event; 0: on it"), validate=_days(0)),
        FormField("do", _("Does"), "choice", options=_options(_DO), default=now.do),
        FormField("tone", _("Tone"), "choice", options=_options(tuple(words.TONES.items())), default=now.tone),
        FormField("template", _("Text"), default=own, hint=_("empty: the usual one"),
                  validate=_known(tuple(templates))),
        FormField("channels", _("By"), default=words.where_words(now),
                  hint=_("in order, such as e-mail, SMS, letter"), validate=_channels),
        FormField("amount", _("Fee"), default=sums.shown(now.amount_text), validate=sums.read(now.amount_text),
                  hint=_("of a fee step, such as {amount}").format(amount=sums.shown("5"))),
        FormField("after", _("Only after"), default=now.requires.step if now.requires else "",
                  hint=", ".join(others), validate=_known(tuple(others))),
        FormField("after_days", _("… so many days"), default=str(now.requires.days) if now.requires else "",
                  validate=_days(0)),
        FormField("every", _("Again every"), default=str(now.repeat_days or ""), hint=_("days; empty: once"),
                  validate=_days(0)),
        FormField("times", _("Times in all"), default=times, validate=_days(1)),
    )  # fmt: skip
    title = words.step_words(now) if step is not None else _("A new step")
    return CloseForm(title, fields, save=lambda values: save(toml_of(values)), save_word=_("keep"))


def toml_of(values: dict[str, object]) -> dict[str, object]:
    """The fields of a step, as its TOML has them, from those of the form; None where one is left out."""
    when, do = str(values["when"]), str(values["do"])
    days = _whole(values["days"]) or 0
    is_notice = do == NOTICE
    every, times = _whole(values["every"]), _whole(values["times"])
    after = str(values["after"])
    return {
        "when": DUE if when in (BEFORE, AFTER) else when,
        # The day itself is said where an event has one usual day only by leaving it out.
        "offset_days": (-days if when == BEFORE else days) or (0 if when in (BEFORE, AFTER) else None),
        "do": do,
        "template": (str(values["template"]) or None) if is_notice else None,
        "tone": str(values["tone"]) if is_notice else None,
        "channels": (values["channels"] or None) if is_notice else None,
        "amount": str(values["amount"]) or None if do == FEE else None,
        "requires": {"step": after, "days": _whole(values["after_days"]) or 0} if after else None,
        "repeat_days": every or None,
        "max_times": times,
    }


def head_form(rule: Rule, save: Callable[[dict[str, object]], object], currency: str) -> CloseForm:
    """The form of what holds for the whole rule."""
    sums = Sums(currency)
    confirm = (Option("payment", _("every payment")), Option("settled", _("only what settles an item")))
    fields = (
        FormField("name", _("Name"), default=rule.name, required=True, max_length=60),
        FormField("minimum_open", _("Smallest sum"), default=sums.shown(rule.minimum_open_text),
                  validate=sums.read(rule.minimum_open_text), hint=_("of each currency; below it nothing is asked")),
        FormField("gap_days", _("Days between contacts"), default=str(rule.gap_days), validate=_days(0)),
        FormField("max_per_week", _("Most in a week"), default=str(rule.max_per_week or ""),
                  hint=_("empty: as the law says"), validate=_days(1)),
        FormField("confirm", _("Confirms"), "choice", options=confirm, default=rule.confirm),
    )  # fmt: skip

    def as_toml(values: dict[str, object]) -> object:
        return save(
            {
                "name": values["name"],
                "minimum_open": str(values["minimum_open"]) or None,
                "gap_days": _whole(values["gap_days"]),
                "max_per_week": _whole(values["max_per_week"]),
                "confirm": values["confirm"],
            }
        )

    return CloseForm(_("The whole rule"), fields, save=as_toml, save_word=_("keep"))


def changed_step(text: str, step: Step | None, rule: Rule, values: dict[str, object]) -> str:
    """`text` with a step as the form says; what was said by leaving it out stays out."""
    if step is None:
        given = Step("", str(values["when"]), int(str(values["offset_days"] or 0)), str(values["do"]))
        name = rule_text.new_id(given, frozenset(one.id for one in rule.steps))
        return rule_text.with_step(text, name, values)
    kept = dict(values)
    now = {"offset_days": step.offset_days, "tone": step.tone, "channels": list(step.channels)}
    for field, value in now.items():
        if value == kept[field]:
            del kept[field]
    usual = usual_template(str(values["when"]), int(str(values["offset_days"] or 0)))
    if values["template"] is None and step.template == usual:
        del kept["template"]
    return rule_text.with_step(text, step.id, kept)


def _options(table: tuple[tuple[str, str], ...]) -> tuple[Option, ...]:
    return tuple(Option(key, _(label)) for key, label in table)


def _whole(value: object) -> int | None:
    text = str(value if value is not None else "").strip()
    return int(text) if text else None


def _days(least: int) -> Callable[[object], object]:
    def check(value: object) -> object:
        text = str(value).strip()
        if text and not (text.isascii() and text.isdigit() and least <= int(text) <= MOST_DAYS):
            raise BadInput("rule-field-days", least=least, most=MOST_DAYS)
        return text

    return check


def _known(names: tuple[str, ...]) -> Callable[[object], object]:
    def check(value: object) -> object:
        if value and value not in names:
            raise BadInput("rule-field-unknown", value=value, known=", ".join(names))
        return value

    return check


def _channels(value: object) -> object:
    """Channels in their order, each by its word or its name."""
    by_word = {fold(word(words.CHANNELS, one)): one for one in CHANNELS} | {one: one for one in CHANNELS}
    found: list[str] = []
    for typed in (part.strip() for part in str(value).replace(";", ",").split(",")):
        if not typed:
            continue
        if fold(typed) not in by_word:
            known = ", ".join(word(words.CHANNELS, one) for one in CHANNELS)
            raise BadInput("rule-field-unknown", value=typed, known=known)
        found.append(by_word[fold(typed)])
    return list(dict.fromkeys(found))
