"""The one kind of error that a command shows as a line instead of a traceback."""


class CommandError(Exception):
    """What is wrong, where, and what to do about it, in one line. The command ends with exit code 2."""
