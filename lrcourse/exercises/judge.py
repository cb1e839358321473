"""Judge a student's answer to an exercise: probe by probe against the reference, then name the mistake.

Nothing here prints or raises on a wrong answer; `check` turns the verdict into words and marks.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from random import Random

from lrcourse.exercises.definition import Exercise, Mistake, Part, Result
from lrcourse.exercises.effect import without_effect
from lrcourse.exercises.probing import (
    Exchange,
    ask,
    expected,
    first_difference,
    in_words,
    same,
    value_in_words,
)
from lrcourse.student import Reply, Student
from lrcourse.student.source import statements

NO_FUNCTION = "There is no function {0} here: run its answer cell, and keep its name."
ONLY_EXAMPLES = "It is right for the numbers of the examples and wrong for others."


@dataclass(frozen=True)
class Difference:
    """The first probe that a part fails: what was asked, what the reference says, what came back."""

    asked: str
    expected: str
    got: Reply


@dataclass(frozen=True)
class PartVerdict:
    """A part of an exercise with the first difference (None where every probe agrees) and the mistake it shows."""

    part: Part
    difference: Difference | None
    mistake: Mistake | None = None

    @property
    def points(self) -> float:
        """What the student earned in this part."""
        return 0.0 if self.difference else self.part.points


@dataclass(frozen=True)
class Verdict:
    """The outcome: "correct", "incorrect", "not attempted", "raised", "timeout" or "refused", and what explains it."""

    exercise: Exercise
    outcome: str
    parts: tuple[PartVerdict, ...] = ()
    note: str = ""

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes recognised, each once."""
        return tuple({part.mistake.id: part.mistake for part in self.parts if part.mistake}.values())

    @property
    def points(self) -> float:
        """The points earned."""
        return float(sum(part.points for part in self.parts))


def judge(exercise: Exercise, student: Student, seed: bytes | str | int) -> Verdict:
    """Put every probe of `exercise` to `student`. The same seed asks the same, so a mark can be reproduced."""
    if refusal := _refusal(exercise, student):
        return Verdict(exercise, "refused", note=refusal)
    answers = _exchanges(exercise, student, Random(seed))
    if answers[0][0].replies[0].kind in ("missing", "stub"):
        missing = answers[0][0].replies[0].kind == "missing"
        return Verdict(exercise, "not attempted", note=NO_FUNCTION.format(exercise.id) if missing else "")
    everything = [exchange for exchanges in answers for exchange in exchanges]
    asked = dict(zip((part.name for part in exercise.parts), answers, strict=False))
    differences = {name: _first_difference(exercise, exchanges) for name, exchanges in asked.items()}
    wrong = {name: asked[name] for name, difference in differences.items() if difference}
    mistakes = _recognise(exercise, wrong, everything)
    verdicts = tuple(
        PartVerdict(part, differences[part.name], mistakes.get(part.name))
        if part.name in asked
        else _unasked(exercise, part, answers[-1][-1])
        for part in exercise.parts
    )
    if all(verdict.difference is None for verdict in verdicts):
        if note := _unsteady(exercise, student, everything):
            return Verdict(exercise, "incorrect", note=note)
        return Verdict(exercise, "correct", verdicts)
    kinds = {verdict.difference.got.kind for verdict in verdicts if verdict.difference}
    outcome = kinds.pop() if kinds in ({"raised"}, {"timeout"}) else "incorrect"
    verdict = Verdict(exercise, outcome, verdicts)
    if verdict.mistakes or outcome == "timeout":
        return verdict
    if note := _unsteady(exercise, student, everything) or without_effect(exercise, student, everything):
        return replace(verdict, note=note)
    return replace(verdict, note=ONLY_EXAMPLES) if _only_examples_right(exercise, everything) else verdict


def _recognise(exercise: Exercise, wrong: dict[str, list[Exchange]], everything: list[Exchange]) -> dict[str, Mistake]:
    if not wrong or exercise.examples_only:
        return {}
    from lrcourse.exercises.recognise import recognise  # not in the wheel for students

    return recognise(exercise, wrong, everything)


def _exchanges(exercise: Exercise, student: Student, random: Random) -> list[list[Exchange]]:
    """What comes back from every probe, part by part. A code that runs out of time is asked no more."""
    asked = [
        [(probe, True) for probe in part.examples] + [(probe, False) for probe in part.draw(random)]
        for part in exercise.parts
    ]
    answers: list[list[Exchange]] = []
    for probes in asked:
        answers.append([])
        for probe, public in probes:
            exchange = Exchange(probe, public, ask(exercise, student, probe))
            answers[-1].append(exchange)
            kind = exchange.replies[-1].kind
            if kind == "timeout" or (kind in ("missing", "stub") and len(answers[-1]) == len(answers) == 1):
                return answers
    return answers


def _unasked(exercise: Exercise, part: Part, stopped: Exchange) -> PartVerdict:
    """A part that was not asked because an earlier probe ran out of time."""
    asked = exercise.describe(stopped.probe.args)
    return PartVerdict(part, Difference(asked, "an answer", stopped.replies[-1]))


def _first_difference(exercise: Exercise, exchanges: list[Exchange]) -> Difference | None:
    for exchange in exchanges:
        wanted = expected(exercise, exchange.probe)
        index = first_difference(wanted, exchange.replies)
        if index is not None:
            asked = in_words(exercise, exchange.probe, index)
            got = exchange.replies[min(index, len(exchange.replies) - 1)]
            return Difference(asked, value_in_words(wanted[index]), got)
    return None


def _only_examples_right(exercise: Exercise, exchanges: list[Exchange]) -> bool:
    """Whether every public example agrees and the hidden probes mostly do not."""
    right = {True: [0, 0], False: [0, 0]}
    for exchange in exchanges:
        right[exchange.public][0] += _first_difference(exercise, [exchange]) is None
        right[exchange.public][1] += 1
    return right[True][0] == right[True][1] > 0 and right[False][0] * 2 < right[False][1]


def _unsteady(exercise: Exercise, student: Student, exchanges: list[Exchange]) -> str:
    """A sentence if the same questions in reverse order bring other answers: the function remembers earlier calls."""
    if exercise.result is Result.KERAS_SCHEDULE:
        return ""  # each probe builds its own schedule object and asks it in one go
    for exchange in reversed(exchanges):
        again = ask(exercise, student, exchange.probe)
        if not same(again, exchange.replies):
            return (
                f"{exercise.describe(exchange.probe.args)} gives another answer when it is asked again: "
                "the function must depend on its arguments alone, not on earlier calls."
            )
    return ""


def _refusal(exercise: Exercise, student: Student) -> str:
    """A sentence if the answer hands the task to the library's own schedules; a plain look at the syntax tree.

    Bare expressions do not count: below the answer a student may well compare it with `lr.schedules`.
    """
    source = student.source(exercise.id) or ""
    for statement in statements(source):
        if not isinstance(statement, ast.Expr) and any(map(_uses_schedules, ast.walk(statement))):
            return "Write this one yourself: the answer may use NumPy and Keras, but not the course's own schedules."
    return ""


def _uses_schedules(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _OWN and isinstance(node.value, ast.Name) and node.value.id in ("lr", "lrcourse")
    if isinstance(node, ast.ImportFrom):
        own = any(name.name in _OWN for name in node.names)
        return (node.module == "lrcourse" and own) or node.module in _OWN_MODULES
    return isinstance(node, ast.Import) and any(name.name in _OWN_MODULES for name in node.names)


_OWN = ("schedules", "as_keras", "per_epoch")
_OWN_MODULES = ("lrcourse.schedules", "lrcourse.bridge")
