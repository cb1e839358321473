"""Judge a student's answer to an exercise: probe by probe against the reference, then name the mistake.

Nothing here prints or raises on a wrong answer; `check` turns the verdict into words and marks.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from random import Random

from lrcourse.exercises.definition import Exercise, Result
from lrcourse.exercises.effect import without_effect
from lrcourse.exercises.judge_plan import judge_plan
from lrcourse.exercises.kinds import advice
from lrcourse.exercises.observation import Observation
from lrcourse.exercises.probing import (
    ENDED,
    Exchange,
    ask_each,
    expected,
    first_difference,
    in_words,
    same,
    value_in_words,
)
from lrcourse.exercises.verdict import Difference, PartVerdict, Verdict, not_attempted
from lrcourse.student import Reply, Student
from lrcourse.student.reply import FAILURES
from lrcourse.student.source import statements

ONLY_EXAMPLES = Observation("only-examples", "It is right for the numbers of the examples and wrong for others.")
OWN_SCHEDULES = Observation(
    "own-schedules",
    "Write this one yourself: the answer may use NumPy, SciPy and Keras, but not the course's own library.",
)
UNASKED = Difference("", "", Reply("timeout"))


def judge(exercise: Exercise, student: Student, seed: bytes | str | int) -> Verdict:
    """Put every probe of `exercise` to `student`. The same seed asks the same, so a mark can be reproduced."""
    if _uses_own_schedules(exercise, student):
        return Verdict(exercise, "refused", observation=OWN_SCHEDULES)
    if exercise.result is Result.PLAN:
        return judge_plan(exercise, student, seed)
    answers = _exchanges(exercise, student, Random(seed))
    kind = answers[0][0].replies[0].kind
    if kind in ("missing", "stub"):
        return not_attempted(exercise, kind)
    everything = [exchange for exchanges in answers for exchange in exchanges]
    asked = dict(zip((part.name for part in exercise.parts), answers, strict=False))
    verdicts = tuple(
        PartVerdict(part, _first_difference(exercise, asked[part.name]))
        if part.name in asked
        else PartVerdict(part, replace(UNASKED, got=answers[-1][-1].replies[-1]))
        for part in exercise.parts
    )
    if all(verdict.difference is None for verdict in verdicts):
        if remembers := _unsteady(exercise, student, everything):
            return Verdict(exercise, "incorrect", observation=remembers)
        return Verdict(exercise, "correct", verdicts)
    kinds = {verdict.difference.got.kind for verdict in verdicts if verdict.difference}
    outcome = kinds.pop() if kinds in ({"raised"}, {"timeout"}, {"died"}) else "incorrect"
    return _explained(Verdict(exercise, outcome, verdicts), student, asked)


def _explained(verdict: Verdict, student: Student, asked: dict[str, list[Exchange]]) -> Verdict:
    """The verdict on wrong answers with what explains them: known mistakes first, then what can be observed."""
    exercise = verdict.exercise
    everything = [exchange for exchanges in asked.values() for exchange in exchanges]
    timed_out = any(exchange.replies[-1].kind in ENDED for exchange in everything)
    if verdict.outcome in ENDED:
        return verdict
    if exercise.examples_only:
        remembers = None if timed_out else _unsteady(exercise, student, everything)
        return replace(verdict, observation=remembers)
    # Not in the wheel for students, nor is what it imports.
    from lrcourse.exercises.recognise import observe, recognise

    wrong = {
        part.part.name: asked[part.part.name] for part in verdict.parts if part.difference and part.part.name in asked
    }
    named = recognise(exercise, wrong, everything)
    verdict = replace(verdict, parts=tuple(replace(p, mistake=named.get(p.part.name)) for p in verdict.parts))
    if timed_out:
        return verdict  # to ask once more could take as long again
    if not named and (remembers := _unsteady(exercise, student, everything)):
        return replace(verdict, observation=remembers)
    seen = {
        part.part.name: observe(exercise, student, part.part, wrong[part.part.name])
        for part in verdict.parts
        if part.part.name in wrong and not part.mistake
    }
    if not named and not any(one and one.exact for one in seen.values()):
        if dead := without_effect(exercise, student, everything):
            return replace(verdict, observation=dead)
        if not any(seen.values()) and _only_examples_right(exercise, everything):
            return replace(verdict, observation=ONLY_EXAMPLES)
    return replace(verdict, parts=tuple(replace(p, observation=seen.get(p.part.name)) for p in verdict.parts))


def _exchanges(exercise: Exercise, student: Student, random: Random) -> list[list[Exchange]]:
    """What comes back from every probe, part by part. A code that runs out of time is asked no more."""
    asked = [
        [(probe, True) for probe in part.examples] + [(probe, False) for probe in part.draw(random)]
        for part in exercise.parts
    ]
    replies = ask_each(exercise, student, [probe for probes in asked for probe, _ in probes])
    answers: list[list[Exchange]] = []
    for probes in asked:
        answers.append([])
        for probe, public in probes:
            exchange = Exchange(probe, public, next(replies))
            answers[-1].append(exchange)
            kind = exchange.replies[-1].kind
            if kind in ENDED or (kind in ("missing", "stub") and len(answers[-1]) == len(answers) == 1):
                return answers
    return answers


def _first_difference(exercise: Exercise, exchanges: list[Exchange]) -> Difference | None:
    for exchange in exchanges:
        wanted = expected(exercise, exchange.probe)
        index = first_difference(wanted, exchange.replies)
        if index is None:
            continue
        got = exchange.replies[min(index, len(exchange.replies) - 1)]
        itself = _is_no_thing_to_ask(exercise, exchanges)
        told = advice(got, exercise.result, refusal=wanted[index] is ValueError, itself=itself)
        if itself:
            return Difference(exercise.describe(exchange.probe.args), exercise.result.value, got, told)
        return Difference(in_words(exercise, exchange.probe, index), value_in_words(wanted[index]), got, told)
    return None


def _is_no_thing_to_ask(exercise: Exercise, exchanges: list[Exchange]) -> bool:
    """Whether the student's function itself gave nothing that could be asked in turn."""
    if exercise.result not in (Result.KERAS_SCHEDULE, Result.SCHEDULER):
        return False
    several = [exchange for exchange in exchanges if len(exchange.probe.then) > 1]
    kinds = {exchange.replies[0].kind for exchange in several if len(exchange.replies) == 1}
    return len(several) > 0 and all(len(exchange.replies) == 1 for exchange in several) and not kinds & set(FAILURES)


def _only_examples_right(exercise: Exercise, exchanges: list[Exchange]) -> bool:
    """Whether every public example agrees and the hidden probes mostly do not."""
    right = {True: [0, 0], False: [0, 0]}
    for exchange in exchanges:
        right[exchange.public][0] += _first_difference(exercise, [exchange]) is None
        right[exchange.public][1] += 1
    return right[True][0] == right[True][1] > 0 and right[False][0] * 2 < right[False][1]


def _unsteady(exercise: Exercise, student: Student, exchanges: list[Exchange]) -> Observation | None:
    """What is seen if the same questions in reverse order bring other answers: the function remembers earlier calls."""
    if exercise.result is Result.KERAS_SCHEDULE:
        return None  # each probe builds its own schedule object and asks it in one go
    backwards = [replace(exchange.probe, then=exchange.probe.then[::-1]) for exchange in reversed(exchanges)]
    for exchange, again in zip(reversed(exchanges), ask_each(exercise, student, backwards), strict=False):
        if not same(again[::-1], exchange.replies):
            called = exercise.describe(exchange.probe.args)
            sentence = f"{called} gives another answer when it is asked again"
            if exercise.result is Result.SCHEDULER:
                sentence = f"What {called} returns gives other answers when its epochs are asked in another order"
            rule = "the function must depend on its arguments alone, not on earlier calls or on chance."
            return Observation("remembers-calls", f"{sentence}: {rule}")
    return None


def _uses_own_schedules(exercise: Exercise, student: Student) -> bool:
    """Whether the answer hands the task to the course's own library; a plain look at the syntax tree.

    Bare expressions do not count: below the answer a student may well compare it with `lr.schedules`.
    """
    source = student.source(exercise.id) or ""
    return any(
        not isinstance(statement, ast.Expr) and any(_uses(exercise.refused, node) for node in ast.walk(statement))
        for statement in statements(source)
    )


def _uses(refused: tuple[str, ...], node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in refused and isinstance(node.value, ast.Name) and node.value.id in ("lr", "lrcourse")
    if isinstance(node, ast.ImportFrom):
        own = any(name.name in refused for name in node.names)
        module = node.module or ""
        return (own and module.split(".")[0] == "lrcourse") or _is_module_of(refused, module)
    return isinstance(node, ast.Import) and any(_is_module_of(refused, name.name) for name in node.names)


def _is_module_of(refused: tuple[str, ...], module: str) -> bool:
    own = {_MODULES.get(name, f"lrcourse.{name}") for name in refused}
    return any(module == one or module.startswith(f"{one}.") for one in own)


_MODULES = {"as_keras": "lrcourse.bridge", "per_epoch": "lrcourse.bridge"}  # where it is no module itself
