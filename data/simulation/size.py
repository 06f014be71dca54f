"""Limits on the size of a simulation, checked before work starts."""

from collections.abc import Iterator, Sequence

from data.simulation.arms import Arm
from model.limits import MOST_DAYS_OF_RUNS, MOST_REPLICATIONS, MOST_RUNS


def too_many_tickets(tickets: object, most: int) -> str:
    """Return an error if there are too many tickets, or nothing, also if it is not a number of tickets at all."""
    if type(tickets) is int and tickets > most:
        return f"at most {most:,} tickets can be simulated at once, not {tickets:,}"
    return ""


def too_much(
    arms: Sequence[Arm], tickets: int, replications: int, most_replications: int, most_tickets: int
) -> Iterator[tuple[str, str]]:
    """Yield each excess of an experiment: a key of its file, and why it is too much.

    `most_replications` is the largest possible number. `most_tickets` is for one arm of a replication; all its arms
    together may have twice as many.
    """
    many, all_arms = len(arms), 2 * most_tickets
    key = "until" if most_replications > replications else "replications"
    runs, days = most_replications * many, sum(tickets / arm.behaviour.tickets_per_day for arm in arms)
    if why := too_many_tickets(tickets, most_tickets):
        yield "tickets", why
    elif tickets * many > all_arms:
        share = all_arms // many
        yield "tickets", f"at most {share:,} tickets can be simulated at once under {many} arms, not {tickets:,}"
    if most_replications > MOST_REPLICATIONS:
        yield key, f"at most {MOST_REPLICATIONS:,} replications can be run, not {most_replications:,}"
    elif runs > MOST_RUNS:
        share = MOST_RUNS // many
        yield key, f"at most {share:,} replications can be run under {many} arms, not {most_replications:,}"
    if days * most_replications > MOST_DAYS_OF_RUNS:
        yield (
            "tickets",
            f"all runs together may have {MOST_DAYS_OF_RUNS:,} simulated days, not {days * most_replications:,.0f}: "
            "ask for fewer tickets or replications, or for more tickets a day",
        )
