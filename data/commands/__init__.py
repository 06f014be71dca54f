"""`python -m data check | compare | prove`. Only `data.__main__` comes in: nothing else should print."""
