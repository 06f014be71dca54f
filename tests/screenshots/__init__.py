"""Pictures of all pages, to look at before and after a change, and those of README (`make screenshots`)."""
