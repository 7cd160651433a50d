"""The messages that docs/devices shows of foreign devices, each with what its page promises of it."""

import re
from pathlib import Path
from typing import NamedTuple

from ingest.contract.topics import matches
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
        (found,) = (one for one in protocols().values() if any(matches(f, self.topic) for f in one.filters))
        return found


def shown(page: Path) -> list[Shown]:
    """Every block of a page that names a topic and a promise."""
    text = page.read_text(encoding="utf-8")
    return [Shown(page.stem, t, e.split(","), body.encode()) for t, e, body in _BLOCK.findall(text)]


MESSAGES = [one for page in sorted(FOLDER.glob("*.md")) for one in shown(page)]
