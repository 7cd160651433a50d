"""The pages, found by listing this folder; each module has TITLE ICON SECTION ORDER and render()."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

import streamlit as st
from msgspec import Struct
from streamlit.navigation.page import Page as Entry

from ingest.contract.errors import ConfigError
from ingest.domain.account import Account, Role

OWN = "ranking"
"""The page on which a worker is shown, and shown themselves."""


class Page(Struct, frozen=True):
    """One page: `title` and `section` are locale keys. `icon` is an emoji: a Material symbol's picture
    would be fetched from outside for the browser's tab."""

    name: str
    title: str
    icon: str
    section: str
    order: int
    render: Callable[[], None]
    role: Role = Role.LOOK
    """What an account needs to be shown it; a page's ROLE, if it has one."""


@cache
def discover() -> tuple[Page, ...]:
    """All pages in their order. A broken one raises ConfigError: it is never skipped."""
    found = [_load(module.name) for module in pkgutil.iter_modules(__path__)]
    return tuple(sorted(found, key=lambda page: (page.order, page.name)))


def shown_to(account: Account) -> list[Page]:
    """The pages that an account may see; a worker the one that has their own."""
    if account.worker_id:
        return [page for page in discover() if page.name == OWN]
    return [page for page in discover() if page.role in {Role.LOOK, *account.roles}]


def entry(name: str) -> Entry:
    """The page of that name as Streamlit's links take it."""
    page = next(page for page in discover() if page.name == name)
    return st.Page(page.render, title=page.title, url_path=page.name)


def _load(name: str) -> Page:
    try:
        module = importlib.import_module(f"{__name__}.{name}")
        role = getattr(module, "ROLE", Role.LOOK)
        return Page(name, module.TITLE, module.ICON, module.SECTION, module.ORDER, module.render, role)
    except Exception as error:  # noqa: BLE001  whatever a plug-in does wrong, its file is named
        raise ConfigError(f"dashboard/pages/{name}.py: {error}") from error
