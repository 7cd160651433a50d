"""A foreign device's login may write what the device sends, read what it is told, and nothing of others."""

import pytest

from ingest.contract.errors import DecodeError
from ingest.contract.topics import matches
from ingest.decoders import protocols
from tests.contract.hearing import delivery
from tests.contract.pages import MESSAGES

SERVERS = {"traccar", "jt808"}
"""Whose devices have no login: a server, or the broker's own gateway, speaks for all of them."""


@pytest.mark.parametrize("shown", MESSAGES, ids=lambda one: f"{one.page}:{one.topic}")
def test_what_a_page_shows_may_be_sent_by_the_login_of_the_device_that_it_is_of(shown) -> None:
    for heard in shown.protocol.decode(delivery(shown.topic, shown.payload)):
        if not isinstance(heard, DecodeError):
            # What is said of a recorder with all its cameras, it says by the login of any of them.
            name = f"{heard.name}/any" if getattr(heard, "of_all", False) else heard.name
            own, _ = shown.protocol.rights(name)
            assert any(matches(one, shown.topic) for one in own) is (shown.protocol.name not in SERVERS)


def test_a_protocol_whose_devices_can_be_told_something_lets_them_read_it() -> None:
    told = {name for name, protocol in protocols().items() if protocol.tellers} - SERVERS
    assert told == {"owntracks", "frigate"}
    assert protocols()["owntracks"].rights("owntracks/anna/phone")[1] == ["owntracks/anna/phone/cmd"]
    assert protocols()["frigate"].rights("frigate/gate")[1] == ["frigate/gate/recordings/set"]


@pytest.mark.parametrize(
    "name", ["+/+", "#", "a/#", "gw/v1/350211/worker/W2", "$SYS/broker", "x\ntopic write #", "gw"]
)
@pytest.mark.parametrize("protocol", sorted(set(protocols()) - SERVERS))
def test_no_name_gives_rights_on_others_topics_or_our_own_wire(protocol: str, name: str) -> None:
    for one in sum(protocols()[protocol].rights(name), []):
        assert "\n" not in one
        assert not one.startswith(("gw/", "$", "#", "+"))
        assert "+" not in one
