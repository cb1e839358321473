"""What a question asks, apart from its key: all that a student of a graded class has of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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
