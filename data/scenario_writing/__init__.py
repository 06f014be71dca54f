"""Write histories down as scenarios, for simulated runs, commands and the dashboard."""
