"""HTML for notebooks: a card of facts and a table, in which all text is escaped."""

from collections.abc import Mapping, Sequence
from html import escape

from model.texts import hidden_shown

_MOST_ROWS = 8
_CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0"


def words(value: object) -> str:
    """Return a value as escaped HTML text, in which invisible characters show as escapes."""
    return escape(hidden_shown(str(value)))


def card(title: str, facts: Mapping[str, object]) -> str:
    """Return a title and a line for each fact."""
    rows = "".join(
        f'<tr><th style="{_CELL}">{words(name)}</th><td style="{_CELL}">{words(fact)}</td></tr>'
        for name, fact in facts.items()
    )
    return f"<p><strong>{words(title)}</strong></p><table>{rows}</table>"


def table(caption: str, rows: Sequence[Mapping[str, object]], most: int = _MOST_ROWS) -> str:
    """Return a caption and a table of the first `most` rows, which says how many more there are."""
    title = f"<p><strong>{words(caption)}</strong></p>"
    if not rows:
        return f"{title}<p>nothing</p>"
    head = "".join(f'<th style="{_CELL}">{words(name)}</th>' for name in rows[0])
    body = "".join(_row(row) for row in rows[:most])
    more = f"<p>and {len(rows) - most:,} more</p>" if len(rows) > most else ""
    return f"{title}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _row(row: Mapping[str, object]) -> str:
    cells = "".join(f'<td style="{_CELL}">{words(cell)}</td>' for cell in row.values())
    return f"<tr>{cells}</tr>"
