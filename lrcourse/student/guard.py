"""Run a student's code so that it can neither run for ever nor write where nbgrader would count it as an error."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator


class TimeIsUp(BaseException):
    """Raised inside the student's call; no `except Exception` there can swallow it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop the code inside after `seconds`. Signals reach the main thread only; elsewhere there is no limit."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(signum, frame):
        raise TimeIsUp

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # and again each second: a bare `except:` may swallow the first
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextlib.contextmanager
def heard() -> Iterator[io.StringIO]:
    """What the code inside prints, on stdout or stderr: kept, since nbgrader counts text on stderr as an error."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text), _file_descriptor_2_silenced():
        yield text


@contextlib.contextmanager
def _file_descriptor_2_silenced() -> Iterator[None]:
    """Libraries in C write to the descriptor itself, which ipykernel watches and shows as stderr."""
    sys.stderr.flush()
    saved = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
