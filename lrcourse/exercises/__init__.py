"""The course's exercises: what each asks, what is right, and the wrong answers that students really give."""

from __future__ import annotations

from lrcourse.exercises import lesson_01, lesson_02, lesson_03, lesson_04, lesson_05
from lrcourse.exercises.definition import Exercise

_CATALOG = {
    exercise.id: exercise
    for lesson in (lesson_01, lesson_02, lesson_03, lesson_04, lesson_05)
    for exercise in lesson.EXERCISES
}


def ids() -> tuple[str, ...]:
    """The ids of all exercises, in the order of the course."""
    return tuple(_CATALOG)


def find_exercise(id: str) -> Exercise:
    """The exercise `id`; KeyError if there is none."""
    return _CATALOG[id]


def exercises_of(lesson: str) -> tuple[Exercise, ...]:
    """The exercises of the lesson with folder name `lesson`, in order."""
    return tuple(exercise for exercise in _CATALOG.values() if exercise.lesson == lesson)
