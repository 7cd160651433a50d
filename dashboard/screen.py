"""The script that Streamlit runs for a viewer: the pages' navigation, and the page asked for."""

import functools
from pathlib import Path

import streamlit as st

from dashboard import dossier, filters, first_password, frame, time_machine, track_look, viewer
from dashboard.pages import shown_to
from dashboard.ui import theme
from dashboard.ui.i18n import language, say


def main() -> None:
    lang = language(st.query_params.get("lang"), st.context.locale)
    pages: dict[str, list[st.Page]] = {}
    account = viewer.take_the_window()
    for number, page in enumerate(shown_to(account)):
        entry = st.Page(
            functools.partial(dossier.show_own, account.worker_id) if account.worker_id else page.render,
            title=say(lang, page.title),
            icon=page.icon,
            url_path=page.name,
            default=number == 0,
        )
        pages.setdefault(say(lang, page.section), []).append(entry)
    chosen = st.navigation(pages, position="hidden")
    if st.session_state.get("shown_page") != chosen.url_path:
        st.session_state["shown_page"] = chosen.url_path
        track_look.over()
        time_machine.over()
        first_password.over()
    filters.forget_shown()
    icon = Path(__file__).parent / "static" / "icon.svg"
    st.set_page_config(chosen.title, str(icon), layout="wide")
    st.html(theme.style())
    with st.container(key="screen"):
        frame.draw(lang, [entry for section in pages.values() for entry in section], chosen)
        chosen.run()


main()
