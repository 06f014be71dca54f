"""Learn how people act from what they did: each assumption of a simulation that data can show, with its interval."""
