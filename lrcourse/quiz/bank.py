"""The question bank: one YAML file a lesson, read into checked models.

A broken file is refused with its path, the question and the rule that it breaks (`BankError`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import ValidationError, model_validator
from ruamel.yaml import YAML, YAMLError

from lrcourse.errors import ShownInOneLine
from lrcourse.locations import handed_out, quizzes_dir
from lrcourse.quiz.questions import Asked, AskedOnly, Line, Model, Question, read_question

KINDS = ("single", "multiple", "number")


class BankError(ShownInOneLine):
    """A question file that breaks a rule; the message holds path, question and rule."""


class LessonQuestions(Model):
    """One file of the bank."""

    lesson: Line
    questions: tuple[Question, ...]

    @model_validator(mode="after")
    def _ids_differ(self):
        names = [question.id for question in self.questions]
        if len(set(names)) < len(names):
            raise ValueError(f"question ids must differ; got {', '.join(names)}")
        return self


def load(path: Path) -> LessonQuestions:
    """The questions of one file; `BankError` says which question breaks which rule."""
    try:
        data = YAML(typ="safe", pure=True).load(path)
    except OSError as error:
        raise BankError(f"{path}: cannot be read: {error.strerror}.") from error
    except (YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise BankError(f"{path}{line}: not valid YAML: {getattr(error, 'problem', None) or error}.") from error
    try:
        lesson = LessonQuestions.model_validate(data)
    except ValidationError as error:
        raise BankError(_first_broken_rule(path, data, error)) from error
    if lesson.lesson != path.stem:
        raise BankError(f'{path}: the file is named after its lesson; it says lesson: "{lesson.lesson}".')
    return lesson


def _first_broken_rule(path: Path, data, error: ValidationError) -> str:
    first = error.errors()[0]
    location = list(first["loc"])
    question = ""
    if location[:1] == ["questions"] and len(location) > 1:
        raw = data["questions"][location[1]]
        name = raw.get("id", f"number {location[1] + 1}") if isinstance(raw, dict) else f"number {location[1] + 1}"
        # What is left begins with the question's kind, where pydantic knows it.
        question, location = f'question "{name}": ', [part for part in location[2:] if part not in KINDS]
    field = ".".join(str(item) for item in location)
    rule = first["msg"].removeprefix("Value error, ")
    return f"{path}: {question}{field + ': ' if field else ''}{rule}."


@cache
def load_course() -> tuple[LessonQuestions, ...]:
    """Every file of the bank, in the order of the lessons. A question id occurs once in the whole course."""
    lessons = tuple(load(path) for path in sorted(quizzes_dir().glob("*.yaml")))
    seen: dict[str, str] = {}
    for lesson in lessons:
        for question in lesson.questions:
            if question.id in seen:
                raise BankError(
                    f'{quizzes_dir() / lesson.lesson}.yaml: question "{question.id}": '
                    f"the id is taken by lesson {seen[question.id]}; ids are unique in the course."
                )
            seen[question.id] = lesson.lesson
    return lessons


def questions_of(lesson: str) -> tuple[Question, ...]:
    """The questions of the lesson with this folder name; none if it has no file."""
    return next((entry.questions for entry in load_course() if entry.lesson == lesson), ())


def find_question(id: str) -> Asked | None:
    """The question with this id, or None. In a graded class's installation it has no key (`has_key`)."""
    return _by_id().get(id)


def question_ids() -> tuple[str, ...]:
    """The ids of all questions, in the order of the lessons."""
    return tuple(_by_id())


@cache
def _by_id() -> dict[str, Asked]:
    handed = handed_out()
    if handed is None:
        return {question.id: question for lesson in load_course() for question in lesson.questions}
    # One for practice is handed out whole, any other without its key.
    questions = (read_question(data) if data["practice"] else AskedOnly(**data) for data in handed["questions"])
    return {question.id: question for question in questions}
