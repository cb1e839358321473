"""A progress bar for what takes over two seconds: on a terminal or in a notebook, and never on stderr.

nbgrader counts any text on stderr as an error, so rich writes to stdout here. Where nobody looks, into a file or a
pipe, nothing is written.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

AFTER_SECONDS = 2.0


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """Gives a function to be called with the number of epochs done, out of `total`; `what` says what is trained."""
    start = time.monotonic()
    with ExitStack() as bar:
        draw = None

        def update(done: int) -> None:
            nonlocal draw
            if draw is None and time.monotonic() - start >= AFTER_SECONDS:
                draw = bar.enter_context(_bar(total, what))
            if draw is not None:
                draw(done)

        yield update


def _bar(total, what):
    if _in_notebook():
        return _notebook_bar(total, what)
    return _terminal_bar(total, what) if sys.stdout.isatty() else _no_bar()


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


@contextmanager
def _no_bar():
    yield lambda done: None


@contextmanager
def _terminal_bar(total, what):
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=sys.stdout), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def _notebook_bar(total, what):
    # One output that is redrawn in place: no widget, which an executed notebook could not show.
    from IPython.display import display

    def look(done):
        text = f"{what}: epoch {done} of {total}"
        return {"text/plain": text, "text/html": f'<label>{text} <progress value="{done}" max="{total}"></progress>'}

    handle = display(look(0), raw=True, display_id=True)
    try:
        yield lambda done: handle.update(look(done), raw=True)
    finally:
        handle.update({"text/plain": ""}, raw=True)
