"""``python -m bench.screen``: what the command centre costs its server and viewers, beside a bare page."""

import argparse
import sys
import time
from contextlib import ExitStack
from statistics import linear_regression, median
from typing import Any

from bench.command import command
from bench.errors import BenchError
from bench.figures import Result, short
from bench.house import House, say
from bench.latency import background
from bench.screen_browser import LARGE, WALL, browser, window
from bench.screen_clients import Viewers
from bench.screen_login import log_in
from bench.screen_server import Served, bare, screen
from dashboard.pages import discover
from dashboard.rest import TICK_S

RATE, TICKS, VIEWERS = 1_000.0, 30, 20
LONG_MIN = 30.0
BYTES_GOAL, CPU_MS_GOAL = 3 * 1024, 15
_SETTLED_S, _WARM_S = 10.0, 30.0
_QUERY = "lang=zh"
_DRAWN, _BARE_DRAWN = ".st-key-strip .gw-value", "[data-testid=stMarkdown] p"
_STATEMENTS = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"


def run(at: House, given: argparse.Namespace) -> Result:
    """Of the command centre and, by ``bare_``, of a page that only tells the time: `ws_bytes_per_tick` to one
    browser, unpacked, `ws_wire_bytes_per_tick` and `http_bytes_per_tick` to the other viewers, as they come
    (means); `cpu_ms_per_tick` of the server and viewer (median), `missed_ticks` of all viewers,
    `first_paint_s`, the map's `layers` that the browser asked for (as the others do); and
    `outside_requests`, `scrollbars` of all pages at both sizes, `transactions_per_tick` with one viewer and
    with all; with ``--long`` `heap_mb` (median of the minutes) and `heap_mb_per_hour`, the slope of a line
    through them.
    """
    settings = {"GRIDWARD_DATABASE_URL": at.database.url, "GRIDWARD_DISTRICTS": str(at.district.code)}
    settings |= {"GRIDWARD_DATA": str(at.home / "data")}
    result: Result = {"viewers": VIEWERS, "tick_s": TICK_S, "pings_per_s": RATE}
    with ExitStack() as stack:
        chromium = stack.enter_context(browser())
        say("the bare page")
        with bare(at.home / "bare.log") as server:
            told = _watched(chromium, server, given.ticks, _BARE_DRAWN)
            result |= {f"bare_{name}": value for name, value in told.items()}
        key = log_in(at.database.url)
        stack.enter_context(at.broker.kept_session(at.district.client_id, at.district.filter))
        server = stack.enter_context(screen(settings, at.home / "screen.log"))
        say(f"the command centre, {RATE:,.0f} positions/s coming in")
        with at.ingest(), background(at, RATE, _WARM_S + _whole_s(given)):
            result |= _watched(chromium, server, given.ticks, _DRAWN, key)
            say(f"so far {result}")
            if given.long:
                result |= _heap(chromium, server, key, given.minutes)
        say("queries of the screen alone")
        result |= _transactions(at, server, key)
        say("scroll bars")
        result |= _scrollbars(chromium, server, key)
    return result | {"bytes_goal": BYTES_GOAL, "cpu_ms_goal": CPU_MS_GOAL}


def _watched(chromium: Any, server: Served, ticks: int, drawn: str, key: str = "") -> Result:
    """One browser, and the other viewers beside it; `key`: the page is ours, and who looks is logged in."""
    with window(chromium, key=key) as seen, ExitStack() as stack:
        paint_s = seen.open(f"http://{server.address}/?{_QUERY}", drawn)
        shown = seen.layers_shown(_SETTLED_S) if key else frozenset()
        others = stack.enter_context(Viewers(server.address, _QUERY, VIEWERS - 1, bool(key), key, shown))
        seen.wait(_WARM_S)
        missed, asked, came = others.missed, others.asked, others.came
        began, spent = time.monotonic(), [server.cpu_s]
        for number in range(ticks):
            seen.wait(began + (number + 1) * TICK_S - time.monotonic())
            spent.append(server.cpu_s)
        if not all(kept.asked for kept in others.kept):
            raise BenchError("not every viewer was told of a tick")
        # Their mean: a browser that draws without a graphics card takes several ticks' at once.
        received = sum(size for at, size in seen.frames if at >= began)
        wire, fetched = (after - before for before, after in zip(came, others.came, strict=True))
        cpu_ms = [1000 * (after - before) / VIEWERS for before, after in zip(spent, spent[1:], strict=False)]
        return {
            "ws_bytes_per_tick": round(received / ticks),
            "ws_wire_bytes_per_tick": round(wire / ticks / (VIEWERS - 1)),
            "http_bytes_per_tick": round(fetched / ticks / (VIEWERS - 1)),
            "cpu_ms_per_tick": short(median(cpu_ms)),
            "missed_ticks": others.missed - missed,
            "ticks": others.asked - asked,
            "first_paint_s": short(paint_s),
            "outside_requests": len(seen.outside),
            "layers": len(shown),
        }


def _heap(chromium: Any, server: Served, key: str, minutes: float) -> Result:
    """What the browser's scripts keep, about every minute; in the first two the page is still being made."""
    hours: list[float] = []
    kept: list[float] = []
    with window(chromium, key=key) as seen:
        seen.open(f"http://{server.address}/?{_QUERY}", _DRAWN)
        seen.wait(120)
        began = time.monotonic()
        while len(kept) < 2 or hours[-1] < minutes / 60:
            seen.wait(60)  # and longer, where the browser is busy drawing
            kept.append(seen.heap_mb())
            hours.append((time.monotonic() - began) / 3600)
    say(f"heap, MB: {', '.join(f'{mb:.1f}' for mb in kept)}")
    slope, _ = linear_regression(hours, kept)
    return {"heap_mb": short(median(kept)), "heap_mb_per_hour": short(slope)}


def _transactions(at: House, server: Served, key: str) -> Result:
    """How many the screen begins in a tick while nothing else does, with one viewer and with all of them."""
    return {
        "transactions_per_tick_1_viewer": _committed(at, server, key, 1),
        f"transactions_per_tick_{VIEWERS}_viewers": _committed(at, server, key, VIEWERS),
    }


def _committed(at: House, server: Served, key: str, viewers: int) -> float:
    with Viewers(server.address, _QUERY, viewers, key=key):
        time.sleep(5 * TICK_S)
        counts: list[int] = []
        for _ in range(11):
            counts.append(int(at.database.value(_STATEMENTS)))
            time.sleep(TICK_S)
    own = 1  # the counting itself
    return float(median(b - a - own for a, b in zip(counts, counts[1:], strict=False)))


def _scrollbars(chromium: Any, server: Served, key: str) -> Result:
    """How many of the pages do not fit the window, at both sizes; those of words at their longest, too."""
    found, pages = [], discover()
    for size, lang in ((WALL, "zh"), (WALL, "en"), (LARGE, "zh")):
        with window(chromium, size, key) as seen:
            for page in pages:
                seen.open(f"http://{server.address}/{page.name}?lang={lang}", ".gw-fresh")
                seen.wait(TICK_S)
                if seen.hidden_px():
                    found.append(f"{page.name} {lang} {size[0]}x{size[1]}")
    if found:
        say(f"larger than the window: {', '.join(found)}")
    return {"scrollbars": len(found), "pages": 3 * len(pages)}


def _whole_s(given: argparse.Namespace) -> float:
    long_s = 60 * (given.minutes + 5) if given.long else 0.0
    return float(TICK_S * given.ticks + _SETTLED_S + _WARM_S + long_s)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--ticks", type=int, default=TICKS, help="how many (default %(default)s)")
    parser.add_argument("--long", action="store_true", help="whether the browser's heap grows, too")
    parser.add_argument(
        "--minutes", type=float, default=LONG_MIN, help="as long as --long watches it (default %(default)s)"
    )


def main() -> int:
    """Run it by itself."""
    return command("screen", __doc__, options, run)


if __name__ == "__main__":
    sys.exit(main())
