"""A room: commands in, one unit of work each. Simulated runs, commands and the dashboard come in."""
