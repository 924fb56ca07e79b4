"""Which column of a file is which field: asked for, by a profile, or by a known name. Never by likeness.

A name that only looks like a known one is put to the person as a question; taken silently it could turn a settlement
date into a due date.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from duesdesk import config, i18n
from duesdesk.domain.errors import BadInput, WrongUsage
from duesdesk.domain.text import clean_text

_SIGNS = re.compile(r"[^a-z0-9]+")
_LIKE_ENOUGH = 80
_SHOWN = 80
_LISTED = 30
# Nothing is lost without them: where two columns could be one of these, neither is read, and both are named.
_LEFT_WHERE_UNCLEAR = frozenset(("address", "postcode", "city", "country", "timezone", "fax"))


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be imported: its name, its fields in order, and which of them every row must have.

    Each entry of `needed` lists alternatives; an alternative is fields that must stand there together.
    """

    name: str
    fields: tuple[str, ...]
    needed: tuple[tuple[tuple[str, ...], ...], ...]

    def missing(self, found: Iterable[str]) -> list[str]:
        """What is needed and not among `found`: 'number', 'name / first_name + last_name'."""
        have = set(found)
        return [
            " / ".join(" + ".join(together) for together in choices)
            for choices in self.needed
            if not any(have.issuperset(together) for together in choices)
        ]


@dataclass(frozen=True, slots=True)
class Columns:
    """The column of each field found, and the headers nothing is read from."""

    columns: Mapping[str, int]
    ignored: tuple[str, ...]


def squash(name: str) -> str:
    """A header without case, accents, blanks and signs: 'Nº de Socio' is 'nodesocio'."""
    return _SIGNS.sub("", i18n.fold(name.replace("°", "º")))


@lru_cache(maxsize=8)
def _names(kind: str) -> Mapping[str, tuple[Sequence[str], Sequence[str]]]:
    """The names of every field of `kind` (data/imports/headers.toml): those that say what they are, those that may."""
    with (config.data_folder() / "imports" / "headers.toml").open("rb") as file:
        tables = tomllib.load(file)
    found = {}
    for field, names in tables[kind].items():
        shared = tables["shared"].get(names.get("like"), {})
        sure, maybe = ([*names.get(part, ()), *shared.get(part, ())] for part in ("sure", "maybe"))
        found[field] = ([field, *sure], maybe)
    return found


@lru_cache(maxsize=8)
def _known(kind: str) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Fields by squashed name: those the name is sure to mean, and those it may mean."""
    sure: dict[str, list[str]] = {}
    maybe: dict[str, list[str]] = {}
    for field, (certain, possible) in _names(kind).items():
        for table, names in ((sure, certain), (maybe, possible)):
            for name in filter(None, map(squash, names)):
                if field not in table.setdefault(name, []):
                    table[name].append(field)
    return {n: tuple(f) for n, f in sure.items()}, {n: tuple(f) for n, f in maybe.items()}


def is_known(kind: str, asked: Mapping[str, str]) -> Callable[[str], bool]:
    """Whether a header means something for `kind`; the sign by which the delimiter of a file is found."""
    sure, maybe = _known(kind)
    wanted = {squash(header) for header in asked.values()}
    return lambda header: (name := squash(header)) in sure or name in maybe or (bool(name) and name in wanted)


def map_header(kind: Kind, header: Sequence[str], asked: Mapping[str, str]) -> Columns:
    """The columns of `header`. `asked` (field to header) goes before every known name.

    Raises WrongUsage for a field that `kind` does not have, BadInput when a header asked for is not there, two headers
    mean one field, or a needed field has no column.
    """
    names = [squash(name) for name in header]
    columns = _asked_for(kind, header, names, asked)
    sure, maybe = _known(kind.name)
    for field in kind.fields:
        _claim(columns, field, header, [name == squash(field) for name in names])
    for field in kind.fields:
        _claim(columns, field, header, [field in sure.get(name, ()) for name in names])
    for field in _in_doubt_order(kind, columns):
        _claim(columns, field, header, [field in maybe.get(name, ()) for name in names])
    if kind.name == "members":
        _name_parts(columns)
    missing = kind.missing(columns)
    if missing:
        raise _missing(kind, header, set(columns.values()), missing)
    used = set(columns.values())
    ignored = tuple(_shown(name) for at, name in enumerate(header) if name and at not in used)
    return Columns(columns, ignored)


def _asked_for(kind: Kind, header: Sequence[str], names: Sequence[str], asked: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for field, wanted in asked.items():
        if field not in kind.fields:
            raise WrongUsage("import-field-unknown", field=field, kind=kind.name, fields=kind.fields)
        exact = [at for at, name in enumerate(header) if name == wanted]
        found = exact or [at for at, name in enumerate(names) if name and name == squash(wanted)]
        if len(found) != 1:
            guess = _nearest(wanted, header)
            code = "import-map-missing-guess" if guess else "import-map-missing"
            raise BadInput(code, field=field, header=_shown(wanted), headers=_listed(header), guess=guess)
        columns[field] = found[0]
    return columns


def _claim(columns: dict[str, int], field: str, header: Sequence[str], means: Sequence[bool]) -> None:
    """Give `field` the one free column that means it, unless it has one."""
    if field in columns:
        return
    found = [at for at, fits in enumerate(means) if fits and at not in columns.values()]
    if len(found) > 1 and field in _LEFT_WHERE_UNCLEAR:
        return
    if len(found) > 1:
        raise BadInput("import-field-twice", field=field, headers=_listed([header[at] for at in found]))
    if found:
        columns[field] = found[0]


def _in_doubt_order(kind: Kind, columns: Mapping[str, int]) -> Iterable[str]:
    """The fields, for names that may mean several: 'Nombre' beside 'Apellidos' is a first name, else the whole."""
    if kind.name != "members":
        return kind.fields
    parts = {"first_name": "last_name" in columns, "last_name": "first_name" in columns}
    first = [field for field, fits in parts.items() if fits and "name" not in columns]
    return [*first, *(field for field in kind.fields if field not in parts)]


def _name_parts(columns: dict[str, int]) -> None:
    """'Name' beside a lone first or last name is the other part; beside both it is the whole, and they are not read."""
    if "name" not in columns:
        return
    if "first_name" in columns and "last_name" in columns:
        del columns["first_name"], columns["last_name"]
    elif "first_name" in columns:
        columns["last_name"] = columns.pop("name")
    elif "last_name" in columns:
        columns["first_name"] = columns.pop("name")


def _missing(kind: Kind, header: Sequence[str], used: set[int], missing: list[str]) -> BadInput:
    free = [name for at, name in enumerate(header) if name and at not in used]
    guesses = []
    for choices in missing:
        for field in re.split(r" / | \+ ", choices):
            near = _nearest_to_aliases(kind, field, free)
            if near:
                guesses.append(f"--map {field}={shlex.quote(near)}")
    code = "import-columns-missing-guess" if guesses else "import-columns-missing"
    return BadInput(code, fields=tuple(missing), headers=_listed(header), guess=" ".join(guesses))


def _nearest(wanted: str, header: Sequence[str]) -> str:
    """The header most like `wanted`, as a question; '' when none is."""
    from rapidfuzz import fuzz, process  # imported late: start-up

    choices = {name: squash(name) for name in header if name}
    found = process.extractOne(squash(wanted), choices, scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH)
    return _shown(found[2]) if found else ""


def _nearest_to_aliases(kind: Kind, field: str, free: Sequence[str]) -> str:
    from rapidfuzz import fuzz, process  # imported late: start-up

    known = [squash(name) for names in _names(kind.name)[field] for name in names if squash(name)]
    best, likeness = "", 0.0
    for name in free:
        found = process.extractOne(squash(name), known, scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH)
        if found and found[1] > likeness:
            best, likeness = _shown(name), found[1]
    return best


def _listed(header: Sequence[str]) -> tuple[str, ...]:
    names = [_shown(name) for name in header if name]
    return tuple(names[:_LISTED]) + (("…",) if len(names) > _LISTED else ())


def _shown(name: str) -> str:
    return clean_text(name, max_length=_SHOWN)
