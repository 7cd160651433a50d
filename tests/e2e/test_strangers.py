"""A phone that nobody has registered speaks on a real broker, is seen on the page; one click lets it in."""

import json
import os
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser

from dashboard.ui.i18n import say
from tests.conftest import wait_until
from tests.e2e.browsing import browser, opened, screen  # noqa: F401  fixtures
from tests.e2e.test_foreign_clients import client
from tests.e2e.test_ingest import Ingest

pytestmark = pytest.mark.browser

TOPIC = "owntracks/W3/tablet"


def test_a_stranger_is_registered_with_one_click_and_what_it_said_is_taken_in(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    database_url: str,
    mosquitto: str,
) -> None:
    ingest = Ingest(database_url, mosquitto, Path(os.environ["GRIDWARD_DATA"])).wait_until_ready()
    said = {"_type": "location", "lat": 24.605, "lon": 118.025, "tst": int(time.time()), "batt": 37}
    told = client("mosquitto_pub", mosquitto, "-t", TOPIC, "-m", json.dumps(said))
    subprocess.run(told, check=True, timeout=10)
    with opened(browser, f"{screen}/devices?lang=zh&strangers=1&picked=owntracks:{TOPIC}") as watched:
        page = watched.page
        page.get_by_text('"batt": 37').wait_for()
        page.get_by_role("button", name=say("zh", "strangers.register"), exact=True).click()
        page.get_by_text(say("zh", "strangers.gone")).wait_for()
        with psycopg.connect(database_url, autocommit=True) as owner:
            found = "SELECT battery FROM ping WHERE worker_id = 'W3' AND battery = 37"
            wait_until(lambda: owner.execute(found).fetchall() == [(37,)], what="its position")
        page.get_by_role("button", name=say("zh", "strangers.show")).click()
        page.get_by_text(TOPIC, exact=True).first.wait_for()  # its name, and its topic
        page.get_by_role("button", name=say("zh", "raw.open")).click()
        page.locator(".gw-raw", has_text='"battery": 37').wait_for()
        assert watched.hidden() == 0
        assert watched.complaints == []
    assert ingest.stop() == 0
