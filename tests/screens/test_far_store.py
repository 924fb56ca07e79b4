"""The screens on a PostgreSQL server that stops answering: they stay alive, say so, and go on when it is back."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from textual import events

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.screens import key_stream, text
from tests.conftest import CENTRE
from tests.screens.reading import seen, settled
from tests.services.booked import TODAY, ago, member, owe

pytestmark = pytest.mark.postgres
NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


class Line:
    """A line to the server that can be cut off without a word: nothing is closed, nothing arrives any more."""

    def __init__(self, to: str) -> None:
        self._to = to
        self._through = threading.Event()
        self._through.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._through.clear()

    def mend(self) -> None:
        self._through.set()

    def close(self) -> None:
        self.mend()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        # Whoever hangs up while something is on its way ends the line, as by hanging up between two.
        with suppress(ConnectionError), near, socket.socket(socket.AF_UNIX) as far:
            far.connect(self._to)
            while True:
                for one in select.select([near, far], [], [])[0]:
                    data = one.recv(65536)
                    if not data:
                        return
                    self._through.wait()
                    (far if one is near else near).sendall(data)


@pytest.fixture
def line(postgres_url: str) -> Iterator[Line]:
    folder = parse_qs(urlsplit(postgres_url).query)["host"][0]
    found = Line(f"{folder}/.s.PGSQL.5432")
    yield found
    found.close()


@pytest.fixture
def through(postgres_url: str, line: Line) -> str:
    """The address of a centre, its server at the other end of the line."""
    found_centre(postgres_url, CENTRE, clock=Clock(TODAY - timedelta(days=200)))
    early = open_desk(postgres_url, clock=Clock(ago(120)))
    member(early, "MARIA", "García-López María")
    owe(early, "MARIA", 9650, ago(69))
    early.close()
    return f"postgresql://postgres@127.0.0.1:{line.port}{urlsplit(postgres_url).path}"


async def test_a_line_that_is_cut_freezes_nothing_and_what_was_asked_is_done_when_it_is_back(
    through: str, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_stream, "WAITING_SECONDS", 0.05)
    text.show_amounts(True)
    desk = open_desk(through, clock=Clock(NOON))
    app = DuesdeskApp(lambda: desk)

    def shown() -> str:
        return "\n".join(seen(app))

    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot, lambda: "Why now" in shown())
        await app.look()
        line.cut()
        # What the app asks by itself waits in its thread, and keys that need no store act at once.
        app.post_message(events.Key("question_mark", "?"))
        await settled(pilot, lambda: "Show all keys" in shown())
        app.post_message(events.Key("escape", None))
        for key in ("p", "enter"):
            app.post_message(events.Key(key, "\r" if key == "enter" else key))
        await settled(pilot, lambda: "Waiting for the store" in shown())
        await pilot.resize_terminal(100, 30)
        line.mend()
        await settled(pilot, lambda: "€96.50 from García-López María saved" in shown())
    assert desk.payments.sheet("MARIA").open_minor == 0
    desk.close()
