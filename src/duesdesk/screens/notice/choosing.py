"""Which text, in which tone, by which channel: three rows of a dialog, each with its letters while it has the keyboard.

What somebody cannot be reached by is no choice; it is named below with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.widget import Widget

from duesdesk.documents.notice_templates import NEUTRAL, same_as
from duesdesk.i18n import _
from duesdesk.screens.contact_words import NOTICE_CHANNELS, REACH, word
from duesdesk.screens.notice.words import OWN_WORDS, tone_options, way_options
from duesdesk.screens.text import Line, line, wrap
from duesdesk.screens.widgets.choice import Choice, Option
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.notice_choices import Choices

LABEL_CELLS = 9
_MOST_REASON_LINES = 2


class Wanted(NamedTuple):
    """What was chosen; `template` may be OWN_WORDS."""

    template: str
    tone: str
    channel: str


class Choosing(Widget):
    """See the module. `on_change` is told of every choice; Enter comes as `Choice.Submitted`."""

    def __init__(
        self, texts: Sequence[Option], *, on_change: Callable[[Wanted], None], width: int, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.styles.height = "auto"
        self._texts = tuple(texts)
        self._on_change = on_change
        self._width = width
        self._choices: Choices | None = None
        # A tone that somebody chose stays when another text has it, too.
        self._tone = ""

    def compose(self) -> ComposeResult:
        rows = (
            ("text", _("Text"), self._texts, self._text_chosen, "template"),
            ("tone", _("Tone"), (), self._tone_chosen, "tone"),
            ("way", _("By"), (), lambda _key: self._changed(), "channel"),
        )
        for name, label, options, changed, id_ in rows:
            with Widget(classes="form-row", id=f"row-{name}"):
                panel = Panel([line(label, "dim")], surface="bar", indent=2, classes="form-label")
                panel.styles.width = LABEL_CELLS
                yield panel
                yield Choice(options, wraps=True, on_change=changed, id=id_)
        yield Panel([], surface="bar", indent=2, id="ways-not")

    @property
    def wanted(self) -> Wanted:
        """What is chosen now."""
        tone = self._choice("tone").value
        return Wanted(self._choice("template").value, "" if tone == NEUTRAL else tone, self._choice("channel").value)

    def _choice(self, name: str) -> Choice:
        return self.query_one(f"#{name}", Choice)

    def show(self, choices: Choices, template: str = "", tone: str = "") -> None:
        """Offer these, with this text and tone chosen; nobody is told."""
        self._choices = choices
        name, tone = same_as(template, tone)
        known = {option.key for option in self._texts}
        more = [Option(one, one.replace("_", " ")) for one in choices.names if one not in known]
        last = [option for option in self._texts if option.key == OWN_WORDS]
        first = [option for option in self._texts if option.key != OWN_WORDS]
        self._choice("template").offer([*first, *more, *last], name)
        self._offer_tones(tone)
        usable = [way.channel for way in choices.ways if not way.why]
        if choices.channel not in usable:
            usable.insert(0, choices.channel)
        self._choice("channel").offer(way_options(usable), choices.channel)
        self.query_one("#ways-not", Panel).set_lines(self._others(choices, usable))

    def fits(self, template: str, tone: str) -> None:
        """The text that fits is known now: show which it is; nobody is told."""
        name, tone = same_as(template, tone)
        self._choice("template").value = name
        self._offer_tones(tone)

    def _others(self, choices: Choices, usable: Sequence[str]) -> list[Line]:
        """The channels that cannot be used, by reason."""
        by_reason: dict[str, list[str]] = {}
        for way in choices.ways:
            if way.why and way.channel not in usable:
                by_reason.setdefault(way.why, []).append(word(NOTICE_CHANNELS, way.channel))
        told = " · ".join(f"{', '.join(names)}: {word(REACH, why)}" for why, names in by_reason.items())
        return [line(one, "faint") for one in wrap(told, self._width)[:_MOST_REASON_LINES]] if told else []

    def _offer_tones(self, tone: str) -> None:
        template = self._choice("template").value
        tones = self._choices.tones.get(template, ()) if self._choices is not None else ()
        wanted = tone or self._tone or NEUTRAL
        chosen = wanted if wanted in tones else NEUTRAL if NEUTRAL in tones or not tones else tones[0]
        self._choice("tone").offer(tone_options(tones), chosen)
        self.query_one("#row-tone").styles.display = "block" if len(tones) > 1 else "none"

    def _text_chosen(self, _template: str) -> None:
        self._offer_tones("")
        self._changed()

    def _tone_chosen(self, tone: str) -> None:
        self._tone = tone
        self._changed()

    def _changed(self) -> None:
        self._on_change(self.wanted)
