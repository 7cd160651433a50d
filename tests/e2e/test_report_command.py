"""`gridward report`: a PDF where it was asked for, or one line and no file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from ingest.settings import DATABASE_URL
from tests import tiny_day
from tests.conftest import free_port
from tests.e2e.cli import complaint, gridward

ASKED = ("--station", tiny_day.STATION_1, "--month", "2026-10")


@pytest.fixture(scope="module")
def url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    tiny_day.seed(database_url, tmp_path_factory.mktemp("worlds"))
    yield database_url


@pytest.mark.parametrize(("lang", "title"), [("zh", "一所 · 2026年10月"), ("en", "Station One · 2026-10")])
def test_the_report_lies_where_it_was_asked_for(url: str, tmp_path: Path, lang: str, title: str) -> None:
    out = tmp_path / "october.pdf"
    done = gridward("report", *ASKED, "--lang", lang, str(out), **{DATABASE_URL: url})
    assert (done.returncode, done.stdout) == (0, f"{out}: {tiny_day.STATION_1}, 2026-10\n")
    said = PdfReader(out).pages[0].extract_text()
    assert "".join(title.split()) in "".join(said.split())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("--station", "350299/07"), "there is no station '350299/07'"),
        (("--station", "350299"), "there is no station '350299'"),
        (("--station", "一所"), "there is no station '一所'"),
        (("--month", "2026-13"), "'2026-13' does not match"),
        (("--lang", "fr"), "'fr'"),
    ],
)
def test_what_there_is_not_is_one_line_and_no_file(
    url: str, tmp_path: Path, changed: tuple[str, str], said: str
) -> None:
    done = gridward("report", *ASKED, *changed, str(tmp_path / "x.pdf"), **{DATABASE_URL: url})
    assert said in complaint(done, 2)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_and_a_database_that_is_away_are_one_line(
    url: str, tmp_path: Path
) -> None:
    done = gridward("report", *ASKED, str(tmp_path / "no" / "x.pdf"), **{DATABASE_URL: url})
    assert "No such file or directory" in complaint(done, 1)
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    complaint(gridward("report", *ASKED, str(tmp_path / "x.pdf"), **{DATABASE_URL: nowhere}), 1)
    assert list(tmp_path.iterdir()) == []
