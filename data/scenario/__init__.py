"""Scenarios and policies as TOML, and a story's expectations. It knows nothing of rooms; all layers above import it."""
