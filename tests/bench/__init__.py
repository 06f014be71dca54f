"""The benchmark: `python -m tests.bench` runs everything, `python -m tests.bench.clicks` etc. run one part."""
