"""The form of the first start: six questions, with what a country usually means filled in.

Example:
    app.push_screen(SetupForm("ES", make), made)         # `make(values)` founds the centre while the form is open
"""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from duesdesk.clock import zone
from duesdesk.domain.countries import usual
from duesdesk.domain.errors import BadInput
from duesdesk.domain.money import exponent
from duesdesk.i18n import LANGUAGES, _
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.text import line
from duesdesk.screens.widgets.choice import Choice, Option
from duesdesk.screens.widgets.panel import Panel

EMPTY, IMPORT, DEMO = "empty", "import", "demo"


class SetupScreen(DeskScreen):
    """A quiet ground for the form, with the two sentences somebody reads who has never seen the program."""

    ID = "setup"
    FOOTER = ()

    def compose_body(self) -> ComposeResult:
        yield Panel(
            [
                (),
                line(_("Welcome to duesdesk."), "white", bold=True),
                line(_("Six answers, and the desk opens. Each can be changed later."), "dim"),
            ],
            indent=2,
        )


class SetupForm(FormModal):
    """The six questions. A country fills in what it usually means, as long as nothing else was typed."""

    WIDTH = 76

    def __init__(self, country: str, make: Callable[[dict[str, object]], object]) -> None:
        suggested = usual(country)
        language = suggested.language if suggested.language in LANGUAGES else "en"
        languages = tuple(Option(code, name, "") for code, name in (("en", "English"), ("es", "Español")))
        fields = [
            FormField("name", _("Centre"), required=True, max_length=80, hint=_("as your members know it")),
            FormField("country", _("Country"), required=True, default=country, max_length=2, validate=_country,
                      hint=_("two letters, such as ES")),
            FormField("currency", _("Currency"), required=True, default=suggested.currency, max_length=3,
                      validate=_currency),
            FormField("timezone", _("Time zone"), required=True, default=suggested.timezone, max_length=60,
                      validate=_zone),
            FormField("language", _("Language"), "choice", options=languages,
                      default=language if language in ("en", "es") else "en"),
            FormField("crm", _("CRM Daily"), "choice", default="yes", options=(
                Option("yes", _("yes, show who comes and owes"), "y"), Option("no", _("not now"), "n"))),
            FormField("start", _("Begin with"), "choice", default=EMPTY, options=(
                Option(EMPTY, _("nothing yet"), "n"), Option(IMPORT, _("a file of members"), "f"),
                Option(DEMO, _("the demo centre"), "d"))),
            FormField("file", _("File"), max_length=400, hint=_("CSV or XLSX, only when a file of members is chosen")),
        ]  # fmt: skip
        super().__init__(_("A new centre"), fields, save=make, save_word=_("open the desk"))
        self._filled = {"currency": suggested.currency, "timezone": suggested.timezone}

    def action_next(self, by: int) -> None:
        if self.focused is self.entry("country"):
            self._fill_in()
        super().action_next(by)

    def _fill_in(self) -> None:
        suggested = usual(str(self.entry("country").value))
        for key, value in (("currency", suggested.currency), ("timezone", suggested.timezone)):
            entry = self.entry(key)
            if entry.value == self._filled[key]:
                entry.value = self._filled[key] = value
        language = self.entry("language")
        if isinstance(language, Choice) and suggested.language in ("en", "es"):
            language.value = suggested.language

    def action_save(self) -> None:
        # The demo asks for nothing else.
        if self.entry("start").value == DEMO and not self.entry("name").value.strip():
            self.entry("name").value = _("Demo")
        super().action_save()

    def has_changes(self) -> bool:
        return bool(self.entry("name").value.strip())


def _country(value: object) -> object:
    code = str(value).strip().upper()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise BadInput("country-unknown", country=code)
    return code


def _currency(value: object) -> object:
    code = str(value).strip().upper()
    exponent(code)
    return code


def _zone(value: object) -> object:
    zone(str(value))
    return value
