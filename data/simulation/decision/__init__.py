"""What would change a decision: assumptions shaken, settings swept, and what is traded for what."""
