"""The foreign names of a device: by which protocol and name it is known, and a button that releases each."""

import streamlit as st

from dashboard import duties, orders
from dashboard.ui import panel
from dashboard.ui.i18n import say
from dashboard.ui.raw import facts
from db.connect import Row, Scope
from ingest.contract.orders import ReleaseName


def draw(lang: str, scope: Scope, about: str, names: list[Row]) -> None:
    """The rows of ``read/device_registration``; nothing of a device that speaks our own wire."""
    if names:
        with st.container(key="device_names"):
            st.html(panel.title(lang, "device_names"))
            for row in names:
                _name(lang, scope, about, row)
    orders.say_outcome(lang, scope, f"names {about}")


def _name(lang: str, scope: Scope, about: str, row: Row) -> None:
    lines = {
        "protocol": say(lang, f"protocol.{row['decoder']}"),
        "foreign_name": row["name"],
        "datum": row["datum"] or "—",
        "tz": row["tz"],
        "key": say(lang, "device_names.with_key" if row["has_key"] else "device_names.no_key"),
        "reply_to": row["reply_to"] or say(lang, "device_names.not_yet"),
    }
    st.html(facts({say(lang, f"device_names.{word}"): text for word, text in lines.items()}))
    if not duties.may(ReleaseName):
        return
    st.button(
        say(lang, "device_names.release"),
        key=f"release_{row['decoder']}:{row['name']}",
        icon=":material/link_off:",
        help=say(lang, "device_names.release_help"),
        on_click=_release,
        args=(scope, about, ReleaseName(row["decoder"], row["name"])),
    )


def _release(scope: Scope, about: str, order: ReleaseName) -> None:
    orders.send(scope, f"names {about}", order)
