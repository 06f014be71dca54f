"""What would change a decision: sensitivity to assumptions, sweeps of settings, and trade-offs."""
