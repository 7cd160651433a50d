"""Time stamps by RFC 3161: an authority outside of the house signs that it has seen something, and when."""

import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from ingest.contract.errors import ConfigError, RetryLater
from ingest.der import sorted_certificates

WAIT_S = 10
MOST_BYTES = 64 * 1024
_GRANTED = (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS)


class Stamp(NamedTuple):
    """When, by the authority's clock, and its answer in DER."""

    at: datetime
    response: bytes


def stamp(url: str, said: bytes) -> Stamp:
    """Have the authority at `url` stamp these bytes; raises RetryLater where it does not."""
    request = TimestampRequestBuilder().data(said).hash_algorithm(HashAlgorithm.SHA256).build()
    asked = urllib.request.Request(  # noqa: S310  settings take http and https only
        url, request.as_bytes(), {"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=WAIT_S) as answer:  # noqa: S310
            content = answer.read(MOST_BYTES)
        response = decode_timestamp_response(sorted_certificates(content))
        if response.status not in _GRANTED:
            raise RetryLater(f"the time-stamp authority refuses: status {response.status}")
        info = response.tst_info
        told = info.message_imprint.message, info.nonce
    except (OSError, ValueError, urllib.error.HTTPError) as error:
        raise RetryLater(f"the time-stamp authority: {error}") from error
    if told != (request.message_imprint.message, request.nonce):
        raise RetryLater("the time-stamp authority has stamped something else")
    return Stamp(info.gen_time, content)


def authorities(path: Path) -> list[x509.Certificate]:
    """The certificates in a PEM file; raises ConfigError where there are none, OSError without the file."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError as error:
        raise ConfigError(f"{path} holds no certificate") from error


def is_stamped(response: bytes, said: bytes, roots: list[x509.Certificate]) -> bool:
    """Whether it is a stamp of these bytes, by an authority that one of the certificates vouches for."""
    builder = VerifierBuilder()
    for one in roots:
        builder = builder.add_root_certificate(one)
    try:
        told = decode_timestamp_response(sorted_certificates(response))
        return builder.build().verify_message(told, said)
    except (VerificationError, ValueError):
        return False
