"""A trainer's tools for a room: rename, copy, record, report, who is here."""
