"""The one error of this room."""


class BenchError(Exception):
    """Something cannot be measured, or does not add up; the message says what, in one line."""
