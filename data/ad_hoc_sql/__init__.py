"""SQL that somebody writes: over tables that hold only what they may see, in a process of its own, within limits."""
