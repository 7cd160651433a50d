"""The words of the screen, from the room ``words``, and the language of whoever looks at it."""

from datetime import date, datetime

from words import LANGUAGES as LANGUAGES
from words import age as age
from words import name as name
from words import say as say
from words import words as words


def language(asked: str | None, locale: str | None) -> str:
    """The language asked for, else the one of a browser's locale such as ``zh-CN``; English for a
    locale of neither, Chinese without any."""
    if asked in LANGUAGES:
        return asked
    return "zh" if (locale or "zh").lower().startswith("zh") else "en"


def weekday(lang: str, day: datetime) -> str:
    return say(lang, "weekday").split()[day.weekday()]


def day(lang: str, at: date, *, year: bool = True) -> str:
    """A day as the language writes it: 2026-11-28, 28 Nov 2026; without its `year` 11-28, 28 Nov."""
    return _date(lang, "date.day" if year else "date.day_short", at)


def month(lang: str, at: date) -> str:
    """2026-11, Nov 2026."""
    return _date(lang, "date.month", at)


def _date(lang: str, form: str, at: date) -> str:
    name_of_month = say(lang, "months_short").split()[at.month - 1]
    return say(lang, form, year=at.year, month=name_of_month, day=at.day)


def moment(lang: str, at: datetime, *, seconds: bool = False) -> str:
    """A day and the time of it, to the minute or the second."""
    return f"{day(lang, at)} {_time(at, seconds)}"


def lately(lang: str, at: datetime, *, seconds: bool = False) -> str:
    """As `moment`, where the year goes without saying."""
    return f"{day(lang, at, year=False)} {_time(at, seconds)}"


def _time(at: datetime, seconds: bool) -> str:
    return f"{at:%H:%M:%S}" if seconds else f"{at:%H:%M}"
