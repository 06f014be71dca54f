"""The parts of What if: arms, assumptions, results."""
