"""The pages of the dashboard, and what they share. Streamlit lives here and nowhere else."""

import sys

# Altair imports jsonschema, which imports this package where Jupyter has brought it: 38 grammars are then built, which
# takes longer than all of Altair, for a check of addresses that no chart has. jsonschema goes without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
