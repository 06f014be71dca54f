"""The dashboard: the only package that uses Streamlit."""

import sys

# Altair imports jsonschema, which imports this package if Jupyter has installed it, and then builds 38 grammars. That
# takes longer than the rest of Altair, to check URLs that no chart has. jsonschema works without it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
