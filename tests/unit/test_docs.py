"""Both READMEs name every setting, command, stream and import file there is."""

import re
from pathlib import Path

import pytest

from gridward import app
from ingest.alerts import rules
from ingest.contract.topics import STREAMS
from ingest.domain.rights import NEEDS
from ingest.settings import SETTINGS
from tests import tiny

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]

COMMANDS = [command.name or str(command.callback.__name__) for command in app.registered_commands]  # type: ignore[union-attr]
TOPICS = [f"{kind}/+/{stream}" for kind, streams in STREAMS.items() for stream in sorted(streams)]
RULES = ["deadline_rules.csv", "holidays.csv", "clue_routes.csv", "kpi_choices.csv", "seasons.csv"]
RULES += ["escalation_rules.csv", "thresholds.csv", "score_weights.csv", "duty_list.csv"]
RULES += ["foreign_routes.csv", "foreign_names.csv"]
RECORDS = ["licences.csv", "licence_requirements.csv", "public_reports.csv", "annual_reports.csv"]
FILES = [*tiny.FILES, "grids.geojson", "district.csv", *RULES, *RECORDS]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "word",
    [
        *(setting.name for setting in SETTINGS),
        *(f"gridward {name}" for name in COMMANDS),
        *TOPICS,
        *FILES,
        "GRIDWARD_TEST_DATABASE_URL",
    ],
)
def test_the_readme_names_it(readme, word):
    assert f"`{word}" in readme.read_text(encoding="utf-8")


def test_every_reason_to_refuse_a_message_is_in_the_wires_page():
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "ingest").rglob("*.py"))
    reasons = set(re.findall(r"DecodeError\(\s*\"(\w+)\"", source)) | {"unknown_kind", "unknown_stream"}
    assert len(reasons) > 8
    page = (ROOT / "docs" / "wire.md").read_text(encoding="utf-8")
    assert [reason for reason in sorted(reasons) if f"`{reason}`" not in page] == []


def test_every_rule_and_every_threshold_with_its_default_is_on_the_page_of_alerts():
    page = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| `")]
    for name, rule in rules().items():
        row = next(row for row in rows if f"`{name}`" in row.split("|")[1])
        for parameter in rule.parameters:
            said = row.partition(f"`{parameter.name}`")[2]
            assert re.match(rf"[^0-9]* {parameter.default:g}\b", re.sub(r"`[^`]*`", "", said)), parameter.name


def test_every_kind_of_order_is_on_the_page_of_accounts_in_its_roles_row():
    page = (ROOT / "docs" / "accounts.md").read_text(encoding="utf-8")
    for role in {role for role in NEEDS.values() if role}:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{role}` |")]
        kinds = set(re.findall(r"`(\w+)`", row.split("|")[2]))
        assert kinds == {kind for kind, needed in NEEDS.items() if needed is role}


SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_the_attack_table_names_is_there():
    named = re.findall(r"`(\w+/test_\w+\.py)::(\w+)`", SECURITY)
    assert len(named) > 100
    texts = {file: (ROOT / "tests" / file).read_text(encoding="utf-8") for file, _ in named}
    assert [f"{file}::{test}" for file, test in named if f"def {test}(" not in texts[file]] == []


def test_every_file_that_the_attack_table_says_stops_something_is_there():
    named = re.findall(r"`([\w./-]+/[\w.-]+|\w+\.\w+|Dockerfile|docker-compose\.yml)`", SECURITY)
    assert len(named) > 50
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_attack_is_in_the_table():
    there = {
        f"attack/{path.name}::{test}"
        for path in (ROOT / "tests" / "attack").glob("test_*.py")
        for test in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert sorted(one for one in there if f"`{one}`" not in SECURITY) == []


DOCS = [*READMES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("readme", DOCS, ids=lambda path: path.name)
def test_what_a_page_links_to_is_there(readme):
    text = readme.read_text(encoding="utf-8")
    targets = [part.split(")")[0].split("#")[0] for part in text.split("](")[1:]]
    assert [target for target in targets if not (readme.parent / target).exists()] == []
