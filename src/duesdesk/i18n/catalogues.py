"""The message catalogues: `python -m duesdesk.i18n.catalogues extract|update|compile|check`.

extract writes the texts found in the source into `locales/duesdesk.pot`, for tools that want one; update brings them
into every language's .po; compile writes the .mo files the program reads; check says what is missing in the languages
that must be complete. A new language begins with its empty folder `locales/CODE/LC_MESSAGES`.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from duesdesk.i18n.cldr import BY_COUNTRY

PACKAGE = Path(__file__).parent.parent
LOCALES = PACKAGE / "locales"
TEMPLATE = LOCALES / "duesdesk.pot"
COMPLETE = ("es",)
"""Languages that are shipped whole; the others fall back to English message by message."""
KEYWORDS: dict[str, Any] = {  # Any: Babel declares a narrower type than it takes
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "NN_": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_SOURCES: Any = [("**.py", "python")]
_WIDTH = 100
_CHANGING = re.compile(
    rb'"(?:[A-Za-z-]+-Date|Generated-By|Last-Translator|Language-Team|Project-Id-Version|Report-[A-Z]\S+): '
)
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def languages() -> list[str]:
    """Those with a catalogue, and those that must have one."""
    # Only the texts of notices are there for some; they have a folder, too, but no catalogue.
    begun = {path.parent.name for path in LOCALES.glob("*/LC_MESSAGES") if path.parent.name in BY_COUNTRY}
    return sorted(begun | set(COMPLETE))


def po_path(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return LOCALES / language / "LC_MESSAGES" / "duesdesk.po"


def extract() -> Catalog:
    """Every message marked in the source, sorted by file and without line numbers (they change with every edit)."""
    catalog = Catalog(project="duesdesk", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        PACKAGE,
        method_map=_SOURCES,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for filename, _line, message, comments, context in sorted(found, key=lambda entry: (entry[0], entry[1])):
        catalog.add(message, locations=[(f"src/duesdesk/{filename}", 0)], auto_comments=comments, context=context)
    return catalog


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands; an empty one where there is none yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, project="duesdesk", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, template: Catalog) -> None:
    """Brings new messages into a language, and drops those no longer used. Nothing is translated by likeness."""
    catalog = read(language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    _write(catalog, po_path(language))


def _write(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.header_comment = "# Texts of duesdesk. Made by: python -m duesdesk.i18n.catalogues update"
    made = io.BytesIO()
    write_po(made, catalog, width=_WIDTH, sort_by_file=True, include_lineno=False, omit_header=False)
    # Dates of making would differ in every run and tell nothing that git does not.
    kept = [line for line in made.getvalue().splitlines(keepends=True) if not _CHANGING.match(line)]
    path.write_bytes(b"".join(kept))


def compiled_in_memory(po_file: BinaryIO) -> io.BytesIO:
    """What a .po file says, as gettext reads it."""
    made = io.BytesIO()
    write_mo(made, read_po(po_file))
    made.seek(0)
    return made


def compile_all() -> None:
    """Writes the .mo file beside every .po file."""
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/duesdesk.po")):
        with path.open("rb") as file:
            path.with_suffix(".mo").write_bytes(compiled_in_memory(file).getvalue())


def faults(language: str, template: Catalog, *, complete: bool) -> Iterator[str]:
    """What is wrong with the catalogue of a language: missing, fuzzy, or with other placeholders than the source."""
    catalog = read(language)
    for message in template:
        if not message.id:
            continue
        there = catalog.get(message.id, message.context)
        translated = _forms(there.string) if there is not None else []
        if not translated or not all(translated) or (there is not None and there.fuzzy):
            if complete:
                yield f"{language}: not translated: {_forms(message.id)[0]!r}"
            continue
        if there is not None:
            yield from _wrong_forms(language, message, there, catalog.num_plurals)
    for message in catalog:
        if message.id and template.get(message.id, message.context) is None:
            yield f"{language}: no longer used: {_forms(message.id)[0]!r}"


def _wrong_forms(language: str, message: Message, there: Message, num_plurals: int) -> Iterator[str]:
    source, translated = _forms(message.id), _forms(there.string)
    if len(source) > 1 and len(translated) != num_plurals:
        yield f"{language}: {len(translated)} plural forms of {num_plurals}: {source[0]!r}"
    wanted = placeholders(source[-1])
    for place, form in enumerate(translated):
        found = placeholders(form)
        # The form for one may say "a day" for "{n} day"; every other form needs what the source has.
        in_words = len(source) > 1 and place == 0 and set(found) <= set(wanted) and len(found) >= len(wanted) - 1
        if found != wanted and not in_words:
            yield f"{language}: other placeholders in {form!r} than in {source[-1]!r}"


def placeholders(text: str) -> list[str]:
    """The names in braces, sorted."""
    return sorted(found[1] for found in _PLACEHOLDER.finditer(text) if found[1] is not None)


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def main(arguments: list[str]) -> int:
    """Does what the one argument says. Answers 1 when `check` finds something, 2 for an unknown word."""
    match arguments:
        case ["extract"]:
            _write(extract(), TEMPLATE)
        case ["update"]:
            template = extract()
            for language in languages():
                update(language, template)
        case ["compile"]:
            compile_all()
        case ["check"]:
            template = extract()
            found = [fault for code in languages() for fault in faults(code, template, complete=code in COMPLETE)]
            sys.stderr.write("".join(f"{fault}\n" for fault in found))
            return 1 if found else 0
        case _:
            sys.stderr.write("usage: python -m duesdesk.i18n.catalogues extract|update|compile|check\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
