"""The set-up of a new centre: one form, and at its end the store is there.

It runs as an app of its own before the desk's, since there is no desk without a centre.

Example:
    app = SetupApp(url, clock, country="ES")
    app.run()
    app.outcome                                          # "centre", "demo", or None when the person left
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import DESK_NAME, Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import BadInput
from duesdesk.i18n import _, ngettext
from duesdesk.screens.setup.form import DEMO, IMPORT, SetupForm, SetupScreen
from duesdesk.services.imports.service import Imports
from duesdesk.services.imports.views import ImportRequest
from duesdesk.services.workplace import Actor, Centre

if TYPE_CHECKING:
    from textual.screen import Screen


class _NoDesk:
    """What the bars ask for before there is a centre."""

    centre = Centre("", "EUR", "ES", "UTC", "en")
    actor = Actor("", "manager", "")


class SetupApp(DuesdeskApp):
    """The app of the first start; `outcome` is what was made."""

    def __init__(self, url: str, clock: Clock, *, country: str = "ES") -> None:
        super().__init__(lambda: cast("Desk", _NoDesk()))
        self._url, self._clock, self._country = url, clock, country
        self.outcome: str | None = None
        self.told = ""

    def get_default_screen(self) -> Screen[Any]:
        """The quiet ground of the form."""
        return SetupScreen()

    def on_ready(self) -> None:
        """The form is open from the first moment."""
        super().on_ready()
        self.push_screen(SetupForm(self._country, self.make), self.made)

    def make(self, values: dict[str, object]) -> None:
        """Found the centre; what is wrong is raised and said in the form, and nothing is left behind."""
        if values["start"] == DEMO:
            self.outcome = "demo"
            return
        text = {key: str(value) for key, value in values.items()}
        file = _import_file(text["file"]) if values["start"] == IMPORT else None
        centre = Centre(
            text["name"], text["currency"].upper(), text["country"].upper(), text["timezone"], text["language"]
        )
        found_centre(self._url, centre, clock=self._clock, crm=values["crm"] == "yes")
        self.outcome = "centre"
        if file is not None:
            self.told = self._bring_in(file)

    def _bring_in(self, file: Path) -> str:
        desk = open_desk(self._url, clock=self._clock, desk=DESK_NAME)
        try:
            result = Imports(desk.place).run(ImportRequest("members", file))
        finally:
            desk.close()
        if result.rejected:
            first = result.rejected[0]
            return _("Nothing was imported. Line {line}: {reason}").format(line=first.line, reason=first.reason)
        return ngettext("{count} member is in.", "{count} members are in.", result.created).format(count=result.created)

    def made(self, _values: dict[str, object] | None) -> None:
        """The form was saved or left: the program goes on, or ends."""
        self.exit(0)


def _import_file(text: str) -> Path:
    path = Path(text.strip()).expanduser()
    if not text.strip() or not path.is_file():
        raise BadInput("import-file-missing", file=text.strip() or "–")
    return path
