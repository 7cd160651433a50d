"""What answers forbid a browser, by what lies under the map."""

import asyncio
from typing import Any

import pytest

from dashboard.basemap import basemap
from dashboard.headers import Guarded

PAGE = "<head><script>ours()</script><script src=x></script></head>"
OURS = "'sha256-6Mlk+XjE57h/a6BK8UFDhIqhWicH5NYtbW9Bd0Z0HiI='"


def answered(setting: str, host: str = "centre:8501", **said: str) -> dict[str, str]:
    """The headers of an answer of an application that has `said` some of its own."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        told = [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()]
        await send({"type": "http.response.start", "status": 200, "headers": told})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"host", host.encode())]}
    asyncio.run(Guarded(app, [PAGE], basemap(setting, ""))(scope, None, send))  # type: ignore[arg-type]
    return {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}


def rule(headers: dict[str, str], name: str) -> list[str]:
    rules = [one.split() for one in headers["content-security-policy"].split(";")]
    return next(rest for first, *rest in rules if first == name)


@pytest.mark.parametrize(
    ("setting", "asked"),
    [
        ("none", set()),
        ("https://tiles.district:8443/{z}/{x}/{y}.png", {"https://tiles.district:8443"}),
        ("tianditu:abc123", {f"https://t{number}.tianditu.gov.cn" for number in range(8)}),
        ("https://maps.district/style.json", {"http:", "https:"}),
    ],
)
def test_the_map_may_ask_for_its_ground_and_nobody_else(setting: str, asked: set[str]) -> None:
    headers = answered(setting)
    assert set(rule(headers, "img-src")) == {"'self'", "data:", "blob:"} | asked
    line = {"ws://centre:8501", "wss://centre:8501"}
    assert set(rule(headers, "connect-src")) == {"'self'", "data:", "blob:"} | line | asked


def test_only_the_pages_own_scripts_run_and_what_an_answer_says_itself_stays() -> None:
    headers = answered("none")
    assert set(rule(headers, "script-src")) == {"'self'", "'wasm-unsafe-eval'", OURS}
    assert headers["x-content-type-options"] == "nosniff"
    strict = answered("none", content_security_policy="default-src 'none'")
    assert strict["content-security-policy"] == "default-src 'none'"


def test_a_host_that_is_none_is_not_repeated() -> None:
    assert not [one for one in rule(answered("none", "x; script-src *"), "connect-src") if "x" in one]
