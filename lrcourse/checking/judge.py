"""Judge a student's answer to an exercise: probe by probe against the reference, then name the mistake.

Nothing here prints or raises on a wrong answer; `check` turns the verdict into words and marks.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from random import Random

from lrcourse import capstone
from lrcourse.checking.advice import advice
from lrcourse.checking.catalog import answers
from lrcourse.checking.exercise import Exercise, Result
from lrcourse.checking.plan import Plan
from lrcourse.checking.probing import (
    ENDED,
    Exchange,
    ask_each,
    expected,
    first_difference,
    in_words,
    same,
    value_in_words,
)
from lrcourse.checking.verdict import Difference, PartVerdict, Verdict, not_attempted
from lrcourse.marks import Remark
from lrcourse.student_code import Question, Reply, Student
from lrcourse.student_code.messages import FAILURES
from lrcourse.student_code.source import statements

ONLY_EXAMPLES = Remark("only-examples", "It is right for the numbers in the examples and wrong for others.")
OWN_SCHEDULES = Remark(
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
    exchanges = _exchanges(exercise, student, Random(seed))
    kind = exchanges[0][0].replies[0].kind
    if kind in ("missing", "stub"):
        return not_attempted(exercise, kind)
    everything = [exchange for part in exchanges for exchange in part]
    asked = dict(zip((part.name for part in exercise.parts), exchanges, strict=False))
    verdicts = tuple(
        PartVerdict(part, _first_difference(exercise, asked[part.name]))
        if part.name in asked
        else PartVerdict(part, replace(UNASKED, got=exchanges[-1][-1].replies[-1]))
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
    known = answers()
    wrong = {
        part.part.name: asked[part.part.name] for part in verdict.parts if part.difference and part.part.name in asked
    }
    named = known.recognise(exercise, wrong, everything)
    verdict = replace(verdict, parts=tuple(replace(p, mistake=named.get(p.part.name)) for p in verdict.parts))
    if timed_out:
        return verdict  # to ask once more could take as long again
    if not named and (remembers := _unsteady(exercise, student, everything)):
        return replace(verdict, observation=remembers)
    seen = {
        part.part.name: known.observe(exercise, student, part.part, wrong[part.part.name])
        for part in verdict.parts
        if part.part.name in wrong and not part.mistake
    }
    if not named and not any(one and one.exact for one in seen.values()):
        if dead := known.without_effect(exercise, student, everything):
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


def _unsteady(exercise: Exercise, student: Student, exchanges: list[Exchange]) -> Remark | None:
    """What is seen if the same questions in reverse order bring other answers: the function remembers earlier calls."""
    if exercise.result is Result.KERAS_SCHEDULE:
        return None  # each probe builds its own schedule object and asks it in one go
    backwards = [replace(exchange.probe, then=exchange.probe.then[::-1]) for exchange in reversed(exchanges)]
    for exchange, again in zip(reversed(exchanges), ask_each(exercise, student, backwards), strict=False):
        if not same(again[::-1], exchange.replies):
            called = exercise.describe(exchange.probe.args)
            sentence = f"{called} gives a different answer when it is asked again"
            if exercise.result is Result.SCHEDULER:
                sentence = (
                    f"The function from {called} gives different answers when its epochs are asked in another order"
                )
            rule = "the function must depend on its arguments alone, not on earlier calls or on chance."
            return Remark("remembers-calls", f"{sentence}: {rule}")
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


LARGEST_RATE = 1e6  # float32 holds more, but no training with it says anything
_EVERY = 7  # of the steps that are asked again: a stride that meets every sort of step
_UNTRAINED = Difference("", "Not trained: training needs a rate for every step.", Reply("other"))


def judge_plan(exercise: Exercise, student: Student, seed: bytes | str | int) -> Verdict:
    """The verdict on a schedule of the student's own: its rates, then its gain on seeds that `seed` decides.

    In an installation without references the seeds are the public ones for practice.
    """
    steps = range(capstone.BUDGET)
    # One step first: a function that returns its whole table each time would send a million numbers.
    plan = Plan(_replies(exercise, student, steps[:1]))
    if plan.replies[0].kind == "number":
        plan = Plan(plan.replies + _replies(exercise, student, steps[1:]))
    if plan.replies[0].kind in ("missing", "stub"):
        return not_attempted(exercise, plan.replies[0].kind)
    rates, gain = exercise.parts
    difference = _no_rate(exercise, plan)
    if difference is None:
        again = range(capstone.BUDGET - 1, -1, -_EVERY)
        difference = _another_rate(exercise, plan, dict(zip(again, _replies(exercise, student, again), strict=False)))
        plan = replace(plan, steady=difference is None)
    if difference:
        outcome = difference.got.kind if difference.got.kind in ("raised", "timeout", "died") else "incorrect"
        parts = (PartVerdict(rates, difference), PartVerdict(gain, _UNTRAINED))
        return _explained_plan(Verdict(exercise, outcome, parts), plan)
    seeds = capstone.PRACTICE_SEEDS
    if not exercise.examples_only:
        seeds = tuple(Random(seed).sample(range(2**31), len(capstone.PRACTICE_SEEDS)))
    gained = capstone.gain(plan.rates, seeds)
    leaderboard = f"{exercise.id}: {gained}"
    if gained.sure and not plan.constant:
        return Verdict(
            exercise, "correct", (PartVerdict(rates, None), PartVerdict(gain, None)), leaderboard=leaderboard
        )
    asked = f"the gain on {len(seeds)} {'practice' if exercise.examples_only else 'fresh'} seeds"
    found = f"{gained.mean:+.2f} ± {gained.half_width:.2f}"
    wanted = "a schedule, not a constant rate" if gained.sure else "an interval above 0"
    missed = PartVerdict(gain, Difference(asked, wanted, Reply("other", note=found)), observation=_how_far(gained))
    verdict = Verdict(exercise, "incorrect", (PartVerdict(rates, None), missed), leaderboard=leaderboard)
    return _explained_plan(verdict, plan)


def _replies(exercise: Exercise, student: Student, steps: range) -> tuple[Reply, ...]:
    """The reply to each step, all asked in one go; it may end early, after one that ran out of time or broke down."""
    questions = [Question(exercise.id, (step,)) for step in steps]
    replies = tuple(answer[0] for answer in student.converse(questions))
    if len(replies) < len(steps) and replies[-1].kind not in ("timeout", "died"):
        raise RuntimeError(f"{len(replies)} of {len(steps)} questions were answered.")  # what is not asked is not right
    return replies


def _no_rate(exercise: Exercise, plan: Plan) -> Difference | None:
    """The first step without a rate that one can train with."""
    for step, reply in enumerate(plan.replies):
        if reply.kind == "number" and 0 <= reply.value <= LARGEST_RATE:
            continue
        too_large = reply.kind == "number" and reply.value > 0
        wanted = f"a rate of at most {LARGEST_RATE:.0f}" if too_large else "a rate of at least 0"
        told = advice(reply, Result.NUMBER, refusal=False, itself=False)
        return Difference(exercise.describe((step,)), wanted, reply, told)
    return None


def _another_rate(exercise: Exercise, plan: Plan, again: dict[int, Reply]) -> Difference | None:
    """The first step that was asked again and gave another rate."""
    for step, reply in again.items():
        first = plan.replies[step]
        if reply.kind == "number" and abs(reply.value - first.value) <= 1e-6 * first.value:
            continue
        call = f"{exercise.describe((step,))}, asked again after all the others"
        told = Remark("remembers-calls", "The rate must depend on step alone, not on earlier calls or on chance.")
        return Difference(call, f"{first.value:.6g} as before", reply, told)
    return None


def _how_far(gained) -> Remark:
    """What the numbers say where the interval is not above 0."""
    if gained.mean > 0:
        return Remark(
            "gain-not-sure", "Better on average, but that could be chance: the interval reaches down to 0 or below."
        )
    return Remark("no-gain", "On average it does no better than the best constant rate.")


def _explained_plan(verdict: Verdict, plan: Plan) -> Verdict:
    """The verdict with the known mistake of its first wrong part that the rates show."""
    if verdict.exercise.examples_only or verdict.outcome in ("timeout", "died"):
        return verdict
    wrong = next(part for part in verdict.parts if part.difference)
    mistake = answers().recognise_plan(verdict.exercise, wrong.part, plan)
    parts = tuple(replace(part, mistake=mistake) if part is wrong else part for part in verdict.parts)
    return replace(verdict, parts=parts)
