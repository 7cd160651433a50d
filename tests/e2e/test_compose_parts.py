"""What docker-compose.yml starts, started for real without containers: the broker's configuration, the
database's logins, the health check of ingest."""

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from db.connect import INGEST, Row, connect, fetch
from ingest.contract.messages import MAX_MESSAGE_BYTES
from tests.conftest import free_port, wait_until
from tests.e2e.compose import BROKER, OWN, ProductionBroker, let_in, shut_out
from up.alive import complaint

DISTRICT = 350299


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductionBroker]:
    broker = ProductionBroker(tmp_path_factory.mktemp("production"))
    broker.add(OWN)
    wait_until(lambda: broker.takes(OWN, "known"), what="the new login")
    yield broker
    broker.stop()


def test_the_broker_refuses_whoever_has_no_password_of_it(broker: ProductionBroker) -> None:
    assert broker.lets_in("gateway")
    assert not broker.lets_in(None)
    assert not broker.lets_in("gateway", word="guessed")
    assert not broker.lets_in("nobody", word="guessed")


def test_a_device_speaks_for_itself_only(broker: ProductionBroker) -> None:
    assert broker.takes(OWN, "mine")
    for where in (f"{DISTRICT}/worker/W2/gps", f"{DISTRICT}/camera/W1/event", "441900/worker/W1/gps"):
        assert not broker.takes(OWN, "not mine", where)
        assert broker.takes("gateway", "of a fleet", where)
    assert not broker.takes("ingest", "no device", f"{OWN}/gps")
    assert broker.takes("ingest", "an order", f"{OWN}/order")


def test_a_foreign_phone_speaks_for_itself_only_and_the_gateway_for_the_others(
    broker: ProductionBroker,
) -> None:
    broker.add("anna")
    wait_until(lambda: broker.takes("anna", "here", "anna/phone", "owntracks/"), what="the new login")
    assert not broker.takes("anna", "not mine", "ben/phone", "owntracks/")
    assert not broker.takes("anna", "no order", "anna/phone/cmd", "traccar/")
    assert broker.takes("ingest", "an order", "anna/phone/cmd", "owntracks/")
    assert not broker.takes("ingest", "no phone", "anna/phone", "owntracks/")
    assert broker.takes("gateway", "a camera", "events", "frigate/")
    assert not broker.takes("gateway", "a phone", "anna/phone", "owntracks/")


def test_the_brokers_health_check_may_read_what_it_asks_for(broker: ProductionBroker) -> None:
    uptime = broker.read("ingest", "$SYS/broker/uptime", "-C", "1", "-W", "5")
    assert len(uptime) == 1
    assert uptime[0].endswith(" seconds")


def test_what_waits_for_ingest_and_the_logins_outlive_a_hard_kill(broker: ProductionBroker) -> None:
    session = ["-c", "-i", "gridward-ingest-test"]
    broker.read("ingest", "gw/v1/#", *session, "-E")
    store = broker.home / "data" / "mosquitto.db"
    sent = [f"waiting {number}" for number in range(20)]
    for text in sent:
        assert broker.takes(OWN, text)
    wait_until(lambda: store.exists() and sent[-1].encode() in store.read_bytes(), what="the autosave")
    broker.kill()
    broker.start()
    got = broker.read("ingest", "gw/v1/#", *session, "-C", str(len(sent)), "-W", "10")
    assert got[: len(sent)] == sent
    assert broker.takes(OWN, "still known")


def test_the_broker_takes_the_largest_message_of_the_wire() -> None:
    conf = (BROKER / "mosquitto.conf").read_text(encoding="utf-8")
    assert f"\nmessage_size_limit {MAX_MESSAGE_BYTES}\n" in conf


def test_both_roles_log_in_with_the_passwords_of_the_environment(database_url: str) -> None:
    words = {"INGEST_PASSWORD": "it's ingest", "DASHBOARD_PASSWORD": "of the dashboard"}
    place = psycopg.conninfo.conninfo_to_dict(database_url)
    try:
        let_in(database_url, **words)
        for role, word in (("gw_ingest", words["INGEST_PASSWORD"]), ("gw_dashboard", "of the dashboard")):
            with psycopg.connect(**place | {"user": role, "password": word}) as conn:
                assert conn.execute("SELECT current_user").fetchone() == (role,)
    finally:
        shut_out(database_url)


def beat(conn: psycopg.Connection[Row], connected: bool) -> None:
    now = datetime.now(UTC)
    row = {"district": DISTRICT, "instance": "one", "started_at": now, "connected": connected}
    fetch(conn, "write/beat", {**row, "last_fact_at": now, "lag_s": 0.1})
    conn.commit()


def test_the_health_check_of_ingest_follows_what_ingest_says_of_itself(database_url: str) -> None:
    assert complaint(database_url) == "ingest has not been ready yet"
    with connect(database_url) as owner:
        owner.execute("INSERT INTO district (district, name) VALUES (%s, 'x')", (DISTRICT,))
        owner.commit()
    with connect(database_url, INGEST) as conn:
        beat(conn, connected=True)
        assert complaint(database_url) is None
        assert complaint(database_url, (DISTRICT,)) is None
        assert complaint(database_url, (DISTRICT, 441900)) == "ingest has not been ready yet"
        beat(conn, connected=False)
        assert complaint(database_url) == f"ingest of {DISTRICT} is not connected to the broker"
    with connect(database_url) as owner:
        owner.execute("UPDATE ingest_state SET connected = true, beat_at = now() - interval '1 minute'")
        owner.commit()
    assert complaint(database_url) == f"ingest of {DISTRICT} has been silent for 60 s"
    assert "refused" in (complaint(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing") or "")
