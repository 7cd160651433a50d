"""Module files: YAML in, checked modules out; every mistake is one line with file, line, place and what."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from ingest.contract.errors import ConfigError
from ingest.domain.module import Module
from ingest.domain.module_check import clashes, mistakes
from ingest.shape import misfits
from ingest.yaml_file import YamlFile, read_yaml

SHIPPED = Path(__file__).with_name("modules")


def read_modules(paths: Iterable[Path]) -> list[Module]:
    """The modules of the files, in their order, which get along with one another.

    Raises ConfigError with a line for each mistake in any of them.
    """
    modules, lines = examine(paths)
    if lines:
        raise ConfigError("\n".join(lines))
    return list(modules.values())


def examine(paths: Iterable[Path]) -> tuple[dict[Path, Module], list[str]]:
    """The modules of the files that are in order, and a line for each mistake in the others."""
    read: list[tuple[YamlFile, Module]] = []
    lines: list[str] = []
    for path in dict.fromkeys(paths):
        try:
            read.append(_read(path))
        except ConfigError as error:
            lines.append(str(error))
    fine = {file.path: module for file, module in read}
    for number, mistake in clashes([module for _, module in read]):
        file = read[number][0]
        fine.pop(file.path, None)
        lines.append(file.complaint(*mistake))
    return fine, lines


def shipped() -> list[Module]:
    """The modules that come with Gridward, by file name."""
    return read_modules(sorted(SHIPPED.glob("*.yaml")))


def _read(path: Path) -> tuple[YamlFile, Module]:
    file = read_yaml(path)
    # What is of a wrong shape cannot be looked at any closer.
    found = list(misfits(file.tree, Module))
    if not found:
        module = msgspec.convert(file.tree, Module, strict=False)
        found = list(mistakes(module))
    if found:
        raise ConfigError("\n".join(file.complaint(*mistake) for mistake in found))
    return file, module
