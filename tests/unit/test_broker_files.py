"""The broker's files are what Mosquitto reads, and say no more than what was issued."""

import subprocess
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from ingest.contract.errors import ConfigError
from tests.conftest import need
from up.authority import LONGEST_NAME, Authority, found
from up.broker_files import acl, hashed


def test_a_hash_is_the_one_that_mosquitto_makes_with_the_same_salt(tmp_path: Path) -> None:
    need("mosquitto_passwd")
    file = tmp_path / "passwd"
    file.write_text("someone:a password\n")
    subprocess.run(["mosquitto_passwd", "-U", file], check=True)
    secret = file.read_text().strip().partition(":")[2]
    salt = b64decode(secret.split("$")[3])
    assert hashed("a password", salt) == secret
    assert hashed("another", salt) != secret
    assert hashed("a password") != hashed("a password")


def test_a_login_has_the_rights_of_its_own_names_and_unknown_protocols_give_none() -> None:
    place = {"district": 350211, "kind": "camera"}
    rows = [
        {**place, "device_id": "C1", "decoder": "frigate", "name": "frigate/gate"},
        {**place, "device_id": "C1", "decoder": "axis", "name": "ACCC8E"},
        {**place, "device_id": "C2", "decoder": "of_yesterday", "name": "x"},
    ]
    assert acl(rows).splitlines() == [
        "user 350211/camera/C1",
        "topic write frigate/#",
        "topic read frigate/gate/recordings/set",
        "topic write axis/ACCC8E/event/#",
        "topic write ACCC8E/event/#",
        "user 350211/camera/C2",
    ]


def test_a_certificate_names_its_login_and_none_longer_than_it_can_name(tmp_path: Path) -> None:
    found(tmp_path)
    authority = Authority(tmp_path)
    pair = authority.for_device("350211/worker/O009", 30)
    read = x509.load_pem_x509_certificate(pair.certificate)
    assert read.subject.rfc4514_string() == "CN=350211/worker/O009"
    assert f"{read.serial_number:x}" == pair.serial
    left = read.not_valid_after_utc - datetime.now(UTC)
    assert timedelta(days=29) < left <= timedelta(days=30)
    with pytest.raises(ConfigError, match="longer than a certificate can name"):
        authority.for_device("x" * (LONGEST_NAME + 1), 30)


def test_a_list_of_what_is_revoked_does_not_go_out_of_date_before_the_authority(tmp_path: Path) -> None:
    found(tmp_path)
    pair = Authority(tmp_path).for_device("350211/worker/O009", 30)
    listed = x509.load_pem_x509_crl(Authority(tmp_path).revocations([(pair.serial, datetime.now(UTC))]))
    assert [one.serial_number for one in listed] == [int(pair.serial, 16)]
    authority = x509.load_pem_x509_certificate((tmp_path / "ca.crt").read_bytes())
    assert listed.next_update_utc == authority.not_valid_after_utc
    with pytest.raises(ConfigError, match="is there already"):
        found(tmp_path)
