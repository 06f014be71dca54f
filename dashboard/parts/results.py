"""What came of a question: in words, as tables and pictures, to download, and one case of it as a story."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.background.job_queue import Job
from dashboard.parts import example_case
from dashboard.text.findings import CLEAR, findings, guesses, mean_in_words, signed
from dashboard.text.question import Question
from dashboard.text.words import plain
from data.files.csv_and_parquet import csv_bytes
from data.lens.figures import SENTENCES
from data.simulation.comparison import Comparison

_PICTURES: Mapping[str, tuple[str, str]] = {  # as the worker names them -> a label, and what is to be seen
    "trade-off": (
        "Time against access",
        "A point for each arm, with its intervals. Further left, tickets are resolved sooner; further down, engineers "
        "see less of other tenants.",
    ),
    "decided": (
        "Time to a decision",
        "So long after the request, that share of all requests was decided. What is canceled or expires never is.",
    ),
    "resolved": (
        "Time to resolution",
        "So long after its opening, that share of all tickets was closed. Tickets that need no access to another "
        "tenant count too, and there no policy matters.",
    ),
    "live": (
        "Live grants over time",
        "How much access is open at the end of each day. The hill is the simulation's: tickets are opened, and then no "
        "more come. Compare heights. The end, with less than a hundredth of the most, is left out, and so are, of very "
        "many days, some.",
    ),
    "differences": (
        "All differences",
        "Each point is a difference from the base on the same tickets, its line a 95 % interval. Gray may be luck.",
    ),
}
_WIDTH = 205  # pixels, for a difference in thousands of hours
_MEANS = "What it means"


def show(question: Question, job: Job) -> None:
    """Show the results of a finished comparison."""
    assert job.result
    found = job.result.comparison
    st.subheader("What came of it", anchor=False)
    st.caption(
        f"{found.tickets:,} tickets, the same under each arm, {found.replications} times over, in "
        f"{job.seconds:.1f} seconds. All arms meet the same luck. **How people act is assumed, "
        "not measured**: this shows what the rules do to such people, not whether there are such people."
    )
    if len(found.arms) > 1:
        _in_words(found)
    st.markdown(guesses(found))
    _picture(job)
    _tables(found)
    _downloads(question, found)
    example_case.show(question)


def _in_words(found: Comparison) -> None:
    base = plain(found.arms[0].name)
    arms = found.arms[1:]
    for column, arm in zip(st.columns(min(len(arms), 3)) * 2, arms, strict=False):
        with column.container(border=True):
            st.markdown(f"**{plain(arm.name)}**  \n:small[:gray[against “{base}”]]")
            changes = findings(found, arm.name)
            st.markdown("\n".join(f"- {sentence}" for sentence in changes.clear) or "Nothing is clearly different.")
            for badge, figures in (
                (":blue-badge[:material/straighten: clear, but small]", changes.small),
                (":gray-badge[:material/casino: may be luck]", changes.unclear),
                (":gray-badge[:material/drag_handle: the same]", changes.same),
                (":gray-badge[:material/block: missing in an arm]", changes.not_comparable),
            ):
                if figures:
                    st.markdown(f"{badge} :small[{', '.join(figures)}]")
    st.caption(
        "What is listed is clear: its 95 % interval lies wholly on one side. Among so many figures, one in twenty may "
        "look clear by luck; more tickets or replications tell. A request that is asked for again, once the first has "
        "ended, counts as one more."
    )


def _picture(job: Job) -> None:
    assert job.result
    chosen = st.segmented_control(
        "Picture",
        [name for name in _PICTURES if job.result.pictures[name]],
        format_func=lambda name: _PICTURES[name][0],
        default="trade-off",
        required=True,
        key="what-if picture",
        label_visibility="collapsed",
    )
    label, sentence = _PICTURES[chosen or "trade-off"]
    for number, part in enumerate(job.result.pictures[chosen or "trade-off"]):
        st.vega_lite_chart(part, width="stretch", alt=label, key=f"picture {chosen} {number}")
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
            mean_in_words(row, found.replications) if value == "mean" else _difference(row)
        )
    table = pd.DataFrame(cells)
    table[_MEANS] = table.index.map(SENTENCES.__getitem__)
    return table.rename_axis("Figure")


def _difference(row: Mapping[Any, Any]) -> str:
    """Return a difference with its sign and its interval; it says if it is not clear."""
    middle, low, high, unit = float(row["difference"]), float(row["low"]), float(row["high"]), str(row["unit"])
    if row["reading"] not in (*CLEAR, "no clear difference"):
        return str(row["reading"])
    text = f"{signed(middle, unit)} ({signed(low, unit, bare=True)} to {signed(high, unit, bare=True)})"
    return text if row["reading"] in CLEAR else f"not clear: {text}"


def _downloads(question: Question, found: Comparison) -> None:
    with st.container(horizontal=True, gap="small"):
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
