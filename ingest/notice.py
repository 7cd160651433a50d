"""What a message to a channel says of the alerts in it, in the district's language."""

from collections.abc import Sequence

from db.connect import Row
from ingest.channel import Message
from ingest.contract.messages import Severity
from words import name, say
from words.alert import sentence

LINES = 5
"""As many alerts are said; of the others only how many there are."""
LONGEST = 200
"""Characters of one alert: what people wrote may be in it."""


def compose(rows: Sequence[Row]) -> Message:
    """The message of `rows`, the worst of it first, each with the number of all of them as ``whole``."""
    first = rows[0]
    lang, whole = first["lang"], first["whole"]
    title = say(
        lang,
        "notice.one" if whole == 1 else "notice.many",
        district=name(lang, first, "district_"),
        severity=say(lang, f"severity.{first['severity']}"),
        rule=say(lang, f"rule.{first['rule']}"),
        n=f"{whole:,}",
    )
    lines = [_line(lang, row) for row in rows]
    if whole > len(rows):
        lines.append(say(lang, "notice.more", n=f"{whole - len(rows):,}"))
    return Message(title, "\n".join(lines), Severity(first["severity"]))


def trial(row: Row) -> Message:
    """What is sent to try a channel out: `row` is its district's names, language and local time."""
    lang = row["lang"]
    title = say(lang, "notice.trial", district=name(lang, row, "district_"))
    return Message(
        title, say(lang, "notice.trial_body", time=f"{row['local_time']:%Y-%m-%d %H:%M:%S}"), Severity.GENERAL
    )


def _line(lang: str, row: Row) -> str:
    try:
        what = " ".join(sentence(lang, row).split())
    except Exception:  # noqa: BLE001  one alert that cannot be said must not silence those that come with it
        what = say(lang, f"rule.{row['rule']}")
    return say(
        lang,
        "notice.line" if row["event"] == "raised" else "notice.step",
        time=f"{row['local_time']:%m-%d %H:%M:%S}",
        severity=say(lang, f"severity.{row['severity']}"),
        what=what if len(what) <= LONGEST else what[:LONGEST] + "…",
        grid=name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid"),
        step=say(lang, f"notice_step.{row['event']}"),
    )
