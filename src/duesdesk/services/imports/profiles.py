"""Profiles: how the files of one program are read, as TOML in data/profiles."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from duesdesk import config
from duesdesk.domain.errors import BadInput, WrongUsage
from duesdesk.services.imports.views import ImportRequest

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_TEXTS = ("date_format", "decimal", "delimiter", "encoding", "currency", "negative")


@dataclass(frozen=True, slots=True)
class Profile:
    """A way to read the files of one program: options as `ImportRequest` has them, and words by field and code."""

    kind: str
    options: Mapping[str, str]
    columns: Mapping[str, str]
    words: Mapping[str, Mapping[str, Sequence[str]]]


def names() -> list[str]:
    """The profiles that are shipped."""
    return sorted(path.stem for path in (config.data_folder() / "profiles").glob("*.toml"))


def load(name: str) -> Profile:
    """The profile called `name`. Raises WrongUsage when there is none, BadInput when it cannot be read."""
    path = config.data_folder() / "profiles" / f"{name}.toml"
    # A name, not a path: nothing outside the folder of profiles is read.
    if not _NAME.fullmatch(name) or not path.is_file():
        raise WrongUsage("import-profile-unknown", profile=name, profiles=tuple(names()))
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        options = {key: tables[key] for key in _TEXTS if key in tables}
        words = {
            field: {code: tuple(told) for code, told in codes.items()}
            for field, codes in tables.get("words", {}).items()
        }
        profile = Profile(tables["kind"], options, dict(tables.get("columns", {})), words)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise BadInput("import-profile-damaged", profile=name) from error
    if not all(isinstance(text, str) for text in (profile.kind, *options.values(), *profile.columns.values())):
        raise BadInput("import-profile-damaged", profile=name)
    return profile


def applied(request: ImportRequest, profile: Profile) -> ImportRequest:
    """`request` with what the profile says wherever it says nothing itself. Raises WrongUsage for another kind."""
    if profile.kind != request.kind:
        raise WrongUsage("import-profile-kind", profile=request.profile, kind=profile.kind, asked=request.kind)
    own = {key: text for key, text in profile.options.items() if not getattr(request, key)}
    return replace(request, columns={**profile.columns, **request.columns}, **own)  # type: ignore[arg-type]  # names of its fields
