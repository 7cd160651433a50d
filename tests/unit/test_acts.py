"""Acts: which device takes which, what goes down with each, and what they cannot be ordered without."""

import msgspec
import pytest

from ingest.contract.acts import ACTS, TAKES, Act, Acting
from ingest.contract.errors import InvalidTransition
from ingest.contract.topics import STREAMS
from ingest.domain.acts import About, Centre, params

CENTRE = Centre(phone="0592-12345", meeting_url="https://meet.example.org/{room}?lang=zh")
SHOP = About(118.005, 24.605, "甲味馆 甲村一号", "P1", "甲味馆", ["亮照经营"])


def said(act: Act, kind: str = "worker", text: str | None = "请立即处理", about: About = SHOP) -> object:
    return params(act, kind, text, about, CENTRE, "r1")


@pytest.mark.parametrize("kind", TAKES)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_that_a_kind_takes_goes_down_as_the_contract_has_it(act: Act, kind: str) -> None:
    if act not in TAKES[kind]:
        with pytest.raises(InvalidTransition, match=f"^act_not_taken: {kind}$"):
            said(act, kind)
        return
    row = {**params(act, kind, "请立即处理", SHOP, CENTRE, "r1"), "kind": act, "order_id": "o1", "expires": 1}
    down = msgspec.convert(row, Acting)
    assert msgspec.to_builtins(down) == row, "nothing is left out"


def test_every_act_has_somebody_who_takes_it_and_everybody_answers() -> None:
    assert {act for acts in TAKES.values() for act in acts} == set(ACTS)
    assert TAKES.keys() == STREAMS.keys()
    assert all("reply" in STREAMS[kind] for kind in TAKES)


def test_a_kind_that_nobody_has_said_anything_of_takes_no_act() -> None:
    with pytest.raises(InvalidTransition, match="^act_not_taken: drone$"):
        said("take_photo", "drone")


def test_what_goes_down_says_where_and_what_and_no_more() -> None:
    place = {"lon": 118.005, "lat": 24.605, "place": "甲味馆 甲村一号"}
    assert said("go_to", text=None) == place
    assert said("go_to") == place | {"text": "请立即处理"}
    assert said("go_to", text=None, about=About(118.1, 24.6)) == {
        **{"lon": 118.1, "lat": 24.6},
        "place": "118.10000, 24.60000",
    }
    shop = {"premises_id": "P1", "name": "甲味馆", "lon": 118.005, "lat": 24.605, "items": ["亮照经营"]}
    assert said("inspect_now", text=None) == shop
    assert said("call_back", text="回电") == {"text": "回电", "number": "0592-12345"}
    assert said("report_position", text=None) == {}


def test_all_who_are_to_meet_about_one_thing_get_one_room() -> None:
    assert said("join_meeting") == {"text": "请立即处理", "url": "https://meet.example.org/r1?lang=zh"}


@pytest.mark.parametrize(
    ("act", "text", "about", "reason"),
    [
        ("go_to", None, About(), "no_place"),
        ("inspect_now", None, About(118.0, 24.6), "no_premises"),
        ("call_back", None, SHOP, "text_needed"),
        ("take_photo", None, SHOP, "text_needed"),
        ("speak", "", SHOP, "text_needed"),
        ("join_meeting", None, SHOP, "text_needed"),
    ],
)
def test_what_is_lacking_is_said_by_a_code(act: Act, text: str | None, about: About, reason: str) -> None:
    with pytest.raises(InvalidTransition, match=f"^{reason}$"):
        said(act, text=text, about=about)


def test_what_the_contract_does_not_allow_is_refused_before_it_is_queued() -> None:
    far_too_long = Centre(meeting_url="https://meet.example.org/" + "{room}" * 400)
    with pytest.raises(InvalidTransition, match=r"^not_an_act: .*\$\.url"):
        params("join_meeting", "worker", "x", SHOP, far_too_long, "r" * 24)


def test_without_a_conference_system_nobody_meets_and_without_a_number_they_know_it() -> None:
    with pytest.raises(InvalidTransition, match="^no_meeting_url$"):
        params("join_meeting", "worker", "x", SHOP, Centre(), "r1")
    assert params("call_back", "worker", "x", SHOP, Centre(), "r1") == {"text": "x"}
