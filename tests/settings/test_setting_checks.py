"""What a setting is not changed to, as it could not be used; what was kept before still opens the program."""

from __future__ import annotations

import pytest

from duesdesk import config
from duesdesk.domain.errors import BadInput
from duesdesk.known_settings import canonical
from tests.conftest import OpenDesk

WRONG_ADDRESSES = ("x@y..z", "a.@b.org", "a..b@c.org", "me@gym_x.org", "me@-gym-.org")


@pytest.mark.parametrize("key", ["email.from", "digest.to", "centre.email"])
@pytest.mark.parametrize("typed", WRONG_ADDRESSES)
def test_an_address_that_no_message_could_be_written_from_or_to_is_refused(at: OpenDesk, key: str, typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        at().settings.set(key, typed)
    assert caught.value.code == "setting-not-an-address"
    assert at().settings.text(key) == ""


@pytest.mark.parametrize("typed", ["desk@gym.example.org", "josé@gimnasio.es", "boss@localhost", ""])
def test_an_address_that_messages_go_to_is_taken(at: OpenDesk, typed: str) -> None:
    at().settings.set("email.from", typed)
    assert at().settings.text("email.from") == typed


def test_an_address_that_was_kept_before_does_not_keep_the_program_from_opening(at: OpenDesk) -> None:
    config.write(config.load().home, "email.from", "me@gym_x.org")
    assert at().settings.text("email.from") == "me@gym_x.org"


@pytest.mark.parametrize("typed", ["x y z", "not a key", "12345", "@", "x" * 78 + "@y"])
def test_what_is_no_pix_key_is_refused(at: OpenDesk, typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        at().settings.set("centre.pix_key", typed)
    assert caught.value.code == "setting-not-a-pix-key"


@pytest.mark.parametrize(
    "typed",
    ["123.456.789-09", "12345678909", "12.345.678/0001-95", "12345678000195", "+5511987654321", "pix@academia.com.br",
     "123e4567-e89b-12d3-a456-426614174000", ""],
)  # fmt: skip
def test_every_kind_of_pix_key_is_taken(at: OpenDesk, typed: str) -> None:
    at().settings.set("centre.pix_key", typed)
    assert at().settings.text("centre.pix_key") == canonical("centre.pix_key", typed)
