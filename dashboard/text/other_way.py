"""Why a step of a story took another course than in the story."""

from data.scenario.expectations import Played


def other_way(played: Played) -> str:
    """Return why a step of the story took another course, as it can after acts by hand; plain text."""
    refusal, expected = played.refusal, played.step.refused
    if refusal and refusal.code != expected:
        why = refusal.sentence
    elif expected and not refusal:
        why = "The story expects a refusal here, and this time it was carried out."
    else:
        why = "Somebody sees another status than in the story."
    return (
        f"Step {played.number} did not go as the story says, since this room has gone its own way. {why} "
        "Start over to see the story as it was written."
    )
