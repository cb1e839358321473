"""The course's exercises: what each asks, what is right, and the wrong answers that students really give."""

from __future__ import annotations

from functools import cache

from lrcourse.exercises.definition import Exercise
from lrcourse.exercises.public import from_data
from lrcourse.handout import handout


@cache
def _by_id() -> dict[str, Exercise]:
    handed = handout()
    if handed is not None:
        return {data["id"]: from_data(data) for data in handed["exercises"]}
    from lrcourse.exercises.catalog import EXERCISES  # not in the wheel for students

    return {exercise.id: exercise for exercise in EXERCISES}


def ids() -> tuple[str, ...]:
    """The ids of all exercises, in the order of the course."""
    return tuple(_by_id())


def find_exercise(id: str) -> Exercise:
    """The exercise `id`; KeyError if there is none."""
    return _by_id()[id]


def exercises_of(lesson: str) -> tuple[Exercise, ...]:
    """The exercises of the lesson with folder name `lesson`, in order."""
    return tuple(exercise for exercise in _by_id().values() if exercise.lesson == lesson)
