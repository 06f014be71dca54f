"""The benchmark: `python -m tests.bench` runs all of it, `python -m tests.bench.clicks` and so on each part alone."""
