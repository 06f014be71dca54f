"""The checker's results in a line and as a list: promises are green, red with a counterexample, or gray if untested."""

from collections.abc import Callable, Sequence

import streamlit as st

from model.checker.promise_names import PRIVACY
from model.checker.report import Promise, Report, Verdict

Show = Callable[[str], None]
TIME_TELLS = (
    "That is about rules and screens. People’s time can still tell: as far as engineers get slower without access, a "
    "support request is closed later after a removal. The page What if says how well that could be guessed."
)
"""Shown beside the promise that removals are private."""


def state_of(found: Promise) -> tuple[str, str, str]:
    """Return a colour, an icon and a word: holds, under a condition, broken, or nothing to test."""
    if found.holds:
        return "green", "check_circle", "holds"
    if found.verdict is Verdict.NOTHING_TO_TEST:
        return "gray", "help", "nothing to test"
    return ("orange", "error", "under a condition") if found.condition else ("red", "cancel", "broken")


def broken(report: Report) -> list[Promise]:
    """Return the promises that a history breaks; those with a condition come last."""
    return sorted((found for found in report.promises if found.counterexample), key=lambda found: bool(found.condition))


def verdict(report: Report) -> str:
    """Return the verdict in one line, in Markdown."""
    many, kinds = len(report.promises), [state_of(found)[2] for found in report.promises]
    wrong, untested = kinds.count("broken"), kinds.count("nothing to test")
    if wrong or untested:
        counts = [f"{wrong} of {many} promises {'is' if wrong == 1 else 'are'} broken"] * bool(wrong)
        counts += [f"nothing tests {untested}" if wrong else f"nothing tests {untested} of {many}"] * bool(untested)
        return f":red[:material/cancel: **Not safe**] · {', '.join(counts)}"
    under = kinds.count("under a condition")
    return f":green[:material/check_circle: **Safe**] · all {many} promises hold" + (
        f" ({under} only under a condition)" if under else ""
    )


def not_kept(report: Report) -> list[Promise]:
    """Return the promises that make a policy unsafe: the broken ones, then the untested ones."""
    wrong = ("broken", "nothing to test")
    found = [found for found in report.promises if state_of(found)[2] in wrong]
    return sorted(found, key=lambda found: wrong.index(state_of(found)[2]))


def listing(promises: Sequence[Promise], shown: str | None, show: Show) -> None:
    """Show promises with their verdicts. `show` is called in a callback with the name of a broken one."""
    for found in promises:
        colour, icon, word = state_of(found)
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", key=f"promise {found.name}"):
            says = f":{colour}[:material/{icon}:] **{found.name}** :{colour}-badge[{word}]  \n:small[{found.sentence}]"
            under = f"  \n:small[:orange[Not {found.condition}.]]" if found.condition else ""
            still = f"  \n:small[:gray[{TIME_TELLS}]]" if found.name == PRIVACY and found.holds else ""
            tested = f"  \n:small[:gray[{words}]]" if (words := tested_words(found)) else ""
            st.markdown(says + under + tested + still, width="stretch")
            if found.counterexample:
                st.button(
                    "Shown below" if found.name == shown else "Show how",
                    key=f"show {found.name}",
                    disabled=found.name == shown,
                    on_click=show,
                    args=(found.name,),
                )


def tested_words(found: Promise) -> str:
    """Return the number of a promise's tests in a sentence; "" for an act that was never done."""
    if found.tested:
        return f"Tested by {found.tested_by}."
    return "" if found.counterexample else "Nothing that can happen under this policy tests it."


def thoroughness(report: Report) -> str:
    """Return the extent of the check in a sentence."""
    bounds = report.bounds
    took = f" in {report.seconds:.1f} seconds" if report.seconds is not None else ""
    return (
        f"Tried{took}: every history of {bounds.tickets} support request{'s' * (bounds.tickets > 1)} with up to "
        f"{bounds.requests} access requests, between a support request tenant, two resource tenants and an "
        f"outsider. {report.explored:,} situations looked at, which stand for {report.represented:,}; "
        f"{report.transitions:,} steps; {report.pairs:,} pair{'s' * (report.pairs != 1)} "
        f"compared for the privacy of removals; up to {report.depth} steps deep."
    )
