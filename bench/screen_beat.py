"""What the page's scripts ask for over HTTP, for a viewer without a browser: panels, layers, whom to wake."""

import itertools
import json
import re
import time
from dataclasses import dataclass, field
from gzip import decompress
from http.client import HTTPConnection
from typing import Any

from bench.errors import BenchError
from bench.screen_login import renewed, ticket
from dashboard.panels import GROUPS
from dashboard.rest import TICK_S
from dashboard.ui.live import AGAIN

_MARK = re.compile(r'data-wake="(\w+)" data-stamp="(\w*)" data-every="(\d+)"')
_LAYER = re.compile(r'"data":"(/api/map/[^"{]+)"')
_names = itertools.count()


@dataclass
class Page:
    """What is on the page at `address`, as far as its scripts look at it."""

    address: str
    key: str
    """The cookie of whose page it is; '': everybody's."""
    shown: frozenset[str] | None = None
    """The layers that a browser asks for where nobody has moved the map; None: all that it might ask for."""
    layers: set[str] = field(default_factory=set)
    """Addresses that have been fetched, as the browser keeps them."""
    _wanted: set[str] = field(default_factory=set)
    _marks: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Fragment, stamp and the least ticks between two runs, by what it is woken by."""
    _buttons: dict[str, str] = field(default_factory=dict)
    _at: dict[str, float] = field(default_factory=dict)
    _stamps: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._line = HTTPConnection(self.address, timeout=30)
        asked = f"lang=zh&of={','.join(sorted(GROUPS))}&screen=bench{next(_names)}"
        self._beat = f"/api/beat?{asked}"
        self._ticket = ticket(self.address, self.key) if self.key else ""

    def drawn(self, delta: Any) -> None:
        """Streamlit has drawn something."""
        element = delta.new_element
        match element.WhichOneof("type"):
            case "html":
                for name, stamp, every in _MARK.findall(element.html.body):
                    self._marks[name] = delta.fragment_id, stamp, int(every)
            case "button" if "-woken_" in element.button.id:
                self._buttons[element.button.id.rpartition("-woken_")[2]] = element.button.id
            case "deck_gl_json_chart":
                named = set(_LAYER.findall(element.deck_gl_json_chart.json))
                self._wanted = {path for path in named if self._is_shown(path)}

    def fetch(self) -> int:
        """The panels, and each layer whose address is another; bytes."""
        size, told = self._get(self._beat)
        self._stamps = json.loads(told)["stamps"]
        new = self._wanted - self.layers
        self.layers = self._wanted
        return size + sum(self._get(path)[0] for path in new)

    def woken(self) -> list[tuple[str, str]]:
        """The fragments that have to be drawn anew, each with the button by which it is."""
        now, found = time.monotonic(), []
        for name, (fragment, stamp, every) in self._marks.items():
            stale = stamp == AGAIN or self._stamps.get(name, stamp) != stamp
            if stale and name in self._buttons and now >= self._at.get(name, 0) + (every - 0.5) * TICK_S:
                self._at[name] = now
                found.append((fragment, self._buttons[name]))
        return found

    def _is_shown(self, path: str) -> bool:
        return self.shown is None or path.partition("?")[0].rpartition("/")[2] in self.shown

    def _get(self, path: str) -> tuple[int, bytes]:
        told = {"Accept-Encoding": "gzip", "Cookie": f"{self.key}; {self._ticket}"}
        self._line.request("GET", path, headers=told)
        answer = self._line.getresponse()
        body = answer.read()
        self._ticket = renewed(answer.getheader("Set-Cookie"), self._ticket)
        if answer.status != 200:
            raise BenchError(f"{path} was answered {answer.status}")
        return len(body), decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body
