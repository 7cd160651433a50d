"""A receipt as the bytes that go to a printer: ESC/POS with Chinese in GB 18030."""

_START, _CUT = b"\x1b@", b"\x1dV\x42\x00"
_CENTRE, _LEFT = b"\x1ba\x01", b"\x1ba\x00"
_LARGE, _PLAIN = b"\x1d!\x11\x1c!\x0c", b"\x1d!\x00\x1c!\x00"
_CHINESE = b"\x1c&"
_QR = b"\x1d(k"
_FEED = b"\x1bd\x04"


def escpos(text: str, code: str) -> bytes:
    """The job that prints `text`, its first line as a large title, then `code` as a QR code, and cuts."""
    title, _, rest = text.partition("\n")
    head = _CENTRE + _LARGE + _line(title) + _PLAIN
    body = _LEFT + b"".join(_line(line) for line in rest.splitlines())
    return _START + _CHINESE + head + body + _CENTRE + _qr(code) + _FEED + _CUT


def _line(text: str) -> bytes:
    return text.encode("gb18030") + b"\n"


def _qr(content: str) -> bytes:
    """Model 2, six dots a module, level M; stored, then printed."""
    data = content.encode("ascii")
    store = (len(data) + 3).to_bytes(2, "little") + b"1P0" + data
    commands = (b"\x04\x001A2\x00", b"\x03\x001C\x06", b"\x03\x001E1", store, b"\x03\x001Q0")
    return b"".join(_QR + command for command in commands)
