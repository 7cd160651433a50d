"""The page of premises: its list, narrowed and taken away; the archive of one, with all about them."""

import csv
import io
import re

import msgspec
import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.pages import premises as page
from dashboard.ui import card, clue, task
from dashboard.ui.i18n import LANGUAGES, say
from dashboard.ui.tables import csv as as_csv
from db.connect import Scope
from ingest.contract.orders import SendOrder
from tests import tiny, tiny_day

SCOPE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))


def opened(**address: str | list[str]) -> AppTest:
    """The page without its frame, as opened by an address."""

    def script() -> None:
        from dashboard.pages import premises

        premises.render()

    app = AppTest.from_function(script, default_timeout=30)
    for param, value in address.items():
        app.query_params[param] = value
    return app.run()


def said(app: AppTest) -> str:
    assert not app.exception, app.exception
    return "\n".join(element.value for element in app.html)


def numbers(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value[say("en", "column.id")]) if app.dataframe else []


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({}, ["P1", "P2", "P3", "P4"]),
        ({"licences": "valid"}, ["P1"]),
        ({"licences": ["missing", "expired"]}, ["P2", "P3"]),
        ({"licences": "expiring"}, ["P4"]),
        ({"licences": "expiring", "days": "30"}, ["P4"]),
        ({"licences": "none"}, []),
        ({"categories": "药品"}, ["P3", "P4"]),
        ({"tags": "校园周边"}, ["P1"]),
        ({"grades": "B"}, ["P2"]),
        ({"statuses": "in_business"}, ["P1", "P4"]),
        ({"statuses": "recorded"}, ["P2", "P3"]),
        ({"statuses": "closed"}, []),
        ({"grids": "G3"}, ["P3"]),
        ({"unit": tiny_day.STATION_1}, ["P1", "P2"]),
        ({"text": "味馆"}, ["P1"]),
        ({"text": "l3"}, ["P3"]),
        ({"text": "yp4"}, ["P4"]),
        ({"text": "乙村一号"}, ["P2"]),
        ({"unit": tiny_day.STATION_1, "licences": "expired", "grades": "B"}, ["P2"]),
    ],
)
def test_the_list_is_narrowed_by_all_that_premises_are_told_apart_by(
    address: dict[str, str | list[str]], expected: list[str]
) -> None:
    assert numbers(opened(lang="en", **address)) == expected


def test_a_choice_stands_in_the_address_and_what_it_usually_is_does_not() -> None:
    app = opened(lang="en", days="45", categories="药品")
    assert app.query_params == {"lang": "en", "categories": "药品"}, "45 is none of them"
    app.selectbox(key="premises_days").set_value("30").run()
    app.selectbox(key="premises_categories").set_value(None).run()
    assert app.query_params == {"lang": "en", "days": "30"}
    app.selectbox(key="premises_days").set_value("60").run()
    assert app.query_params == {"lang": "en"}


def test_the_choices_name_what_there_is_and_how_often() -> None:
    app = opened(lang="en")
    assert app.selectbox(key="premises_categories").options == ["药品 (2)", "食品销售 (1)", "餐饮服务 (1)"]
    assert app.selectbox(key="premises_grids").options == ["Jia (1)", "Yi (1)", "Bing (1)"]
    assert app.selectbox(key="premises_statuses").options == ["In business (2)", "to be verified (2)"]
    narrowed = opened(lang="zh", unit=tiny_day.STATION_2)
    assert narrowed.selectbox(key="premises_grids").options == ["丙村网格 (1)"]


def test_what_is_chosen_in_the_address_but_is_not_there_stays_chosen() -> None:
    app = opened(lang="en", categories="玩具")
    assert numbers(app) == []
    assert app.selectbox(key="premises_categories").value == "玩具"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_cards_say_the_rate_and_who_is_missing_what(lang: str) -> None:
    html = said(opened(lang=lang))
    assert re.findall(r'gw-value"><span>(?:<a [^>]*>)?([^<]+)', html) == ["4", "50.0%", "1", "1", "1"]
    assert say(lang, "premises.held", held="2", needed="4") in html
    assert "kpi=licence_holding_rate" in html


def test_the_file_holds_what_the_list_does() -> None:
    every = dict.fromkeys(("unit", "categories", "tags", "grades", "statuses", "grids", "licences", "text"))
    rows = data.read(SCOPE, "read/premises", **every, days=["60"], limit=100)
    told = list(csv.DictReader(io.StringIO(as_csv("zh", page._PREMISES.columns, rows).decode("utf-8-sig"))))
    assert [(row["编号"], row["证照"], row["有效期止"]) for row in told][:3] == [
        ("P1", "有效", "2098-12-31"),
        ("P2", "过期", "2020-12-31"),
        ("P3", "未办证", ""),
    ]


ARCHIVE = {
    "zh": "在业|餐饮服务|校园周边|甲村一号|甲村网格|一所|甲一|食品经营许可证 · 有效|JY1|2098-12-31|"
    "营业执照 · 有效|长期|检查：异常|亮照经营：未亮照|严重|照片 2 张|文书 S-1|距登记位置 10 米|模拟定位|"
    "燃气安全|楼梯间停放电动车|已清理|甲味馆 发现隐患|楼道堵了|此前已报线索|不属实",
    "en": "In business|Jia|Station One|Jia Yi|Food business permit · Valid|Business licence · Valid|"
    "without end|Inspected: abnormal|Serious|2 photos|receipt S-1|position was faked|Gas safety · Calling|"
    "Hazard at 甲味馆|a clue had said so|not valid",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_archive_of_one_premises_tells_all_there_is(lang: str) -> None:
    app = opened(lang=lang, picked="P1")
    html = said(app)
    assert [words for words in ARCHIVE[lang].split("|") if words not in html] == []
    assert not app.dataframe, "it stands in the list's place"
    assert "118.005" in app.get("deck_gl_json_chart")[0].proto.json


def test_what_is_missing_lapsed_and_to_do_is_said(tiny_url: str) -> None:
    lapsed, missing = said(opened(lang="en", picked="P2")), said(opened(lang="en", picked="P3"))
    assert "Food business permit · Expired" in lapsed
    assert "missed by patrols" in lapsed
    assert "tasks?lang=en&amp;picked=T3" in lapsed
    assert say("en", "archive.no_visit") in lapsed
    assert "药品经营许可证" not in missing and "Drug business permit · Missing" in missing
    assert say("en", "archive.needed") in missing


@pytest.mark.parametrize("lang", LANGUAGES)
def test_premises_that_there_are_not_are_said_to_be_none_and_the_list_is_a_click_away(lang: str) -> None:
    app = opened(lang=lang, picked="<b>P9</b>", licences="valid")
    assert say(lang, "archive.unknown", id="&lt;b&gt;P9&lt;/b&gt;") in said(app)
    app.button[0].click().run()
    assert app.query_params == {"lang": lang, "licences": "valid"}
    assert len(app.dataframe) == 1


def test_a_receipt_unfolds_and_nobodys_words_bring_markup(tiny_url: str) -> None:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute(
            "INSERT INTO receipt (district, device_id, ts, id, at, number, body, hist, received_at) "
            "VALUES (%s, 'R1', now(), 'r', now(), 'S-1', '<img src=x> 责令改正', false, now())",
            (tiny.DISTRICT,),
        )
    html = said(opened(lang="zh", picked="P1"))
    assert "&lt;img src=x&gt; 责令改正</pre></details>" in html
    assert "<img" not in html
    assert "&lt;b&gt;柜台后&lt;/b&gt;" in html


def test_a_photo_says_when_it_was_taken_on_the_districts_clocks_and_why_it_is_not_here(tiny_url: str) -> None:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute(
            'UPDATE inspection SET photos = \'[{"sha256": "0", "taken": 1760000000000}]\' WHERE id = \'v2\''
        )
    html = said(opened(lang="en", picked="P1"))
    assert "1 photos 16:53" in html
    assert say("en", "photo.awaited") in html


def test_cards_of_tasks_clues_and_alerts_lead_to_the_archive() -> None:
    def row(query: str, key: str) -> dict[str, object]:
        return data.read(SCOPE, query, id=key)[0]

    link = '<a href="premises?lang=en&amp;picked=P1">'
    assert link in task.card("en", row("read/task_card", "T1"))
    assert link in clue.card("en", row("read/clue_card", "K1"))
    assert link in card.of("en", "alerts", row("read/alert_card", "A1"))
    assert "premises?" not in card.of("en", "alerts", row("read/alert_card", "A3"))
    assert "premises?" not in clue.card("en", row("read/clue_card", "K4"))


def test_while_the_database_is_away_the_archive_stays(
    tiny_url: str, nowhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(lang="en", picked="P1")
    before = said(app)
    monkeypatch.setattr(data, "rows", _away)
    app.run()
    assert said(app) == before


def _away(*asked: object, **params: object) -> None:
    raise psycopg.OperationalError("away")


def test_the_nearest_are_told_to_go_there_by_a_click(tiny_url: str) -> None:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute("UPDATE worker_state SET at = now(), last_seen = now() WHERE worker_id IN ('W1', 'W2')")
        app = opened(lang="en", picked="P1")
        app.button(key="archive_W1").click().run()
        assert not app.exception, app.exception
        assert [app.button(key=f"archive_{one}").disabled for one in ("W1", "W2")] == [True, False]
        placed = conn.execute("DELETE FROM command WHERE kind = 'send_order' RETURNING payload").fetchall()
    assert [msgspec.convert(order, SendOrder) for (order,) in placed] == [
        SendOrder("worker", "W1", "go_to", premises_id="P1")
    ]
    assert not opened(lang="en", picked="P2").button(key="archive_W1").disabled
