"""The page of tasks: its funnel, the one that is picked with all that happened to it, and orders about it."""

import msgspec
import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, task_launch
from dashboard.ui.i18n import LANGUAGES, say, words
from db.connect import connect
from ingest.contract.orders import AssignTask, CancelTask, Order, RecordReply, ResumeTask, SuspendTask
from ingest.domain.task import Happened, State
from tests import tiny


def tasks(**address: str | list[str]) -> AppTest:
    """The page without its frame, as opened by an address."""

    def script() -> None:
        from dashboard.pages import tasks

        tasks.render()

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


def test_the_funnel_counts_each_stage_and_what_is_overdue_in_it() -> None:
    page = said(tasks(lang="en"))
    titles = ("Launched", "Rectifying", "Awaiting feedback", "Closed", "Overdue, open")
    places = [page.index(f"<header>{title}") for title in titles]
    assert places == sorted(places)
    assert "50.0% · 1 disposed late" in page
    assert "of 3 open" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_year_that_the_calendar_does_not_know_is_said_on_the_page(lang: str) -> None:
    for address in ({}, {"picked": "T1"}):
        page = said(tasks(lang=lang, **address))
        assert say(lang, "calendar.unknown_year", year="").split("—")[0][:4] in page


def test_tasks_with_something_irregular_are_found() -> None:
    assert list(tasks(lang="en", traits="irregular").dataframe[0].value[say("en", "column.id")]) == ["T1"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_nothing_picked_or_something_unknown_it_says_how_to(lang: str) -> None:
    assert say(lang, "task_desk.hint") in said(tasks(lang=lang))
    assert say(lang, "task_desk.hint") in said(tasks(lang=lang, picked="nowhere"))


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "zh",
            ["派发给 甲一", "手机端已接收", "到达现场", "检查：异常", "亮照经营：未亮照 [严重]", "照片 2 张"]
            + ["118.00510, 24.60500（距登记位置 10 米）", "文书 S-1", "复查时限", "（暂定：节假日未公布）"]
            + [
                "整改期满，待复查",
                "检查：正常",
                "模拟定位",
                "不计入：任务已结束",
                "乙二",
                "已核实",
                "部门跟进",
            ]
            + ["下行指令", "已到达", "（2 次）"],
        ),
        (
            "en",
            ["Assigned to Jia Yi", "Inspected: abnormal", "[Serious]", "10 m from the premises", "Inspect by"]
            + [
                "Feedback by",
                "In time",
                "not counted: the task was over",
                "Yi Er",
                "arrived",
                "Command centre",
            ],
        ),
    ],
)
def test_the_one_that_is_picked_tells_its_whole_history(lang: str, expected: list[str]) -> None:
    page = said(tasks(lang=lang, picked="T1"))
    assert [word for word in expected if word not in page] == []


def test_the_steps_stand_in_the_order_in_which_they_were_taken() -> None:
    page = said(tasks(lang="en", picked="T1"))
    page = page[page.index(say("en", "panel.task_history")) :]
    steps = ("Launched", "Assigned to", "Received on", "Arrived", "Inspected: abnormal", "re-check due")
    places = [page.index(step) for step in (*steps, "Inspected: normal", "Feedback of")]
    assert places == sorted(places)


def test_a_note_of_a_worker_cannot_bring_markup_into_the_page() -> None:
    page = said(tasks(lang="en", picked="T1"))
    assert "<b>柜台后" not in page
    assert "&lt;b&gt;柜台后" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_event_and_state_has_words(lang: str) -> None:
    kinds = {f"task_event.{kind}" for kind in Happened if kind != Happened.INSPECTED}
    assert kinds | {f"task.{state}" for state in State} <= words(lang).keys()


def placed(url: str) -> Order:
    """The newest order, as ingest would read it; it is taken away."""
    with connect(url, autocommit=True) as conn:
        row = conn.execute(
            "DELETE FROM command WHERE command_id LIKE 'screen-%' RETURNING payload"
        ).fetchone()
    assert row is not None
    order: Order = msgspec.convert(row["payload"], Order)
    return order


def choose(app: AppTest, action: str) -> AppTest:
    box = next(box for box in app.selectbox if box.label == say("en", "desk.action"))
    return box.select(action).run()


@pytest.mark.parametrize(
    ("task", "action", "text", "expected"),
    [
        ("T3", "suspend", "停业装修", SuspendTask("T3", "停业装修")),
        ("T4", "cancel", "重复", CancelTask("T4", "重复")),
        ("T2", "reply", "已立案", RecordReply("T2", "food", "已立案")),
    ],
)
def test_an_action_with_its_reason_is_placed_as_an_order(
    tiny_url: str, task: str, action: str, text: str, expected: Order
) -> None:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute(
            "INSERT INTO obligation (district, task_id, department_id, path, category, pushed_at, due_at) "
            "SELECT district, task_id, 'food', path, category, launched_at, due_at FROM task "
            "WHERE task_id = 'T2' "
            "ON CONFLICT DO NOTHING"
        )
    app = choose(tasks(lang="en", picked=task), action)
    app.button(key=f"desk_{task}_send").click().run()
    assert [warning.value for warning in app.warning] == [say("en", "desk.text_needed")]
    app.text_input(key=f"desk_{task}_text").set_value(text).run()
    app.button(key=f"desk_{task}_send").click().run()
    assert say("en", "order_state.queued") in [message.value for message in app.info]
    assert placed(tiny_url) == expected


def test_a_suspended_task_is_resumed(tiny_url: str) -> None:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute("UPDATE task SET state = 'suspended', suspended_at = now() WHERE task_id = 'T5'")
    app = choose(tasks(lang="en", picked="T5"), "resume")
    app.button(key="desk_T5_send").click().run()
    assert placed(tiny_url) == ResumeTask("T5")
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute("UPDATE task SET state = 'launched', suspended_at = NULL WHERE task_id = 'T5'")


def test_a_task_is_given_to_another_of_its_station_and_to_nobody_else(tiny_url: str) -> None:
    app = choose(tasks(lang="en", picked="T3"), "assign")
    app.button(key="desk_T3_send").click().run()
    assert [warning.value for warning in app.warning] == [say("en", "task_desk.worker_needed")]
    assert app.selectbox(key="desk_T3_worker").options == ["Jia Yi · Jia Village"]
    app.selectbox(key="desk_T3_worker").select("W1").run()
    app.button(key="desk_T3_send").click().run()
    assert placed(tiny_url) == AssignTask("T3", "W1")


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("after_end", "Refused: not counted: the task was over"),
        ("unknown worker {W}", "Refused: unknown worker {W}"),
    ],
)
def test_a_refused_order_says_why(tiny_url: str, reason: str, expected: str) -> None:
    app = choose(tasks(lang="en", picked="T4"), "cancel")
    app.text_input(key="desk_T4_text").set_value("x").run()
    app.button(key="desk_T4_send").click().run()
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute(
            "UPDATE command SET state = 'refused', reason = %s WHERE command_id LIKE 'screen-%%'", (reason,)
        )
    app.run()
    assert [message.value for message in app.info] == [expected]
    placed(tiny_url)


def test_what_is_over_and_owed_nothing_takes_no_orders() -> None:
    assert "desk_T1_send" not in [button.key for button in tasks(lang="en", picked="T1").button]


def preview(app: AppTest) -> list[str]:
    """The numbers of the premises shown before a launch."""
    assert not app.exception, app.exception
    return list(app.dataframe[0].value[say("en", "column.id")]) if app.dataframe else []


def choosing() -> AppTest:
    """The panel for launching, with what to inspect chosen."""
    return tasks(lang="en", launch="1").selectbox(key="launch_category").select("food_daily").run()


def test_the_list_leads_to_launching_and_back() -> None:
    app = tasks(lang="en")
    next(button for button in app.button if button.label == say("en", "launch.open")).click().run()
    assert say("en", "panel.task_launch") in said(app)
    assert say("en", "launch.category_needed") in said(app)
    next(button for button in app.button if button.label == say("en", "launch.back")).click().run()
    assert say("en", "panel.tasks_list") in said(app)


def test_premises_are_chosen_by_unit_category_tag_and_grade_and_counted_before() -> None:
    app = choosing()
    assert preview(app) == ["P1", "P2", "P3", "P4"]
    assert app.button(key="launch_go").label == "Launch 4 tasks"
    app.selectbox(key="launch_unit").select(f"{tiny.DISTRICT}/01").run()
    assert preview(app) == ["P1", "P2"]
    app.multiselect(key="launch_categories").select("食品销售").run()
    assert preview(app) == ["P2"]
    app.multiselect(key="launch_categories").unselect("食品销售").run()
    app.multiselect(key="launch_tags").select("校园周边").run()
    assert preview(app) == ["P1"]
    app.button_group(key="launch_grades").set_value(["D"]).run()
    assert preview(app) == []
    assert app.button(key="launch_go").disabled


def test_those_due_by_cycle_can_be_asked_for_with_their_last_visit(tiny_url: str) -> None:
    app = choosing()
    toggle = app.toggle(key="launch_due")
    cycle = "A: 365 days · B: 182 days · C: 121 days · D: 91 days · ungraded: 182 days"
    assert cycle in [one.value for one in app.caption]
    with connect(tiny_url, autocommit=True) as conn:
        conn.execute("UPDATE premises SET status = 'in_business' WHERE premises_id = 'P2'")
        conn.execute("UPDATE task SET category = 'food_daily', inspected_at = done_at WHERE task_id = 'T1'")
        toggle.set_value(True).run()
        assert preview(app) == ["P2"], "P1 was visited, the others are no target"
        assert list(app.dataframe[0].value[say("en", "column.last_visit")]) == ["never"]
        assert app.button(key="launch_go").label == "Launch 1 tasks"
        conn.execute("UPDATE task SET done_at = done_at - interval '400 days' WHERE task_id = 'T1'")
        data.forget()
        app.run()
        assert preview(app) == ["P2", "P1"]
        conn.execute(
            "UPDATE task SET category = '日常检查', inspected_at = NULL, "
            "done_at = done_at + interval '400 days' WHERE task_id = 'T1'"
        )
        conn.execute("UPDATE premises SET status = 'recorded' WHERE premises_id = 'P2'")
    app.selectbox(key="launch_category").select("address_verification").run()
    assert app.toggle(key="launch_due").disabled
    assert say("en", "launch.no_cycle") in [one.value for one in app.caption]
    assert len(preview(app)) == 4


def test_without_a_check_item_nothing_can_be_launched() -> None:
    app = choosing()
    assert app.multiselect(key="launch_items_food_daily").value[0] == "food_storage"
    app.multiselect(key="launch_items_food_daily").set_value([]).run()
    assert app.button(key="launch_go").disabled
    assert [warning.value for warning in app.warning] == [say("en", "launch.items_needed")]


def test_more_than_may_be_launched_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_launch, "MOST", 3)
    app = choosing()
    assert app.button(key="launch_go").disabled
    assert "4 premises are more than 3" in app.warning[0].value


def test_a_launch_is_one_order_each_and_its_outcome_is_counted(tiny_url: str) -> None:
    app = choosing()
    app.selectbox(key="launch_unit").select(f"{tiny.DISTRICT}/01").run()
    app.multiselect(key="launch_items_food_daily").set_value(["tableware"]).run()
    app.button(key="launch_go").click().run()
    assert not app.exception, app.exception
    with connect(tiny_url, autocommit=True) as conn:
        rows = conn.execute(
            "SELECT payload, actor, state FROM command WHERE command_id LIKE 'screen-%' ORDER BY command_id"
        ).fetchall()
        placed = [msgspec.convert(row["payload"], Order) for row in rows]
        assert [(order.premises_id, order.category, order.items) for order in placed] == [
            ("P1", "food_daily", ["tableware"]),
            ("P2", "food_daily", ["tableware"]),
        ]
        assert progress(app) == (0, "0 of 2 launched, 0 refused")
        assert app.button(key="launch_go").disabled  # else they would be launched twice
        conn.execute("UPDATE command SET state = 'done' WHERE payload ->> 'premises_id' = 'P1'")
        conn.execute(
            "UPDATE command SET state = 'refused', reason = 'unknown premises P2' "
            "WHERE payload ->> 'premises_id' = 'P2'"
        )
        app.run()
        assert progress(app) == (100, "1 of 2 launched, 1 refused")
        assert not app.button(key="launch_go").disabled
        assert [warning.value for warning in app.warning] == ["1 refused: unknown premises P2"]
        conn.execute("DELETE FROM command WHERE command_id LIKE 'screen-%'")


def progress(app: AppTest) -> tuple[int, str]:
    bar = app.get("progress")[0].proto
    return bar.value, bar.text
