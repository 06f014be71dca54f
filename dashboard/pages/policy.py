"""Policy: change a setting and see which promises still hold, with the shortest story that breaks one."""

import streamlit as st

from dashboard.background.jobs import checks
from dashboard.background.jobs.job_queue import Stage
from dashboard.parts import background_job
from dashboard.parts.policy import counterexample, policy_editor, promise_list, repair_list, use_policy, verdict_picture
from dashboard.parts.story import story_bar
from dashboard.shell.session_state import act_begins
from dashboard.shell.visit import Visit, visit
from dashboard.text.policy_link import policy_code, policy_of
from dashboard.text.words import plain, sentence
from data.scenario.policy_files import policies
from data.scenario.policy_words import differences
from model import Policy
from model.checker.report import Promise, Report

_THOROUGH = background_job.Offer(
    "thorough",
    "Check more thoroughly",
    "zoom_in",
    "Two support requests with three access requests instead of one with two: up to a minute, while you go on.",
    "Checking more thoroughly",
)


def page(here: Visit) -> None:
    """Show the verdict beside the settings; below, how a promise breaks, and ways to use the policy."""
    story_bar.enter_wished()
    st.title("Policy")
    st.caption(
        "Change who decides, what expires and who sees what. The checker tries every possible history of a few support "
        "requests, by the same rules that rooms follow, and says which promises still hold. Your room is not changed."
    )
    policy = _of_link()
    code = policy_code(policy)
    answer, settings = st.columns([7, 4], gap="large")
    below = st.container()
    place = answer.empty()
    with settings:
        _begin_with(policy)
        _in_words(policy)
        policy_editor.edit(policy, "policy", _change)
    use_policy.show(here, policy)
    with place, st.spinner("Trying every history…", show_time=True):
        report = _best_report(code)
    shown = _shown(report)
    with place.container():
        _answer(report, code, shown)
    if shown:
        with below:
            counterexample.show(report, shown)


def _best_report(code: str) -> Report:
    """Return the thorough check's report if it is ready, else the quick one's."""
    asked = checks.thorough().find(code)
    return asked.result if asked and asked.stage is Stage.DONE else checks.report(code)


def _shown(report: Report) -> Promise | None:
    """Return the promise whose counterexample is shown: the link's, else the first broken one."""
    breaks = promise_list.broken(report)
    asked = next((found for found in breaks if found.name == st.query_params.get("show")), None)
    return asked or next((found for found in breaks if not found.condition), None)


def _answer(report: Report, code: str, shown: Promise | None) -> None:
    """Show the verdict; if the policy is unsafe, first what is broken, its screens, and repairs."""
    st.header(promise_list.verdict(report), anchor=False)
    first, name = promise_list.not_kept(report), shown.name if shown else None
    others = [found for found in report.promises if found not in first]
    promise_list.listing(first, name, _show)
    if shown:
        with st.container(key="screens"):
            counterexample.verdict(report, shown)
    if not report.safe:
        repair_list.show(code, _change)
    if first and others:
        with st.expander(f"{len(others)} promises hold", icon=":material/check_circle:"):
            promise_list.listing(others, name, _show)
    else:
        promise_list.listing(others, name, _show)
    st.caption(promise_list.thoroughness(report))
    with st.container(horizontal=True, vertical_alignment="center"):
        background_job.result(checks.thorough(), code, _THOROUGH)
        verdict_picture.downloads(report)


def _of_link() -> Policy:
    """Return the link's policy, else the last one on this page, else the source's, and put it into the link.

    If the link's policy cannot be read, say so and return the source's.
    """
    code = st.query_params.get("policy") or st.session_state.get("policy", "source")
    try:
        policy = policy_of(code)
    except ValueError as error:
        st.error(
            f"The policy of this link cannot be read: {plain(error)}. Here is the source's.", icon=":material/link_off:"
        )
        return Policy()
    if code != "source":
        st.query_params["policy"] = code
    st.session_state["policy"] = code
    return policy


def _change(policy: Policy) -> None:
    """In a callback: put the policy into the link."""
    act_begins()
    st.query_params["policy"] = policy_code(policy)
    st.query_params.pop("show", None)


def _show(name: str) -> None:
    st.query_params["show"] = name


def _begin_with(policy: Policy) -> None:
    """Offer the named policies as a start, and a button back to the source's."""
    known = policies(wrong=_left_out)
    st.session_state["begin with"] = next((name for name, saved in known.items() if saved == policy), None)

    def begin() -> None:
        if name := st.session_state["begin with"]:
            _change(known[name])

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Begin with",
            list(known),
            key="begin with",
            placeholder="a policy of your own",
            on_change=begin,
            help="The source's, another system's figures, or one that somebody saved on this server.",
        )
        st.button(
            "Back to the source",
            key="reset",
            icon=":material/replay:",
            disabled=policy == Policy(),
            on_click=_change,
            args=(Policy(),),
        )
    if named := next((saved for saved in known.values() if saved == policy and saved.title), None):
        read = f" Read in: {plain(named.read_in)}." if named.read_in else ""
        st.caption(f"{plain(named.title)}.{read}")


def _left_out(what: str) -> None:
    st.caption(f":material/warning: A saved policy is left out. {plain(what)}")


def _in_words(policy: Policy) -> None:
    """Show the policy's changes to the source's."""
    found = differences(policy)
    if not found:
        st.markdown(":gray[Nothing differs: this is the source's policy.]")
    else:
        st.markdown("**What differs from the source**")
    for clause, in_source in found:
        st.markdown(f":material/edit: {sentence(clause)}  \n:small[:gray[in the source: {in_source}]]")


page(visit())
