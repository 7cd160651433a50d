"""Whether a tree of texts, lists and dicts has the shape of a Struct; each spot where it has not is named."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from ingest.contract.topics import ID_PATTERN
from ingest.domain.module_check import Mistake
from ingest.yaml_file import Tree, join

_SHOWN = 40  # characters of what is wrong


def misfits(tree: Tree, kind: Any, place: str = "") -> Iterator[Mistake]:
    """Each place where `tree` is not as `kind` (a Struct's or a field's type) wants it, and what it wants.

    msgspec itself would stop at the first, and name no key of a dict.
    """
    kind, meta = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield from _fields(tree, kind, place)
    elif get_origin(kind) is tuple:
        yield from _elements(tree, get_args(kind)[0], meta, place)
    elif (what := _wrong(tree, kind, meta)) is not None:
        yield Mistake(place, what)


def _plain(kind: Any) -> tuple[Any, Meta]:
    """The type without ``| None`` and Annotated, and what Annotated said."""
    if type(None) in get_args(kind):
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is Annotated:
        kind, meta = get_args(kind)
        return kind, meta
    return kind, Meta()


def _fields(tree: Tree, kind: type[Struct], place: str) -> Iterator[Mistake]:
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    if not isinstance(tree, dict):
        yield Mistake(place, f"must have {', '.join(fields)} below it")
        return
    for name, value in tree.items():
        if name in fields:
            yield from misfits(value, fields[name].type, join(place, name))
        else:
            comma = "" if value else " (inside { } a comma parts: words that hold one need quotes)"
            yield Mistake(join(place, name), f"is none of {', '.join(fields)}{comma}")
    for name, field in fields.items():
        if field.required and name not in tree:
            yield Mistake(join(place, name), "is missing")


def _elements(tree: Tree, kind: Any, meta: Meta, place: str) -> Iterator[Mistake]:
    if not isinstance(tree, list):
        yield Mistake(place, "must be a list")
        return
    if len(tree) < (meta.min_length or 0):
        yield Mistake(place, "is empty")
    for number, element in enumerate(tree):
        yield from misfits(element, kind, join(place, number))


def _wrong(tree: Tree, kind: Any, meta: Meta) -> str | None:
    """What is wrong with a single value, if anything is."""
    if not isinstance(tree, str):
        return "must be a single value"
    try:
        msgspec.convert(tree, Annotated[kind, meta], strict=False)
    except msgspec.ValidationError:
        return _wanted(tree, kind, meta)
    return None


def _wanted(text: str, kind: Any, meta: Meta) -> str:
    if not text:
        return "is empty"
    shown = repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
    if meta.pattern == ID_PATTERN:
        return f"{shown} is no id (1 to 64 of A-Z a-z 0-9 _ -)"
    if kind is int:
        return f"{shown} is no whole number from {meta.ge} to {meta.le}"
    if kind is str:
        return f"is longer than {meta.max_length} characters"
    choices = get_args(kind) if get_origin(kind) is Literal else list(kind)
    return f"{shown} is none of {', '.join(choices)}"
