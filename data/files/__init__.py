"""Files of any content: TOML, CSV, Parquet, folders. Everybody in `data` may come in; nothing here knows a room."""
