"""The messages that docs/devices shows of foreign devices, each with what its page promises of it."""

import re
from pathlib import Path
from typing import NamedTuple

from ingest.decoders import Protocol, protocols

FOLDER = Path(__file__).parents[2] / "docs" / "devices"
_BLOCK = re.compile(r"^```\w+ topic=(\S+) expect=(\S+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


class Shown(NamedTuple):
    """One block: ``expect`` lists what is heard, ``Position`` or ``Happened:EVENT:PHASE``; without a phase:
    once."""

    page: str
    topic: str
    expect: list[str]
    payload: bytes

    @property
    def protocol(self) -> Protocol:
        """The only one by whose topics it would come."""
        (found,) = (one for one in protocols().values() if any(fits(f, self.topic) for f in one.filters))
        return found


def shown(page: Path) -> list[Shown]:
    """Every block of a page that names a topic and a promise."""
    text = page.read_text(encoding="utf-8")
    return [Shown(page.stem, t, e.split(","), body.encode()) for t, e, body in _BLOCK.findall(text)]


def fits(topic_filter: str, topic: str) -> bool:
    """Whether a broker would give this topic for that subscription."""
    wanted, parts = topic_filter.split("/"), topic.split("/")
    if wanted[-1] == "#":
        wanted, parts = wanted[:-1], parts[: len(wanted) - 1]
    return len(wanted) == len(parts) and all(w in ("+", p) for w, p in zip(wanted, parts, strict=True))


MESSAGES = [one for page in sorted(FOLDER.glob("*.md")) for one in shown(page)]
