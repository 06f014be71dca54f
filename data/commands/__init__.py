"""The commands of `python -m data`. Only `data.__main__` imports them: nothing else should print."""
