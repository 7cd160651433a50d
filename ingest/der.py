"""The certificates in a time stamp's answer, put into the order that DER asks for.

OpenSSL's authority, and with it many in the world, sends them as a chain; the parser takes none but sorted
ones. Neither hash nor signature is over them, so that nothing is lost by it.
"""

_CERTIFICATES = 0xA0


def sorted_certificates(response: bytes) -> bytes:
    """The TimeStampResp with its certificates sorted; as it is where it is none, or has none."""
    try:
        at = _inside(response, 0)  # TimeStampResp
        at = _inside(response, _end(response, at))  # after its status, the ContentInfo
        at = _inside(response, _inside(response, _end(response, at)))  # after its type, [0], the SignedData
        for _ in ("version", "digest algorithms", "content"):
            at = _end(response, at)
        if response[at] != _CERTIFICATES:
            return response
        begins, ends = _inside(response, at), _end(response, at)
        certificates, at = [], begins
        while at < ends:
            certificates.append(response[at : _end(response, at)])
            at = _end(response, at)
    except IndexError:
        return response
    return response[:begins] + b"".join(sorted(certificates)) + response[at:]


def _inside(data: bytes, at: int) -> int:
    """Where the content of the element at `at` begins; raises IndexError behind the end."""
    return at + 2 + (data[at + 1] & 0x7F if data[at + 1] & 0x80 else 0)


def _end(data: bytes, at: int) -> int:
    """Where the element at `at` ends."""
    begins, length = _inside(data, at), data[at + 1]
    return begins + (int.from_bytes(data[at + 2 : begins]) if length & 0x80 else length)
