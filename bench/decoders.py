"""``python -m bench.decoders``: how many messages a second each decoder reads on one core.

The messages are those that the pages of ``docs/devices`` show; beside each stands the bare JSON parser, run
in turn with it on the same bytes.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import msgspec

from bench.figures import Result, short, table, to_json
from ingest.contract.delivery import Delivery
from ingest.contract.topics import is_ours
from ingest.decoders import decode_all, protocols
from ingest.domain.registered import Route, Routes

PAGES = Path(__file__).parents[1] / "docs" / "devices"
_BLOCK = re.compile(r"^```\w+ topic=(\S+).*?\n(.*?)^```", re.S | re.M)
_JSON = msgspec.json.Decoder()


def run(given: argparse.Namespace) -> Result:
    """Messages a second, ours and the bare parser's, by page; the median of the repeats."""
    routes = Routes(
        Route(0, one, protocol.name) for protocol in protocols().values() for one in protocol.filters
    )
    result: Result = {}
    for page in sorted(PAGES.glob("*.md")):
        deliveries = _deliveries(page, given.messages)
        if deliveries:
            result[page.stem] = _measured(deliveries, routes, given.repeats)
    return result


def _deliveries(page: Path, count: int) -> list[Delivery]:
    """The page's messages, over and over, as many as are asked for."""
    blocks = _BLOCK.findall(page.read_text(encoding="utf-8"))
    now = datetime.now(UTC)
    found = [
        Delivery(topic, payload.encode(), 1, False, False, 1, 1, now, False)
        for topic, payload in blocks
        if payload.lstrip()[:1] in ("{", "[")
    ]
    return (found * (count // len(found) + 1))[:count] if found else []


def _measured(deliveries: list[Delivery], routes: Routes, repeats: int) -> Result:
    payloads = [one.payload for one in deliveries]
    ours, bare = [], []
    for _ in range(repeats):
        ours.append(_cpu_s(lambda: decode_all(deliveries, routes)))
        bare.append(_cpu_s(lambda: [_JSON.decode(payload) for payload in payloads]))
    count = len(deliveries)
    return {
        "wire": "ours" if is_ours(deliveries[0].topic) else "foreign",
        "messages_per_s": short(count / median(ours)),
        "json_per_s": short(count / median(bare)),
        "us_a_message": short(median(ours) / count * 1e6),
    }


def _cpu_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> int:
    """Measure all of them."""
    parser = argparse.ArgumentParser(prog="python -m bench.decoders", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON on stdout")
    parser.add_argument("--messages", type=int, default=50_000, help="of each (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="(default %(default)s)")
    given = parser.parse_args()
    result = run(given)
    print(to_json(result) if given.json else table(result, "decoders"))  # noqa: T201 - a command's result
    return 0


if __name__ == "__main__":
    sys.exit(main())
