"""Write a behaviour in the format of an experiment's file, which `data.simulation.arms` reads back."""

from typing import Any

from data.simulation.arms import AROUND_THE_CLOCK, ENOUGH
from model.simulation import Behaviour, Delay, WorkingHours


def behaviour_table(people: Behaviour) -> dict[str, Any]:
    """Return the behaviour in the format of an experiment's file."""
    return {name: _written(name, getattr(people, name)) for name in Behaviour.__dataclass_fields__}


def _written(name: str, value: float | Delay | WorkingHours | None) -> Any:
    match value:
        case Delay(median_hours, None):
            return {"median_hours": median_hours}
        case Delay(median_hours, p90_hours):
            return {"median_hours": median_hours, "p90_hours": p90_hours}
        case WorkingHours(zone, first_hour, last_hour):
            return {"zone": zone, "first_hour": first_hour, "last_hour": last_hour}
        case None:
            return ENOUGH if name == "common_administrators" else AROUND_THE_CLOCK
        case _:
            return value
