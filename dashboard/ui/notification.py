"""Why a channel did not take a message: its code in the viewer's language."""

from dashboard.ui.i18n import say


def reason(lang: str, code: str | None) -> str:
    """``http_500`` as 'HTTP 500'; nothing for None."""
    if not code:
        return ""
    kind, _, status = code.partition("_")
    return f"HTTP {status}" if kind == "http" else say(lang, f"notify_error.{code}")
