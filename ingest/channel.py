"""Channels to people outside the screen: what each of them takes is up to its Apprise URL.

The only file that imports apprise. A URL holds passwords and tokens, so it is a file of its own, for its
owner's eyes only, read when something is sent, and never told: what goes wrong is a code.
"""

import logging
import re
import threading
from pathlib import Path
from typing import NamedTuple

import apprise
from apprise import AppriseAsset, NotifyFormat, NotifyType, PersistentStoreMode

from ingest.contract.messages import Severity

NO_ADDRESS, UNREACHABLE, REFUSED = "no_address", "unreachable", "refused"
"""Besides these a code is ``http_`` and the status that a server answered."""

_TYPES = {
    Severity.GENERAL: NotifyType.INFO,
    Severity.SERIOUS: NotifyType.WARNING,
    Severity.MAJOR: NotifyType.FAILURE,
}
# No redirects: a channel is where its address says. No templates: what alerts quote is said as it is.
_ASSET = AppriseAsset(
    app_id="Gridward",
    app_desc="Gridward",
    http_redirects=False,
    allow_templates=False,
    storage_mode=PersistentStoreMode.MEMORY,
)


class Message(NamedTuple):
    """What is sent: plain text in the district's language, and how bad it is."""

    title: str
    body: str
    severity: Severity


def address_file(data: Path, district: int, channel: str) -> Path:
    """Where the channel's address is kept."""
    return data / "channels" / f"{district}-{channel}"


def keep_address(data: Path, district: int, channel: str, address: str) -> None:
    """Keep the channel's address, for its owner's eyes only."""
    path = address_file(data, district, channel)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    aside.touch(mode=0o600)
    aside.write_text(address + "\n", "utf-8")
    aside.rename(path)


def is_address(address: str) -> bool:
    """Whether Apprise knows what to do with it; it is not called."""
    return _service(address) is not None


def send(data: Path, district: int, channel: str, message: Message) -> str | None:
    """Send, and wait for the channel's answer; None when it took the message, else a code."""
    try:
        service = _service(address_file(data, district, channel).read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return NO_ADDRESS
    if service is None:
        return NO_ADDRESS
    _words.heard = []
    sent = service.notify(
        body=message.body,
        title=message.title,
        notify_type=_TYPES[message.severity],
        body_format=NotifyFormat.TEXT,
    )
    return None if sent else _code(_words.heard)


def _service(address: str) -> apprise.NotifyBase | None:
    service = apprise.Apprise.instantiate(address, asset=_ASSET, suppress_exceptions=True)
    return service if isinstance(service, apprise.NotifyBase) else None


class _Words(threading.local):
    heard: list[str]


_words = _Words()


class _Listener(logging.Handler):
    """What Apprise says while this thread sends. Its words go no further: they may quote an address."""

    def emit(self, record: logging.LogRecord) -> None:
        if hasattr(_words, "heard"):
            _words.heard.append(record.getMessage())


def _code(heard: list[str]) -> str:
    said = " ".join(heard)
    if status := re.search(r"error=(\d{3})\b", said):
        return f"http_{status[1]}"
    return UNREACHABLE if re.search(r"connection error", said, re.IGNORECASE) else REFUSED


_apprise_log = logging.getLogger("apprise")
_apprise_log.setLevel(logging.WARNING)
_apprise_log.propagate = False
_apprise_log.addHandler(_Listener())
