"""Settings come from the environment; a wrong one says so in one sentence."""

from dataclasses import fields
from pathlib import Path

import pytest

from portal.config import ConfigError, Settings, variables_table
from portal.factory import create_app, engine_options, flask_config

REAL = {
    "DATABASE_URL": "postgres://app:pw@db/portal",
    "REDIS_URL": "redis://cache:6379/0",
    "PORTAL_SECRET_KEY": "k" * 40,
}


def test_an_empty_environment_means_the_embedded_servers_and_the_demo_province():
    settings = Settings.from_environ({})
    assert settings.embedded_postgres
    assert settings.embedded_redis
    assert settings.demo
    assert (settings.host, settings.port, settings.province) == ("127.0.0.1", 8000, "quang-nam")
    assert (settings.session_idle_minutes, settings.session_hours) == (30, 12)
    assert settings.data.is_absolute()


def test_real_servers_get_no_demo_province_unless_asked():
    assert not Settings.from_environ(REAL).demo
    assert Settings.from_environ(REAL | {"PORTAL_DEMO": "1"}).demo
    assert not Settings.from_environ({"PORTAL_DEMO": "0"}).demo


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_postgresql_address_uses_psycopg_3(scheme):
    settings = Settings.from_environ({"DATABASE_URL": f"{scheme}://h/d"})
    assert settings.database_url == "postgresql+psycopg://h/d"


def test_a_command_option_wins_over_the_environment():
    settings = Settings.from_environ({"PORTAL_PORT": "1", "PORTAL_DATA": "/a"}, port="2", data="")
    assert (settings.port, settings.data) == (2, Path("/a"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://h/d"),
        ("DATABASE_URL", "h:5432"),
        ("REDIS_URL", "http://h"),
        ("PORTAL_PORT", "0"),
        ("PORTAL_PORT", "65536"),
        ("PORTAL_PORT", "²"),
        ("PORTAL_PORT", "-1"),
        ("PORTAL_PROVINCE", "Quảng Nam"),
        ("PORTAL_DEMO", "maybe"),
        ("PORTAL_SECURE_COOKIES", "2"),
        ("PORTAL_SECRET_KEY", "short"),
        ("PORTAL_PROXY_HOPS", "many"),
        ("PORTAL_SESSION_HOURS", "1000"),
    ],
)
def test_a_bad_value_is_one_sentence_that_names_the_variable(name, value):
    with pytest.raises(ConfigError) as refused:
        Settings.from_environ({name: value})
    said = str(refused.value)
    assert said.startswith(name)
    assert said.endswith(".")
    assert "\n" not in said


def test_a_password_in_an_address_is_never_repeated():
    with pytest.raises(ConfigError) as refused:
        Settings.from_environ({"DATABASE_URL": "oracle://scott:tiger@h/d"})
    assert "tiger" not in str(refused.value)


def test_settings_do_not_print_their_secrets():
    settings = Settings.from_environ(REAL | {"DATABASE_URL": "postgresql://app:tiger@h/d"})
    assert "tiger" not in repr(settings)
    assert "k" * 40 not in repr(settings)


def test_settings_survive_the_way_to_a_child_process():
    settings = Settings.from_environ(
        REAL | {"PORTAL_TRUSTED_HOSTS": "a.vn, b.vn", "PORTAL_SECURE_COOKIES": "yes"}
    )
    assert Settings.from_environ(settings.environ()) == settings
    assert settings.trusted_hosts == ("a.vn", "b.vn")


def test_every_setting_is_explained_in_the_table():
    table = variables_table()
    for item in fields(Settings):
        assert f"| `{item.metadata['name']}` |" in table
        assert item.metadata["meaning"].endswith(".")


def test_the_application_names_what_it_needs_before_it_starts():
    with pytest.raises(ConfigError, match="Set DATABASE_URL and REDIS_URL and PORTAL_SECRET_KEY"):
        create_app(Settings.from_environ({}))


def test_every_connection_of_the_application_is_portal_app():
    options = engine_options(Settings.from_environ(REAL))["connect_args"]["options"]
    assert "-c role=portal_app" in options
    assert "-c statement_timeout=" in options


def test_behind_https_the_cookie_is_secure_and_bound_to_the_host():
    plain = flask_config(Settings.from_environ(REAL))
    secure = flask_config(Settings.from_environ(REAL | {"PORTAL_SECURE_COOKIES": "1"}))
    assert plain["SESSION_COOKIE_NAME"] == "portal_8000"
    assert secure["SESSION_COOKIE_NAME"] == "__Host-portal"
    assert secure["SESSION_COOKIE_SECURE"]
    assert secure["SESSION_COOKIE_HTTPONLY"]
