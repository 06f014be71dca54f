"""The DuckDB file of a room and its log. Protected: only `data.room` and `data.lens` come in."""
