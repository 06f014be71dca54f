"""Files of any content: TOML, CSV, Parquet, folders. All of `data` may import this; nothing here knows of rooms."""
