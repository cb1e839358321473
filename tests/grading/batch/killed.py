"""Saves results and is killed on the way: run as `killed.py COURSE COPIES`, by the test of the same name.

For each number n there is a copy of the course in which the process is killed, by itself and for good, just before the
n-th step that reaches the disk or the gradebook; then another process goes on. It stops at the first n that is beyond
the last step, prints how many there were, and leaves the copies for the test to compare.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from datetime import datetime
from pathlib import Path

from small_class import CLASS, LESSON

from lrcourse.grading.batch.display import Watch
from lrcourse.grading.course import Course
from lrcourse.grading.gradebook.assignment import Assignment, Submission
from lrcourse.grading.gradebook.journal import Journal, only_driver
from lrcourse.grading.gradebook.ledger import Ledger
from lrcourse.grading.gradebook.writer import Writer
from lrcourse.grading.job import Graded, Job, Result
from lrcourse.grading.run.execution import Report
from lrcourse.marks import Mark

STEPS = ((os, "rename"), (os, "replace"), (os, "fsync"), (os, "rmdir"), (os, "mkdir"))


def made_up(student: str) -> tuple[Result, Submission]:
    """A worker's answer for this student, the same each time."""
    points = float(len(student) % 3)
    a = Graded(
        f"notebook a of {student}\n",
        {"check_time_based_decay": points, "essay": None},
        {"time_based_decay": None, "answer_purpose": "No response.", "essay": None, "drawing": None},
        Report([Mark("check_time_based_decay", "incorrect", points, 2.0)]),
    )
    files = {"timestamp.txt": b"2026-11-01 10:00:00 UTC"}
    return Result(student, {"a": a}), Submission(Job(None, student, {}, files), datetime(2026, 11, 1, 10))


def save(root: Path, students: list[str]) -> None:
    """What a run does with results: those of an earlier one first."""
    with only_driver(root):
        assignment = Assignment.of(Course(root).config, LESSON)
        journal = Journal(root, LESSON)
        with Writer(assignment, journal) as writer:
            ledger = Ledger(assignment, journal, writer, Watch(len(students), None, quiet=True))
            ledger.save_left_over()
            graded = [student for student in students if assignment.autograded(student).exists()]
            ledger.keep([made_up(student) for student in students if student not in graded])


def killed_at(number: int, root: Path, students: list[str]) -> bool:
    """Whether there is a step with that number; the process that came to it is dead."""
    child = os.fork()
    if child == 0:
        _kill_at(number)
        save(root, students)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _kill_at(number: int) -> None:
    left = [number]

    def counted(step):
        def run(*arguments, **keywords):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*arguments, **keywords)

        return run

    for module, name in STEPS:
        setattr(module, name, counted(getattr(module, name)))


def main() -> None:
    course, copies = map(Path, sys.argv[1:3])
    students = list(CLASS)[:2]
    save(shutil.copytree(course, copies / "undisturbed"), students)
    number = 1
    while killed_at(number, shutil.copytree(course, copies / str(number)), students):
        save(copies / str(number), students)
        number += 1
    shutil.rmtree(copies / str(number))
    print(number - 1)


if __name__ == "__main__":
    main()
