"""Reads YAML without its traps: every plain word stays the text that was written, nothing is taken silently.

`no`, `on`, `010` and `2026-01-01` are texts; a key that stands twice, an anchor, a tag, a second
document and a tab before a key are refused; every spot knows its line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import yaml  # type: ignore[import-untyped]

from ingest.contract.errors import ConfigError

MAX_BYTES = 256 * 1024
_DEEPEST = 20
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_KEY = re.compile(r"\S[^\n]{0,63}\Z")

Tree = str | list["Tree"] | dict[str, "Tree"]


@dataclass
class YamlFile:
    """What a file holds, as texts, lists and dicts, and the line (from 1) of each place in it."""

    path: Path
    tree: Tree = ""
    lines: dict[str, int] = field(default_factory=dict)

    def complaint(self, place: str, what: str) -> str:
        """One line: file, line, place, what is wrong there."""
        known = place
        while known and known not in self.lines:  # what is missing is looked for where it should have been
            known = re.sub(r"(^|\.)[^.\[]*$|\[\d+\]$", "", known)
        return f"{self.path}:{self.lines.get(known, 1)}: {place or '-'}: {what}"


def join(place: str, key: str | int) -> str:
    """The place below `place`: ``categories``, 2, ``cycle`` make ``categories[2].cycle``."""
    if isinstance(key, int):
        return f"{place}[{key}]"
    return f"{place}.{key}" if place else key


def read_yaml(path: Path) -> YamlFile:
    """Read a file of at most 256 KB; raises ConfigError with one line saying where it is wrong and how."""
    file = YamlFile(path)
    try:
        events = yaml.parse(_text(path), Loader=yaml.BaseLoader)
        documents = [
            _Reader(file, events).tree(event, "", 0) for event in events if isinstance(event, yaml.NodeEvent)
        ]
    except yaml.MarkedYAMLError as error:
        mark, what = error.problem_mark, error.problem or "is not YAML"
        if "'\\t'" in what:
            what = "a tab stands where only spaces may indent"
        raise ConfigError(f"{path}:{mark.line + 1 if mark else 1}: -: {what}") from error
    except yaml.reader.ReaderError as error:
        raise ConfigError(f"{path}:1: -: holds the character U+{error.character:04X}") from error
    if len(documents) != 1:
        raise ConfigError(f"{path}:1: -: holds {'no' if not documents else 'more than one'} document")
    file.tree = documents[0]
    return file


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise ConfigError(f"{path}: {'is a directory' if path.is_dir() else 'file is missing'}")
        with path.open("rb") as file:
            held = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    if len(held) > MAX_BYTES:
        raise ConfigError(f"{path}: is larger than {MAX_BYTES // 1024} KB")
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 (byte {error.start}){_guess(held)}") from error


def _guess(held: bytes) -> str:
    if held[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "; it looks like UTF-16: save it as UTF-8"
    try:
        held.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "; it looks like GB18030: save it as UTF-8"


@dataclass(frozen=True)
class _Reader:
    """Builds the tree from the parser's events, one after the other."""

    file: YamlFile
    events: Iterator[yaml.Event]

    def tree(self, event: yaml.Event, place: str, depth: int) -> Tree:
        """The value that `event` begins, which stands at `place`."""
        self.file.lines.setdefault(place, event.start_mark.line + 1)
        if event.anchor is not None:
            self._refuse(event, place, f"anchors and aliases ({event.anchor!r}) are not for this file")
        if getattr(event, "tag", None) not in (None, "!"):
            self._refuse(event, place, f"tags ({event.tag}) are not for this file")
        if depth > _DEEPEST:
            self._refuse(event, place, f"is nested more than {_DEEPEST} deep")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return [self.tree(item, join(place, n), depth + 1) for n, item in enumerate(self._until_end())]
        if bad := _CONTROL.search(event.value):
            self._refuse(event, place, f"holds the character U+{ord(bad[0]):04X}")
        return str(event.value)

    def _mapping(self, place: str, depth: int) -> dict[str, Tree]:
        found: dict[str, Tree] = {}
        for event in self._until_end():
            key = self.tree(event, place, depth + 1)
            if not isinstance(key, str) or not _KEY.match(key):
                self._refuse(event, place, "a key must be a word")
            at = join(place, key)
            if key in found:
                self._refuse(event, at, "occurs twice")
            self.file.lines[at] = event.start_mark.line + 1
            found[key] = self.tree(next(self.events), at, depth + 1)
        return found

    def _until_end(self) -> Iterator[yaml.Event]:
        for event in self.events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event

    def _refuse(self, event: yaml.Event, place: str, what: str) -> NoReturn:
        raise ConfigError(f"{self.file.path}:{event.start_mark.line + 1}: {place or '-'}: {what}")
