"""The password of the store is kept apart from its address: nothing shows it, and only the secrets have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from duesdesk import config
from duesdesk.config import Secret
from duesdesk.domain.store_address import split_password, with_password, without_password
from tests.conftest import OpenDesk

PLAIN = "postgresql://desk@db.example.org/gym"


@pytest.mark.parametrize(
    ("typed", "address", "password"),
    [
        ("postgresql://desk:s3cret@db.example.org/gym", PLAIN, "s3cret"),
        ("postgresql+psycopg://desk:a@b/c%2Fd@h:5433/gym?sslmode=require",
         "postgresql+psycopg://desk@h:5433/gym?sslmode=require", "a@b/c/d"),
        ("postgresql://desk@h/gym?password=s3cret&a=b", "postgresql://desk@h/gym?a=b", "s3cret"),
        ("postgresql://h/gym?sslmode=require&password=s3cret", "postgresql://h/gym?sslmode=require", "s3cret"),
        (PLAIN, PLAIN, ""),
        ("postgresql://h/gym", "postgresql://h/gym", ""),
        ("sqlite:////srv/gym:a@b.db", "sqlite:////srv/gym:a@b.db", ""),
        ("/srv/gym.db", "/srv/gym.db", ""),
    ],
)  # fmt: skip
def test_a_password_is_taken_out_of_an_address_and_put_in_again(typed: str, address: str, password: str) -> None:
    assert split_password(typed) == (address, password)
    assert split_password(with_password(address, password)) == (address, password)
    shown = without_password(typed)
    assert not password or password not in shown
    assert (shown == typed) is not bool(password)


@pytest.mark.parametrize("password", ["s3cret", "a@b/c:d", "100%sure?&=#", "ñandú …"])
def test_the_driver_reads_the_password_that_was_kept(password: str) -> None:
    read = pytest.importorskip("psycopg.conninfo").conninfo_to_dict
    for address in (PLAIN, "postgresql://db.example.org/gym?sslmode=require"):
        told, plain = read(with_password(address, password)), read(address)
        assert told == {**plain, "password": password}


def test_a_password_typed_with_the_address_is_kept_as_a_secret_alone(at: OpenDesk) -> None:
    desk = at()
    answer = desk.settings.set("database", "postgresql://desk:s3cret@db.example.org/gym", key_of_act="k")
    assert answer["value"] == PLAIN
    assert desk.settings.secrets()["database.password"]
    home = config.load().home
    holding = [one.name for one in home.rglob("*") if one.is_file() and "s3cret" in one.read_text(errors="replace")]
    assert holding == [config.SECRETS_FILE]
    assert config.load().store_address() == "postgresql://desk:s3cret@db.example.org/gym"
    assert config.load().store_address("postgresql://other@h/gym") == "postgresql://other:s3cret@h/gym"
    assert config.load().store_address("/srv/gym.db") == "/srv/gym.db"


def test_an_address_that_was_kept_with_its_password_opens_the_store_and_is_shown_without_it(at: OpenDesk) -> None:
    desk, home = at(), config.load().home
    config.write(home, "database", "postgresql://desk:s3cret@db.example.org/gym")
    assert config.load().store_address() == "postgresql://desk:s3cret@db.example.org/gym"
    shown = desk.settings.text("database")
    assert "s3cret" not in shown
    assert "s3cret" not in str(desk.settings.all())
    # Saved again as it is shown, it is kept apart from then on.
    desk.settings.set("database", shown.replace("db.", "new."))
    assert "s3cret" not in (home / config.SETTINGS_FILE).read_text()
    assert config.load().store_address() == "postgresql://desk:s3cret@new.example.org/gym"


def test_a_rehearsal_keeps_no_password(at: OpenDesk) -> None:
    at().rehearsing().settings.set("database", "postgresql://desk:s3cret@db.example.org/gym")
    assert config.load().secret("database.password") is None


def test_the_password_of_the_store_may_come_from_the_environment(tmp_path: Path) -> None:
    told = {"DUESDESK_HOME": str(tmp_path), "DUESDESK_DB": PLAIN, "DUESDESK_DATABASE_PASSWORD": "a b"}
    settings = config.load(told)
    assert settings.store_address() == "postgresql://desk:a%20b@db.example.org/gym"
    assert "a b" not in repr(settings)
    assert "a%20b" not in repr(settings)
    assert isinstance(settings.secret("database.password"), Secret)
