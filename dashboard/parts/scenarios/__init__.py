"""The parts of Scenarios and Editor."""
