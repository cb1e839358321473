"""What judging an answer gives: the outcome, the points of each part, what explains it, and all of it in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lrcourse.checking.advice import error_in_words
from lrcourse.checking.exercise import Exercise, Mistake, Part, Result
from lrcourse.checking.probing import ACCEPTED
from lrcourse.marks import Remark
from lrcourse.student_code import Reply, describe

NO_FUNCTION = Remark("no-function", "There is no function {0} here: run its answer cell, and keep its name.")
NOTHING_WRITTEN = Remark("nothing-written", "Write your code in its answer cell.")


@dataclass(frozen=True)
class Difference:
    """The first probe that a part fails: what was asked, what the reference says, what came back.

    `advice` is what the kind of the answer says by itself. `asked` is empty where nothing was asked any more, and
    `expected` may then say why.
    """

    asked: str
    expected: str
    got: Reply
    advice: Remark | None = None


@dataclass(frozen=True)
class PartVerdict:
    """A part of an exercise with the first difference (None where every probe agrees) and what explains it.

    That is a known mistake which answers every probe alike, else an observation that is true of every answer.
    """

    part: Part
    difference: Difference | None
    mistake: Mistake | None = None
    observation: Remark | None = None

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What explains this part: the cause, then what the kind of the answer says by itself."""
        cause = self.mistake.remark if self.mistake else self.observation
        advice = self.difference.advice if self.difference else None
        return tuple(one for one in (cause, advice) if one)

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
    observation: Remark | None = None
    leaderboard: str = ""

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The known mistakes recognised, each once."""
        return tuple({part.mistake.id: part.mistake for part in self.parts if part.mistake}.values())

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """All that explains the answer, in the order in which a student reads it, each once."""
        every = [remark for part in self.parts for remark in part.remarks] + [self.observation]
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


# What an answer is tried on where there is no reference, and what grading does.
_EXAMPLES = ("the examples", "tries other numbers too")
_PRACTICE = ("the practice seeds", "trains with other seeds")


def explain(verdict: Verdict) -> str:
    """The outcome as a student reads it, in a few lines of plain text."""
    return "\n".join(filter(None, (_outcome(verdict), verdict.leaderboard)))


def _outcome(verdict: Verdict) -> str:
    exercise = verdict.exercise
    tried, others = _PRACTICE if exercise.result is Result.PLAN else _EXAMPLES
    if verdict.outcome == "correct" and exercise.examples_only:
        return f"{exercise.id}: right for {tried}. The mark comes with grading, which {others}."
    if verdict.outcome == "correct":
        return f"{exercise.id}: correct. {_points(exercise.points, exercise.points)}"
    if verdict.outcome == "not attempted":
        return f'{exercise.id}: not attempted. {verdict.note} hint("{exercise.id}") helps.'
    if verdict.outcome == "refused":
        return f"{exercise.id}: incorrect. {verdict.note}"
    headline = {
        "raised": "your code raised an error.",
        "timeout": "your code did not return in time.",
        "died": "the process that ran your code has ended.",
        "incorrect": "incorrect.",
    }[verdict.outcome]
    marked = not exercise.examples_only
    lines = [f"{exercise.id}: {headline}" + (f" {_points(verdict.points, exercise.points)}" if marked else "")]
    alone = len(verdict.parts) == 1
    said: set[str] = set()
    for part in verdict.parts:
        lines.append(_part_line(part, tried, alone=alone, marked=marked))
        if part.difference:
            lines.append("    " + _difference_line(part, said))
        cause = part.mistake or part.observation
        if cause and cause.sentence not in said:
            lines.append(("  " if alone else "    ") + cause.sentence)
            said.add(cause.sentence)
    if verdict.note:
        lines.append("  " + verdict.note)
    return "\n".join(line for line in lines if line)


def _points(points: float, of: float) -> str:
    return f"{points:g} of {of:g} point{'s' if of != 1 else ''}."


def _part_line(part: PartVerdict, tried: str, *, alone: bool, marked: bool) -> str:
    if alone:
        return ""
    outcome = "wrong" if part.difference else "right" if marked else f"right for {tried}"
    points = f" ({_points(part.points, part.part.points).rstrip('.')})" if marked else ""
    return f"  {outcome}: {part.part.name}{points}"


def _difference_line(part: PartVerdict, said: set[str]) -> str:
    difference = part.difference
    if not difference.asked:
        return difference.expected or "This part was not tried after that."
    line = f"{difference.asked}: expected {difference.expected}"
    line += f"; {_failure(difference.got)}" if difference.got.failed else f", got {_described(difference.got)}."
    # A known mistake says more than the kind of the answer; and the same words once are enough.
    if difference.advice and not part.mistake and difference.advice.sentence not in said:
        said.add(difference.advice.sentence)
        line += f" {difference.advice.sentence}"
    return line.rstrip()


def _failure(reply: Reply) -> str:
    return {
        "raised": f"your code raised {error_in_words(reply.note)}",
        "timeout": f"your code {reply.note}. Is there a loop that never ends?",
        "died": reply.note or "the process that ran your code has ended",
        "rejected": f"an optimizer cannot train with what you returned: {error_in_words(reply.note)}",
        "stub": "this part is not written yet",
        "missing": "there is no such function",
    }[reply.kind].rstrip(".") + ("" if reply.kind == "timeout" else ".")


def _described(reply: Reply) -> str:
    """What came back, whole numbers as such, and what stands for any number as the number that it was."""
    if reply.kind == "number" and reply.note.startswith(("int", "uint")):
        return str(int(reply.value))
    if reply.kind == "list":
        items = [_described(item) for item in reply.value[:4]] + (["..."] if len(reply.value) > 4 else [])
        return "[" + ", ".join(items) + "]"
    return reply.note if reply.kind == "text" and reply.value == ACCEPTED else describe(reply)
