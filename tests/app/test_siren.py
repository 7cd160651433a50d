"""The siren's HTML: nothing without a cause, and nothing of what people wrote is markup."""

from typing import Any

import pytest

from dashboard import shell
from dashboard.ui import siren
from dashboard.ui.i18n import LANGUAGES, say


def row(**changed: Any) -> dict[str, Any]:
    names = dict.fromkeys(("worker_name", "device_name", "premises_name"))
    return {"rule": "bodycam_sos", "params": {"worker_id": "W1"}, "whole": 1, **names, **changed}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_alert_is_said_and_several_are_counted(lang: str) -> None:
    assert siren.banner(lang, []) == ""
    assert "W1" in siren.banner(lang, [row()])
    many = say(lang, "siren.many", n=3)
    assert many not in siren.banner(lang, [row()])
    assert many in siren.banner(lang, [row(whole=3)])


def test_what_people_wrote_is_no_markup() -> None:
    said = siren.banner("en", [row(params={"worker_id": "<script>alert(1)</script>"})])
    assert "<script" not in said
    assert "&lt;script" in said


def test_each_script_ends_where_the_page_thinks_it_does() -> None:
    for script in shell.scripts():
        assert "</script" not in script.lower()
