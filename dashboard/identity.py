"""Those who are known by an identity provider (OIDC): Streamlit's own login asks it, and what it answers is
an account of ours, or nobody.

A password is never seen here. Of what the provider tells only who it is counts: place and roles are the
account's.
"""

import json
import time
import tomllib
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from streamlit import config
from streamlit.auth_util import encode_provider_token, get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME

from dashboard import settings
from ingest.contract.errors import ConfigError

SETTING = "GRIDWARD_IDENTITY"
WAY = "/identity"
OPEN = frozenset({WAY, "/auth/login", "/oauth2callback"})
"""For everybody where a provider is set: the way to it and back."""
FRESH_S = 300
"""What the provider said holds for one login: an old answer is nobody's key."""
_NEEDED = ("client_id", "client_secret", "server_metadata_url", "redirect_uri", "cookie_secret")
_SECRET_CHARS = 32


def check(file: Path) -> None:
    """Raises ConfigError where this TOML file's section ``[auth]`` does not tell of a provider."""
    try:
        told = tomllib.loads(file.read_text("utf-8")).get("auth", {})
    except (OSError, ValueError) as error:
        raise ConfigError(f"{SETTING}: {file}: {str(error).splitlines()[0]}") from error
    if missing := [key for key in _NEEDED if not told.get(key)]:
        raise ConfigError(f"{SETTING}: {file}: [auth] lacks {', '.join(missing)}")
    if len(str(told["cookie_secret"])) < _SECRET_CHARS:
        raise ConfigError(f"{SETTING}: {file}: cookie_secret is shorter than {_SECRET_CHARS}")


def use(file: Path) -> None:
    """Let Streamlit ask the provider that this file tells of: once there is its application, before which it
    would forget its own settings."""
    config.set_option("secrets.files", [str(file)])


def is_set() -> bool:
    """Whether there is a provider to ask."""
    return settings.load().identity is not None


def names(request: Request) -> list[str]:
    """What the provider has just said whose browser this is: its number there, and an address of e-mail that
    the provider has verified. [] if it said nothing, or too long ago."""
    secret = get_cookie_secret()

    def one(name: str) -> bytes | None:
        value = request.cookies.get(name)
        return decode_signed_value(secret, name, value.encode("latin-1", "replace")) if value else None

    try:
        said: dict[str, Any] = json.loads(get_cookie_with_chunks(one, USER_COOKIE_NAME) or b"{}")
    except ValueError:
        return []
    if not abs(time.time() - float(said.get("iat") or 0)) < FRESH_S:
        return []
    mail = said.get("email") if said.get("email_verified") is True else None
    return [str(name) for name in (said.get("sub"), mail) if name]


def was_asked(request: Request) -> bool:
    """Whether the browser comes with an answer of the provider's."""
    return is_set() and USER_COOKIE_NAME in request.cookies


def forget(request: Request, answer: Response) -> Response:
    """The answer, with which the browser drops what the provider said: from here on it has a session."""
    for name in request.cookies:
        if name.startswith((USER_COOKIE_NAME, TOKENS_COOKIE_NAME)):
            answer.delete_cookie(name)
    return answer


def _way(request: Request) -> Response:
    return RedirectResponse(f"./auth/login?provider={encode_provider_token('default')}", 303)


ROUTES = [Route(WAY, _way)]
