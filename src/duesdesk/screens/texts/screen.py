"""The texts of notices: which there are, which are the centre's own, and how each reads for a real member."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from duesdesk.clock import zone
from duesdesk.domain.errors import Refused
from duesdesk.domain.roles import require
from duesdesk.i18n import LANGUAGES, _, day_month
from duesdesk.messages import N_
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import bindings_for
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.notice.words import language_word
from duesdesk.screens.refusals import refusal
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, line
from duesdesk.screens.texts.editor import open_editor
from duesdesk.screens.texts.trial import Page, trial_lines
from duesdesk.screens.texts.words import template_word, tone_word
from duesdesk.screens.widgets.bars import Tab, Tabs
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import new_key
from duesdesk.services.templates import Address, TemplateView, Trial

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

SCREEN = "texts"
WIDE_COLUMNS = 110
_SAID = N_("The centre's own texts are marked; the others are shipped. Enter changes one.")


def open_texts(app: DuesdeskApp, _member: str) -> None:
    """Show the texts of notices."""
    app.show_screen(SCREEN, TextsScreen)


class Shelf(NamedTuple):
    """What the screen shows: every text, and whom texts in a language are tried on."""

    views: tuple[TemplateView, ...]
    people: tuple[str, ...]


class TextsScreen(DeskScreen):
    """See the module."""

    ID = "texts"
    BINDINGS = bindings_for("texts")
    FOOTER = ("write_text", "language", "give_back", "next_member", "undo", "back", "help")
    AUTO_FOCUS = "#texts-list"

    def __init__(self) -> None:
        super().__init__()
        self._language = ""
        self._shelf = Shelf((), ())
        self._turn = 0

    def compose_body(self) -> ComposeResult:
        columns = (
            Column("template", _("Texts of notices"), 19, flex=True),
            Column("tone", _("Tone"), 12),
            Column("whose", _("Text"), 20),
        )
        yield Panel([()], classes="gap")
        yield Tabs(self._tabs(), numbered=True, on_change=self._show_language, id="texts-languages")
        yield Panel([line(_(_SAID), "dim"), ()], id="texts-said")
        with Horizontal(id="texts-body"):
            yield LineList(columns, on_move=self._moved, pointer=True, id="texts-list")
            yield Page(id="texts-page")

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.set_class(event.size.width >= WIDE_COLUMNS, "-wide")
        self.call_after_refresh(self._try_out)

    # --- what is shown

    @property
    def language(self) -> str:
        """The language whose texts are listed: the centre's, until another one is chosen."""
        return self._language or self.desk.centre.language

    def _tabs(self) -> list[Tab]:
        own = [view.address.language for view in self._shelf.views if view.own]
        return [Tab(code, language_word(code), str(own.count(code)) if code in own else "") for code in LANGUAGES]

    def refresh_data(self) -> None:
        language = self.language
        self.load(
            lambda: Shelf(tuple(self.desk.templates.all()), tuple(self.desk.templates.to_try_on(language))), self._show
        )

    def _show(self, shelf: Shelf) -> None:
        self._shelf = shelf
        tabs = self.query_one("#texts-languages", Tabs)
        tabs.set_tabs(self._tabs())
        tabs.set_active(self.language)
        rows = [self._row(view) for view in shelf.views if view.address.language == self.language]
        self.query_one("#texts-list", LineList).set_source(Rows(rows))
        self._try_out()

    def _row(self, view: TemplateView) -> Row:
        address = view.address
        whose: Line = (Piece(_("shipped"), "faint"),)
        if view.own:
            whose = (Piece(sign("paid") + " ", "ok"), Piece(_("own")))
            if view.changed_at is not None:
                local = view.changed_at.astimezone(zone(self.desk.centre.timezone)).date()
                whose += (Piece(f" · {view.changed_by} {day_month(local, self.desk.today())}", "dim"),)
        key = (address.name, address.tone, address.form)
        return Row(key, (template_word(address.name), line(tone_word(address), "dim"), whose))

    def selected(self) -> TemplateView | None:
        """The selected text."""
        key = self.query_one("#texts-list", LineList).selected_key
        return next(
            (
                view
                for view in self._shelf.views
                if view.address.language == self.language
                and (view.address.name, view.address.tone, view.address.form) == key
            ),
            None,
        )

    def _moved(self, _key: Hashable | None) -> None:
        self._try_out()
        self.refresh_footer()

    def _try_out(self) -> None:
        view = self.selected()
        if view is None or not self.has_class("-wide"):
            return
        people = self._shelf.people
        member = people[self._turn % len(people)] if people else None
        self.load(lambda: self.desk.templates.try_out(view.address, view.text, member), self._show_trial, group="trial")

    def _show_trial(self, trial: Trial) -> None:
        page = self.query_one("#texts-page", Page)
        page.set_lines(trial_lines(trial, page.room))
        page.scroll_home(animate=False)

    # --- keys

    def action_section(self, number: int) -> None:
        self.query_one("#texts-languages", Tabs).choose(number)

    def action_language(self, key: str) -> None:
        self.query_one("#texts-languages", Tabs).step(1 if key == "right" else -1)

    def _show_language(self, language: str) -> None:
        self._language = language
        self._turn = 0
        self.refresh_data()

    def action_next_member(self) -> None:
        if not self.has_class("-wide"):
            self.show_message(_("Enter shows the notice, below its text."))
            return
        self._turn += 1
        self._try_out()

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        self.action_write()

    def action_write(self) -> None:
        view = self.selected()
        if view is None:
            return
        try:
            require(self.desk.actor.role, "template")
        except Refused as error:
            self.show_message(refusal(error, "warn"), "warn")
            return
        open_editor(self.app, view.address)

    def action_give_back(self) -> None:
        view = self.selected()
        if view is None:
            return
        if not view.own:
            self.show_message(_("This is the text that is shipped."))
            return
        address, key = view.address, new_key()

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.load(lambda: self.desk.templates.reset(address, key=key), self._given_back, group="act")

        question = [line(_("Your own text stays in the history, and u brings it back."))]
        self.app.push_screen(
            ConfirmModal(told(address), question, yes=_("take the shipped text"), no=_("keep it")), answered
        )

    def _given_back(self, _answer: object) -> None:
        self.app.data_changed()
        self.app.show_message(_("The shipped text is in force again."), "ok")


def told(address: Address) -> str:
    """A text by what it is for, its tone and its language."""
    return f"{template_word(address.name)} · {tone_word(address)} · {language_word(address.language)}"
