"""What came of a question: the answer, its figures in large type, pictures, and the details below."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import palette
from dashboard.background.jobs.comparison_worker import ComparisonResult
from dashboard.background.jobs.job_queue import Job
from dashboard.parts.picture_downloads import picture_downloads
from dashboard.parts.what_if import example_case
from dashboard.text.guesses import guesses
from dashboard.text.question import Question
from dashboard.text.words import plain
from data.files.csv_and_parquet import csv_bytes
from data.lens.figures import SENTENCES
from data.simulation.comparison import Comparison
from data.simulation.words.answer import Headline, answer, headlines
from data.simulation.words.figure_words import difference_in_words, mean_in_words
from data.simulation.words.findings import Findings, findings, primary_in_words

_PICTURES: Mapping[str, tuple[str, str, str]] = {  # as the worker names them -> a label, a title, what is to be seen
    "resolved": (
        "Resolved",
        "Share of tickets resolved",
        "So long after it was opened, that share of all tickets was closed. Tickets that need no access to another "
        "tenant count too, and there no policy matters. The slowest tenth is left out.",
    ),
    "decided": (
        "Decided",
        "Share of requests decided",
        "So long after it was made, that share of all requests was approved or rejected. A request that is canceled or "
        "expires is never decided.",
    ),
    "trade-off": (
        "Time against access",
        "Time to resolution, and access given for it",
        "A point for each policy, with its 95 % intervals. Further left, tickets are resolved sooner; further down, "
        "engineers see less of other tenants.",
    ),
    "live": (
        "Live grants",
        "Live grants at the end of each day",
        "How much access is open at the end of each day, as long as new tickets come.",
    ),
    "differences": (
        "All differences",
        "What differs from the base; hollow: nothing that is clear",
        "Each point is a difference from the base on the same tickets, its line a 95 % interval. Hollow points may be "
        "luck.",
    ),
}
_FIRST = "resolved"
_WIDTH = 205  # pixels, for a difference in thousands of hours
_MEANS = "What it means"


def show(question: Question, job: Job) -> None:
    """Show the results of a finished comparison: the answer, its figures in large type, and pictures."""
    found: ComparisonResult = job.result
    comparison = found.comparison
    arm = _arm(comparison)
    with st.container(border=True, key="answer"):
        st.header(plain(answer(comparison, arm)), anchor=False)
        st.caption(
            f"{comparison.tickets:,} simulated support requests (*tickets*), the same under each policy, "
            f"{comparison.replications} times with different luck (*replications*). "
            "**How people act is assumed, not measured.**"
        )
        if comparison.note:
            st.caption(f":material/groups: {plain(comparison.note)}")
    _large(headlines(comparison, arm))
    if arm == comparison.arms[0].name:
        _picture(found)
    else:
        pictures, words = st.columns([5, 3], gap="medium")
        with pictures:
            _picture(found)
        changes = findings(comparison, arm)
        with words:
            _clearly(comparison, arm, changes)
        _otherwise(comparison, arm, changes)


def details(question: Question, job: Job) -> None:
    """Show every figure, and one case as a story."""
    comparison: Comparison = job.result.comparison
    st.header("Details", anchor=False)
    st.markdown(guesses(comparison))
    _tables(comparison)
    example_case.show(question)


def _arm(found: Comparison) -> str:
    """Return the arm that the answer is about, which is in the link; without one, the first that is not the base."""
    names = [arm.name for arm in found.arms]
    first = min(1, len(names) - 1)
    given = st.query_params.get("arm", "")
    place = int(given) if given.isdecimal() and int(given) < len(names) else first
    if len(names) <= 2:
        return names[first]
    st.session_state["what-if arm"] = place

    def choose() -> None:
        st.query_params["arm"] = str(st.session_state["what-if arm"])

    st.segmented_control(
        "The answer for",
        list(range(1, len(names))),
        format_func=lambda place: plain(names[place]),
        required=True,
        key="what-if arm",
        label_visibility="collapsed",
        on_change=choose,
    )
    return names[place]


def _large(figures: tuple[Headline, ...]) -> None:
    """Show figures in a row, and explain what is read of them."""
    for column, its in zip(st.columns(len(figures)), figures, strict=True):
        with column.container(border=True, height="stretch", gap="xsmall"):
            st.metric(
                its.label,
                its.value,
                its.reading or None,
                delta_color="violet" if its.clear else "gray",
                delta_arrow="off",
                help=its.says,
            )
            between = f"{its.interval}{' · ' if its.compared else ''}" if its.interval else ""
            st.caption(f"{between}{its.compared}")
    st.caption(
        "Ranges are *95 % intervals*: with different luck, 19 in 20 of them would hold the true figure. *Clearly*: "
        "zero is outside the range, even where so many figures are looked at."
    )


def _clearly(found: Comparison, arm: str, changes: Findings) -> None:
    """List what the arm clearly changes."""
    st.markdown(f"**What “{plain(arm)}” changes**  \n:small[:gray[against “{plain(found.arms[0].name)}”]]")
    st.markdown("\n".join(f"- {sentence}" for sentence in changes.clear) or "Nothing is clearly different.")


def _otherwise(found: Comparison, arm: str, changes: Findings) -> None:
    """Name every other figure below what is said of it: across the page, since beside a picture it would be long."""
    for badge, figures in (
        (f":{palette.DIFFERS.badge}[:material/straighten: clear, but small]", changes.small),
        (":gray-badge[:material/casino: may be luck]", changes.unclear),
        (":gray-badge[:material/search_off: no difference seen]", changes.none_seen),
        (":gray-badge[:material/group_remove: too few to say]", changes.too_few),
        (":gray-badge[:material/drag_handle: the same]", changes.same),
        (":gray-badge[:material/block: missing in one of them]", changes.not_comparable),
    ):
        if figures:
            st.markdown(f"{badge} :small[{', '.join(figures)}]")
    st.caption(
        f"{plain(primary_in_words(found, arm))} A request that is asked for again, once the first has ended, counts as "
        "one more."
    )


def _picture(found: ComparisonResult) -> None:
    chosen = st.segmented_control(
        "Picture",
        [name for name in _PICTURES if found.pictures[name]],
        format_func=lambda name: _PICTURES[name][0],
        default=_FIRST,
        required=True,
        key="what-if picture",
        label_visibility="collapsed",
    )
    _, title, sentence = _PICTURES[chosen or _FIRST]
    for number, part in enumerate(found.pictures[chosen or _FIRST]):
        st.vega_lite_chart(part, width="stretch", alt=f"{title}. {sentence}", key=f"picture {chosen} {number}")
    st.caption(sentence)


def _tables(found: Comparison) -> None:
    chosen = len(found.arms) > 1 and st.segmented_control(
        "Table",
        ["Figures", "Differences"],
        default="Figures",
        required=True,
        key="what-if table",
        label_visibility="collapsed",
    )
    value = "difference" if chosen == "Differences" else "mean"
    table = _table(found, value)
    columns: dict[Any, Any] = dict.fromkeys(range(1, len(table.columns)), st.column_config.TextColumn(width=_WIDTH))
    columns[len(table.columns)] = st.column_config.TextColumn(width="large")  # by place: the index has the first
    st.dataframe(table, key=f"table of {value}", height="content", column_config=columns)
    st.caption("In brackets the 95 % interval. The last column says what each figure means.")


def _table(found: Comparison, value: str) -> pd.DataFrame:
    """Return a table of means or differences, with a row for each figure and a column for each arm."""
    cells: dict[str, dict[str, str]] = {}
    for row in (found.metrics if value == "mean" else found.differences).to_dict("records"):
        heading = f"“{row['arm']}”" if row["arm"] == _MEANS else str(row["arm"])
        cells.setdefault(heading, {})[str(row["metric"])] = (
            mean_in_words(row) if value == "mean" else difference_in_words(row)
        )
    table = pd.DataFrame(cells)
    table[_MEANS] = table.index.map(SENTENCES.__getitem__)
    return table.rename_axis("Figure")


def _sources(found: Comparison) -> list[str]:
    """Return what a picture that stands by itself says of where it comes from."""
    first, *others = (f"“{arm.name}”" for arm in found.arms)
    compared = f"{', '.join(others)} compared with {first}" if others else first
    return [
        f"{compared}: {found.tickets:,} simulated tickets, the same under each, {found.replications} times with other "
        f"luck, seed {found.seed}.",
        "Source: Support Access Lab, What if. A simulation: how people act is assumed, not measured.",
    ]


def downloads(question: Question, job: Job) -> None:
    """Offer what was found as files, and a link to it."""
    found: Comparison = job.result.comparison
    chosen = st.session_state.get("what-if picture") or _FIRST
    with st.popover("Download", icon=":material/download:", key="downloads"):
        picture_downloads(f"what-if-{chosen}", job.result.pictures[chosen], _PICTURES[chosen][1], _sources(found))
        for label, name, frame in (
            ("Figures (CSV)", "figures", found.metrics),
            ("Differences (CSV)", "differences", found.differences),
        ):
            st.download_button(
                label,
                partial(csv_bytes, frame),
                file_name=f"what-if-{name}.csv",
                mime="text/csv",
                icon=":material/download:",
                key=f"download {name}",
                on_click="ignore",
            )
        st.download_button(
            "The experiment (TOML)",
            question.text,
            file_name="what-if.toml",
            icon=":material/download:",
            key="download experiment",
            on_click="ignore",
            help="To run it again: `python -m data compare what-if.toml`",
        )
    with st.popover("Share", icon=":material/link:", key="share"):
        st.markdown("Anyone who opens this link sees the same question and the same result.")
        page = (st.context.url or "").partition("?")[0]
        st.code(f"{page}?q={question.link}", language=None, wrap_lines=True)
