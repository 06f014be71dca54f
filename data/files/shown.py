"""Show untrusted text: on one line, at a limited length, without terminal control codes."""

_LONGEST_VALUE = 80  # characters of a value in an error
_LONGEST_TEXT = 400  # characters of a whole error


def on_one_line(text: str, longest: int = _LONGEST_TEXT) -> str:
    r"""Return the text with non-printable characters as escapes, cut to at most `longest` characters.

    >>> on_one_line("all\tis\u202e well\x1b[2K")
    'all\\tis\\u202e well\\x1b[2K'
    """
    escaped = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: longest + 1])
    return escaped if len(escaped) <= longest else f"{escaped[: longest - 2]} …"


def value_shown(value: object) -> str:
    """Return the repr of a value, shortened in the middle if it is long.

    >>> value_shown("x" * 1000)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'"
    >>> value_shown([1] * 1000)
    'a list of 1,000'
    """
    if isinstance(value, list | dict) and len(value) > 3:
        return f"a {'list' if isinstance(value, list) else 'table'} of {len(value):,}"
    if isinstance(value, str) and len(value) > _LONGEST_VALUE:
        value = f"{value[:_LONGEST_VALUE]}{value[-_LONGEST_VALUE:]}"
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # Python refuses to write whole numbers of more than some thousand digits
        return "a very long one"
    half = _LONGEST_VALUE // 2 - 2
    return text if len(text) <= _LONGEST_VALUE else f"{text[:half]}…{text[-half:]}"
