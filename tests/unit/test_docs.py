"""Both READMEs name every setting, command, stream and import file there is."""

from pathlib import Path

import pytest

from gridward import app
from ingest.contract.topics import STREAMS
from ingest.settings import SETTINGS
from tests import tiny

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]

COMMANDS = [command.name or str(command.callback.__name__) for command in app.registered_commands]  # type: ignore[union-attr]
TOPICS = [f"{kind}/+/{stream}" for kind, streams in STREAMS.items() for stream in sorted(streams)]
FILES = [*tiny.FILES, "grids.geojson", "district.csv"]


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


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_what_the_readme_links_to_is_there(readme):
    text = readme.read_text(encoding="utf-8")
    targets = [part.split(")")[0] for part in text.split("](")[1:]]
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
