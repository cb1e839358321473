"""What judging an answer gives: the outcome, the points of each part, the first difference, and what explains it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lrcourse.exercises.definition import Exercise, Mistake, Part
from lrcourse.exercises.observation import Observation
from lrcourse.student import Reply

NO_FUNCTION = Observation("no-function", "There is no function {0} here: run its answer cell, and keep its name.")
NOTHING_WRITTEN = Observation("nothing-written", "Write your code in its answer cell.")


@dataclass(frozen=True)
class Difference:
    """The first probe that a part fails: what was asked, what the reference says, what came back.

    `advice` is what the kind of the answer says by itself. `asked` is empty where nothing was asked any more, and
    `expected` may then say why.
    """

    asked: str
    expected: str
    got: Reply
    advice: Observation | None = None


@dataclass(frozen=True)
class PartVerdict:
    """A part of an exercise with the first difference (None where every probe agrees) and what explains it.

    That is a known mistake which answers every probe alike, else an observation that is true of every answer.
    """

    part: Part
    difference: Difference | None
    mistake: Mistake | None = None
    observation: Observation | None = None

    @property
    def points(self) -> float:
        """What the student earned in this part."""
        return 0.0 if self.difference else self.part.points


@dataclass(frozen=True)
class Verdict:
    """The outcome: "correct", "incorrect", "not attempted", "raised", "timeout" or "refused", and what explains it.

    `observation` is about the code as a whole; each part may have one of its own. `leaderboard` says what a training
    with the student's rates gained, at full marks too.
    """

    exercise: Exercise
    outcome: str
    parts: tuple[PartVerdict, ...] = ()
    observation: Observation | None = None
    leaderboard: str = ""

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The known mistakes recognised, each once."""
        return tuple({part.mistake.id: part.mistake for part in self.parts if part.mistake}.values())

    @property
    def observations(self) -> tuple[Observation, ...]:
        """All that was observed, each once: about the code, about a part, about the kind of an answer."""
        advice = [part.difference.advice for part in self.parts if part.difference]
        every = [self.observation, *(part.observation for part in self.parts), *advice]
        return tuple(dict.fromkeys(one for one in every if one))

    @property
    def note(self) -> str:
        """The sentence about the code as a whole, if there is one."""
        return self.observation.sentence if self.observation else ""

    @property
    def points(self) -> float:
        """The points earned."""
        return float(sum(part.points for part in self.parts))


def not_attempted(exercise: Exercise, kind: str) -> Verdict:
    """The verdict where nothing is to be judged: `kind` is "missing" for no such function, or "stub"."""
    missing = replace(NO_FUNCTION, sentence=NO_FUNCTION.sentence.format(exercise.id))
    return Verdict(exercise, "not attempted", observation=missing if kind == "missing" else NOTHING_WRITTEN)
