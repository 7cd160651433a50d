"""On the archive of premises: their risk grade, how it came to be, and another one from who may rate them."""

import streamlit as st

from dashboard import duties, orders
from dashboard.ui import panel, ratings
from dashboard.ui.i18n import say
from db.connect import Row, Scope
from ingest.contract.orders import RISK_GRADES, RatePremises


def draw(lang: str, scope: Scope, card: Row, rows: list[Row]) -> None:
    """`card` is of ``read/premises_card``, `rows` of ``read/premises_ratings``. Who may not rate reads."""
    st.html(panel.title(lang, "archive_rating"))
    with st.container(key="archive_rating"):
        st.html(ratings.card(lang, card, rows))
        if duties.may(RatePremises) and card["closed"] is None:
            _form(lang, scope, card)
        orders.say_outcome(lang, scope, _about(card))
        if earlier := ratings.earlier(lang, card, rows):
            st.html(earlier)


def _form(lang: str, scope: Scope, card: Row) -> None:
    key = _about(card)
    # A box for each grade that counts: once it is another, what was chosen against it is chosen no longer.
    grade_key = f"{key}_{card['risk_grade'] or 'none'}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            say(lang, "rating.new"),
            [grade for grade in RISK_GRADES if grade != card["risk_grade"]],
            index=None,
            format_func=lambda grade: ratings.named(lang, grade),
            placeholder="",
            key=grade_key,
            width=130,
        )
        st.text_input(say(lang, "rating.reason"), key=f"{key}_reason", max_chars=2000, width="stretch")
        args = (scope, card, grade_key, f"{key}_reason")
        st.button(say(lang, "desk.send"), key=f"{key}_send", type="primary", on_click=_send, args=args)


def _send(scope: Scope, card: Row, grade_key: str, reason_key: str) -> None:
    """Place the order; what is missing for it is said instead."""
    grade = st.session_state[grade_key]
    reason = (st.session_state[reason_key] or "").strip()
    if grade is None:
        orders.lacks(_about(card), "rating.grade_needed")
    elif not reason:
        orders.lacks(_about(card), "rating.reason_needed")
    elif orders.send(
        scope, _about(card), RatePremises(card["premises_id"], grade, card["risk_grade"], reason)
    ):
        st.session_state[reason_key] = ""


def _about(card: Row) -> str:
    return f"rating_{card['premises_id']}"
