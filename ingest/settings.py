"""Every setting of Gridward, in one table; read from the environment and nowhere else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from ingest.contract.errors import ConfigError

DATABASE_URL = "GRIDWARD_DATABASE_URL"
MQTT_URL = "GRIDWARD_MQTT_URL"
DISTRICTS = "GRIDWARD_DISTRICTS"
DATA = "GRIDWARD_DATA"
METRICS = "GRIDWARD_METRICS"
FOREIGN = "GRIDWARD_FOREIGN"
TSA = "GRIDWARD_TSA_URL"
SCREEN = "GRIDWARD_SCREEN_URL"


class Setting(NamedTuple):
    """One environment variable; an empty value counts as not set."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting(DATABASE_URL, "", "postgresql://USER:PASSWORD@HOST:PORT/NAME; not set: `up` runs its own server"),
    Setting(
        MQTT_URL, "", "mqtt://[USER:PASSWORD@]HOST[:PORT], mqtts:// with TLS; not set: `up` runs a broker"
    ),
    Setting(DISTRICTS, "", "6-digit region codes, comma-separated; not set: every district of the registry"),
    Setting(DATA, "./.gridward", "the directory for what is in no database: photos, logs, worlds, addresses"),
    Setting(
        FOREIGN,
        "",
        "1: ingest hears foreign devices on everybody's topics; 0: not; not set: if it serves all",
    ),
    Setting(
        "GRIDWARD_BASEMAP",
        "none",
        "what lies under the screen's map: a tile's address, tianditu:KEY, or a MapLibre style's address",
    ),
    Setting("GRIDWARD_BASEMAP_DATUM", "wgs84", "gcj02: the basemap's tiles are in GCJ-02"),
    Setting(
        "GRIDWARD_IDENTITY",
        "",
        "a TOML file whose [auth] names the identity provider (OIDC) people log in by; not set: none",
    ),
    Setting(
        TSA, "", "https://HOST/PATH of a time-stamp authority (RFC 3161) for the audit log; not set: none"
    ),
    Setting(
        SCREEN,
        "http://127.0.0.1:8501",
        "the screen as traders reach it, on the receipts of simulated printers",
    ),
    Setting(METRICS, "", "HOST:PORT where ingest answers a Prometheus; not set: nowhere"),
)


class Listen(NamedTuple):
    """An address of ours to listen on."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class MqttAddress:
    """Where the broker is; `url` is the setting as it was written."""

    url: str = field(repr=False)
    host: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    tls: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process. `districts` empty means every district of the registry."""

    districts: tuple[int, ...]
    data: Path
    database: str | None = field(default=None, repr=False)
    broker: MqttAddress | None = None
    metrics: Listen | None = None
    foreign: bool = True
    """Whether topics of foreign devices that no district claims are ours."""
    authority: str | None = None
    """Of time stamps."""

    @property
    def database_url(self) -> str:
        """The database's address; raises ConfigError when it is not set."""
        if self.database is None:
            raise _not_set(DATABASE_URL)
        return self.database

    @property
    def mqtt_url(self) -> MqttAddress:
        """The broker's address; raises ConfigError when it is not set."""
        if self.broker is None:
            raise _not_set(MQTT_URL)
        return self.broker


def load(environ: Mapping[str, str]) -> Settings:
    """Read and check all settings; raises ConfigError whose one line names the variable."""
    given = {setting.name: environ.get(setting.name, "").strip() or setting.default for setting in SETTINGS}
    if "\x00" in given[DATA]:
        raise ConfigError(f"{DATA}: a path cannot hold a NUL byte")
    return Settings(
        districts=_districts(given[DISTRICTS]),
        data=Path(given[DATA]),
        database=_database(given[DATABASE_URL]) if given[DATABASE_URL] else None,
        broker=_broker(given[MQTT_URL]) if given[MQTT_URL] else None,
        metrics=_listen(METRICS, given[METRICS]) if given[METRICS] else None,
        authority=_authority(given[TSA]) if given[TSA] else None,
        foreign=_yes_or_no(FOREIGN, given[FOREIGN], default=not given[DISTRICTS]),
    )


def _not_set(name: str) -> ConfigError:
    return ConfigError(f'{name} is not set (to join a running `gridward up`: eval "$(gridward env)")')


def _yes_or_no(name: str, text: str, *, default: bool) -> bool:
    if text not in ("", "0", "1"):
        raise ConfigError(f"{name}: must be 0 or 1")
    return default if text == "" else text == "1"


def _districts(text: str) -> tuple[int, ...]:
    codes = [code.strip() for code in text.split(",")] if text else []
    for code in codes:
        if not re.fullmatch(r"[1-9][0-9]{5}", code, re.ASCII):
            raise ConfigError(f"{DISTRICTS}: {code!r} is not a 6-digit region code")
    return tuple(dict.fromkeys(int(code) for code in codes))


def _database(url: str) -> str:
    parts = _split(DATABASE_URL, url, ("postgresql", "postgres"))
    # libpq takes several hosts, for a server with standbys.
    for host in parts.netloc.rpartition("@")[2].split(","):
        _port(DATABASE_URL, host, 5432)
    return url


def _broker(url: str) -> MqttAddress:
    parts = _split(MQTT_URL, url, ("mqtt", "mqtts"))
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError(f"{MQTT_URL}: nothing may follow the host and port")
    tls = parts.scheme == "mqtts"
    port = _port(MQTT_URL, parts.netloc.rpartition("@")[2], 8883 if tls else 1883)
    if not parts.hostname:
        raise ConfigError(f"{MQTT_URL}: the host is missing")
    username = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    return MqttAddress(url, parts.hostname, port, username, password, tls)


def _authority(url: str) -> str:
    if not _split(TSA, url, ("https", "http")).hostname:
        raise ConfigError(f"{TSA}: the host is missing")
    return url


def _listen(name: str, text: str) -> Listen:
    host, colon, port = text.rpartition(":")
    if not (host and colon and port) or "/" in text or (":" in host and not re.fullmatch(r"\[.*\]", host)):
        raise ConfigError(f"{name}: must be HOST:PORT, such as 127.0.0.1:9464")
    return Listen(host.strip("[]"), _port(name, text, 0))


def _split(name: str, url: str, schemes: tuple[str, ...]) -> SplitResult:
    # No message quotes any of the address: badly written, its password can stand anywhere in it.
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ConfigError(f"{name}: not an address") from None
    if parts.scheme not in schemes or not url.lower().startswith(f"{parts.scheme}://"):
        raise ConfigError(f"{name}: must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return parts


def _port(name: str, host: str, default: int) -> int:
    if (text := re.sub(r"^(\[.*\]|[^:]*)", "", host)) in ("", ":"):
        return default
    port = text.removeprefix(":")
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise ConfigError(f"{name}: the port is not a number from 1 to 65535")
    return int(port)
