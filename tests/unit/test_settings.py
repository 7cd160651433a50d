"""Settings: one table, and one clear line for whatever is wrong."""

from pathlib import Path

import pytest

from ingest.contract.errors import ConfigError
from ingest.settings import DATA, DATABASE_URL, DISTRICTS, METRICS, MQTT_URL, SETTINGS, load


def test_nothing_set_gives_the_defaults() -> None:
    settings = load({})
    assert settings.data == Path(".gridward")
    assert settings.districts == ()
    assert settings.database is None
    assert settings.broker is None
    assert settings.metrics is None


def test_an_empty_value_counts_as_not_set() -> None:
    assert load({setting.name: " " for setting in SETTINGS}) == load({})


@pytest.mark.parametrize(("name", "read"), [(DATABASE_URL, "database_url"), (MQTT_URL, "mqtt_url")])
def test_an_address_that_is_needed_and_not_set_is_named(name: str, read: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name} is not set"):
        getattr(load({}), read)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://gw:secret@db.example/gridward",
        "postgres://gw@db.example:5432/gridward?sslmode=require",
        "postgresql://gw@one.example:5432,two.example:5433/gridward",
        "postgresql://gw@[::1]:5432/gridward",
        "postgresql:///gridward",
    ],
)
def test_a_database_address_is_kept_as_written(url: str) -> None:
    assert load({DATABASE_URL: url}).database_url == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://broker.example", ("broker.example", 1883, None, None, False)),
        ("mqtts://broker.example/", ("broker.example", 8883, None, None, True)),
        ("mqtt://gw:p%40ss@broker.example:1884", ("broker.example", 1884, "gw", "p@ss", False)),
        ("mqtt://[::1]:1884", ("::1", 1884, None, None, False)),
    ],
)
def test_a_broker_address_is_taken_apart(url: str, expected: tuple[object, ...]) -> None:
    broker = load({MQTT_URL: url}).mqtt_url
    assert (broker.host, broker.port, broker.username, broker.password, broker.tls) == expected
    assert broker.url == url


def test_districts_are_codes_once_each_in_their_order() -> None:
    assert load({DISTRICTS: "441900, 350211,441900"}).districts == (441900, 350211)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("0.0.0.0:9464", ("0.0.0.0", 9464)),
        ("[::1]:9464", ("::1", 9464)),
        ("ingest.example:9464", ("ingest.example", 9464)),
    ],
)
def test_the_address_to_listen_on_is_taken_apart(text: str, expected: tuple[str, int]) -> None:
    assert load({METRICS: text}).metrics == expected


WRONG = [
    (DATABASE_URL, "mysql://gw:hunter2@db/gridward", "must begin with postgresql:// or postgres://"),
    (DATABASE_URL, "host=db user=gw password=hunter2", "must begin with postgresql:// or postgres://"),
    (DATABASE_URL, "postgresql://gw:hunter2@db:five/gridward", "the port is not a number from 1 to 65535"),
    (DATABASE_URL, "postgresql://gw:hunter2@[::1/gridward", "not an address"),
    (MQTT_URL, "http://broker", "must begin with mqtt:// or mqtts://"),
    (MQTT_URL, "broker:1883", "must begin with mqtt:// or mqtts://"),
    (MQTT_URL, "mqtt://broker:0", "the port is not a number from 1 to 65535"),
    (MQTT_URL, "mqtt://broker:65536", "the port is not a number from 1 to 65535"),
    (MQTT_URL, "mqtt://gw:hunter2@:1883", "the host is missing"),
    (MQTT_URL, "mqtt://gw:hunter2@broker/topic", "nothing may follow the host and port"),
    (DISTRICTS, "35021", "'35021' is not a 6-digit region code"),
    (DISTRICTS, "350211;441900", "'350211;441900' is not a 6-digit region code"),
    (DISTRICTS, "350211,,", "'' is not a 6-digit region code"),
    (DISTRICTS, "３５０２１１", "'３５０２１１' is not a 6-digit region code"),
    (METRICS, "9464", "must be HOST:PORT, such as 127.0.0.1:9464"),
    (METRICS, ":9464", "must be HOST:PORT, such as 127.0.0.1:9464"),
    (METRICS, "127.0.0.1:", "must be HOST:PORT, such as 127.0.0.1:9464"),
    (METRICS, "::1:9464", "must be HOST:PORT, such as 127.0.0.1:9464"),
    (METRICS, "http://127.0.0.1:9464", "must be HOST:PORT, such as 127.0.0.1:9464"),
    (METRICS, "127.0.0.1:0", "the port is not a number from 1 to 65535"),
    (METRICS, "127.0.0.1:metrics", "the port is not a number from 1 to 65535"),
    (DATA, "data\x00", "a path cannot hold a NUL byte"),
]


@pytest.mark.parametrize(("name", "value", "complaint"), WRONG)
def test_a_wrong_value_is_one_line_that_names_the_variable_and_no_password(
    name: str, value: str, complaint: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        load({name: value})
    assert str(raised.value) == f"{name}: {complaint}"


def test_passwords_are_not_in_what_a_log_would_show() -> None:
    shown = repr(load({DATABASE_URL: "postgresql://gw:hunter2@db/x", MQTT_URL: "mqtt://gw:hunter2@broker"}))
    assert "hunter2" not in shown
    assert "broker" in shown
