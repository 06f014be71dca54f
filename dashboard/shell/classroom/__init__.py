"""A class's elements on every page: pause, spotlight, questions, turns."""
