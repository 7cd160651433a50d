"""Channels as they are called: what is told goes where the address says, and what goes wrong is a code."""

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from ingest.channel import Message, is_address, keep_address, send
from ingest.contract.messages import Severity
from tests.conftest import free_port
from tests.receivers import webhook

MESSAGE = Message("标题", "甲村网格\n100% {safe} &amp; sound \\n", Severity.SERIOUS)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The way out of a network without internet: what it is asked for, and refuses."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                asked.append(line.recv(4096).decode().partition("\r\n")[0])
                line.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")

        Thread(target=serve, daemon=True).start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.getsockname()[1]}")
        yield asked


@pytest.mark.parametrize(
    ("address", "host"),
    [
        (f"dingtalk://{'S' * 10}@{'a1' * 32}", "oapi.dingtalk.com"),
        ("wecombot://693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa", "qyapi.weixin.qq.com"),
        ("feishu://aa1bb2cc-3dd4", "open.feishu.cn"),
    ],
)
def test_a_vendors_robot_is_called_through_the_proxy_that_the_environment_names(
    proxy: list[str], data_dir: Path, address: str, host: str
) -> None:
    keep_address(data_dir, 350299, "robot", address)
    assert send(data_dir, 350299, "robot", MESSAGE) == "unreachable"
    assert proxy == [f"CONNECT {host}:443 HTTP/1.0"]


def test_what_is_told_arrives_as_it_is(data_dir: Path) -> None:
    with webhook() as hook:
        keep_address(data_dir, 350299, "duty", hook.address)
        assert send(data_dir, 350299, "duty", MESSAGE) is None
    [got] = hook.got
    assert (got["title"], got["message"], got["type"]) == (MESSAGE.title, MESSAGE.body.strip(), "warning")


@pytest.mark.parametrize(("status", "code"), [(401, "http_401"), (404, "http_404"), (500, "http_500")])
def test_a_refusal_is_told_by_its_status(data_dir: Path, status: int, code: str) -> None:
    with webhook(status) as hook:
        keep_address(data_dir, 350299, "duty", hook.address)
        assert send(data_dir, 350299, "duty", MESSAGE) == code


def test_a_redirect_is_not_followed(data_dir: Path) -> None:
    with webhook(302) as hook:
        keep_address(data_dir, 350299, "duty", hook.address)
        assert send(data_dir, 350299, "duty", MESSAGE) == "http_302"


@pytest.mark.parametrize("scheme", ["json", "mailto"])
def test_nobody_there_is_unreachable(data_dir: Path, scheme: str) -> None:
    keep_address(data_dir, 350299, "dead", f"{scheme}://127.0.0.1:{free_port()}?from=a@b.test&to=c@d.test")
    assert send(data_dir, 350299, "dead", MESSAGE) == "unreachable"


@pytest.mark.parametrize("address", ["", "nonsense", "nope://127.0.0.1", "wecombot://", "json://", "\0"])
def test_what_apprise_does_not_know_is_no_address(data_dir: Path, address: str) -> None:
    assert not is_address(address)
    keep_address(data_dir, 350299, "wrong", address)
    assert send(data_dir, 350299, "wrong", MESSAGE) == "no_address"
