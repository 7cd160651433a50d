"""The pages of foreign devices: what they show is decoded, and gives what they promise."""

import re

import pytest

from ingest.decoders import protocols
from ingest.domain.heard import Happened
from tests.contract.hearing import delivery
from tests.contract.pages import FOLDER, MESSAGES, Shown

REGISTERING = (FOLDER / "registering.md").read_text(encoding="utf-8")


def promised(heard: object) -> str:
    if not isinstance(heard, Happened):
        return type(heard).__name__
    return f"Happened:{heard.event}" + ("" if heard.phase == "once" else f":{heard.phase}")


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: f"{one.page} {one.topic}")
def test_what_a_page_shows_is_what_it_promises(message: Shown) -> None:
    heard = [*map(promised, message.protocol.decode(delivery(message.topic, message.payload)))]
    assert [one for one in heard if not one.endswith(":off")] == message.expect  # off: nothing goes on
    assert message.page == message.protocol.name


@pytest.mark.parametrize("name", sorted(protocols()))
def test_every_protocol_has_a_page_with_its_topics_its_kinds_and_what_it_can_be_told(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    protocol = protocols()[name]
    assert any(message.page == name for message in MESSAGES)
    assert [kind for kind in protocol.kinds if f"`{kind}`" not in text] == []
    assert [act for act in protocol.tellers if f"`{act}`" not in text] == []
    for topic in protocol.filters:
        assert f"`{topic}`" in text or f"`{topic.rsplit('/')[-1]}`" in text, topic
    for section in ("## What it sends", "## What it can be told", "**Name**", "**Clock**", "**Datum**"):
        assert section in text, section
    assert f"[{name}]({name}.md)" in REGISTERING


@pytest.mark.parametrize("name", sorted(protocols()))
def test_a_pages_row_for_the_registry_names_a_kind_of_the_protocol(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"`({name},[^`]*)`", text)
    decoder, foreign_name, kind, device, *optional = row.split(",")
    assert (decoder, kind in protocols()[name].kinds, len(optional)) == (name, True, 3)
    assert device
    heard = {
        one.name
        for m in MESSAGES
        if m.page == name
        for one in m.protocol.decode(delivery(m.topic, m.payload))
    }
    assert foreign_name in heard


def test_what_a_page_links_to_is_there() -> None:
    for page in FOLDER.glob("*.md"):
        targets = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
        assert [target for target in targets if not (page.parent / target).exists()] == []
