"""The evidence: `python -m tests.evidence` tries to break each promise at full size and writes `tests/EVIDENCE.md`."""
