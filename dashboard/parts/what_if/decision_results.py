"""What was found to change the answer: its sentence, its picture, the table behind it, and files."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.background.jobs.decision_asked import DecisionAsked
from dashboard.background.jobs.decision_worker import DecisionResult, Found
from dashboard.parts.picture_downloads import picture_downloads
from dashboard.text.words import plain
from data.files.csv_and_parquet import csv_bytes
from data.lens.figures import UNITS
from data.simulation.decision.assumption_words import about
from data.simulation.decision.sensitivity import Sensitivity
from data.simulation.decision.sweep import Sweep
from data.simulation.decision.trade_off import TradeOff
from data.simulation.words.figure_words import difference_in_words, figure

_AGAINST = {"access": "Hours of access", "guess": "Whether a removal can be guessed"}
_ASSUMED = "Source: Support Access Lab, What if. A simulation: how people act is assumed, not measured."


def show(asked: DecisionAsked, result: DecisionResult) -> None:
    """Show the sentence, a picture with what is to be seen in it, and the table behind it."""
    found = result.found
    with st.container(border=True, key=f"answer {asked.kind}"):
        st.markdown(f"**{plain(found.sentence)}**")
        st.caption(
            f"{found.tickets:,} tickets in each case, {found.replications} times with different luck; "
            "all cases share it."
        )
        if found.note:
            st.caption(f":material/groups: {plain(found.note)}")
    chosen = _choice(asked, result)
    st.vega_lite_chart(
        result.pictures[chosen], width="stretch", alt=_alt(found, chosen), key=f"picture {asked.kind} {chosen}"
    )
    if isinstance(found, TradeOff):
        st.caption(plain(_numbers(found)))
    st.caption(_reading(found))
    with st.expander("The table behind it", icon=":material/table:"):
        st.dataframe(_table(found), key=f"table {asked.kind}", hide_index=True)
        for note in _notes(found):
            st.caption(note)
    _downloads(asked, result, chosen)


def _choice(asked: DecisionAsked, result: DecisionResult) -> str:
    """Return which of the pictures is shown: that of an arm, or against what is traded."""
    names = list(result.pictures)
    if len(names) == 1:
        return names[0]
    label: Callable[[str], str] = _AGAINST.__getitem__ if asked.kind == "trade-off" else plain
    chosen = st.segmented_control(
        "Picture",
        range(len(names)),
        format_func=lambda place: label(names[place]),
        default=_of_the_answer(result.found),
        required=True,
        key=f"picture of {asked.kind} {len(names)}",
        label_visibility="collapsed",
    )
    return names[chosen if chosen is not None and chosen < len(names) else 0]


def _of_the_answer(found: Found) -> int:
    """Return the picture that is shown first: of the arm that the answer above is about, if there is one for each."""
    given = st.query_params.get("arm", "1")
    place = int(given) - 1 if given.isdecimal() else 0
    return place if isinstance(found, Sensitivity) and 0 <= place < len(found.arms) - 1 else 0


def _alt(found: Found, chosen: str) -> str:
    """Return what a picture shows, for who does not see it: the sentence says what comes of it."""
    match found:
        case Sensitivity():
            return f"A tornado of “{chosen}” against “{found.arms[0].name}”. {found.sentence}"
        case Sweep():
            return f"{found.figure} over {' and '.join(knob.about for knob in found.knobs)}. {found.sentence}"
        case TradeOff():
            return f"Policies by time to resolution, and {_AGAINST[chosen].lower()}. {found.sentence}"


def _reading(found: Found) -> str:
    match found:
        case Sensitivity():
            return (
                "A bar for each assumption, the widest on top: from the difference as things are assumed (dashed) to "
                "that with the value at the bar’s end. Left of the line at 0 the policy has less of the figure, right "
                "of it more. Violet: the order of the two clearly turns around. Hollow: which of the two has more is "
                "not clear. What has no bar was not seen to change anything."
            )
        case Sweep(knobs=(_,)):
            return (
                "Large points: the best of a policy, or not clearly worse. Bands are 95 % intervals. All policies meet "
                "the same tickets, so that one can be clearly better although the bands overlap."
            )
        case Sweep():
            return "Violet edge: the best of this policy, or not clearly worse. Darker: more."
        case TradeOff():
            return (
                "Joined: the front, where nothing is sooner without giving more. Hollow: a policy that breaks a "
                "promise, which is named; it is not on the front. Thin lines are 95 % intervals."
            )


def _numbers(found: TradeOff) -> str:
    """Return which policy has which number in the picture."""
    return " · ".join(f"{number} {arm.name}" for number, arm in enumerate(found.arms, start=1))


def _table(found: Found) -> pd.DataFrame:
    """Return the table behind the picture, in words."""
    match found:
        case Sensitivity():
            return _effects(found)
        case Sweep():
            return _places(found)
        case TradeOff():
            return _policies(found)


def _effects(found: Sensitivity) -> pd.DataFrame:
    reasons = found.ranges.set_index("assumption")
    rows = [
        {
            "Assumption": about(row["assumption"]),
            "Assumed": reasons.loc[row["assumption"], "assumed"],
            "Instead": row["value"],
            "Policy": row["arm"],
            f"Difference from “{found.arms[0].name}”": difference_in_words(row),
            "Reading": row["reading"],
            "Why this far": reasons.loc[row["assumption"], "reason"],
        }
        for row in found.effects.sort_values("spread", ascending=False, kind="stable").to_dict("records")
    ]
    return pd.DataFrame(rows)


def _places(found: Sweep) -> pd.DataFrame:
    unit = UNITS[found.figure]
    rows = [
        {
            **{knob.about: row[knob.name] for knob in found.knobs},
            "Policy": row["arm"],
            found.figure: figure(float(row["value"]), unit),
            "95 % interval": f"{figure(row['low'], unit, bare=True)} to {figure(row['high'], unit, bare=True)}",
            "Best of its policy": "yes" if row["best"] else "",
            "Best of the policies here": "yes" if row["leads"] else "",
        }
        for row in found.values.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _policies(found: TradeOff) -> pd.DataFrame:
    rows = [
        {
            "Number": number,
            "Policy": row["arm"],
            "Nine in ten resolved within": figure(row["resolved"], "hours"),
            "Access per ticket": figure(row["access"], "hours"),
            "A removal can be guessed": figure(row["guess"], "AUC"),
            "On the front": f"yes, in {100 * row['chance']:.0f} % with different luck" if row["on_front"] else "",
            "Broken promise": row["broken"],
        }
        for number, row in enumerate(found.policies.to_dict("records"), start=1)
    ]
    return pd.DataFrame(rows)


def _notes(found: Found) -> list[str]:
    match found:
        case Sensitivity(left_out=left_out):
            notes = [
                f"Readings are corrected (Holm) for the {found.read_together:,} differences that are read together, so "
                "that at most one such analysis in twenty finds a clear one where there is none.",
                "The ranges are this project’s, like the assumptions. An experiment’s file or Python takes others.",
            ]
            if left_out:
                notes.append(f"Left alone, since the policies differ in it: {', '.join(map(about, left_out))}.")
            return notes
        case Sweep(left_out=left_out) if left_out:
            return [f"Left out, since they differ in what is swept: {plain(', '.join(left_out))}."]
    return []


def _downloads(asked: DecisionAsked, result: DecisionResult, chosen: str) -> None:
    found, title = result.found, asked.kind.replace("-", " ").capitalize()
    sources = [
        found.sentence,
        *([_numbers(found)] if isinstance(found, TradeOff) else []),
        f"{found.tickets:,} simulated tickets in each case, {found.replications} times, seed {found.seed}.",
        _ASSUMED,
    ]
    with st.popover("Download", icon=":material/download:", key=f"downloads {asked.kind}"):
        picture_downloads(f"what-if-{asked.kind}", [result.pictures[chosen]], title, sources)
        tables: Mapping[str, pd.DataFrame] = found.tables
        for name, frame in tables.items():
            st.download_button(
                f"{name.capitalize()} (CSV)",
                partial(csv_bytes, frame),
                file_name=f"what-if-{asked.kind}-{name}.csv",
                mime="text/csv",
                icon=":material/download:",
                key=f"download {asked.kind} {name}",
                on_click="ignore",
            )
