"""Judge a schedule by what it is for: a training with its rates, held against one with the best constant rate.

The student's code is asked for its rates only. The training happens here, where the code cannot reach it.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from lrcourse import capstone
from lrcourse.exercises.definition import Exercise, Result
from lrcourse.exercises.kinds import advice
from lrcourse.exercises.observation import Observation
from lrcourse.exercises.plan import Plan
from lrcourse.exercises.verdict import Difference, PartVerdict, Verdict, not_attempted
from lrcourse.student import Question, Reply, Student

LARGEST_RATE = 1e6  # float32 holds more, but no training with it says anything
_EVERY = 7  # of the steps that are asked again: a stride that meets every sort of step
_UNTRAINED = Difference("", "Not trained: that takes a rate for every step.", Reply("other"))


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
        return _explained(Verdict(exercise, outcome, parts), plan)
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
    return _explained(verdict, plan)


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
        told = Observation("remembers-calls", "The rate must depend on step alone, not on earlier calls or on chance.")
        return Difference(call, f"{first.value:.6g} as before", reply, told)
    return None


def _how_far(gained) -> Observation:
    """What the numbers say where the interval is not above 0."""
    if gained.mean > 0:
        return Observation(
            "gain-not-sure", "Better on average, but not surely: the interval reaches down to 0 or below."
        )
    return Observation("no-gain", "On average it does no better than the best constant rate.")


def _explained(verdict: Verdict, plan: Plan) -> Verdict:
    """The verdict with the known mistake of its first wrong part that the rates show."""
    if verdict.exercise.examples_only or verdict.outcome in ("timeout", "died"):
        return verdict
    from lrcourse.exercises.recognise import recognise_plan  # not in the wheel for students

    wrong = next(part for part in verdict.parts if part.difference)
    mistake = recognise_plan(verdict.exercise, wrong.part, plan)
    parts = tuple(replace(part, mistake=mistake) if part is wrong else part for part in verdict.parts)
    return replace(verdict, parts=parts)
