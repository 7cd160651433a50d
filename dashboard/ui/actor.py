"""Who did something that no worker and no department did."""

from dashboard.ui.i18n import say


def actor(lang: str, code: str) -> str:
    """``screen:王五`` -> '指挥中心 · 王五'; a code of nobody known is shown as it is."""
    kind, _, given = code.partition(":")
    return " · ".join(part for part in (say(lang, f"actor.{kind}"), given) if part)
