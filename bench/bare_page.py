"""The least that Streamlit can do every tick: the baseline of ``bench.screen``."""

import time

import streamlit as st

from dashboard.rest import TICK_S


@st.fragment(run_every=TICK_S)
def _clock() -> None:
    st.write(f"{time.time():.0f}")


st.title("Streamlit")
_clock()
