"""Charts in one style, from frames. Pages, background work and notebooks import them."""

from dashboard.charts.comparisons import decided_by_hours, differences, live_grants, resolved_by_hours, trade_off
from dashboard.charts.decisions import swept, tornado, traded
from dashboard.charts.notebooks import show_in_jupyterlab
from dashboard.charts.own_tickets import (
    fit_by_hours,
    fit_hours_against_hours,
    hours_between_steps,
    paths_of_cases,
    waiting_by_weekday_and_hour,
)
from dashboard.charts.rooms import (
    FOUND,
    hours_to_a_decision,
    live_grants_by_day,
    requests_by_status,
    tickets_by_week,
    timeline,
    undecided,
    what_roles_allow,
    which_promises_hold,
    who_sees_which_status,
)
from dashboard.charts.theme import ARMS, COLOURS, GRAY, NOT_ASKED, NOT_VISIBLE, WIDTH, Drawn

__all__ = [
    "ARMS",
    "COLOURS",
    "FOUND",
    "GRAY",
    "NOT_ASKED",
    "NOT_VISIBLE",
    "WIDTH",
    "Drawn",
    "decided_by_hours",
    "differences",
    "fit_by_hours",
    "fit_hours_against_hours",
    "hours_between_steps",
    "hours_to_a_decision",
    "live_grants",
    "live_grants_by_day",
    "paths_of_cases",
    "requests_by_status",
    "resolved_by_hours",
    "show_in_jupyterlab",
    "swept",
    "tickets_by_week",
    "timeline",
    "tornado",
    "trade_off",
    "traded",
    "undecided",
    "waiting_by_weekday_and_hour",
    "what_roles_allow",
    "which_promises_hold",
    "who_sees_which_status",
]
