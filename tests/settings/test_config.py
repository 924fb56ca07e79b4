"""Settings of the machine: the file, the environment, secrets; each value is checked where it comes in."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from platformdirs import user_data_path

from duesdesk import config, i18n
from duesdesk.config import Secret, load, parse, write, write_secret
from duesdesk.domain.errors import BadInput, DuesdeskError, NotFound
from duesdesk.domain.hours import WeekHours


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "desk home"


def settings_of(home: Path, **environment: str) -> config.Settings:
    return load({"DUESDESK_HOME": str(home), **environment})


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_without_a_file_every_setting_has_its_default_and_nothing_is_written(home: Path) -> None:
    settings = settings_of(home)
    assert settings.value("email.transport") == "spool"
    assert settings.number("email.port") == 587
    assert settings.database == str(home / "duesdesk.db")
    assert settings.outbox == home / "outbox"
    assert settings.today is None
    assert not home.exists()


def test_every_default_is_a_value_its_own_setting_takes() -> None:
    for key, known in config.KNOWN.items():
        assert config.canonical(key, known.default) == known.default, key
        assert known.place in (config.STORE, config.FILE)
        for choice in known.choices:
            parse(key, choice)
    assert list(config.KNOWN) == sorted(config.KNOWN)
    assert sorted(config.KNOWN["language"].choices) == sorted(["", *i18n.LANGUAGES])


def test_the_settings_scripts_rely_on_have_the_promised_defaults() -> None:
    promised = {
        "email.transport": "spool",
        "notices.cooling_minutes": "30",
        "notices.hours": "Mon-Fri 09:00-19:00, Sat 09:00-14:00",
        "notices.max_per_week": "2",
        "allocation.order": "oldest",
        "terms.days": "",
        "door.policy": "warn",
        "privacy.default": "on",
        "ageing.edges": "30,60,90",
    }
    assert {key: config.KNOWN[key].default for key in promised} == promised
    assert {"email.host", "email.port", "email.user", "email.tls", "email.from"} <= set(config.KNOWN)


def test_what_is_written_is_read_again_and_is_the_owners_alone(home: Path) -> None:
    write(home, "email.host", "mail.example.org")
    write(home, "email.port", "25")
    write(home, "desk.name", "Front “1” \\ #")
    settings = settings_of(home)
    assert settings.text("email.host") == "mail.example.org"
    assert settings.number("email.port") == 25
    assert settings.text("desk.name") == "Front “1” \\ #"
    assert mode(home) == 0o700
    assert mode(home / "settings.toml") == 0o600
    assert [path.name for path in home.iterdir()] == ["settings.toml"]


def test_writing_keeps_comments_and_order(home: Path) -> None:
    home.mkdir()
    file = home / "settings.toml"
    file.write_text('# ours\n[email]\nport = 25  # the old one\ntls = "off"\n\n[unknown]\nx = 1\n')
    write(home, "email.port", "26")
    assert file.read_text() == '# ours\n[email]\nport = 26  # the old one\ntls = "off"\n\n[unknown]\nx = 1\n'


def test_the_environment_comes_before_the_file(home: Path) -> None:
    write(home, "database", "/srv/centre.db")
    write(home, "language", "es")
    assert settings_of(home).database == "/srv/centre.db"
    assert settings_of(home, DUESDESK_DB="postgresql://x/y").database == "postgresql://x/y"
    assert settings_of(home).language == "es"
    assert settings_of(home, DUESDESK_LANG="it", DUESDESK_TODAY="2026-09-04").language == "it"
    assert settings_of(home, DUESDESK_TODAY="2026-09-04").today == "2026-09-04"


@pytest.mark.parametrize("environment", [{}, {"XDG_DATA_HOME": "/srv/data"}])
def test_the_default_folder_is_that_of_platformdirs(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert config.home_folder(environment) == user_data_path("duesdesk", appauthor=False)


def test_keys_that_mean_nothing_in_the_file_are_named_and_harm_nothing(home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text('emial = 1\n[terms]\ndays = 14\n[email]\nport = 25\nhots = "x"\n')
    settings = settings_of(home)
    assert settings.unknown == ("emial", "terms.days", "email.hots")
    assert settings.number("email.port") == 25


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[email", "settings-unreadable"),
        (b"\xff\xfe", "settings-unreadable"),
        (b"[email]\nport = 99999\n", "setting-not-a-number"),
        (b"[email]\nport = [1, 2]\n", "setting-not-a-number"),
        (b'[email]\ntls = "maybe"\n', "setting-not-a-choice"),
    ],
)
def test_a_spoilt_file_is_told_with_its_name(home: Path, content: bytes, code: str) -> None:
    home.mkdir()
    (home / "settings.toml").write_bytes(content)
    with pytest.raises(BadInput) as refused:
        settings_of(home)
    assert refused.value.code == code
    assert "settings.toml" in i18n.sentence(refused.value)


def test_writing_into_a_spoilt_file_leaves_it_as_it_is(home: Path) -> None:
    home.mkdir()
    for content in ("[email", "email = 1\n"):
        (home / "settings.toml").write_text(content)
        with pytest.raises(BadInput) as refused:
            write(home, "email.port", "25")
        assert refused.value.code == "settings-unreadable"
        assert (home / "settings.toml").read_text() == content


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput) as refused:
        write(tmp_path / "file" / "home", "email.port", "25")
    assert refused.value.code == "folder-unusable"


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("email.port", "0", "setting-not-a-number"),
        ("email.port", "-1", "setting-not-a-number"),
        ("email.port", "٢٥", "setting-not-a-number"),
        ("notices.cooling_minutes", "", "setting-not-a-number"),
        ("notices.hours", "9-5", "hours-unreadable"),
        ("ageing.edges", "30,30", "setting-not-edges"),
        ("ageing.edges", "0,30", "setting-not-edges"),
        ("ageing.edges", "60,30", "setting-not-edges"),
        ("ageing.edges", "", "setting-not-edges"),
        ("privacy.default", "maybe", "setting-not-a-choice"),
        ("door.policy", "shout", "setting-not-a-choice"),
        ("email.host", "mail.example.org:25", None),
        ("email.host", "bad host", "setting-not-a-host"),
        ("email.host", "a\r\nb", "setting-not-a-host"),
        ("email.from", "Desk <desk@example.org>", "setting-not-an-address"),
        ("email.from", "a@x.org, b@x.org", "setting-not-an-address"),
        ("email.from", "a@x.org\r\nBcc: b@x.org", "setting-not-an-address"),
        ("desk.name", " \x1b ", "setting-empty"),
        ("language", "xx", "setting-not-a-choice"),
        ("terms.days", "-1", "setting-not-a-number"),
        ("centre.pay_link", "https://pay.aurora.example/me?id=1", None),
        ("centre.website", "https://aurora.example", None),
        ("centre.pay_link", "http://aurora.example", "setting-not-a-link"),
        ("centre.pay_link", "javascript:alert(1)", "setting-not-a-link"),
        ("centre.pay_link", "https://aurora", "setting-not-a-link"),
        ("centre.pay_link", "https://aurora.example/a b", "setting-not-a-link"),
        ("centre.pay_link", "https://user@aurora.example/", "setting-not-a-link"),
        ("centre.website", "https://aurora.example/\nx", "setting-not-a-link"),
        ("centre.email", "a@x.org, b@x.org", "setting-not-an-address"),
        ("notices.way_out", "never", "setting-not-a-choice"),
        ("no.such", "1", "setting-unknown-alone"),
    ],
)
def test_a_value_out_of_bounds_is_refused_in_a_sentence(key: str, text: str, code: str | None) -> None:
    if code is None:
        parse(key, text)
        return
    with pytest.raises(DuesdeskError) as refused:
        parse(key, text)
    assert refused.value.code == code
    assert "refused (" not in i18n.sentence(refused.value)


@pytest.mark.parametrize(
    ("key", "text", "value", "kept"),
    [
        ("terms.days", "", None, ""),
        ("terms.days", "unset", None, ""),
        ("terms.days", " 14 ", 14, "14"),
        ("privacy.default", "OFF", False, "off"),
        ("privacy.default", "true", True, "on"),
        ("ageing.edges", "15, 45", (15, 45), "15,45"),
        ("email.tls", "STARTTLS", "starttls", "starttls"),
        ("language", "", "", ""),
    ],
)
def test_a_value_is_kept_in_one_form(key: str, text: str, value: config.Value, kept: str) -> None:
    assert parse(key, text) == value
    assert config.canonical(key, text) == kept
    assert config.canonical(key, kept) == kept


def test_hours_are_a_value_that_knows_the_time() -> None:
    hours = parse("notices.hours", "always")
    assert isinstance(hours, WeekHours)
    assert config.to_text(hours) == "always"


def test_an_unknown_setting_names_those_it_could_be() -> None:
    with pytest.raises(NotFound) as refused:
        parse("mail.port", "1")
    assert refused.value.facts["choices"] == ["email.port", "signal.port", "sms.port"]


def test_a_setting_of_the_centre_is_not_written_into_the_machines_file(home: Path) -> None:
    with pytest.raises(BadInput) as refused:
        write(home, "terms.days", "14")
    assert refused.value.code == "setting-kept-in-store"
    assert not home.exists()


def test_a_secret_comes_from_the_environment_or_the_owners_file_and_is_never_shown(home: Path) -> None:
    assert settings_of(home).secret("email.password") is None
    write_secret(home, "email.password", Secret("canary-1"))
    settings = settings_of(home)
    found = settings.secret("email.password")
    assert found is not None
    assert found.reveal() == "canary-1"
    assert mode(home / "secrets.toml") == 0o600
    assert "canary" not in f"{settings} {settings!r} {found} {found!r}"
    told = load({"DUESDESK_HOME": str(home), "DUESDESK_EMAIL_PASSWORD": "canary-2"}).secret("email.password")
    assert told is not None
    assert told.reveal() == "canary-2"


def test_a_secret_in_the_settings_file_is_not_taken(home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text('[email]\npassword = "canary"\n')
    settings = settings_of(home)
    assert settings.secret("email.password") is None
    assert settings.unknown == ("email.password",)
    assert "canary" not in repr(settings)


def test_secrets_others_can_read_are_refused_without_showing_them(home: Path) -> None:
    write_secret(home, "email.password", Secret("canary"))
    (home / "secrets.toml").chmod(0o640)
    with pytest.raises(BadInput) as refused:
        settings_of(home)
    assert refused.value.code == "secrets-open-to-others"
    assert "canary" not in str(refused.value)


def test_a_spoilt_secrets_file_is_told_without_its_content(home: Path) -> None:
    write_secret(home, "email.password", Secret("x"))
    (home / "secrets.toml").write_text('[email]\npassword = "canary\n')
    with pytest.raises(BadInput) as refused:
        settings_of(home)
    assert "canary" not in i18n.sentence(refused.value)
    assert "canary" not in repr(refused.value.__cause__)


def test_the_data_folder_is_found_in_the_source_tree() -> None:
    assert config.data_folder().is_dir()


def test_reading_settings_opens_no_library() -> None:
    code = (
        "import sys; from duesdesk import config; config.load();"
        "print([name for name in ('tomlkit', 'tomllib', 'platformdirs', 'babel', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
