"""Long calculations in separate processes, and their queue."""
