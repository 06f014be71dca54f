"""What a class sees on every page: pause, spotlight, questions, turns."""
