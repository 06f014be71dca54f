"""What the policy checker says, kept for everybody: a report is the same for each visitor who asks about a policy."""

import time

import streamlit as st

from dashboard.policy_link import policy_of
from model.checker import SMALL, Report, check

_KEPT = 300  # reports


@st.cache_data(max_entries=_KEPT, show_spinner=False)
def report(code: str) -> Report:
    """The report within the small bounds, on the policy of a link; a second or two the first time."""
    return check(policy_of(code), SMALL, clock=time.perf_counter)
