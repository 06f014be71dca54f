"""The DuckDB file of a room and its log. Protected: only `data.room`, `data.room_folder` and `data.lens` import it."""
