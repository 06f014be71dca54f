"""The menu and the sidebar."""
