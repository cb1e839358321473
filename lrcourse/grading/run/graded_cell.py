"""Run a graded cell in this process, which holds the keys. The student's code is asked over the wire."""

from __future__ import annotations

import ast
import contextlib
import io
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.v4 import new_output

from lrcourse.checking.checks import CannotGrade, UnknownCheck, assess, settle
from lrcourse.marks import Mark
from lrcourse.quiz.bank import BankError
from lrcourse.student_code.remote import RemoteStudent

NAME = "<graded cell>"


class CheckFailed(RuntimeError):
    """A check itself failed, which is the course's fault: the submission stays ungraded and the error is shown."""


# A course that is broken must stop the grading, not cost everybody the points.
NOT_THE_STUDENTS_FAULT = (CannotGrade, UnknownCheck, BankError, CheckFailed)


@dataclass
class Examined:
    """What a graded cell gives: its outputs as nbgrader reads them, and what each check in it found."""

    outputs: list[NotebookNode] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def examine(source: str, student: RemoteStudent, seed_of: Callable[[str], str]) -> Examined:
    """Run the trusted text `source` in a fresh namespace that holds `check` and `student`."""
    examined = Examined()

    def check(id: str, *, order: str | None = None, language: str = "en", practice: bool = False) -> float | None:
        try:
            found = assess(
                id, student, seed=seed_of(id), grading=True, order=order, language=language, practice=practice
            )
        except NOT_THE_STUDENTS_FAULT:
            raise
        except Exception as error:
            raise CheckFailed(f'check("{id}") itself failed: {type(error).__name__}: {error}') from error
        print(found.text)
        examined.marks.append(found.mark)
        return settle(found.mark, grading=True)

    namespace = {"__name__": "__main__", "check": check, "student": student}
    said = io.StringIO()
    end: list[NotebookNode] = []
    # Text on stderr would count as an error with nbgrader, whatever the answer is worth.
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            value = _run(source, namespace)
            if value is not None:
                end = [new_output("execute_result", data={"text/plain": repr(value)}, execution_count=None)]
        except NOT_THE_STUDENTS_FAULT:
            raise
        except Exception as error:  # a failed assertion of any kind is how a graded cell gives no points
            end = [_error(error)]
    text = said.getvalue()
    examined.outputs = ([new_output("stream", name="stdout", text=text)] if text else []) + end
    return examined


def _run(source: str, namespace: dict) -> object:
    """Run the text; the value of its last line where that is an expression, as in a notebook."""
    body = ast.parse(source, NAME).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), NAME, "exec"), namespace)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), NAME, "eval"), namespace)


def _error(error: Exception) -> NotebookNode:
    told = "".join(traceback.format_exception_only(error)).strip()
    return new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[told])
