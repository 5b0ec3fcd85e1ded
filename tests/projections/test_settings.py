"""Which setting wins, where it came from, and that a secret never shows."""

import os
import sys
from pathlib import Path

import pytest

from projections.provider import provider_of, secret_of
from projections.settings import SettingsError, handed_on, load, without_password

SECRET = "correct horse battery staple"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def written(config: Path, toml: str) -> dict[str, str]:
    """An environment in which `config` holds `toml`."""
    config.write_text(toml, encoding="utf-8")
    return {"DIALOGUE_CONFIG": str(config)}


def test_without_any_setting_every_value_is_a_default() -> None:
    settings = load({}, {})
    assert settings.database is None
    assert settings.actor is None
    assert settings.source == "dialogue.localhost"
    assert settings.color == "auto"
    assert set(settings.sources.values()) == {"default"}


def test_the_master_key_file_lies_outside_the_data_folder_by_default() -> None:
    settings = load({}, {})
    assert settings.master_key_file.name == "master.key"
    assert not settings.master_key_file.is_relative_to(settings.data)


def test_a_flag_wins_over_the_environment_that_over_the_file_that_over_the_default(config: Path) -> None:
    environ = written(config, 'actor = "file"')
    assert load({}, {}).actor is None
    assert load({}, environ).actor == "file"
    assert load({}, environ | {"DIALOGUE_ACTOR": "environment"}).actor == "environment"
    assert load({"actor": "flag"}, environ | {"DIALOGUE_ACTOR": "environment"}).actor == "flag"


def test_each_value_tells_where_it_came_from(config: Path) -> None:
    environ = written(config, 'tz = "Asia/Seoul"') | {"DIALOGUE_ACTOR": "Баярмаа"}
    sources = load({"master_key_file": "k"}, environ).sources
    assert sources["tz"] == f"file {config}"
    assert sources["actor"] == "environment DIALOGUE_ACTOR"
    assert sources["master_key_file"] == "flag --master-key-file"
    assert sources["config"] == "environment DIALOGUE_CONFIG"
    assert sources["data"] == "default"


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_value_counts_as_not_given(empty: str | None) -> None:
    settings = load({"actor": empty}, {"DIALOGUE_ACTOR": "", "DIALOGUE_TZ": "Asia/Tokyo"})
    assert settings.actor is None
    assert settings.tz == "Asia/Tokyo"


def test_the_process_environment_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIALOGUE_ACTOR", "金美玲")
    assert load({}).actor == "金美玲"


def test_a_path_in_the_file_is_relative_to_the_file_and_a_flag_to_the_working_directory(config: Path) -> None:
    environ = written(config, 'data = "stores"')
    assert load({}, environ).data == config.parent / "stores"
    assert load({"data": "stores"}, environ).data == Path("stores")
    assert load({"data": Path("stores")}, environ).data == Path("stores")


def test_a_tilde_is_the_home_folder(config: Path) -> None:
    assert load({}, written(config, 'data = "~/record"')).data == Path.home() / "record"


def test_no_color_is_honoured_unless_this_program_was_told_otherwise(config: Path) -> None:
    assert load({}, {"NO_COLOR": "1"}).color == "never"
    assert load({}, {"NO_COLOR": "1"}).sources["color"] == "environment NO_COLOR"
    assert load({}, {"NO_COLOR": ""}).color == "auto"
    assert load({}, {"NO_COLOR": "1", **written(config, 'color = "always"')}).color == "always"
    assert load({"color": "always"}, {"NO_COLOR": "1"}).color == "always"


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("data = ", "is not TOML"),
        ("data = 3", "data (file"),
        ('databse = "postgresql://h/d"', "unknown keys: databse"),
        ('database = "mysql://h/d"', "postgresql://"),
        ('tz = "Mars/Olympus"', "no time zone"),
        ('tz = "/etc/passwd"', "no time zone"),
        ('tz = "Asia"', "no time zone"),
        ('source = "two words"', "without spaces"),
        ('source = "a+b"', "without spaces or '+'"),
        ('color = "blue"', "auto, always, never"),
        ('data = "a\\u0000b"', "NUL"),
        ('data = "~nobody-of-that-name/x"', "no home folder"),
        (f'master_key = "{SECRET}"', "master_key, a secret"),
    ],
)
def test_a_bad_config_file_is_refused_and_named(config: Path, toml: str, says: str) -> None:
    environ = written(config, toml)
    with pytest.raises(SettingsError) as refusal:
        load({}, environ)
    assert says in str(refusal.value)
    assert str(config) in str(refusal.value)
    assert SECRET not in str(refusal.value)


def test_a_config_file_in_another_encoding_is_refused(config: Path) -> None:
    config.write_bytes('actor = "김"'.encode("euc-kr"))
    with pytest.raises(SettingsError, match="not UTF-8"):
        load({"config": config}, {})


def test_a_named_config_file_must_exist(config: Path) -> None:
    with pytest.raises(SettingsError, match="There is no config file"):
        load({"config": str(config)}, {})


def test_a_config_file_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load({"config": tmp_path}, {})


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads every file, whatever its mode")
def test_a_config_file_without_read_permission_is_refused(config: Path) -> None:
    config.write_text("")
    config.chmod(0)
    with pytest.raises(SettingsError, match="cannot be read"):
        load({"config": config}, {})


def test_the_refusal_of_a_database_url_does_not_repeat_its_password() -> None:
    with pytest.raises(SettingsError) as refusal:
        load({"database": f"postgres://owner:{SECRET}@host/name"}, {})
    assert SECRET not in str(refusal.value)


def test_secrets_show_neither_in_the_repr_nor_in_the_rows() -> None:
    environ = {
        "DIALOGUE_MASTER_KEY": SECRET,
        "DIALOGUE_DATABASE": f"postgresql://dialogue_app:{SECRET}@host/name",
    }
    settings = load({}, environ)
    assert settings.master_key == SECRET
    assert SECRET not in repr(settings)
    assert SECRET not in repr(list(settings.rows()))
    assert ("master_key", "(set, not shown)", "environment DIALOGUE_MASTER_KEY") in settings.rows()
    shown = "postgresql://dialogue_app:***@host/name"
    assert ("database", shown, "environment DIALOGUE_DATABASE") in settings.rows()


def test_the_master_key_is_taken_from_no_flag() -> None:
    assert load({"master_key": SECRET}, {}).master_key is None


def test_the_rows_name_every_setting_once() -> None:
    names = [name for name, _, _ in load({}, {}).rows()]
    assert names == [
        "data", "database", "actor", "tz", "master_key", "master_key_file", "log_key_file", "checkpoint_every",
        "source", "color", "public_url", "oidc_issuer", "oidc_client", "oidc_secret", "oidc_secret_file", "config"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://h/d", "postgresql://h/d"),
        ("postgresql://u@/d?host=/run", "postgresql://u@/d?host=/run"),
        ("postgresql://u:p@h:5432/d", "postgresql://u:***@h:5432/d"),
        ("postgresql://u:p@q:r@h/d", "postgresql://u:***@h/d"),
        ("postgresql://h/d?user=u&password=p&sslpassword=q", "postgresql://h/d?user=u&password=***&sslpassword=***"),
    ],
)  # fmt: skip
def test_a_password_is_masked_wherever_a_url_may_carry_it(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_a_program_started_with_the_settings_is_told_the_database_in_its_environment_only() -> None:
    url = "postgresql://somebody:secret@/dialogues"
    assert handed_on(load({"database": url}, {}))["DIALOGUE_DATABASE"] == url
    assert "DIALOGUE_DATABASE" not in handed_on(load({}, {}))


OIDC = {
    "DIALOGUE_OIDC_ISSUER": "https://login.example.org/realm/",
    "DIALOGUE_OIDC_CLIENT": "the-record",
    "DIALOGUE_PUBLIC_URL": "https://record.example.org/",
}


def test_an_issuer_is_taken_to_the_letter_and_the_public_url_without_its_last_slash() -> None:
    settings = load({}, OIDC)
    assert settings.oidc_issuer == OIDC["DIALOGUE_OIDC_ISSUER"]
    assert settings.public_url == "https://record.example.org"


@pytest.mark.parametrize("missing", ["DIALOGUE_OIDC_CLIENT", "DIALOGUE_PUBLIC_URL"])
def test_an_issuer_asks_for_what_belongs_to_it(missing: str) -> None:
    with pytest.raises(SettingsError, match="set oidc_client and public_url too"):
        load({}, {**OIDC, missing: ""})


@pytest.mark.parametrize("name", ["DIALOGUE_OIDC_ISSUER", "DIALOGUE_PUBLIC_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.org", "login.example.org", "https://", "https:///realm", "ftp://login.example.org",
        "https://login.example.org?a=b", "https://login.example.org#a", "https://somebody@login.example.org",
        "https://login.example.org/a b", "https://[", "https://login.example.org:port", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_a_url_to_which_people_are_sent_is_https(name: str, url: str) -> None:
    with pytest.raises(SettingsError, match="must be an https:// URL"):
        load({}, {**OIDC, name: url})


@pytest.mark.parametrize("host", ["127.0.0.1:8008", "localhost", "[::1]:8008"])
def test_on_ones_own_machine_http_will_do(host: str) -> None:
    assert load({}, {**OIDC, "DIALOGUE_PUBLIC_URL": f"http://{host}"}).public_url == f"http://{host}"


def test_the_providers_secret_never_shows_and_stands_in_no_config_file(config: Path) -> None:
    settings = load({"oidc_secret": "flag"}, {**OIDC, "DIALOGUE_OIDC_SECRET": SECRET})
    assert secret_of(settings) == SECRET
    assert SECRET not in repr(settings)
    assert ("oidc_secret", "(set, not shown)", "environment DIALOGUE_OIDC_SECRET") in settings.rows()
    with pytest.raises(SettingsError, match="holds oidc_secret, a secret") as refused:
        load({}, written(config, f'oidc_secret = "{SECRET}"'))
    assert SECRET not in str(refused.value)


def test_the_providers_secret_may_be_in_a_file_beside_the_config(config: Path) -> None:
    named = {**OIDC, **written(config, 'oidc_secret_file = "oidc.secret"')}
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        provider_of(load({}, named))
    path = config.parent / "oidc.secret"
    for content, why in ((b" \n", "is empty"), (b"\xff", "is not UTF-8")):
        path.write_bytes(content)
        with pytest.raises(SettingsError, match=why):
            provider_of(load({}, named))
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    provider = provider_of(load({}, named))
    assert provider is not None
    assert provider.secret == SECRET
    assert SECRET not in repr(provider)


@pytest.mark.parametrize("library", ["authlib.integrations.requests_client", "joserfc"])
def test_without_the_extra_it_is_said_which_one_is_needed(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, "joserfc.jwt", raising=False)
    assert provider_of(load({}, {})) is None
    with pytest.raises(SettingsError, match=r"pip install 'dialogue-record\[oidc\]'"):
        provider_of(load({}, OIDC))
