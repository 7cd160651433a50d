"""The page of clues: its list, the one that is picked with all that happened to it, and orders about it."""

import msgspec
import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ui.i18n import LANGUAGES, say
from db.connect import connect
from ingest.contract.orders import AnswerClue, Order, ReplyClue, RouteClue, VoidClue
from tests import tiny
from tests.app.conftest import ON_DUTY


def clues(**address: str | list[str]) -> AppTest:
    """The page without its frame, as opened by an address."""

    def script() -> None:
        from dashboard.pages import clues

        clues.render()

    app = AppTest.from_function(script, default_timeout=30)
    for param, value in address.items():
        app.query_params[param] = value
    return app.run()


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))


def said(app: AppTest) -> str:
    assert not app.exception, app.exception
    return "\n".join(element.value for element in app.html)


def numbers(app: AppTest, lang: str = "en") -> list[str]:
    return list(app.dataframe[0].value[say(lang, "column.id")])


def test_open_clues_come_first_and_the_most_dangerous_on_top() -> None:
    assert numbers(clues(lang="en")) == ["K1", "K2", "K5", "K4", "K3"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"states": ["disposed", "invalid"]}, ["K4", "K3"]),
        ({"severities": "major"}, ["K1"]),
        ({"lamps": "red"}, ["K2"]),
        ({"sources": "terminal"}, ["K4"]),
        ({"text": "甲村服务终端"}, ["K4"]),
        ({"unit": f"{tiny.DISTRICT}/02"}, ["K5"]),
        ({"text": "楼梯间"}, ["K3"]),
        ({"text": "fire and rescue"}, ["K3"]),
        ({"text": "乙便利店"}, ["K2"]),
        ({"text": "Bing"}, ["K5"]),
    ],
)
def test_the_list_is_narrowed_as_the_others_are(
    address: dict[str, str | list[str]], expected: list[str]
) -> None:
    assert numbers(clues(lang="en", **address)) == expected


def test_the_cards_count_by_state_and_the_rate_leaves_out_what_was_no_clue() -> None:
    page = said(clues(lang="en"))
    assert "25.0%" in page
    assert "1 disposed / 4 valid reports" in page
    assert "1 overdue" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_nothing_picked_it_says_how_to_and_which_replies_were_not_taken(lang: str) -> None:
    page = said(clues(lang=lang))
    assert say(lang, "desk.hint") in page
    assert say(lang, "irregular.unknown_clue") in page


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "zh",
            [
                "消防隐患",
                "消防救援大队",
                "楼梯间停放电动车",
                "甲味馆",
                "已办结",
                "已清理",
                "不计入：线索已结束",
            ],
        ),
        ("en", ["Fire hazard", "Fire and Rescue Brigade", "Jia Yi", "Disposed", "not counted: it was over"]),
    ],
)
def test_the_one_that_is_picked_tells_its_whole_history(lang: str, expected: list[str]) -> None:
    page = said(clues(lang=lang, picked="K3"))
    assert [word for word in expected if word not in page] == []
    assert "<q>" in page


@pytest.mark.parametrize(("lang", "source"), [("zh", "公众（终端）"), ("en", "Public (terminal)")])
def test_what_the_public_said_is_told_apart_and_by_the_terminal(lang: str, source: str) -> None:
    app = clues(lang=lang, picked="K4")
    page = said(app)
    assert page.count("甲村服务终端") == 2, "on the card, and in the history"
    assert source in page
    told = dict(zip(numbers(app, lang), app.dataframe[0].value[say(lang, "column.source")], strict=True))
    assert told == {key: source if key == "K4" else say(lang, "clue_source.worker") for key in told}


def test_what_is_over_takes_no_orders_and_an_unknown_number_none_either() -> None:
    assert not clues(lang="en", picked="K3").button
    assert say("en", "desk.hint") in said(clues(lang="en", picked="nowhere"))


def placed(url: str) -> Order:
    """The newest order, as ingest would read it; it is taken away."""
    with connect(url, autocommit=True) as conn:
        row = conn.execute(
            "DELETE FROM command WHERE command_id LIKE 'screen-%' RETURNING kind, payload, actor"
        ).fetchone()
    assert row is not None
    assert (row["actor"], row["payload"]["kind"]) == (f"screen:{ON_DUTY}", row["kind"])
    order: Order = msgspec.convert(row["payload"], Order)
    return order


@pytest.mark.parametrize(
    ("clue", "action", "text", "expected"),
    [
        ("K1", "answer", None, AnswerClue("K1")),
        ("K1", "done", "已关阀", ReplyClue("K1", "housing", "done", "已关阀")),
        ("K2", "accepted", None, ReplyClue("K2", "food", "accepted", "—")),
        ("K2", "refused", "非本科职责", ReplyClue("K2", "food", "refused", "非本科职责")),
        ("K5", "void", "重复", VoidClue("K5", "重复")),
    ],
)
def test_an_action_is_placed_as_an_order(
    tiny_url: str, clue: str, action: str, text: str | None, expected: Order
) -> None:
    app = clues(lang="zh", picked=clue)
    next(box for box in app.selectbox if box.label == say("zh", "desk.action")).select(action).run()
    if text:
        app.text_input(key=f"desk_{clue}_text").set_value(text).run()
    app.button(key=f"desk_{clue}_send").click().run()
    assert say("zh", "order_state.queued") in [message.value for message in app.info]
    assert placed(tiny_url) == expected


def test_another_department_is_chosen_by_name(tiny_url: str) -> None:
    app = clues(lang="en", picked="K2")
    next(box for box in app.selectbox if box.label == say("en", "desk.action")).select("route").run()
    app.button(key="desk_K2_send").click().run()
    assert [warning.value for warning in app.warning] == [say("en", "desk.department_needed")]
    app.selectbox(key="desk_K2_department").select("fire").run()
    app.button(key="desk_K2_send").click().run()
    assert placed(tiny_url) == RouteClue("K2", "fire")


def test_an_end_without_words_is_not_sent(tiny_url: str) -> None:
    app = clues(lang="en", picked="K2")
    next(box for box in app.selectbox if box.label == say("en", "desk.action")).select("done").run()
    app.button(key="desk_K2_send").click().run()
    assert [warning.value for warning in app.warning] == [say("en", "desk.text_needed")]
    with psycopg.connect(tiny_url) as conn:
        assert conn.execute("SELECT FROM command WHERE command_id LIKE 'screen-%'").fetchall() == []


def test_a_refused_order_says_why(tiny_url: str) -> None:
    app = clues(lang="en", picked="K1")
    app.button(key="desk_K1_send").click().run()
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute(
            "UPDATE command SET state = 'refused', reason = 'after_end' WHERE command_id LIKE 'screen-%'"
        )
    app.run()
    assert [message.value for message in app.info] == ["Refused: not counted: it was over"]
    placed(tiny_url)


def test_the_clerk_of_a_department_cannot_bring_markup_into_the_page(tiny_url: str) -> None:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute(
            "UPDATE clue_event SET params = params || '{\"text\": \"<img src=x>\"}' WHERE event = 'disposed'"
        )
    page = said(clues(lang="en", picked="K3"))
    assert "<img" not in page
    assert "&lt;img" in page
