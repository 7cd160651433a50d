"""The district's own certificate authority: what devices and the broker prove to each other who they are by.

It lies in GRIDWARD_DATA/authority, its key for its owner's eyes only. A device's certificate names its login.
"""

import ipaddress
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ingest.contract.errors import ConfigError

LONGEST_NAME = 64
"""Of what a certificate can name, in characters (X.509, ub-common-name)."""
_YEARS = timedelta(days=3653)
_LATE = timedelta(minutes=5)  # a device's clock may be behind ours


class Pair(NamedTuple):
    """A certificate and its key, in PEM."""

    certificate: bytes
    key: bytes
    serial: str


class Authority:
    """Signs by the key below `home`; raises ConfigError where there is none (see `found`)."""

    def __init__(self, home: Path) -> None:
        if not is_there(home):
            raise ConfigError("there is no authority yet (`gridward device authority HOST`)")
        self.pem = (home / "ca.crt").read_bytes()
        self._certificate = x509.load_pem_x509_certificate(self.pem)
        key = load_pem_private_key((home / "ca.key").read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)  # we made it
        self._key = key

    def for_device(self, login: str, days: int) -> Pair:
        """A certificate that names the device; raises ConfigError where its login is too long for one."""
        if len(login) > LONGEST_NAME:
            raise ConfigError(f"{login} is longer than a certificate can name ({LONGEST_NAME} characters)")
        return self._sign(login, timedelta(days=days), ExtendedKeyUsageOID.CLIENT_AUTH, [])

    def for_broker(self, hosts: Sequence[str]) -> Pair:
        """A certificate of the broker's, under the names and addresses by which devices reach it."""
        left = self._certificate.not_valid_after_utc - datetime.now(UTC)
        return self._sign(
            hosts[0][:LONGEST_NAME], left, ExtendedKeyUsageOID.SERVER_AUTH, [*map(_host, hosts)]
        )

    def revocations(self, revoked: Iterable[tuple[str, datetime]]) -> bytes:
        """The list of what is revoked, by serial number and since when, in PEM. It is good for as long as the
        authority is: one that is out of date would keep every device out."""
        ends = self._certificate.not_valid_after_utc
        listed = x509.CertificateRevocationListBuilder().issuer_name(self._certificate.subject)
        listed = listed.last_update(datetime.now(UTC) - _LATE).next_update(ends)
        for serial, since in revoked:
            one = x509.RevokedCertificateBuilder().serial_number(int(serial, 16)).revocation_date(since)
            listed = listed.add_revoked_certificate(one.build())
        return listed.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def _sign(
        self, name: str, span: timedelta, use: x509.ObjectIdentifier, hosts: Sequence[x509.GeneralName]
    ) -> Pair:
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        built = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(self._certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _LATE)
            .not_valid_after(min(now + span, self._certificate.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        )
        if hosts:
            built = built.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        signed = built.sign(self._key, hashes.SHA256())
        return Pair(signed.public_bytes(Encoding.PEM), _pem(key), f"{signed.serial_number:x}")


def is_there(home: Path) -> bool:
    """Whether an authority has been founded below `home`."""
    return (home / "ca.key").exists()


def found(home: Path) -> None:
    """Found an authority below `home`, good for ten years."""
    key, now, name = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC), _named("Gridward devices")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _LATE)
        .not_valid_after(now + _YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    put_key(home / "ca.key", _pem(key))
    (home / "ca.crt").write_bytes(certificate.public_bytes(Encoding.PEM))


def put_key(path: Path, key: bytes) -> None:
    """Write a key for its owner's eyes only; raises ConfigError where there is such a file already."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key)
    except FileExistsError:
        raise ConfigError(f"{path} is there already") from None


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
