"""The exercises that this installation knows, and the only place that asks whether it holds their answers.

With `lrcourse.answers` it does. Students of a graded class have the public side of each exercise in its place.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType

from lrcourse.checking.exercise import Exercise
from lrcourse.checking.public import from_data
from lrcourse.locations import CourseFilesMissing, handed_out

_ANSWERS = "lrcourse.answers"


@cache
def answers() -> ModuleType | None:
    """The references, the known mistakes and what explains a wrong answer; None where they are not installed."""
    try:
        return import_module(_ANSWERS)
    except ModuleNotFoundError as error:
        if error.name != _ANSWERS:
            raise  # it is there, and lacks something itself
        return None


@cache
def _by_id() -> dict[str, Exercise]:
    if known := answers():
        return {exercise.id: exercise for exercise in known.EXERCISES}
    handed = handed_out()
    if handed is None:
        raise CourseFilesMissing(
            "This installation of lrcourse holds neither the exercises nor the student version of them. "
            "Install it again: from a clone of its repository, or from the wheel of your class."
        )
    return {data["id"]: from_data(data) for data in handed["exercises"]}


def ids() -> tuple[str, ...]:
    """The ids of all exercises, in the order of the course."""
    return tuple(_by_id())


def find_exercise(id: str) -> Exercise:
    """The exercise `id`; KeyError if there is none."""
    return _by_id()[id]


def exercises_of(lesson: str) -> tuple[Exercise, ...]:
    """The exercises of the lesson with folder name `lesson`, in order."""
    return tuple(exercise for exercise in _by_id().values() if exercise.lesson == lesson)
