"""`check("...")` and `hint("...")`, as a student calls them and as a graded cell does."""

from __future__ import annotations

import difflib
import os
import sys
from dataclasses import dataclass

from lrcourse.checking.catalog import find_exercise, ids
from lrcourse.checking.judge import judge
from lrcourse.checking.verdict import explain
from lrcourse.errors import ShownInOneLine
from lrcourse.marks import Mark
from lrcourse.quiz.bank import find_question, question_ids
from lrcourse.quiz.marking import mark
from lrcourse.student_code import LocalStudent, Student

_hints_given: dict[str, int] = {}


class Incorrect(ShownInOneLine, AssertionError):
    """An answer that is not (yet) right. Shown as one line: what matters has been printed above it."""


class UnknownCheck(ShownInOneLine, ValueError):
    """`check` or `hint` was called with an id that the course does not have."""


class CannotGrade(ShownInOneLine, RuntimeError):
    """nbgrader grades in an installation for students, which holds no keys; nobody must get a mark by that."""

    def __init__(self):
        super().__init__(
            "This is the student version of lrcourse, which has no keys; grade with the course's own installation."
        )


@dataclass(frozen=True)
class Checked:
    """What one check found: the mark, and the text that a student reads."""

    mark: Mark
    text: str


def check(
    id: str,
    *,
    order: str | None = None,
    language: str = "en",
    practice: bool = False,
    student: Student | None = None,
) -> float | None:
    """Check the answer to the exercise or question `id`.

    In a student's notebook: print the outcome, and raise `Incorrect` unless all is right. While nbgrader grades: print
    the same, return None at full marks (nbgrader gives all points) and the points as a float at part marks, and raise
    `Incorrect` at none. A question is only recorded in the student's notebook; its mark comes with grading.

    In the installation of a graded class, which has no keys, an exercise is held against its examples only and earns
    nothing, a question is recorded, and grading raises `CannotGrade`.

    - `id`: the exercise's or the question's, such as "warmup_lr".
    - `order`: the order in which a shuffled release shows a question's options ("cabd": option c comes first).
    - `language`: the language of a question, "en" or "es".
    - `practice`: True answers a question at once, without points, for those who learn by themselves.
    - `student`: the code to ask; by default, the notebook that calls.
    """
    grading = os.environ.get("NBGRADER_EXECUTION") == "autograde"
    checked = assess(
        id,
        student or _this_notebook(),
        seed=_own_seed(id),
        grading=grading,
        order=order,
        language=language,
        practice=practice,
    )
    print(checked.text)
    return settle(checked.mark, grading=grading)


def assess(
    id: str,
    student: Student,
    *,
    seed: str,
    grading: bool,
    order: str | None = None,
    language: str = "en",
    practice: bool = False,
) -> Checked:
    """What `check` finds, without printing or raising on a wrong answer. `seed` decides the hidden probes."""
    if id in ids():
        exercise = find_exercise(id)
        if grading and exercise.examples_only:
            raise CannotGrade
        verdict = judge(exercise, student, seed=seed)
        of = 0 if exercise.examples_only else exercise.points
        found = Mark(f"check_{id}", verdict.outcome, verdict.points, float(of), verdict.remarks)
        return Checked(found, explain(verdict))
    question = find_question(id)
    if question is None:
        raise UnknownCheck(_unknown(id))
    if grading and not question.has_key:
        raise CannotGrade
    practice = (practice or question.practice) and question.has_key
    marked = mark(
        question,
        student.answer(question.answer_name),
        order=order,
        reveal=grading or practice,
        points=not practice,
        language=language,
    )
    of = 0.0 if practice else float(question.points)
    return Checked(Mark(question.check_cell, marked.outcome, marked.points, of, marked.remarks), marked.text)


def settle(mark: Mark, *, grading: bool) -> float | None:
    """Report a mark as nbgrader and the student's notebook expect it (see `check`)."""
    if mark.outcome in ("correct", "recorded"):
        return None
    if grading and mark.points > 0:
        return float(mark.points)
    points = f", {mark.points:g} of {mark.of:g} points" if mark.of else ""
    raise Incorrect(f"{mark.grade_id.removeprefix('check_')}: {mark.outcome}{points}.")


def hint(id: str) -> None:
    """Print the next hint for exercise `id`; each call gives one more."""
    if id not in ids():
        raise UnknownCheck(_unknown(id))
    hints = find_exercise(id).hints
    given = _hints_given.get(id, 0)
    if given >= len(hints):
        print(f"There are no more hints for {id}. The last one was: {hints[-1]}")
        return
    _hints_given[id] = given + 1
    print(f"Hint {given + 1} of {len(hints)}: {hints[given]}")


def _unknown(id: str) -> str:
    known = [*ids(), *question_ids()]
    near = difflib.get_close_matches(id, known, n=1, cutoff=0.4)
    return f'There is no exercise or question "{id}".' + (f' Did you mean "{near[0]}"?' if near else "")


def _own_seed(id: str) -> str:
    """In a student's own notebook the hidden probes are the same at every call, so that a result can be repeated."""
    return f"own notebook/{id}"


def _this_notebook() -> LocalStudent:
    """The notebook that calls `check`; in a plain script, the main module."""
    try:
        from IPython import get_ipython

        shell = get_ipython()
    except ImportError:
        shell = None
    if shell is None:
        return LocalStudent(vars(sys.modules["__main__"]), [])
    # As they were typed, for grading reads them so too; `In` has them as Python.
    return LocalStudent(shell.user_ns, list(shell.history_manager.input_hist_raw))
