"""Open rooms, and work in separate processes. The shell, parts and pages import it."""
