"""Every exercise: the reference is right, and every known mistake costs points and is named."""

import textwrap

import pytest

from lrcourse.answers.keras_forms import even_lengths
from lrcourse.checking.catalog import exercises_of, find_exercise, ids
from lrcourse.checking.exercise import Result
from lrcourse.checking.judge import judge
from lrcourse.checking.verdict import explain
from lrcourse.student_code import LocalStudent

EVERY = [find_exercise(id) for id in ids()]
# Those about Keras schedules, and those that train, take seconds each; the gate of tests/grading/test_verify.py tries
# them.
SLOW = (Result.KERAS_SCHEDULE, Result.PLAN)
MISTAKES = [
    pytest.param(exercise, mistake, id=f"{exercise.id}-{mistake.id}")
    for exercise in EVERY
    if exercise.result not in SLOW
    for mistake in exercise.mistakes
]
SEEDS = ("one", "two", "three")


@pytest.mark.parametrize("exercise", [e for e in EVERY if e.result not in SLOW], ids=lambda e: e.id)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_reference_is_right(exercise, seed):
    verdict = judge(exercise, LocalStudent({exercise.id: exercise.reference}, []), seed)
    assert (verdict.outcome, verdict.points) == ("correct", exercise.points)


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_a_known_mistake_costs_points_and_is_named(exercise, mistake):
    # All its forms and more seeds: tests/grading/test_verify.py.
    verdict = judge(exercise, LocalStudent({exercise.id: mistake.implementation}, []), "one")
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
        assert part.examples or exercise.result is Result.PLAN, "every part has a public example"


def test_the_same_seed_asks_the_same_probes():
    from random import Random

    for exercise in EVERY:
        for part in exercise.parts:
            # By their text: arrays among the arguments have no single answer to ==.
            assert repr(part.draw(Random("seed"))) == repr(part.draw(Random("seed")))


COMMON = {
    "rounded-3": (
        "time_based_decay",
        "def time_based_decay(i, d, n):\n    return round(i / (1 + d * n), 3)",
        "rounded to 3 decimals",
    ),
    "typed-in-decay": (
        "time_based_decay",
        "def time_based_decay(i, d, n):\n    return i / (1 + 0.01 * n)",
        "is a number such as 0.01 typed in where decay belongs",
    ),
    "typed-in-initial_lr": (
        "halving",
        "def halving(i, k):\n    return lambda e, lr: 0.1 * 0.5 ** (e // k)",
        "initial_lr has no effect",
    ),
    "mixed-up-initial_lr-decay": (
        "time_based_decay",
        "def time_based_decay(d, i, n):\n    return i / (1 + d * n)",
        "initial_lr and decay are in the wrong places",
    ),
    "sign": ("warmup_lr", "def warmup_lr(e, p, k):\n    return -p * min(1, (e + 1) / k)", "sign is flipped"),
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
    assert f"{name} has no effect" in explain(verdict)


# Known mistakes as students write them, by another way than the catalog: exercise, mistake, body of the function.
SECOND_FORMS = [
    ("noise_floor", "stability-unchecked", "if min(lr, curvature) <= 0 or sigma < 0: raise ValueError('no')\nreturn (lr * sigma)**2 / (1 - (1 - lr * curvature)**2)"),
    ("noise_floor", "unchecked-rate-0+curvature-0", "if lr < 0 or curvature < 0 or sigma < 0 or lr * curvature >= 2: raise ValueError('no')\nreturn lr * sigma**2 / curvature / (2 - lr * curvature)"),
    ("noise_floor", "unchecked-rate+curvature+boundary", "if sigma < 0 or lr * curvature > 2: raise ValueError\nreturn lr * sigma**2 / (2 * curvature - lr * curvature**2)"),
    ("noise_floor", "stopped-early", "if not (lr > 0 and curvature > 0 and sigma >= 0 and lr * curvature < 2): raise ValueError('x')\nv = 1\nfor _ in range(100):\n    v = (1 - lr * curvature)**2 * v + lr**2 * sigma**2\nreturn v"),
    ("noise_floor", "bracket-incomplete", "if lr <= 0 or curvature <= 0 or sigma < 0 or lr * curvature >= 2: raise ValueError()\nreturn lr * sigma**2 / (curvature * 2 - lr * curvature)"),
    ("time_based_decay", "logarithm", "import math\nreturn initial_lr / (1 + decay * math.log(1 + step))"),
    ("time_based_decay", "brackets-misplaced", "rate = initial_lr / (1 + decay)\nreturn rate * step"),
    ("time_based_decay", "floor", "rate = initial_lr / (1 + decay * step)\nreturn rate if rate > 1e-6 else 1e-6"),
    ("exponential_decay", "stairs-at-multiples-only", "if not staircase: return initial_lr * decay_rate ** (step / decay_steps)\nif step % decay_steps: return initial_lr\nreturn initial_lr * decay_rate ** (step / decay_steps)"),
    ("exponential_decay", "drops-one-late", "if not staircase: return initial_lr * decay_rate ** (step / decay_steps)\nrate = initial_lr\nfor n in range(1, step):\n    if n % decay_steps == 0: rate *= decay_rate\nreturn rate"),
    ("exponential_decay", "linear-between", "low = initial_lr * decay_rate ** (step // decay_steps)\nif staircase: return low\nreturn low - low * (1 - decay_rate) * (step % decay_steps) / decay_steps"),
    ("exponential_decay", "other-natural-exponential", "import math\nt = step // decay_steps if staircase else step / decay_steps\nreturn initial_lr / math.exp(t)"),
    ("steps_between_decays", "one-batch-short", "return (n_examples - 1) // batch_size * epochs"),
    ("steps_between_decays", "divided-by-epochs", "return n_examples // (batch_size * epochs)"),
    ("steps_between_decays", "rest-added", "a, b = divmod(n_examples, batch_size)\nreturn (a + b) * epochs"),
    ("custom_lr_scheduler", "subtracts", "if epoch and epoch % 10 == 0: lr -= 0.5\nreturn lr"),
    ("custom_lr_scheduler", "root", "return lr ** 0.5 if epoch and epoch % 10 == 0 else lr"),
    ("custom_lr_scheduler", "floor", "if epoch and epoch % 10 == 0: lr = lr / 2\nreturn max(lr, 1e-6)"),
    ("custom_lr_scheduler", "compounds", "if epoch < 10: return lr\nif epoch < 20: return lr / 2\nif epoch < 30: return lr / 4\nreturn lr / 8"),
    ("custom_lr_scheduler", "fixed-rates", "if epoch < 10: return 0.1\nif epoch < 20: return 0.05\nreturn 0.025"),
    ("custom_lr_scheduler", "first-missing", "return lr / 2 if epoch > 10 and not epoch % 10 else lr"),
    ("halving", "keeps-current-rate", "def f(epoch, lr):\n    if epoch % every: return lr\n    return initial_lr / 2 ** (epoch // every)\nreturn f"),
    ("halving", "one-late", "def f(epoch, lr):\n    rate = initial_lr\n    for e in range(1, epoch):\n        if e % every == 0: rate /= 2\n    return rate\nreturn f"),
    ("halving", "floor", "return lambda epoch, lr: max(initial_lr / 2 ** (epoch // every), 1e-8)"),
    ("halving", "no-function", "return initial_lr * 0.5 ** every"),
    ("warmup_lr", "brackets-missing", "return min(peak_lr, peak_lr * epoch + 1 / warmup_epochs)"),
    ("warmup_lr", "start-typed-in", "if epoch >= warmup_epochs: return peak_lr\nreturn 0.001 + epoch * (peak_lr - 0.001) / warmup_epochs"),
    ("warmup_lr", "upside-down", "share = warmup_epochs / (epoch + 1)\nreturn peak_lr * share if share < 1 else peak_lr"),
    ("warmup_lr", "falls-after", "if epoch < warmup_epochs: return peak_lr * (epoch + 1) / warmup_epochs\nreturn peak_lr * 0.95 ** (epoch - warmup_epochs)"),
    ("warmup_lr", "lowest-typed-in", "return max(1e-8, peak_lr * min(epoch + 1, warmup_epochs) / warmup_epochs)"),
    ("warmup_then", "adds-to-current-rate", "return lambda epoch, lr: after(epoch - warmup_epochs) if epoch >= warmup_epochs else lr + peak_lr / warmup_epochs"),
    ("warmup_then", "after-arguments", "return lambda epoch, lr: after(epoch, lr) if epoch >= warmup_epochs else peak_lr * (epoch + 1) / warmup_epochs"),
    ("warmup_then", "decay-of-its-own", "def f(epoch, lr):\n    if epoch < warmup_epochs: return peak_lr * (epoch + 1) / warmup_epochs\n    return peak_lr * 0.9 ** (epoch - warmup_epochs)\nreturn f"),
    ("warmup_then", "both-at-once", "return lambda e, lr: min(peak_lr * min(1, (e + 1) / warmup_epochs), after(max(0, e - warmup_epochs)))"),
    ("warmup_then", "after-too-early", "def f(e, lr):\n    if e + 1 < warmup_epochs: return peak_lr * (e + 1) / warmup_epochs\n    return after(e - warmup_epochs + 1)\nreturn f"),
]  # fmt: skip


@pytest.mark.parametrize(("id", "name", "body"), SECOND_FORMS, ids=[f"{id}-{name}" for id, name, _ in SECOND_FORMS])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_known_mistake_is_named_in_another_form(id, name, body, seed):
    namespace = {}
    exec(f"def {find_exercise(id).signature}:\n{textwrap.indent(body, '    ')}", namespace)
    verdict = judge(find_exercise(id), LocalStudent(namespace, []), seed)
    assert verdict.points < find_exercise(id).points
    assert [found.id for found in verdict.mistakes] == [name]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_keras_itself_offers_is_right(seed):
    from keras.optimizers import schedules

    forms = {
        "per_epoch_decay": lambda i, d, steps: schedules.InverseTimeDecay(i, steps, d, staircase=True),
        "exponential_schedule": lambda i, steps, r, staircase: schedules.ExponentialDecay(i, steps, r, staircase),
    }
    for id, form in forms.items():
        assert judge(find_exercise(id), LocalStudent({id: form}, []), seed).outcome == "correct"


def test_no_probe_asks_for_a_length_that_keras_divides_by_wrongly():
    from keras.optimizers import schedules

    from lrcourse.recorder import applied_rates

    def drops(steps):
        asked = [epoch * steps + more for epoch in (1, 2, 7, 40, 500) for more in (-1, 0)]
        rates = applied_rates(schedules.InverseTimeDecay(1.0, steps, 1.0, staircase=True), asked)
        return [round(1 / rate - 1) for rate in rates] == [0, 1, 1, 2, 6, 7, 39, 40, 499, 500]

    assert not drops(41)  # where TensorFlow mends this, keras_lengths has no reason any more
    lengths = even_lengths(6, 60)
    assert len(lengths) >= 20
    assert all(map(drops, (lengths[0], 45, lengths[-1])))
    assert not {41, 47, 55} & set(lengths)
