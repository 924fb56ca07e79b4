"""By which channels somebody can be reached: what is known of them, what they said, what this machine is set up for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from duesdesk import config
from duesdesk.bootstrap import Desk
from duesdesk.config import Secret
from duesdesk.domain.errors import BadInput
from duesdesk.services.members import MemberDetails
from duesdesk.services.reach import reaches, turn_off
from tests.conftest import OpenDesk

MOBILE, LANDLINE = "+34 600 11 12 22", "+34 910 12 34 56"


def settle(home: Path, **values: str) -> None:
    for key, value in values.items():
        config.write(home, key.replace("_", ".", 1), value)


@pytest.fixture
def all_set_up(tmp_path: Path) -> Path:
    """A machine that can send by everything but fax."""
    home = tmp_path / "home"
    settle(
        home,
        sms_gateway="smseagle", sms_host="127.0.0.1",
        whatsapp_gateway="cloud", whatsapp_from="1234567", whatsapp_template="dues_notice",
        telegram_gateway="bot",
        signal_gateway="signal-api", signal_host="127.0.0.1", signal_from="+34600000000",
        push_gateway="pushover",
    )  # fmt: skip
    for channel in ("sms", "whatsapp", "telegram", "push"):
        config.write_secret(home, f"{channel}.secret", Secret("123456789:canary"))
    return home


def why(desk: Desk, number: str, *channels: str) -> list[str]:
    with desk.place.database.read() as tx:
        payer = tx.value("SELECT coalesce(payer_id, id) FROM member WHERE number = :number", number=number)
        found = reaches(tx, [payer])[payer]
    return [found[channel] for channel in channels]


def numbers(desk: Desk, people: Iterable[MemberDetails]) -> list[str]:
    return [desk.members.add(details)["member"] for details in people]


def test_a_new_machine_writes_by_e_mail_into_its_folder_and_prints_letters_and_nothing_else(desk: Desk) -> None:
    (ana,) = numbers(desk, [MemberDetails("Ana", email="ana@x.org", phone=MOBILE, address="C/ Mayor 1; 28013 Madrid")])
    assert why(desk, ana, "email", "letter", "desk") == ["", "", ""]
    assert set(why(desk, ana, "sms", "whatsapp", "telegram", "signal", "push", "fax")) == {"not_set_up"}


@pytest.mark.parametrize(
    ("phone", "country", "sms", "signal"),
    [
        (MOBILE, None, "", "not_asked"),
        ("600 11 12 22", None, "", "not_asked"),
        (LANDLINE, None, "no_address", "not_asked"),
        ("07911 123456", "GB", "", "not_asked"),
        ("ask at 3", None, "no_address", "no_address"),
        (None, None, "no_address", "no_address"),
    ],
)
def test_a_text_message_goes_to_a_mobile_phone_only(
    desk: Desk, all_set_up: Path, phone: str | None, country: str | None, sms: str, signal: str
) -> None:
    (one,) = numbers(desk, [MemberDetails("Ana", phone=phone, country=country)])
    assert why(desk, one, "sms") == [sms]
    if signal == "no_address":
        desk.reaching.consent(one, "signal", wanted=True, how="form")
    assert why(desk, one, "signal") == [signal]


def test_messengers_wait_for_a_yes_and_a_stop_counts_at_once_for_that_channel_alone(
    desk: Desk, all_set_up: Path
) -> None:
    (ana,) = numbers(desk, [MemberDetails("Ana", email="ana@x.org", phone=MOBILE)])
    assert why(desk, ana, "whatsapp", "email", "sms") == ["not_asked", "", ""]
    with pytest.raises(BadInput) as refused:
        desk.reaching.consent(ana, "whatsapp", wanted=True)
    assert refused.value.code == "consent-how-missing"
    said = desk.reaching.consent(ana, "whatsapp", wanted=True, how="form of 2 Nov 2026")
    assert (said["why"], said["address"]) == ("", "+34600111222")
    desk.reaching.consent(ana, "sms", wanted=False)
    assert why(desk, ana, "whatsapp", "email", "sms") == ["", "", "not_wanted"]
    desk.undo.undo()
    assert why(desk, ana, "whatsapp", "email", "sms") == ["", "", ""]
    desk.reaching.consent(ana, "email", wanted=False, how="wrote STOP")
    assert why(desk, ana, "whatsapp", "email") == ["", "not_wanted"]
    desk.reaching.consent(ana, "email", wanted=None)
    assert why(desk, ana, "email") == [""]
    assert [one.how for one in desk.reaching.of(ana) if one.channel == "whatsapp"] == ["form of 2 Nov 2026"]


def test_a_telegram_chat_is_kept_for_the_channel_and_a_hostile_one_is_refused(desk: Desk, all_set_up: Path) -> None:
    (ana,) = numbers(desk, [MemberDetails("Ana", phone=MOBILE)])
    desk.reaching.consent(ana, "telegram", wanted=True, how="started the bot")
    assert why(desk, ana, "telegram") == ["no_address"]
    for hostile in ("12345/../../x", "123456?to=@evil", "https://evil.example", "@a b", "1234"):
        with pytest.raises(BadInput):
            desk.reaching.consent(ana, "telegram", wanted=True, how="x", address=hostile)
    assert desk.reaching.consent(ana, "telegram", wanted=True, how="bot", address="987654321")["why"] == ""
    with pytest.raises(BadInput):
        desk.reaching.consent(ana, "whatsapp", wanted=True, how="x", address="600111222")
    assert desk.reaching.consent(ana, "whatsapp", wanted=True, how="x", address="+44 7911 123456")["address"] == (
        "+447911123456"
    )


def test_what_came_back_stays_off_until_the_address_is_another_one(desk: Desk, all_set_up: Path) -> None:
    (ana,) = numbers(desk, [MemberDetails("Ana", email="ana@x.org", phone=MOBILE)])
    with desk.place.database.write() as tx:
        turn_off(tx, 1, "sms", "+34600111222", "2026-11-22T10:00:00.000000Z", "duesdesk")
        turn_off(tx, 1, "email", "ana@x.org", "2026-11-22T10:00:00.000000Z", "duesdesk")
    assert why(desk, ana, "sms", "email", "signal") == ["dead", "dead", "not_asked"]
    details = desk.members.get(ana)
    desk.members.edit(ana, details._replace(group="Juniors"))
    assert why(desk, ana, "sms", "email") == ["dead", "dead"]
    desk.members.edit(ana, details._replace(phone="+34 600 99 88 77"))
    assert why(desk, ana, "sms", "email") == ["", "dead"]
    desk.members.edit(ana, details._replace(email="ana@y.org"))
    assert why(desk, ana, "email") == [""]


def test_undo_of_another_address_does_not_bring_a_dead_one_to_life(desk: Desk, all_set_up: Path) -> None:
    (ana,) = numbers(desk, [MemberDetails("Ana")])
    desk.reaching.consent(ana, "sms", wanted=True, how="desk", address="+34600111222")
    with desk.place.database.write() as tx:
        payer = tx.value("SELECT id FROM member WHERE number = :number", number=ana)
        turn_off(tx, payer, "sms", "+34600111222", desk.place.now_text(), "duesdesk")
    assert why(desk, ana, "sms") == ["dead"]
    desk.reaching.consent(ana, "sms", wanted=True, how="desk", address="+34600111333")
    assert why(desk, ana, "sms") == [""]
    desk.undo.undo()
    assert why(desk, ana, "sms") == ["dead"]


def test_a_household_is_reached_through_who_pays(desk: Desk, all_set_up: Path) -> None:
    mum, kid = numbers(
        desk, [MemberDetails("Mum", email="mum@x.org"), MemberDetails("Kid", email="kid@x.org", payer="M00001")]
    )
    desk.reaching.consent(kid, "email", wanted=False)
    assert why(desk, mum, "email") == ["not_wanted"]
    assert [one.address for one in desk.reaching.of(kid) if one.channel == "email"] == ["mum@x.org"]


def test_many_people_are_looked_up_in_a_few_statements(desk: Desk, all_set_up: Path) -> None:
    with desk.place.database.write() as tx:
        tx.many(
            """INSERT INTO member (number, name, name_folded, search, phone, status, email_works, created_at,
                                   updated_at)
               VALUES (:number, 'x', 'x', 'x', '+34 600 11 12 22', 'active', 1, '2026-01-01', '2026-01-01')""",
            [{"number": f"N{number}"} for number in range(12_000)],
        )
        asked: list[str] = []
        desk.place.database.connection().set_trace_callback(asked.append)
        found = reaches(tx, range(1, 12_001))
        desk.place.database.connection().set_trace_callback(None)
    assert len(found) == 12_000
    assert len(asked) <= 7
    assert found[7].get("sms") == ""


def test_an_address_has_a_line_each_and_no_more_than_a_window_shows(desk: Desk) -> None:
    (ana,) = numbers(
        desk, [MemberDetails("Ana", address=" C/ Mayor, 1 ;\n28013  Madrid;;", country="es", fax="910123456")]
    )
    kept = desk.members.get(ana)
    assert kept.address == "C/ Mayor, 1\n28013  Madrid"
    assert (kept.country, kept.fax) == ("ES", "+34 910 12 34 56")
    for wrong in ("a;b;c;d;e;f;g;h", "x" * 61):
        with pytest.raises(BadInput) as refused:
            desk.members.edit(ana, kept._replace(address=wrong))
        assert refused.value.code == "address-too-long"
    for field, wrong in (("country", "Spain"), ("timezone", "Europe/Nowhere"), ("timezone", "../../etc/passwd")):
        with pytest.raises(BadInput):
            desk.members.edit(ana, kept._replace(**{field: wrong}))  # type: ignore[arg-type]
    assert desk.members.edit(ana, kept._replace(timezone="Atlantic/Canary"))["changed"] == ["timezone"]


def test_reach_and_consent_on_postgres(postgres_url: str, all_set_up: Path) -> None:
    from datetime import date

    from duesdesk.bootstrap import found_centre, open_desk
    from duesdesk.clock import Clock
    from tests.conftest import CENTRE

    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    desk = open_desk(postgres_url, clock=Clock(date(2026, 11, 22)))
    try:
        (ana,) = numbers(desk, [MemberDetails("Ana", email="ana@x.org", phone=MOBILE, address="a; b")])
        desk.reaching.consent(ana, "whatsapp", wanted=True, how="form")
        desk.reaching.consent(ana, "whatsapp", wanted=True, how="form", address="+447911123456")
        desk.reaching.consent(ana, "sms", wanted=False)
        desk.reaching.consent(ana, "signal", wanted=None)
        with desk.place.database.write() as tx:
            turn_off(tx, 1, "letter", "", "2026-11-22T10:00:00.000000Z", "duesdesk")
            turn_off(tx, 1, "email", "ana@x.org", "2026-11-22T10:00:00.000000Z", "duesdesk")
        assert why(desk, ana, "whatsapp", "sms", "signal", "letter", "email") == [
            "", "not_wanted", "not_asked", "dead", "dead",
        ]  # fmt: skip
    finally:
        desk.close()


def test_the_opening_of_a_store_says_nothing_of_secrets(at: OpenDesk, all_set_up: Path) -> None:
    settings = config.load()
    assert "canary" not in repr(settings)
    assert not any("canary" in one.value for one in at().settings.all())
