"""`gridward module`: files are checked without a database, loaded into districts, and listed."""

from pathlib import Path

import pytest

from ingest.module_files import SHIPPED
from ingest.settings import DATABASE_URL, DISTRICTS
from tests.e2e.cli import complaint, gridward
from tests.tiny import DISTRICT, write

TOBACCO, FOOD = SHIPPED / "tobacco.yaml", SHIPPED / "food_safety.yaml"


@pytest.fixture
def vape(tmp_path: Path) -> Path:
    """A module of one's own, as a file."""
    text = TOBACCO.read_text(encoding="utf-8").replace("en: Tobacco}", "en: Vaping}")
    for word in ("code: tobacco\ncategories", "code: tobacco\nname", "tobacco_retail", "tobacco_licence"):
        text = text.replace(word, word.replace("tobacco", "vape", 1))
    path = tmp_path / "vape.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_in_order_is_said_to_be_and_what_it_holds() -> None:
    done = gridward("module", "check", str(TOBACCO), str(FOOD))
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        f"{TOBACCO}: ok, 1 categories, 1 items",
        f"{FOOD}: ok, 2 categories, 5 items",
    ]
    assert done.stderr == ""


def test_every_mistake_is_one_line_and_the_exit_code_1(vape: Path) -> None:
    text = vape.read_text(encoding="utf-8")
    vape.write_text(
        text.replace("severity: general", "severity: bad").replace("hazard: general", "hazard: x")
    )
    done = gridward("module", "check", str(vape), str(TOBACCO))
    assert done.returncode == 1
    assert done.stdout == f"{TOBACCO}: ok, 1 categories, 1 items\n"
    assert [line.partition(": ")[2] for line in done.stderr.splitlines()] == [
        "categories[0].hazard: 'x' is none of general, serious, major",
        "items[0].answers[2].severity: 'bad' is none of general, serious, major",
    ]


def test_a_module_of_ones_own_is_loaded_beside_the_others_and_listed(
    database_url: str, tmp_path: Path, vape: Path
) -> None:
    url = {DATABASE_URL: database_url}
    assert "gridward import" in complaint(gridward("module", "load", str(vape), **url), code=1)
    assert gridward("import", str(write(tmp_path / "world")), **url).returncode == 0
    assert len(gridward("module", "list", **url).stdout.splitlines()) == 9
    loaded = gridward("module", "load", str(vape), **url)
    assert loaded.stdout == f"district {DISTRICT}: 1 department, 1 module, 1 task_category, 1 check_item\n"
    listed = gridward("module", "list", **url, **{DISTRICTS: str(DISTRICT)}).stdout.splitlines()
    assert len(listed) == 10
    assert [line for line in listed if line.startswith(f"{DISTRICT} vape ") and line.endswith(" Vaping")]
    assert gridward("import", str(tmp_path / "world"), **url).returncode == 0
    assert len(gridward("module", "list", **url).stdout.splitlines()) == 10
    assert "closed" in gridward("module", "load", "--only", str(vape), **url).stdout
    assert len(gridward("module", "list", **url).stdout.splitlines()) == 1


def test_a_district_that_is_not_registered_gets_none(database_url: str, tmp_path: Path, vape: Path) -> None:
    url = {DATABASE_URL: database_url}
    assert gridward("import", str(write(tmp_path / "world")), **url).returncode == 0
    done = gridward("module", "load", str(vape), "--district", "350288", **url)
    assert complaint(done, code=2) == "district 350288 is not registered"
