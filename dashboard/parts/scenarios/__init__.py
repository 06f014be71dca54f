"""The components of Scenarios and Editor."""
