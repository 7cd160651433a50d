"""Supervision modules as data: what they target, how often, and what an answer means."""

import pytest

from ingest.contract.messages import Result, Severity
from ingest.domain.catalogue import Catalogue
from ingest.domain.module import Cycle, Every, Module, Targets
from ingest.domain.module_check import clashes
from ingest.module_files import SHIPPED, read_modules, shipped
from simulators.checks import CHECKS
from simulators.trades import OPEN_TAGS, TRADES


@pytest.fixture(scope="module")
def food() -> Module:
    return read_modules([SHIPPED / "food_safety.yaml"])[0]


def test_what_comes_with_gridward_covers_sixteen_categories_and_twenty_seven_items() -> None:
    modules = shipped()
    assert len({category.code for module in modules for category in module.categories}) == 16
    assert len({item.code for module in modules for item in module.items}) == 27


def test_a_file_is_named_like_its_module() -> None:
    assert [module.code for module in shipped()] == sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def test_the_simulated_workers_know_every_category_by_its_code_with_its_items_and_targets() -> None:
    assert {
        category.code: (category.items, category.targets)
        for module in shipped()
        for category in module.categories
    } == dict(CHECKS)


def test_what_modules_target_there_is_in_a_simulated_district() -> None:
    targets = [category.targets for module in shipped() for category in module.categories]
    assert {name for one in targets for name in one.categories} <= {trade.name for trade in TRADES}
    kinds = {kind for trade in TRADES for kind in trade.kinds}
    for one in targets:
        assert not one.tags or set(one.tags) & {*kinds, *OPEN_TAGS}


def test_food_of_a_better_grade_is_inspected_less_often(food: Module) -> None:
    cycle = food.categories[0].cycle
    assert [cycle.days(grade) for grade in ("A", "B", "C", "D", None)] == [365, 182, 121, 91, 182]


def test_a_grade_without_a_cycle_is_inspected_by_order_only() -> None:
    assert Cycle(D=Every(days=30)).days("A") is None
    assert Cycle(D=Every(days=30)).days("D") == 30


@pytest.mark.parametrize(
    ("targets", "hit"),
    [
        (Targets(), True),
        (Targets(categories=("餐饮服务", "食品销售")), True),
        (Targets(categories=("药品经营",)), False),
        (Targets(tags=("校园周边", "夜间经营")), True),
        (Targets(tags=("夜间经营",)), False),
        (Targets(risk_grades=("C", "D")), True),
        (Targets(risk_grades=("A",)), False),
        (Targets(categories=("餐饮服务",), tags=("校园周边",), risk_grades=("D",)), True),
        (Targets(categories=("餐饮服务",), tags=("夜间经营",)), False),
    ],
)
def test_every_list_that_is_given_must_be_met(targets: Targets, hit: bool) -> None:
    assert targets.hit("餐饮服务", ["小餐馆", "校园周边"], "D") is hit


def test_premises_without_a_grade_are_no_target_of_a_grade() -> None:
    assert not Targets(risk_grades=("A", "B", "C", "D")).hit("烟草零售", [], None)


@pytest.mark.parametrize(
    ("item", "answer"),
    [("shelf_life", "poisonous"), ("shelf_life", "疑似有毒有害食品"), ("无过期及“三无”食品", "poisonous")],
)
def test_an_answer_is_known_by_its_code_and_by_its_words(food: Module, item: str, answer: str) -> None:
    found = Catalogue.of([food]).meaning(item, answer)
    assert found is not None
    assert (found.code, found.means, found.severity) == ("poisonous", Result.ABNORMAL, Severity.MAJOR)


def test_the_same_answer_means_what_its_item_says(food: Module) -> None:
    found = [Catalogue.of([food]).meaning(item, "none") for item in ("shelf_life", "purchase_records")]
    assert [answer and answer.means for answer in found] == [Result.NORMAL, Result.ABNORMAL]


def test_what_a_module_does_not_know_means_nothing(food: Module) -> None:
    assert Catalogue.of([food]).meaning("shelf_life", "maybe") is None
    assert Catalogue.of([food]).meaning("lift_mark", "valid") is None


def test_every_answer_of_every_menu_is_found_by_all_its_names() -> None:
    for module in shipped():
        for item in module.items:
            for answer in item.answers:
                for name in (answer.code, answer.text.zh, answer.text.en):
                    assert Catalogue.of([module]).meaning(item.code, name) == answer


def test_the_shipped_modules_get_along_but_no_module_with_itself() -> None:
    modules = shipped()
    assert list(clashes(modules)) == []
    ((number, (place, what)),) = clashes([*modules, modules[0]])
    assert (number, place) == (len(modules), "code")
    assert what == "module 'annual_reports' occurs twice"
