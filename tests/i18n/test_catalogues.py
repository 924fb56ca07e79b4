"""Spanish is complete, and no translation loses a placeholder or a plural form."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from duesdesk import i18n
from duesdesk.i18n import catalogues, spoken


@pytest.fixture(scope="module")
def template() -> Catalog:
    return catalogues.extract()


@pytest.fixture
def own_locales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of catalogues, read by the program in place of its own."""
    monkeypatch.setattr(catalogues, "LOCALES", tmp_path / "locales")
    monkeypatch.setattr(spoken, "_PACKAGE", f"{tmp_path}/")
    spoken.speak.cache_clear()
    spoken._messages.cache_clear()
    yield tmp_path / "locales"
    spoken.speak.cache_clear()
    spoken._messages.cache_clear()
    i18n.set_language("en")


def sample(*messages: str | tuple[str, str]) -> Catalog:
    catalog = Catalog()
    for message in messages:
        catalog.add(message)
    return catalog


@pytest.mark.parametrize("code", catalogues.COMPLETE)
def test_a_shipped_language_is_complete(code: str, template: Catalog) -> None:
    found = list(catalogues.faults(code, template, complete=True))
    assert not found, "run `make locales`, then translate:\n" + "\n".join(found)


def test_every_language_has_the_placeholders_of_the_source(template: Catalog) -> None:
    found = [list(catalogues.faults(code, template, complete=False)) for code in catalogues.languages()]
    assert found == [[]] * len(found)


def test_the_source_is_read_with_all_its_marks(template: Catalog) -> None:
    assert template.get("“{value}” is not an amount.") is not None
    assert template.get("This was refused ({code}).") is not None


def test_no_marked_text_of_the_source_is_missed(template: Catalog) -> None:
    # Babel reads nothing inside an f-string, so a mark there is never translated.
    known = {form for message in template for form in catalogues._forms(message.id)}
    missed = [
        f"{path.name}:{call.lineno} {argument.value!r}"
        for path in catalogues.PACKAGE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in catalogues.KEYWORDS
        for argument in call.args[1 if call.func.id == "pgettext" else 0 :]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value not in known
    ]
    assert not missed, "write these outside of f-strings:\n" + "\n".join(missed)


def test_missing_fuzzy_unused_and_misplaced_texts_are_reported(own_locales: Path) -> None:
    source = sample("{name} owes {sum}", "Save", "Open", ("{n} day", "{n} days"))
    catalogues.update("ro", source)
    catalog = catalogues.read("ro")
    catalog["{name} owes {sum}"].string = "{name} datorează {suma}"  # type: ignore[union-attr]
    catalog["Save"].string = "Salvează"  # type: ignore[union-attr]
    catalog["Save"].flags.add("fuzzy")  # type: ignore[union-attr]
    catalog["{n} day"].string = ("o zi", "{n} zile", "{x} de zile")  # type: ignore[union-attr]
    catalog.add("Gone", "Dus")
    catalogues._write(catalog, catalogues.po_path("ro"))

    assert list(catalogues.faults("ro", source, complete=True)) == [
        "ro: other placeholders in '{name} datorează {suma}' than in '{name} owes {sum}'",
        "ro: not translated: 'Save'",
        "ro: not translated: 'Open'",
        "ro: other placeholders in '{x} de zile' than in '{n} days'",
        "ro: no longer used: 'Gone'",
    ]


def test_updating_keeps_translations_and_drops_what_is_gone(own_locales: Path) -> None:
    catalogues.update("es", sample("Save", "Gone"))
    catalog = catalogues.read("es")
    catalog["Save"].string = "Guardar"  # type: ignore[union-attr]
    catalogues._write(catalog, catalogues.po_path("es"))
    catalogues.update("es", sample("Save", "Saved"))
    kept = catalogues.read("es")
    assert {message.id: message.string for message in kept if message.id} == {"Save": "Guardar", "Saved": ""}
    before = catalogues.po_path("es").read_bytes()
    catalogues.update("es", sample("Save", "Saved"))
    assert catalogues.po_path("es").read_bytes() == before


@pytest.mark.parametrize("compiled", [True, False])
def test_plurals_follow_the_rule_of_the_language_compiled_or_not(own_locales: Path, compiled: bool) -> None:
    catalogues.update("ro", sample(("{n} day", "{n} days")))
    catalog = catalogues.read("ro")
    catalog["{n} day"].string = ("{n} zi", "{n} zile", "{n} de zile")  # type: ignore[union-attr]
    catalogues._write(catalog, catalogues.po_path("ro"))
    if compiled:
        catalogues.compile_all()
        catalogues.po_path("ro").unlink()
    i18n.set_language("ro")
    told = [i18n.ngettext("{n} day", "{n} days", n).format(n=n) for n in (1, 2, 19, 20, 101)]
    assert told == ["1 zi", "2 zile", "19 zile", "20 de zile", "101 zile"]


def test_a_member_is_written_to_in_another_language_than_the_screen(own_locales: Path) -> None:
    catalogues.update("es", sample("Save"))
    catalog = catalogues.read("es")
    catalog["Save"].string = "Guardar"  # type: ignore[union-attr]
    catalogues._write(catalog, catalogues.po_path("es"))
    assert i18n.catalogue("es").gettext("Save") == "Guardar"
    assert i18n._("Save") == "Save"
    assert i18n.catalogue("ro").gettext("Save") == "Save"
    assert i18n.catalogue("es").money(1250, "EUR") == "12,50\u00a0€"
