"""Grade a lesson's submissions, one student at a time."""

from __future__ import annotations

from pathlib import Path

from lrcourse.errors import CommandError
from lrcourse.grading.course import Course, StepFailed
from lrcourse.grading.results import Score, scores


def grade_assignment(root: Path, lesson: str, *, force: bool = False) -> list[Score]:
    """Grade what was submitted of `lesson` in the course at `root`, and return everybody's score.

    A submission that nbgrader cannot grade is named and left ungraded; the others are graded.
    """
    course = Course(root)
    students = course.submitted(lesson)
    if not course.gradebook.exists():
        raise CommandError(f"There is no gradebook in {course.root}. `nbgrader generate_assignment {lesson}` makes it.")
    for number, student in enumerate(students, start=1):
        print(f"grading {number} of {len(students)}: {student}", flush=True)
        try:
            course.autograde(lesson, student, force=force)
        except StepFailed as error:
            print(f"  not graded. {error}", flush=True)
    return scores(course.gradebook, lesson, students)
