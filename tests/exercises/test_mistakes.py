"""Every exercise: the reference is right, and every known mistake costs points and is named."""

from itertools import product

import pytest

from lrcourse.exercises import exercises_of, find_exercise, ids
from lrcourse.exercises.definition import Result
from lrcourse.exercises.judge import judge
from lrcourse.student import LocalStudent

EVERY = [find_exercise(id) for id in ids()]
# Those about Keras schedules take seconds each; the gate of tests/grading/test_verify.py tries them.
MISTAKES = [
    pytest.param(exercise, mistake, id=f"{exercise.id}-{mistake.id}")
    for exercise in EVERY
    if exercise.result is not Result.KERAS_SCHEDULE
    for mistake in exercise.mistakes
]
SEEDS = ("one", "two", "three")


@pytest.mark.parametrize("exercise", [e for e in EVERY if e.result is not Result.KERAS_SCHEDULE], ids=lambda e: e.id)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_reference_is_right(exercise, seed):
    verdict = judge(exercise, LocalStudent({exercise.id: exercise.reference}, []), seed)
    assert (verdict.outcome, verdict.points) == ("correct", exercise.points)


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_a_known_mistake_costs_points_and_is_named(exercise, mistake):
    for seed, form in product(SEEDS, mistake.implementations):
        verdict = judge(exercise, LocalStudent({exercise.id: form}, []), seed)
        assert verdict.points < exercise.points
        assert [found.id for found in verdict.mistakes] == [mistake.id]
        if mistake.part:
            assert any(part.part.name == mistake.part and part.points == 0 for part in verdict.parts)


@pytest.mark.parametrize("exercise", EVERY, ids=lambda e: e.id)
def test_an_exercise_has_enough_of_everything(exercise):
    assert len(exercise.mistakes) >= (5 if exercise.result is Result.KERAS_SCHEDULE else 8)
    assert len(exercise.hints) >= 2
    assert len({mistake.id for mistake in exercise.mistakes}) == len(exercise.mistakes)
    assert {mistake.part for mistake in exercise.mistakes} <= {None, *(part.name for part in exercise.parts)}
    assert exercise.signature.startswith(f"{exercise.id}(")
    assert exercise in exercises_of(exercise.lesson)
    for part in exercise.parts:
        assert part.examples, "every part has a public example"


def test_the_same_seed_asks_the_same_probes():
    from random import Random

    for exercise in EVERY:
        for part in exercise.parts:
            assert part.draw(Random("seed")) == part.draw(Random("seed"))


COMMON = {
    "rounded-3": (
        "time_based_decay",
        "def time_based_decay(i, d, n):\n    return round(i / (1 + d * n), 3)",
        "rounded to 3 decimals",
    ),
    "typed-in-decay": (
        "time_based_decay",
        "def time_based_decay(i, d, n):\n    return i / (1 + 0.01 * n)",
        "is 0.01 typed in where decay belongs",
    ),
    "typed-in-initial_lr": (
        "halving",
        "def halving(i, k):\n    return lambda e, lr: 0.1 * 0.5 ** (e // k)",
        "initial_lr has no effect",
    ),
    "mixed-up-initial_lr-decay": (
        "time_based_decay",
        "def time_based_decay(d, i, n):\n    return i / (1 + d * n)",
        "initial_lr and decay are not in their places",
    ),
    "sign": ("warmup_lr", "def warmup_lr(e, p, k):\n    return -p * min(1, (e + 1) / k)", "sign is turned"),
    "cut": (
        "time_based_decay",
        "def time_based_decay(i, d, n):\n    return int(i / (1 + d * n))",
        "cut to a whole number",
    ),
    "factor": (
        "warmup_lr",
        "def warmup_lr(e, p, k):\n    return 2 * p * min(1, (e + 1) / k)",
        "2.0 times the right one",
    ),
}


@pytest.mark.parametrize(("id", "source", "words"), COMMON.values(), ids=COMMON)
def test_a_mistake_of_any_function_is_named(id, source, words):
    namespace = {}
    exec(source, namespace)
    verdict = judge(find_exercise(id), LocalStudent(namespace, []), "seed")
    assert verdict.points < find_exercise(id).points
    assert [words in mistake.sentence for mistake in verdict.mistakes] == [True]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_answer_that_nobody_knows_is_given_no_name(seed):
    strange = "def time_based_decay(i, d, n):\n    return i / (1 + d * n) + 0.01 * (n % 7)"
    namespace = {}
    exec(strange, namespace)
    verdict = judge(find_exercise("time_based_decay"), LocalStudent(namespace, []), seed)
    assert verdict.outcome == "incorrect"
    assert verdict.mistakes == ()


@pytest.mark.parametrize(
    ("id", "source", "name"),
    [
        (
            "exponential_decay",
            "def exponential_decay(i, s, r, n, staircase=False):\n    return i * r ** (n // 45 if staircase else n / 45)",
            "decay_steps",
        ),
        (
            "warmup_lr",
            "def warmup_lr(epoch, peak_lr, warmup_epochs):\n    return peak_lr * min(1, (epoch + 1) / 3) ** 3",
            "warmup_epochs",
        ),
    ],
)
def test_an_argument_without_effect_is_named(id, source, name):
    namespace = {}
    exec(source, namespace)
    verdict = judge(find_exercise(id), LocalStudent(namespace, []), "seed")
    assert verdict.mistakes == ()
    assert verdict.note.startswith(f"{name} has no effect on your answer")
