"""All exercises with their references and known mistakes. Students of a graded class do not have this module."""

from __future__ import annotations

from lrcourse.exercises import lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06, lesson_07

EXERCISES = tuple(
    exercise
    for lesson in (lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06, lesson_07)
    for exercise in lesson.EXERCISES
)
