"""The address of a store; a password is kept apart from it, and never shown with it."""

from __future__ import annotations

import re

HIDDEN = "…"
"""What stands for a password where an address is shown."""
_SERVER = re.compile(r"(postgresql(?:\+psycopg)?://)(.*)", re.IGNORECASE | re.DOTALL)
_IN_QUERY = re.compile(r"([?&])password=([^&]*)", re.IGNORECASE)


def without_password(url: str) -> str:
    """The address as it may be shown and logged."""
    address, password = split_password(url)
    if not password:
        return url
    start, rest = _parts(address)
    user, at, where = _user(rest)
    return f"{start}{user}:{HIDDEN}@{where if at else rest}"


def split_password(url: str) -> tuple[str, str]:
    """The address without its password, and the password; empty when there is none. A path has none."""
    start, rest = _parts(url)
    if not start:
        return url, ""
    from urllib.parse import unquote  # imported late: start-up

    password = ""
    user, at, where = _user(rest)
    name, colon, told = user.partition(":")
    if at and colon:
        password = unquote(told)
        rest = f"{name}@{where}" if name else where
    found = _IN_QUERY.search(rest)
    if found:
        password = password or unquote(found[2])
        rest = _IN_QUERY.sub(lambda one: one[1], rest).replace("?&", "?").replace("&&", "&").rstrip("?&")
    return start + rest, password


def with_password(url: str, password: str) -> str:
    """The address with this password, unless it has one or is none of a server."""
    start, rest = _parts(url)
    if not start or not password or split_password(url)[1]:
        return url
    from urllib.parse import quote  # imported late: start-up

    user, at, where = _user(rest)
    return f"{start}{user}:{quote(password, safe='')}@{where if at else rest}"


def _parts(url: str) -> tuple[str, str]:
    found = _SERVER.fullmatch(url.strip())
    return (found[1], found[2]) if found else ("", url)


def _user(rest: str) -> tuple[str, str, str]:
    """Who logs in, the sign, and where; a password typed as it is may hold every sign."""
    user, at, where = rest.rpartition("@")
    return user, at, where
