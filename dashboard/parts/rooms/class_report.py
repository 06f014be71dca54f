"""The report of a class as one printable HTML file, for the trainer only, since it contains everything.

It loads nothing, and users' texts are escaped. Answers have no names.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any

from dashboard import palette
from dashboard.background.picture_files import picture_file
from dashboard.background.quizzes import Asked
from dashboard.charts import one_case
from dashboard.palette import STATUS, status_name
from dashboard.parts.case.case_timeline import case_picture
from dashboard.picture_format import FONT
from dashboard.text.act_words import act_of
from dashboard.text.words import moment, policy_in_words, policy_name
from data import Room
from data.room.recording import Recording, record
from data.scenario.scenario import NOT_VISIBLE, Scenario, Step
from model.html_parts import words

_MOST_PICTURES = 6  # tickets
_WIDTH = 620  # pixels of a picture


def class_report(room: Room, asked: Sequence[Asked]) -> str:
    """Return the report of a room's session and of the class's questions. Raises ValueError as `record` does."""
    recorded = record(room)
    css = resources.files("dashboard").joinpath("parts/rooms/class_report.css").read_text(encoding="utf-8")
    policy = f"{policy_name(room.policy)}: {policy_in_words(room.policy)}."
    body = [
        f"<h1>{words(room.title)}</h1>",
        f"<p>{words(room.story.summary)}</p>",
        f'<p class="small">A simulation; no real tenant was touched. {words(moment(room.story.starts))} to '
        f"{words(moment(room.now))}, simulated time (UTC). Policy: {words(policy)}</p>",
        "<h2>What happened, and what each party saw</h2>",
        _steps(recorded),
        *_pictures(room),
        *_questions(asked, room.story),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{words(room.title)}</title>'
        f"<style>{css}</style></head><body>{''.join(body)}</body></html>"
    )


def _steps(recorded: Recording) -> str:
    story = recorded.scenario
    at: datetime = story.starts
    rows = []
    for number, step in enumerate(story.steps, start=1):
        at += step.wait
        act = act_of(story.directory, step) or ("Time passes" if not step.say else "")
        says = f'<br><span class="small">{words(step.say)}</span>' if step.say else ""
        rows.append(
            f"<tr><td>{number}</td><td>{words(moment(at))}</td><td>{words(act)}{says}</td>"
            f"<td>{'<br>'.join(_seen(story, step))}</td></tr>"
        )
    left_out = (
        f'<p class="small">{recorded.left_out} more acts were about the traffic around the story.</p>'
        if recorded.left_out
        else ""
    )
    head = "<tr><th>No.</th><th>When</th><th>What</th><th>What each party then saw</th></tr>"
    return f'<table class="steps"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>{left_out}'


def _seen(story: Scenario, step: Step) -> Iterator[str]:
    """Yield each party's view after a step, a line for each."""
    tenants = story.directory.tenants
    for tenant, requests in step.expect.items():
        for request, status in requests.items():
            yield f"{words(tenants[tenant])}: {words(request)} {_badge(status)}"
    for may, told in ((True, "can read"), (False, "cannot read")):
        if named := [tenants[tenant] for tenant, can in step.access.items() if can is may]:
            yield f"The engineer {told} {words(', '.join(named))}"
    for tenant, added in step.audit_log.items():
        if added:
            yield f"Audit log of {words(tenants[tenant])}: {words(', '.join(added))}"


def _badge(status: str) -> str:
    shades = (palette.HIDDEN if status == NOT_VISIBLE else STATUS[status]).light
    look = f"color:{shades.text};background:{shades.background}"
    return (
        f'<span class="status" style="{look}">{words(status if status == NOT_VISIBLE else status_name(status))}</span>'
    )


def _pictures(room: Room) -> Iterator[str]:
    """Yield a timeline picture for each of the story's first tickets."""
    overview = room.overview()
    tickets = [row for row in overview.rows("all_tickets") if row["opened_at"] >= room.story.starts][::-1]
    drawn = 0
    for ticket in tickets:
        case = overview.case_record(ticket["ticket_id"])
        if not case.requests or drawn == _MOST_PICTURES:
            continue
        drawn += 1
        if drawn == 1:
            yield "<h2>Who saw what over time</h2>"
        svg = picture_file(_spec(room, ticket, case), "svg").decode()
        yield f"<figure><figcaption>{words(ticket['title'])}</figcaption>{svg}</figure>"


def _spec(room: Room, ticket: Mapping[str, Any], case: Any) -> dict[str, Any]:
    rows, _, height = case_picture(room.directory, ticket, case)
    values = [
        {key: it.isoformat() if isinstance(it, datetime) else it for key, it in row.items()}
        for row in rows.to_dict("records")
    ]
    chart = one_case.one_case()
    return {
        **chart,
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "width": _WIDTH,
        "height": height,
        "padding": 12,
        "config": {**chart["config"], "font": FONT},
    }


def _questions(asked: Sequence[Asked], story: Scenario) -> Iterator[str]:
    """Yield the class's questions and answers, with the right answer if the story has one."""
    quizzes = {step.quiz.question: step.quiz for step in story.steps if step.quiz}
    if asked:
        yield "<h2>What the class was asked</h2>"
    for one in asked:
        quiz, tally = quizzes.get(one.question), one.tally()
        right = quiz.right if quiz else None
        most = max(*tally, 1)
        yield f'<div class="question"><h3>{words(one.question)}</h3><table class="tally"><tbody>'
        for choice, count in zip(one.choices, tally, strict=True):
            row, mark = ('<tr class="right">', "✓ ") if choice == right else ("<tr>", "")
            yield (
                f"{row}<td>{mark}{words(choice)}</td>"
                f'<td><div class="bar" style="width:{100 * count / most:.0f}%"></div></td><td>{count}</td></tr>'
            )
        yield "</tbody></table>"
        yield f"<p>{words(quiz.why)}</p></div>" if quiz else "</div>"
