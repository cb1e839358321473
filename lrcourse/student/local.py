"""The student whose code lives in this process: the local form of the interface."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from lrcourse.student.guard import TimeIsUp, stderr_as_stdout, time_limit
from lrcourse.student.reply import Reply, plain
from lrcourse.student.source import names_bound_in, read_answer

SECONDS = 10  # the time a student's function has for one question


class LocalStudent:
    """The student whose code lives in this process, in `namespace`; `cells` are the texts of the cells that ran."""

    def __init__(self, namespace: dict, cells: list[str]):
        self._namespace = namespace
        self._cells = cells

    def call(self, name: str, *args) -> Reply:
        """The reply of `name(*args)`."""
        if name not in self._namespace:
            return Reply("missing")
        function = self._namespace[name]
        if not callable(function):
            return Reply("raised", note=f"{name} is {type(function).__name__} and not a function")
        return _reply(lambda: function(*args))

    def ask(self, handle: Any, *args) -> Reply:
        """The reply of calling what an earlier call returned."""
        return _reply(lambda: handle(*args))

    def applied(self, handle: Any, steps: tuple[int, ...]) -> Reply:
        """The rates that a real optimizer applies at `steps`."""
        from lrcourse.recorder import applied_rates

        reply = _reply(lambda: applied_rates(handle, steps))
        return Reply("rejected", note=reply.note) if reply.kind == "raised" else reply

    def answer(self, name: str) -> Reply:
        """The literal last assigned to `name` at the top level of a cell."""
        return read_answer(name, self._cells)

    def source(self, name: str) -> str | None:
        """The text of the last cell that defines `name` at its top level."""
        defining = [cell for cell in self._cells if name in names_bound_in(cell)]
        return defining[-1] if defining else None


def _reply(question: Callable[[], Any]) -> Reply:
    """The reply to a question put to the student's code, whatever that code does."""
    try:
        with stderr_as_stdout(), time_limit(SECONDS):
            return plain(question())
    except TimeIsUp:
        return Reply("timeout", note=f"did not return within {SECONDS} s")
    except NotImplementedError as error:
        return Reply("stub") if not error.args else Reply("raised", note=_short(error))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a student's code may raise anything, SystemExit included; all of it is an answer
        return Reply("raised", note=_short(error))


def _short(error: BaseException) -> str:
    """The error as its last line says it, with the line of the notebook that raised it."""
    text = "".join(traceback.format_exception_only(error)).strip().splitlines()
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if "ipykernel" in frame.filename]
    return (text[0] if text else type(error).__name__)[:300] + (f" (line {lines[-1]} of its cell)" if lines else "")
