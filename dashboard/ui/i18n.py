"""The words of the screen, from the room ``words``, and the language of whoever looks at it."""

from datetime import datetime

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
