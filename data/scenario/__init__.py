"""Scenarios and policies as TOML, and what a story expects. It knows no room, so everybody above may come in."""
