"""Errors whose message says it all, so that a reader is spared the traceback: on the command line and in a notebook."""


class ShownInOneLine(Exception):
    """An error that a notebook shows as one line; a traceback would only lead into this library."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class CommandError(Exception):
    """What is wrong, where, and what to do about it, in one line. The command ends with exit code 2."""
