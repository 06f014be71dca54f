"""The parts of Policy: editor, promises, counterexample, repair."""
