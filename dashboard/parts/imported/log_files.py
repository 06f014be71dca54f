"""The audit logs that are to become a room: given, named for their tenants, and looked into."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

import streamlit as st

from dashboard.parts.imported.ticket_file import TicketFile, shipped
from dashboard.text.words import one_line, plain
from data.imported.audit_entries import Places
from data.imported.audit_logs import AuditLogRows, rows_of_audit_logs
from data.room.taking_in import LARGEST

_EXAMPLES = {"Contoso": "audit-log-contoso.json", "Fabrikam": "audit-log-fabrikam.json"}
_USES_EXAMPLES = "examples of logs"
_LABELS = ("Access request", "Support request", "Support request tenant", "Resource tenant")


@dataclass(frozen=True)
class LogFiles:
    """Audit logs by the tenants whose they are, and where their entries say what they are about."""

    logs: Mapping[str, TicketFile]
    places: Places

    @contextmanager
    def on_disk(self) -> Iterator[dict[str, Path]]:
        """Give the paths of copies, which are removed afterwards."""
        with ExitStack() as stack:
            yield {tenant: stack.enter_context(file.on_disk()) for tenant, file in self.logs.items()}


def choose_logs() -> LogFiles | None:
    """Show the ways to give audit logs, and return those that were given, if any."""
    st.caption(
        "Graph's *directoryAudit* (JSON), Log Analytics' *AuditLogs* (JSON or CSV), or the portal's CSV. Give one "
        "tenant's log, or those of both sides to lay them together."
    )
    given = st.file_uploader(
        f"Audit logs, up to {LARGEST} MB each",
        type=["json", "csv"],
        accept_multiple_files=True,
        key="log files",
        max_upload_size=LARGEST,
        on_change=lambda: st.session_state.pop(_USES_EXAMPLES, None),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Try it with the example",
            key="use example logs",
            icon=":material/science:",
            on_click=lambda: st.session_state.update({_USES_EXAMPLES: True}),
        )
        for tenant, name in _EXAMPLES.items():
            st.download_button(
                f"Example of {tenant}",
                shipped(name),
                file_name=name,
                mime="application/json",
                icon=":material/download:",
                on_click="ignore",
            )
    files = [TicketFile(one.file_id, one.name, one.getvalue()) for one in given]
    if not files and st.session_state.get(_USES_EXAMPLES):
        return LogFiles(
            {tenant: TicketFile(name, name, shipped(name)) for tenant, name in _EXAMPLES.items()}, _places()
        )
    return LogFiles(_named(files), _places()) if files else None


def _named(files: list[TicketFile]) -> dict[str, TicketFile]:
    """Ask whose each log is. Raises ValueError if two have the same tenant."""
    found: dict[str, TicketFile] = {}
    for file in files:
        tenant = st.text_input(
            f"Whose log is {plain(file.name)}?",
            value=Path(file.name).stem[:80],
            key=f"tenant of {file.id}",
            max_chars=80,
        )
        if not (tenant or "").strip() or tenant in found:
            raise ValueError("each log is of another tenant, and has its name")
        found[str(tenant)] = file
    return found


def _places() -> Places:
    """Show where entries say what they are about, and return what is chosen."""
    with st.expander("Where an entry says what it is about (guessed)", icon=":material/help:"):
        st.caption(
            "Microsoft's documentation does not say which field carries the access request, so these are guesses. A "
            "place is a field, or a field and after a dot a key in it; in the portal's CSV it is a column's name."
        )
        chosen = {
            place.name: column.text_input(label, value=str(place.default), key=f"place {place.name}", max_chars=120)
            for place, label, column in zip(fields(Places), _LABELS, st.columns(len(_LABELS)), strict=True)
        }
    return Places(**{name: str(text) for name, text in chosen.items()})


def rows_of(given: LogFiles) -> AuditLogRows:
    """Return what the logs say. Raises ValueError."""
    return _rows(repr([(tenant, file.id) for tenant, file in given.logs.items()]), given.places, given)


@st.cache_data(max_entries=4, show_spinner="Reading the logs…")
def _rows(of_these: str, places: Places, _given: LogFiles) -> AuditLogRows:
    with _given.on_disk() as paths:
        return rows_of_audit_logs(paths, places)


def tell_entries(found: AuditLogRows) -> None:
    """Show what the logs cannot show, and which entries cannot be used."""
    unknown = "\n".join(f"- {plain(says)}" for says in found.unknown)
    st.markdown(
        f"**{found.entries:,}** entries about support access. What these logs do not show stays unknown:\n{unknown}"
    )
    if len(found.left_out):
        st.subheader("Entries that cannot be used", anchor=False)
        st.dataframe(
            found.left_out.assign(**{name: found.left_out[name].map(one_line) for name in ("log", "reason")}),
            hide_index=True,
            column_config={"log": "Log", "line": "Entry", "reason": "Why"},
        )
