"""The form of a member: for somebody new, and to change what is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, cast

from duesdesk.domain.errors import BadInput
from duesdesk.i18n import LANGUAGES, _
from duesdesk.screens.contact_words import MEMBERS, word
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.widgets.choice import Option
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.members import STATUSES, MemberDetails

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

_LANGUAGE_LETTERS = {"": "c", "en": "e", "es": "s", "it": "i", "pt": "p", "ro": "r"}
_STATUS_LETTERS = {"active": "a", "frozen": "f", "left": "l", "prospect": "n"}
LONGEST_TERMS_DAYS = 365


def add_member(app: DuesdeskApp, opened: Callable[[str], None] | None = None) -> None:
    """A new member; `opened` is called with the number when it is kept."""
    desk, key = app.desk, new_key()
    start = MemberDetails("", joined_on=desk.today())

    def save(values: dict[str, object]) -> Plain:
        return desk.members.add(_details(start, values), key=key)

    def saved(values: dict[str, object] | None) -> None:
        if values is None:
            return
        answer = cast("Plain", values["saved"])
        app.data_changed()
        if opened is not None:
            opened(answer["member"])
        app.show_message(_("{name} is member {number}.").format(name=answer["name"], number=answer["member"]), "ok")

    app.push_screen(FormModal(_("New member"), _fields(start, desk.today(), is_new=True), save=save), saved)


def edit_member(app: DuesdeskApp, number: str) -> None:
    """Change what is known about a member."""
    app.open_with(lambda: app.desk.members.get(number), lambda details: _edit(app, number, details))


def _edit(app: DuesdeskApp, number: str, details: MemberDetails) -> None:
    desk, key = app.desk, new_key()

    def save(values: dict[str, object]) -> Plain:
        return desk.members.edit(number, _details(details, values), key=key)

    def saved(values: dict[str, object] | None) -> None:
        if values is None:
            return
        app.data_changed()
        changed = cast("Plain", values["saved"])["changed"]
        app.show_message(_("The changes are kept.") if changed else _("Nothing was changed."), "ok")

    title = _("Edit · {name}").format(name=details.name)
    app.push_screen(FormModal(title, _fields(details, desk.today(), is_new=False), save=save), saved)


def _fields(details: MemberDetails, today: date, *, is_new: bool) -> list[FormField]:
    languages = tuple(
        Option(code, code.upper() or _("as the centre"), _LANGUAGE_LETTERS.get(code, "")) for code in ("", *LANGUAGES)
    )
    statuses = tuple(Option(code, word(MEMBERS, code), _STATUS_LETTERS[code]) for code in STATUSES)
    number = FormField("number", _("Number"), max_length=40, hint=_("empty: the next free one"),
                       codes=("member-number-taken",))  # fmt: skip
    terms = "" if details.terms_days is None else str(details.terms_days)
    return [
        FormField("name", _("Name"), required=True, default=details.name, max_length=200, codes=("name-missing",)),
        *([number] if is_new else []),
        FormField("phone", _("Phone"), default=details.phone or "", max_length=40, codes=("phone-unreadable",)),
        FormField("email", _("E-mail"), default=details.email or "", codes=("email-unreadable",)),
        FormField("address", _("Address"), default=(details.address or "").replace("\n", "; "), max_length=430,
                  hint=_("lines with a semicolon between them, without the name"), codes=("address-too-long",)),
        FormField("country", _("Country"), default=details.country or "", max_length=2, codes=("country-unknown",),
                  hint=_("two letters; empty: as the centre")),
        FormField("timezone", _("Time zone"), default=details.timezone or "", max_length=60,
                  codes=("timezone-unknown",), hint=_("such as Atlantic/Canary; empty: as the centre")),
        FormField("fax", _("Fax"), default=details.fax or "", max_length=40),
        FormField("card", _("Card"), default=details.card or "", max_length=40, codes=("card-taken",),
                  hint=_("scan it or type it")),
        FormField("language", _("Language"), "choice", options=languages, default=_language(details.language)),
        FormField("payer", _("Paid by"), default=details.payer or "", max_length=40,
                  hint=_("a member number; empty: pays for themselves"),
                  codes=("member-unknown", "payer-has-a-payer")),
        FormField("status", _("State"), "choice", options=statuses, default=details.status),
        FormField("joined_on", _("Since"), "date", today=today, default=_iso(details.joined_on)),
        FormField("left_on", _("Left on"), "date", today=today, default=_iso(details.left_on),
                  codes=("left-before-joined",)),
        FormField("group", _("Group"), default=details.group or "", max_length=60),
        FormField("terms_days", _("Terms"), default=terms, max_length=3, validate=_days,
                  hint=_("days from invoice to due date; empty: as the centre"), codes=("terms-out-of-bounds",)),
    ]  # fmt: skip


def _language(code: str | None) -> str:
    return code if code is not None and code in LANGUAGES else ""


def _iso(day: date | None) -> str:
    # The one way to write a day that is read the same in every language.
    return day.isoformat() if day else ""


def _days(value: object) -> object:
    text = str(value).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > LONGEST_TERMS_DAYS:
        raise BadInput("terms-out-of-bounds", days=text)
    return int(text)


def _details(before: MemberDetails, values: dict[str, object]) -> MemberDetails:
    language = str(values["language"]) or None
    if language is None and before.language not in LANGUAGES:
        # A language we do not speak is kept as long as nobody chooses another.
        language = before.language
    return before._replace(
        name=str(values["name"]),
        number=str(values["number"]) or None if "number" in values else before.number,
        phone=str(values["phone"]) or None,
        email=str(values["email"]) or None,
        address=str(values["address"]) or None,
        country=str(values["country"]) or None,
        timezone=str(values["timezone"]) or None,
        fax=str(values["fax"]) or None,
        card=str(values["card"]) or None,
        language=language,
        payer=str(values["payer"]) or None,
        status=str(values["status"]),
        joined_on=cast("date | None", values["joined_on"]),
        left_on=cast("date | None", values["left_on"]),
        group=str(values["group"]) or None,
        terms_days=cast("int | None", values["terms_days"]),
    )
