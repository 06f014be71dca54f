"""What a room really holds, beside what its pages show."""

from data import Room


def status(room: Room, request: str = "r1") -> str:
    """How the request really stands."""
    return next(row["status"] for row in room.overview().rows("all_requests") if row["request_id"] == request)
