"""All exercises with their references and known mistakes, and what explains a wrong answer.

Students of a graded class do not have this folder; `checking/catalog.py` is who asks for it.
"""

from lrcourse.answers import lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06, lesson_07
from lrcourse.answers.observe import observe
from lrcourse.answers.recognition import recognise, recognise_plan, without_effect

__all__ = ["EXERCISES", "observe", "recognise", "recognise_plan", "without_effect"]

EXERCISES = tuple(
    exercise
    for lesson in (lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06, lesson_07)
    for exercise in lesson.EXERCISES
)
