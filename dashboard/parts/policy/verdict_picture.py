"""The verdict on a policy as a downloadable picture: the promises it keeps, beside the source's."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard.background.jobs import checks
from dashboard.parts.picture_downloads import Parts, picture_downloads
from dashboard.parts.policy.promise_list import state_of, thoroughness
from dashboard.text.words import sentence
from data.scenario.policy_words import differences
from model import Policy
from model.checker.report import Report

_OURS, _SOURCE = "this policy", "the source"


def downloads(report: Report) -> None:
    """Offer the picture as PNG and SVG."""
    changes = [sentence(clause) for clause, _ in differences(report.policy)]
    sources = [
        f"This policy: {'; '.join(changes) or 'as in the source'}.",
        thoroughness(report),
        "Source: Support Access Lab, Policy. A simulation.",
    ]
    with st.popover("Download", icon=":material/download:", key="downloads"):
        picture_downloads("promises", partial(parts, report), "Which promises this policy keeps", sources)


def parts(report: Report) -> Parts:
    """Return the picture: a row for each promise, a column for the policy, and one for the source's if it differs."""
    from dashboard import charts

    reports = {_OURS: report} | ({} if report.policy == Policy() else {_SOURCE: checks.report("source")})
    rows = [
        {"promise": found.name, "policy": name, "found": state_of(found)[2]}
        for name, its in reports.items()
        for found in its.promises
    ]
    return [charts.which_promises_hold(pd.DataFrame(rows)).to_dict()]
