"""What a trainer does with a room: rename, copy, record, report, who is here."""
