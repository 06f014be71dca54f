"""Rooms that are open, and work in processes beside the server. The shell, parts and pages come in."""
