"""Run SQL that users write: over tables with only what they may see, in a separate process, within limits."""
