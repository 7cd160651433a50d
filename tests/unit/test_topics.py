"""Topic filters of foreign protocols: which there may be, and what they let through."""

import pytest

from ingest.contract.topics import is_filter, matches
from ingest.domain.registered import Route, Routes


@pytest.mark.parametrize(
    ("wanted", "topic", "through"),
    [
        ("owntracks/+/+", "owntracks/anna/phone", True),
        ("owntracks/+/+", "owntracks/anna/phone/event", False),
        ("owntracks/#", "owntracks/anna/phone/event", True),
        ("owntracks/#", "owntracks", True),
        ("owntracks/#", "owntracksy/a", False),
        ("+/onvif-ej/#", "camera1/onvif-ej/RuleEngine/x/&1", True),
        ("positions", "positions", True),
        ("positions", "positions/x", False),
        ("a/+/c", "a//c", True),
    ],
)
def test_a_filter_lets_through_what_mqtt_says(wanted, topic, through):
    assert matches(wanted, topic) is through


@pytest.mark.parametrize(
    "text", ["owntracks/+/+", "+/onvif-ej/#", "positions", "site/a/frigate/events", "/a"]
)
def test_a_foreign_filter(text):
    assert is_filter(text)


@pytest.mark.parametrize("text", ["", "#", "a/#/b", "a/b+", "gw/v1/#", "$SYS/#", "+/+/#", "a/#b", "x" * 501])
def test_no_foreign_filter(text):
    assert not is_filter(text)


def test_a_districts_own_route_stands_before_everybodys_and_a_longer_one_before_a_shorter():
    everybodys, longer = Route(0, "owntracks/#", "owntracks"), Route(0, "owntracks/anna/#", "x")
    own = Route(350211, "owntracks/#", "other")
    assert Routes([everybodys, longer]).find("owntracks/anna/phone") == longer
    assert Routes([everybodys, longer, own]).find("owntracks/anna/phone") == own
    assert Routes([everybodys]).find("somebody/else") is None
