"""Pictures of all pages, to compare before and after a change, and README's (`make screenshots`)."""
