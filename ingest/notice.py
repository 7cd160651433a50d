"""What a message to a channel says of the incidents in it, in the district's language."""

from collections.abc import Sequence

from db.connect import Row
from ingest.channel import Message
from ingest.contract.messages import Severity
from words import name, say
from words.alert import sentence

LINES = 5
"""As many incidents are said; of the others only how many there are."""
LONGEST = 200
"""Characters of one incident: what people wrote may be in it."""


def compose(rows: Sequence[Row]) -> Message:
    """The message of `rows`, the worst of it first, each with the number of all of them as ``whole``."""
    first = rows[0]
    lang, whole = first["lang"], first["whole"]
    title = say(
        lang,
        "message.one" if whole == 1 else "message.many",
        district=name(lang, first, "district_"),
        severity=say(lang, f"severity.{first['severity']}"),
        rule=say(lang, f"rule.{first['rule']}"),
        n=f"{whole:,}",
    )
    lines = [_line(lang, row) for row in rows]
    if whole > len(rows):
        lines.append(say(lang, "message.more", n=f"{whole - len(rows):,}"))
    return Message(title, "\n".join(lines), Severity(first["severity"]))


def trial(row: Row) -> Message:
    """What is sent to try a channel out: `row` is its district's names, language and local time."""
    lang = row["lang"]
    title = say(lang, "message.trial", district=name(lang, row, "district_"))
    body = say(lang, "message.trial_body", time=f"{row['local_time']:%Y-%m-%d %H:%M:%S}")
    return Message(title, body, Severity.GENERAL)


def _line(lang: str, row: Row) -> str:
    return say(
        lang,
        "message.line" if row["event"] == "opened" else "message.step",
        time=f"{row['local_time']:%m-%d %H:%M:%S}",
        severity=say(lang, f"severity.{row['severity']}"),
        what=_what(lang, row),
        grid=name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid"),
        step=say(lang, f"message_step.{row['event']}", unit=name(lang, row, "unit_")),
    )


def _what(lang: str, row: Row) -> str:
    """What the first alert says, and how many there are."""
    try:
        what = " ".join(sentence(lang, row).split())
    except Exception:  # noqa: BLE001  one alert that cannot be said must not silence those that come with it
        what = say(lang, f"rule.{row['rule']}")
    what = what if len(what) <= LONGEST else what[:LONGEST] + "…"
    return say(lang, "message.gathered", what=what, n=f"{row['alerts']:,}") if row["alerts"] > 1 else what
