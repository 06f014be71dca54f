"""Policy: change a rule and see which promises still hold; if one breaks, the shortest story that shows it."""

import streamlit as st

from dashboard.background import checks
from dashboard.background.job_queue import Stage
from dashboard.parts import counterexample, policy_editor, promise_list, repair_list, story_bar, use_policy
from dashboard.shell.session_state import act_begins
from dashboard.shell.visit import Visit, visit
from dashboard.text.policy_link import policy_code, policy_of
from dashboard.text.words import plain, sentence
from data.scenario.policy_files import policies
from data.scenario.policy_words import differences
from model import Policy
from model.checker.report import Report


def page(here: Visit) -> None:
    """Show the settings beside the promises; below, how one breaks, and what can be done with the policy."""
    story_bar.enter_wished()
    st.title("Policy")
    st.caption(
        "This page is the simulation's own: it shows no room. Change who decides, what expires and who sees what; the "
        "checker tries every history of a small world by the very rules that rooms follow. The values at the start "
        "are the source's; the other choices, and the names of the settings, are this project's."
    )
    policy = _of_link()
    ours, answer = st.columns([5, 6], gap="large")
    below = st.container()
    with ours:
        _begin_with(policy)
        policy_editor.edit(policy, "policy", _change)
    with answer:
        _in_words(policy)
        st.subheader("Is it safe?", anchor=False)
        place = st.empty()
    use_policy.show(here, policy)
    code = policy_code(policy)
    with place, st.spinner("Trying every history…", show_time=True):
        report = _best_report(code)
    breaks = promise_list.broken(report)
    asked = next((found for found in breaks if found.name == st.query_params.get("show")), None)
    shown = asked or next((found for found in breaks if not found.condition), None)
    with place.container():
        st.markdown(promise_list.verdict(report))
        promise_list.listing(report, shown.name if shown else None, _show)
        st.caption(promise_list.thoroughness(report))
        _more_thoroughly(code)
        if not report.safe:
            repair_list.show(code, _change)
    if shown:
        with below, st.container(key="counterexample"):
            counterexample.show(report, shown)


def _best_report(code: str) -> Report:
    """Return the report within the default bounds if one is ready, else the one within the small bounds."""
    asked = checks.thorough().find(code)
    return asked.result if asked and asked.stage is Stage.DONE else checks.report(code)


def _more_thoroughly(code: str) -> None:
    """Offer a check within the default bounds, or show how far it is."""
    asked = checks.thorough().find(code)
    if asked and not asked.over:
        st.fragment(_going, run_every=1)(code)
        return
    if asked and asked.stage is Stage.DONE:
        return
    if asked:
        st.error(asked.sentence, icon=":material/error:")
    st.button(
        "Check with the default bounds",
        key="thorough",
        icon=":material/zoom_in:",
        disabled=checks.thorough().busy,
        help="Two support requests with three access requests: up to a minute, beside the server. Go on meanwhile.",
        on_click=checks.thorough().ask,
        args=(code,),
    )


def _going(code: str) -> None:
    asked = checks.thorough().find(code)
    if asked is None or asked.over:
        st.rerun(scope="app")
    running = asked.stage is Stage.RUNNING
    word = "Trying every history within the default bounds" if running else "Waiting for another check"
    st.markdown(f":gray[:material/hourglass_top: {word}… You can go on; the result will be here.]")


def _of_link() -> Policy:
    """Return the policy of the link, else the last one on this page, else the source's, and put it into the link.

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
    """Put the policy into the link. For use in a callback."""
    act_begins()
    st.query_params["policy"] = policy_code(policy)
    st.query_params.pop("show", None)


def _show(name: str) -> None:
    st.query_params["show"] = name


def _begin_with(policy: Policy) -> None:
    """Offer the policies by name to begin with, and a button back to the source's."""
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
    """Show what the policy changes in the source's."""
    st.subheader("What differs from the source", anchor=False)
    found = differences(policy)
    if not found:
        st.markdown(":gray[Nothing: this is the source's policy.]")
    for clause, in_source in found:
        st.markdown(f":material/edit: {sentence(clause)}  \n:small[:gray[in the source: {in_source}]]")


page(visit())
