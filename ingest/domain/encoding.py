"""Text that devices send without saying in which encoding."""

from contextlib import suppress


def unsaid(text: bytes) -> str:
    """Text in an encoding that nobody has named."""
    found = []
    for encoding in ("gb18030", "utf-8"):  # where both make as much of it, the first
        with suppress(UnicodeDecodeError):
            found.append(text.decode(encoding))
    return plain(max(found, key=_everyday) if found else text.decode("cp437"))


def _everyday(text: str) -> int:
    """How many of the characters are in GB 2312, less those that are not."""
    return sum(1 if character.encode("gb2312", "ignore") else -1 for character in text)


def plain(text: str) -> str:
    """The same without what does not show."""
    return "".join(character for character in text if character.isprintable())
