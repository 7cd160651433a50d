"""Every word that people read, on the screen or in a message: ``words/{zh,en}.json``."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = {"zh": "中文", "en": "English"}


@cache
def words(lang: str) -> dict[str, str]:
    """All words of a language by key."""
    found: dict[str, str] = json.loads((Path(__file__).parent / f"{lang}.json").read_text("utf-8"))
    return found


def say(lang: str, key: str, **params: object) -> str:
    """The text of `key` with its parameters. A key without a text is shown as it is, so that data of
    a newer ingest (a rule, a kind of device) never breaks a page."""
    text = words(lang).get(key)
    return key.partition(".")[2] or key if text is None else text.format_map(_Gaps(params))


def name(lang: str, row: Mapping[str, Any], prefix: str = "") -> str:
    """A row's ``name`` or ``name_en``, whichever the language has; a dash where it has neither."""
    own = row.get(f"{prefix}name")
    return str((row.get(f"{prefix}name_en") if lang == "en" else None) or own or "—")


def age(lang: str, seconds: float | None) -> str:
    """A span in its largest fitting unit: 90 -> '1 min'; a dash for None."""
    if seconds is None:
        return "—"
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= length:
            return say(lang, f"age.{unit}", n=int(seconds // length))
    return say(lang, "age.seconds", n=max(0, int(seconds)))


class _Gaps(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "—"
