"""A question with its key: a choice of one, a choice of several, or a number. Each rule of the bank is checked here."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag, TypeAdapter, model_validator

LETTERS = "ABCDEFGH"
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
OptionId = Annotated[str, StringConstraints(pattern=r"^[a-h]$")]
QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


class Model(BaseModel):
    """A part of the bank: unknown fields are an error, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Model):
    """A text in each of the course's languages."""

    en: Line
    es: Line

    def __getitem__(self, language: str) -> str:
        return getattr(self, language)


class ShownOption(Model):
    """One option, as a student sees it."""

    id: OptionId
    text: Text


class Asked(Model):
    """What every question has.

    A `practice` question has no points: its check says at once whether the answer is right, so its key is shipped.
    """

    id: QuestionId
    points: Annotated[float, Field(gt=0)] = 1
    practice: bool = False
    stem: Text

    @property
    def has_key(self) -> bool:
        """Whether this installation knows the right answer."""
        return True

    @property
    def answer_name(self) -> str:
        """The variable that holds the student's answer, which is also the answer cell's grade_id."""
        return f"answer_{self._id_in_python}"

    @property
    def question_cell(self) -> str:
        """The grade_id of the read-only cell that shows the question."""
        return f"question_{self._id_in_python}"

    @property
    def check_cell(self) -> str:
        """The grade_id of the graded cell."""
        return f"check_{self._id_in_python}"

    @property
    def _id_in_python(self) -> str:
        return self.id.replace("-", "_")


class HasOptions:
    """A question whose options are shown under letters."""

    def shown(self, order: str | None = None) -> dict[str, ShownOption]:
        """The options under the letters "A", "B" ... as shown; `order` lists option ids, by default as in the file."""
        by_id = {option.id: option for option in self.options}
        order = order or "".join(by_id)
        if sorted(order) != sorted(by_id):
            raise ValueError(f'order must name each option of "{self.id}" once ({"".join(by_id)}); got "{order}"')
        return {letter: by_id[option] for letter, option in zip(LETTERS, order, strict=False)}


class AskedOnly(HasOptions, Asked):
    """A question without its key. It can be shown, and its answer recorded."""

    kind: Literal["single", "multiple", "number"]
    options: tuple[ShownOption, ...] = ()

    @property
    def has_key(self) -> bool:
        """False: the key is not in it."""
        return False

    @classmethod
    def of(cls, question: Asked) -> AskedOnly:
        """What is left of `question` when its key is taken out: nothing that is not shown with it."""
        options = tuple(ShownOption(id=option.id, text=option.text) for option in getattr(question, "options", ()))
        return cls(id=question.id, points=question.points, stem=question.stem, kind=question.kind, options=options)


LANGUAGES = tuple(Text.model_fields)
Language = StrEnum("Language", LANGUAGES)


class Option(ShownOption):
    """One option. A wrong one names the misconception that it stands for; every one says why."""

    correct: bool = False
    misconception: Line | None = None
    feedback: Text

    @model_validator(mode="after")
    def _wrong_options_name_a_misconception(self):
        if self.correct == (self.misconception is not None):
            raise ValueError(f'option "{self.id}": a wrong option names its misconception, a correct one has none')
        return self


class _Keyed(Asked):
    """What every question of the bank has besides. `evidence` is the lesson's heading that answers it."""

    evidence: Line


class _Choice(HasOptions, _Keyed):
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=len(LETTERS))]

    @model_validator(mode="after")
    def _option_ids_differ(self):
        names = [option.id for option in self.options]
        if len(set(names)) < len(names):
            raise ValueError(f"option ids must differ; got {', '.join(names)}")
        return self


class SingleChoice(_Choice):
    """One option is correct."""

    kind: Literal["single"] = "single"

    @model_validator(mode="after")
    def _one_is_correct(self):
        correct = sum(option.correct for option in self.options)
        if correct != 1:
            raise ValueError(f"a single-choice question has exactly one correct option; got {correct}")
        return self


class MultipleChoice(_Choice):
    """Some options are correct. `credit` says what an answer that is partly right is worth.

    "off": nothing. "each-answer": every option counts alike, chosen rightly or left out rightly. "net-correct": right
    choices minus wrong choices, as a share of the correct options, never below 0.
    """

    kind: Literal["multiple"]
    credit: Literal["off", "each-answer", "net-correct"] = "off"

    @model_validator(mode="after")
    def _some_are_correct(self):
        correct = sum(option.correct for option in self.options)
        if not 0 < correct < len(self.options):
            raise ValueError(f"a multiple-choice question has correct and wrong options; got {correct} correct")
        return self


class WrongNumber(Model):
    """A wrong number that students really give, and what it shows."""

    value: float
    misconception: Line
    feedback: Text


class Number(_Keyed):
    """A number, right within `tolerance` (a share of the key). `compute` is the code of the key; a test runs it."""

    kind: Literal["number"]
    answer: float
    tolerance: Annotated[float, Field(gt=0, lt=1)] = 0.01
    compute: Line
    feedback: Text
    hint: Text
    wrong: tuple[WrongNumber, ...] = ()

    @model_validator(mode="after")
    def _wrong_numbers_are_wrong(self):
        if not math.isfinite(self.answer) or self.answer == 0:
            raise ValueError(f"answer must be finite and not 0, which no share of it tolerates; got {self.answer}")
        for wrong in self.wrong:
            if self.accepts(wrong.value):
                raise ValueError(f"the wrong number {wrong.value:g} is within the tolerance of the answer")
        return self

    def accepts(self, value: float) -> bool:
        """Whether `value` is the answer, within the tolerance."""
        return math.isclose(value, self.answer, rel_tol=0, abs_tol=self.tolerance * abs(self.answer))


def _kind(data) -> str:
    if isinstance(data, dict):
        return data.get("kind", "single")
    return getattr(data, "kind", "single")


Question = Annotated[
    Annotated[SingleChoice, Tag("single")]
    | Annotated[MultipleChoice, Tag("multiple")]
    | Annotated[Number, Tag("number")],
    Discriminator(
        _kind,
        custom_error_type="kind",
        custom_error_message='kind must be "single", "multiple" or "number"',
    ),
]


def read_question(data: dict) -> Question:
    """The question that `data`, such as one entry of a bank's file, describes; pydantic's ValidationError if none."""
    return _QUESTION.validate_python(data)


_QUESTION = TypeAdapter(Question)
