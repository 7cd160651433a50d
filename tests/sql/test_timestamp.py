"""Daily roots are stamped by a real authority: OpenSSL's, behind a small server."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from db.connect import INGEST, connect
from ingest.audit_check import check
from ingest.audit_key import pem, signing_key
from ingest.contract.errors import RetryLater
from ingest.domain.audit import Head, statement
from ingest.registry import import_world
from ingest.roots import load_roots
from ingest.sealer import sealer
from ingest.snapshots import load_roster
from ingest.timestamp import authorities, is_stamped, stamp
from tests import tiny
from tests.conftest import database, need, wait_until
from tests.room import Room

CONF = """
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[tsa]
basicConstraints = CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa_config]
serial = {home}/serial
crypto_device = builtin
signer_cert = {home}/tsa.pem
signer_key = {home}/tsa.key
{certs}
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(*arguments: str, cwd: Path) -> None:
    subprocess.run(["openssl", *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture(scope="module", params=["", "certs = ca.pem"], ids=["alone", "chain"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority's house: its own certificate, which it sends alone or with that of who vouches for it."""
    need("openssl")
    home = tmp_path_factory.mktemp("tsa")
    (home / "conf").write_text(CONF.format(home=home, certs=request.param))
    (home / "serial").write_text("01\n")
    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-config", "conf")
    openssl(
        *new, "-subj", "/CN=Trial CA", "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem", cwd=home
    )
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-extensions", "tsa")
    openssl(*new, *signed, "-subj", "/CN=Trial TSA", "-keyout", "tsa.key", "-out", "tsa.pem", cwd=home)
    return home


@contextmanager
def authority(home: Path, *, wrong: bytes | None = None) -> Iterator[str]:
    """Answers as OpenSSL does; or always in the same wrong way."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            (home / "asked.tsq").write_bytes(asked)
            reply = ("ts", "-reply", "-config", "conf", "-section", "tsa_config")
            openssl(*reply, "-queryfile", "asked.tsq", "-out", "told.tsr", cwd=home)
            self.send_response(200)
            self.end_headers()
            self.wfile.write((home / "told.tsr").read_bytes() if wrong is None else wrong)

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_stamp_is_of_these_bytes_and_of_now_by_an_authority_that_is_vouched_for(home: Path) -> None:
    with authority(home) as url:
        told = stamp(url, b"said")
    assert abs(told.at - datetime.now(UTC)) < timedelta(minutes=1)
    vouched = authorities(home / "ca.pem")
    assert is_stamped(told.response, b"said", vouched)
    assert not is_stamped(told.response, b"said otherwise", vouched)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-config", "conf", "-subj", "/CN=Other",
            "-extensions", "ca", "-keyout", "other.key", "-out", "other.pem", cwd=home)  # fmt: skip
    assert not is_stamped(told.response, b"said", authorities(home / "other.pem"))


def test_openssl_finds_the_stamp_in_order(home: Path) -> None:
    with authority(home) as url:
        (home / "stamp.tsr").write_bytes(stamp(url, b"said").response)
    (home / "said").write_bytes(b"said")
    openssl("ts", "-verify", "-data", "said", "-in", "stamp.tsr", "-CAfile", "ca.pem", cwd=home)


def test_openssl_finds_a_roots_signature_in_order(home: Path, tmp_path: Path) -> None:
    key, said = signing_key(tmp_path), statement(350211, date(2026, 11, 27), Head(8123, "ab" * 32))
    assert said.decode() == '{"day":"2026-11-27","district":350211,"hash":"' + "ab" * 32 + '","number":8123}'
    (tmp_path / "said.json").write_bytes(said)
    (tmp_path / "signature.bin").write_bytes(key.sign(said))
    (tmp_path / "audit.pem").write_text(pem(key.public_key()))
    told = ("-rawin", "-in", "said.json", "-sigfile", "signature.bin")
    openssl("pkeyutl", "-verify", "-pubin", "-inkey", "audit.pem", *told, cwd=tmp_path)


def test_an_answer_that_is_no_stamp_of_this_question_is_tried_again_later(home: Path) -> None:
    with authority(home) as url:
        other = stamp(url, b"something else").response
    for wrong in (b"", b"<html>", other):
        with authority(home, wrong=wrong) as url, pytest.raises(RetryLater, match="time-stamp authority"):
            stamp(url, b"said")
    with pytest.raises(RetryLater, match="time-stamp authority"):
        stamp(url, b"said")  # it is gone


def test_the_sealer_seals_yesterday_and_has_it_stamped(
    home: Path, server_url: str, migrated: str, tmp_path: Path
) -> None:
    with database(server_url, migrated) as database_url:
        _sealed_and_stamped(home, database_url, tmp_path)


def _sealed_and_stamped(home: Path, database_url: str, tmp_path: Path) -> None:
    import_world(database_url, tiny.write(tmp_path / "world"))
    with connect(database_url, INGEST) as conn:
        Room(conn, tmp_path).visit(0, "normal")
        conn.commit()
        roster = load_roster(conn, tiny.DISTRICT)
        conn.commit()
        with authority(home) as url:
            beside = sealer(database_url, tmp_path, url, lambda: {tiny.DISTRICT: roster})
            try:
                wait_until(lambda: _stamped(conn), what="the stamp")
            finally:
                beside.close()
        key, vouched = signing_key(tmp_path).public_key(), authorities(home / "ca.pem")
        found = check(conn, tmp_path, tiny.DISTRICT, key, vouched)
        assert (found.roots, found.stamps, found.sealed, found.broken) == (1, 1, found.rows, None)
        (root,) = load_roots(conn, tiny.DISTRICT).values()
        assert root.day == datetime.now(roster.tz).date() - timedelta(days=1)
        conn.execute("SET ROLE NONE")
        conn.execute("ALTER TABLE audit_stamp DISABLE TRIGGER append_only")
        conn.execute("UPDATE audit_stamp SET response = %s", ((home / "told.tsr").read_bytes()[:-1] + b"x",))
        broken = check(conn, tmp_path, tiny.DISTRICT, key, vouched).broken
        assert broken
        assert (broken.why, broken.day) == ("stamp_forged", root.day)


def _stamped(conn) -> bool:  # type: ignore[no-untyped-def]
    found = bool(conn.execute("SELECT FROM audit_stamp").fetchall())
    conn.commit()
    return found
