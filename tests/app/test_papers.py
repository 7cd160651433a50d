"""Papers on the screen: as they were printed, whatever was printed on them."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ui import paper
from dashboard.ui.i18n import LANGUAGES, say
from tests import tiny

ROW = {"job": None, "language": None, "body": "责令改正\n<script>"}
QR = b"\x1d(k\x05\x001P0GW\x1d(k\x03\x001Q0"


def shown(job: bytes, language: str = "escpos") -> str:
    return paper.sheet({**ROW, "job": job, "language": language})


def test_what_the_app_told_is_shown_line_by_line_and_nothing_of_it_is_markup() -> None:
    html = paper.sheet(ROW)
    assert html.count("<p ") == 2
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_a_job_is_shown_with_its_sizes_its_qr_code_its_pictures_and_cuts() -> None:
    picture = b"\x1dv0\x00\x01\x00\x02\x00\xff\x81"
    html = shown(b"\x1b@\x1ba\x01\x1d!\x11" + "通知书\n".encode("gb18030") + QR + picture + b"\x1dV\x00")
    assert "text-align:center;font-size:2em" in html
    assert "<small>GW</small>" in html
    assert html.count('src="data:image/png;base64,') == 2
    assert html.endswith("<hr></div>")


def test_a_barcode_and_a_code_too_long_to_draw_are_named() -> None:
    assert "<b>code128</b>" in shown(b"\x1b@\x1dk\x49\x03ABC")
    long = b"x" * 4000
    store = b"\x1d(k" + (len(long) + 3).to_bytes(2, "little") + b"1P0" + long
    assert "<b>qr</b>" in shown(store + b"\x1d(k\x03\x001Q0")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_papers_are_a_view_of_the_page_of_visits(
    tiny_url: str, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))

    def script() -> None:
        from dashboard.pages import visits

        visits.render()

    app = AppTest.from_function(script, default_timeout=30)
    app.query_params["lang"] = lang
    app.run()
    next(button for button in app.button if button.label == say(lang, "papers.open")).click().run()
    assert not app.exception
    assert list(app.dataframe[0].value[say(lang, "column.id")]) == ["R1:j1", "R1:n1"]
    app.query_params["picked"] = "R1:j1"
    app.run()
    html = "".join(block.body for block in app.get("html"))
    assert say(lang, "paper_tie.untied") in html
    assert "&lt;b&gt;现场检查&lt;/b&gt;" in html
    next(button for button in app.button if button.label == say(lang, "incident.back")).click().run()
    assert "papers" not in app.query_params
    assert "picked" not in app.query_params
