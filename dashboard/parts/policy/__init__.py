"""The components of Policy: editor, promises, counterexample, repair."""
