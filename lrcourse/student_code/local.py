"""The student whose code lives in this process: the local form of the interface."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import Any

from lrcourse import _tensorflow
from lrcourse.student_code.messages import Question, Reply, Table, plain, short
from lrcourse.student_code.source import names_bound_in, read_answer


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


SECONDS = 10  # the time a student's function has for one question
APPLIED_SECONDS = 90  # for the rates that an optimizer applies: Keras walks through a long table at each of many steps
TEXTS = 5  # how many different texts that a student's code prints are shown; a check asks many times


class LocalStudent:
    """The student whose code lives in this process, in `namespace`; `cells` are the texts of the cells that ran."""

    def __init__(self, namespace: dict, cells: list[str]):
        self._namespace = namespace
        self._cells = cells
        self._printed: list[str] = []

    def call(self, name: str, *args) -> Reply:
        """The reply of `name(*args)`."""
        if name not in self._namespace:
            return Reply("missing")
        function = self._namespace[name]
        if not callable(function):
            return Reply("other", note=f"not a function: {name} is of type {type(function).__name__}")
        # A copy each: code that changes its argument must not change what the next question asks.
        given = [arg.as_function() if isinstance(arg, Table) else deepcopy(arg) for arg in args]
        return self._reply(lambda: function(*given))

    def ask(self, handle: Any, *args) -> Reply:
        """The reply of calling what an earlier call returned."""
        return self._reply(lambda: handle(*args))

    def applied(self, handle: Any, steps: tuple[int, ...]) -> Reply:
        """The rates that a real optimizer applies at `steps`."""
        from lrcourse.recorder import applied_rates

        _tensorflow.keras()  # its import takes seconds, which are not the student's
        reply = self._reply(lambda: applied_rates(handle, steps), APPLIED_SECONDS)
        return Reply("rejected", reply.value, reply.note) if reply.kind == "raised" else reply

    def converse(self, questions: Iterable[Question]) -> Iterator[tuple[Reply, ...]]:
        """The replies to each question in turn; it ends early after one that ran out of time."""
        for question in questions:
            replies = self._answer(question)
            yield replies
            if replies[-1].kind == "timeout":
                return

    def _answer(self, question: Question) -> tuple[Reply, ...]:
        if question.applied:
            _tensorflow.keras()  # nor here, where the student's function makes a schedule
        first = self.call(question.name, *question.args)
        if not question.then or first.failed:
            return (first,)
        if first.kind == "number":
            return (Reply("other", note=f"the number {short(first.value)}"),)
        if first.kind != "handle":
            return (first,)
        if question.applied:
            rates = self.applied(first.value, question.then)
            return tuple(rates.value) if rates.kind == "list" else (rates,)
        replies = []
        for args in question.then:
            replies.append(self.ask(first.value, *args))
            if replies[-1].kind == "timeout":
                break
        return tuple(replies)

    def _reply(self, question: Callable[[], Any], seconds: float | None = None) -> Reply:
        """The reply to a question put to the student's code, whatever that code does."""
        with heard() as text:
            reply = _guarded(question, SECONDS if seconds is None else seconds)
        self._show(text.getvalue())
        return reply

    def _show(self, text: str) -> None:
        if not text or text in self._printed or len(self._printed) > TEXTS:
            return
        self._printed.append(text)
        print(text.rstrip("\n") if len(self._printed) <= TEXTS else "(your code prints more; left out here)")

    def answer(self, name: str) -> Reply:
        """The literal last assigned to `name` at the top level of a cell."""
        return read_answer(name, self._cells)

    def source(self, name: str) -> str | None:
        """The text of the last cell that defines `name` at its top level."""
        defining = [cell for cell in self._cells if name in names_bound_in(cell)]
        return defining[-1] if defining else None


def _guarded(question: Callable[[], Any], seconds: float) -> Reply:
    try:
        with time_limit(seconds):
            return plain(question())
    except TimeIsUp:
        return Reply("timeout", note=f"did not return within {seconds:g} s")
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a student's code may raise anything, SystemExit included; all of it is an answer
        if type(error) is NotImplementedError and not error.args:
            return Reply("stub")
        return Reply("raised", [cls.__name__ for cls in type(error).__mro__], _short(error))


def _short(error: BaseException) -> str:
    """The error in one line, with the line of the notebook that raised it."""
    text = "".join(traceback.format_exception_only(error))
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [type(error).__name__]
    # TensorFlow tells what went wrong in a student's schedule in the last line; the first is "in user code:".
    told = lines[-1] if lines[0].endswith("in user code:") else lines[0]
    places = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if "ipykernel" in frame.filename]
    return told[:300] + (f" (line {places[-1]} of its cell)" if places else "")
