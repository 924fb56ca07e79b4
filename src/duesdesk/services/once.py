"""Acts on files, done once: a backup, a restore, a setting of this machine.

They have no ledger to stand in, so their idempotency keys and answers are kept in a folder of this machine, one small
file each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from hashlib import sha256
from pathlib import Path

from duesdesk.clock import Clock, utc_text
from duesdesk.config import FILE_MODE, own_folder
from duesdesk.domain.errors import Conflict, DuesdeskError
from duesdesk.services.acts import Plain
from duesdesk.store import acts

FOLDER = "answers"


def once(
    home: Path,
    key: str | None,
    verb: str,
    content: Mapping[str, object],
    work: Callable[[], Plain],
    *,
    clock: Clock,
    stands: Callable[[Plain], bool] = lambda _answer: True,
    rehearses: bool = False,
) -> Plain:
    """What `work` answers; under a `key` that was used, what it answered then, while that still `stands`.

    Who `rehearses` uses up no key.

    Raises Conflict for a key that came with other content, and what `work` raises.
    """
    if key is None:
        return work()
    with nullcontext() if rehearses else held(home, verb):
        return _once(home, key, verb, content, work, clock, stands, rehearses=rehearses)


def _once(
    home: Path,
    key: str,
    verb: str,
    content: Mapping[str, object],
    work: Callable[[], Plain],
    clock: Clock,
    stands: Callable[[Plain], bool],
    *,
    rehearses: bool,
) -> Plain:
    place = home / FOLDER / f"{sha256(key.encode()).hexdigest()}.json"
    content_hash = acts.digest([verb, dict(content)])
    kept = _read(place)
    if kept is not None:
        if kept["content_hash"] != content_hash:
            raise Conflict("key-used-for-other-content", key=key, verb=kept["verb"], at=kept["at"])
        answer: Plain = kept["answer"]
        if stands(answer):
            return answer
    if rehearses:
        return work()
    # What cannot be remembered is not begun.
    own_folder(place.parent)
    answer = work()
    told = {"key": key, "verb": verb, "content_hash": content_hash, "answer": answer, "at": utc_text(clock.now())}
    _keep(place, json.dumps(told, ensure_ascii=False))
    return answer


@contextmanager
def held(home: Path, verb: str) -> Iterator[None]:
    """One program of this machine at a time does `verb` under a key: the next one waits and finds its answer.

    The system gives it up when a program ends, however it ends. Where there is no such thing nobody waits.
    """
    try:
        import fcntl

        own_folder(home / FOLDER)
        file = os.open(home / FOLDER / f"{verb}.lock", os.O_RDWR | os.O_CREAT, FILE_MODE)
    except (ImportError, OSError, DuesdeskError):
        yield
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _read(place: Path) -> Plain | None:
    try:
        kept: Plain = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept if {"verb", "content_hash", "answer", "at"} <= kept.keys() else None


def _keep(place: Path, text: str) -> None:
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    # What was done is done, whether it can be remembered or not.
    with suppress(OSError):
        with open(beside, "w", encoding="utf-8", opener=_owner_only) as file:
            file.write(text)
        beside.replace(place)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_TRUNC, FILE_MODE)
