"""Which answers count, in forms that students write."""

import pytest

from lrcourse.checking.catalog import find_exercise
from lrcourse.checking.judge import judge
from lrcourse.checking.verdict import explain
from lrcourse.student_code import LocalStudent


def verdict_of(id, source):
    """The verdict on a notebook with one cell, `source`."""
    namespace = {}
    exec(source, namespace)
    return judge(find_exercise(id), LocalStudent(namespace, [source]), "seed")


RIGHT = {
    "numpy": "import numpy as np\ndef time_based_decay(initial_lr, decay, step):\n    return np.divide(initial_lr, 1 + decay * step)",
    "lambda": "time_based_decay = lambda i, d, n: i * (1 + d * n) ** -1",
    "float32": "import numpy as np\ndef time_based_decay(i, d, n):\n    return np.float32(i) / np.float32(1 + d * n)",
    "0-d array": "import numpy as np\ndef time_based_decay(i, d, n):\n    return np.array(i / (1 + d * n))",
    "helper": "def _divisor(d, n):\n    return 1 + d * n\ndef time_based_decay(i, d, n):\n    return i / _divisor(d, n)",
    "callable object": "class Decay:\n    def __call__(self, i, d, n):\n        return i / (1 + d * n)\ntime_based_decay = Decay()",
    "loop": "def time_based_decay(i, d, n):\n    total = 1.0\n    for _ in range(int(min(n, 10**6))):\n        total += d\n    return i / total",
    "Keras": (
        "import lrcourse, keras\ndef time_based_decay(i, d, n):\n"
        "    return float(keras.optimizers.schedules.InverseTimeDecay(float(i), 1, float(d))(float(n)))"
    ),
    "imports check": "from lrcourse import check, hint\ndef time_based_decay(i, d, n):\n    return i / (1 + d * n)",
    "compares below": "import lrcourse as lr\ntime_based_decay = lambda i, d, n: i / (1 + d * n)\nlr.schedules.time_based_decay(0.1, decay=0.01)(3)",
    "a fraction": "from fractions import Fraction\ndef time_based_decay(i, d, n):\n    return Fraction(i) / (1 + Fraction(d) * int(n))",
    "prints too": "def time_based_decay(i, d, n):\n    print('hello')\n    return i / (1 + d * n)",
}


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_every_right_form_passes(source):
    verdict = verdict_of("time_based_decay", source)
    assert (verdict.outcome, verdict.points) == ("correct", 2), explain(verdict)


WRONG = {
    "prints instead of returning": ("    print(i / (1 + d * n))", "incorrect", "Is a `return` missing?"),
    "text": ("    return str(i / (1 + d * n))", "incorrect", "not text"),
    "list": ("    return [i / (1 + d * n)]", "incorrect", "Return a number"),
    "NaN": ("    return float('nan')", "incorrect", "NaN"),
    "infinity": ("    return float('inf')", "incorrect", "infinite"),
    "a function": ("    return lambda: i", "incorrect", "not a function"),
    "raises": ("    return undefined_name", "raised", "NameError"),
    "only the example": ("    return {0: 0.1, 100: 0.05}.get(n, 0.125)", "incorrect", "initial_lr has no effect"),
    "only round steps": (
        "    return i / (1 + d * n) * (1 + 0.01 * (n % 10))",
        "incorrect",
        "The rate goes up at step 11",
    ),
    "zero": ("    return 0", "incorrect", "It gives 0.0 whatever it is asked"),
    "always wrong and remembers": (
        "    seen.append(n)\n    return i / (1 + d * n) + len(seen)",
        "incorrect",
        "asked again",
    ),
    "no number in the inner error": ("    return i / (1 + d * None)", "raised", "TypeError"),
    "remembers calls": (
        "    seen.append(n)\n    return i / (1 + d * n) + (1 if len(seen) > 20 else 0)",
        "incorrect",
        "asked again",
    ),
    "the library": (
        "    import lrcourse as lr\n    return lr.schedules.time_based_decay(i, decay=d)(n)",
        "refused",
        "yourself",
    ),
    "the library by name": (
        "    from lrcourse.schedules import time_based_decay as f\n    return f(i, decay=d)(n)",
        "refused",
        "yourself",
    ),
}


@pytest.mark.parametrize(("body", "outcome", "words"), WRONG.values(), ids=WRONG)
def test_every_wrong_form_is_refused_in_its_own_words(body, outcome, words):
    verdict = verdict_of("time_based_decay", f"seen = []\ndef time_based_decay(i, d, n):\n{body}\n")
    assert verdict.outcome == outcome
    assert verdict.points == 0
    assert words in explain(verdict)


def test_the_first_differing_probe_is_shown_with_the_mistake():
    verdict = verdict_of(
        "time_based_decay", "from math import exp\ndef time_based_decay(i, d, n):\n    return i * exp(-d * n)"
    )
    text = explain(verdict)
    assert "time_based_decay(0.1, 0.01, 100): expected 0.05, got 0.0367879." in text
    assert "This is exponential decay; time-based decay divides by 1 + decay * step." in text


def test_partial_credit_comes_with_the_message():
    source = (
        "def exponential_decay(initial_lr, decay_steps, decay_rate, step, staircase=False):\n"
        "    return initial_lr * decay_rate ** (step / decay_steps)\n"
    )
    verdict = verdict_of("exponential_decay", source)
    assert verdict.points == 1
    text = explain(verdict)
    assert "1 of 2 points" in text
    assert "right: smooth decay" in text
    assert "wrong: staircase" in text
    assert "staircase=True changes nothing" in text


def test_one_unwritten_part_does_not_hide_the_other():
    source = (
        "def exponential_decay(initial_lr, decay_steps, decay_rate, step, staircase=False):\n"
        "    if staircase:\n        raise NotImplementedError()\n"
        "    return initial_lr * decay_rate ** (step / decay_steps)\n"
    )
    verdict = verdict_of("exponential_decay", source)
    assert (verdict.outcome, verdict.points) == ("incorrect", 1)


def test_nothing_written_is_not_attempted():
    assert verdict_of("time_based_decay", "x = 1").outcome == "not attempted"
    stub = "def time_based_decay(i, d, n):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert verdict_of("time_based_decay", stub).outcome == "not attempted"


KERAS = "import lrcourse, keras\nschedules = keras.optimizers.schedules\n"


@pytest.mark.parametrize(
    ("body", "outcome", "words"),
    [
        ("    return schedules.InverseTimeDecay(initial_lr, 1, decay)", "correct", "2 of 2"),
        (
            "    return schedules.InverseTimeDecay(initial_lr, decay_steps=10, decay_rate=10 * decay)",
            "correct",
            "2 of 2",
        ),
        ("    return 0.1", "incorrect", "expected a Keras learning-rate schedule"),
        ("    return lambda step: initial_lr / (1 + decay * step)", "incorrect", "cannot train with what you returned"),
        ("    return None", "incorrect", "`return` missing"),
        ("    return keras.optimizers.SGD(initial_lr)", "incorrect", "expected a Keras learning-rate schedule"),
    ],
)
def test_a_keras_schedule_is_judged_by_what_an_optimizer_applies(body, outcome, words):
    verdict = verdict_of("per_update_decay", f"{KERAS}def per_update_decay(initial_lr, decay):\n{body}\n")
    assert verdict.outcome == outcome, explain(verdict)
    assert words in explain(verdict)


def test_an_own_subclass_is_a_keras_schedule_too():
    source = KERAS + (
        "class Mine(schedules.LearningRateSchedule):\n"
        "    def __init__(self, i, d):\n        self.i, self.d = i, d\n"
        "    def __call__(self, step):\n        return self.i / (1 + self.d * keras.ops.cast(step, 'float32'))\n"
        "def per_update_decay(initial_lr, decay):\n    return Mine(initial_lr, decay)\n"
    )
    assert verdict_of("per_update_decay", source).outcome == "correct"


def test_a_python_branch_on_the_step_is_rejected_as_in_fit():
    source = KERAS + (
        "class Mine(schedules.LearningRateSchedule):\n"
        "    def __init__(self, i, d):\n        self.i, self.d = i, d\n"
        "    def __call__(self, step):\n"
        "        if step < 1:\n            return self.i\n"
        "        return self.i / (1 + self.d * keras.ops.cast(step, 'float32'))\n"
        "def per_update_decay(initial_lr, decay):\n    return Mine(initial_lr, decay)\n"
    )
    verdict = verdict_of("per_update_decay", source)
    assert verdict.points == 0
    assert "cannot train with what you returned" in explain(verdict)


@pytest.mark.parametrize(
    ("body", "points"),
    [
        ("    def scheduler(epoch, lr):\n        return initial_lr * 0.5 ** (epoch // every)\n    return scheduler", 3),
        ("    return lambda epoch, lr: initial_lr / 2 ** (epoch // every)", 3),
        ("    return 0.1", 0),
        (
            "    state = [initial_lr]\n    def f(epoch, lr):\n        state[0] *= 0.5 if epoch and epoch % every == 0 else 1\n        return state[0]\n    return f",
            0,
        ),
    ],
)
def test_a_scheduler_is_asked_for_its_epochs(body, points):
    assert verdict_of("halving", f"def halving(initial_lr, every):\n{body}\n").points == points


def test_an_impossible_argument_must_be_refused():
    formula = "lr * sigma**2 / (curvature * (2 - lr * curvature))"
    verdict = verdict_of("noise_floor", f"def noise_floor(lr, curvature, sigma):\n    return {formula}")
    assert verdict.points == 2
    assert "expected a ValueError" in explain(verdict)


def test_an_error_of_ones_own_that_is_a_value_error_refuses_too():
    source = (
        "class NoFloor(ValueError):\n    pass\n"
        "def noise_floor(lr, curvature, sigma):\n"
        "    if lr <= 0 or curvature <= 0 or sigma < 0 or lr * curvature >= 2:\n        raise NoFloor('none')\n"
        "    return lr * sigma**2 / (curvature * (2 - lr * curvature))\n"
    )
    assert verdict_of("noise_floor", source).points == 3


def test_the_refusals_are_judged_apart_from_the_formula():
    source = (
        "def noise_floor(lr, curvature, sigma):\n"
        "    if lr <= 0 or curvature <= 0 or sigma < 0 or lr * curvature >= 2:\n        raise ValueError('none')\n"
        "    return 1.5 * lr\n"
    )
    verdict = verdict_of("noise_floor", source)
    assert verdict.points == 1
    assert "right: impossible arguments are refused" in explain(verdict)


@pytest.mark.parametrize(
    ("inner", "misleading"),
    [("initial_lr * '0.5' ** (epoch // every)", "takes two arguments"), ("initial_lr(0.5)", "two arguments")],
)
def test_an_error_is_not_taken_for_another_of_its_type(inner, misleading):
    verdict = verdict_of("halving", f"def halving(initial_lr, every):\n    return lambda epoch, lr: {inner}")
    assert verdict.mistakes == ()
    assert misleading not in explain(verdict)


def test_the_reason_of_an_error_inside_a_keras_schedule_is_told():
    source = KERAS + (
        "class Mine(schedules.LearningRateSchedule):\n"
        "    def __call__(self, step):\n        return '1' + step\n"
        "def per_update_decay(initial_lr, decay):\n    return Mine()\n"
    )
    text = explain(verdict_of("per_update_decay", source))
    assert "in user code" not in text
    assert "cannot train with what you returned: " in text


@pytest.mark.parametrize(
    ("id", "source"),
    [
        (
            "custom_lr_scheduler",
            "def custom_lr_scheduler(epoch, lr):\n    return lr / 2 if epoch in range(10, 130, 10) else lr",
        ),
        (
            "custom_lr_scheduler",
            "def custom_lr_scheduler(epoch, lr):\n    return max(lr / 2, 0.001) if epoch and epoch % 10 == 0 else lr",
        ),
        (
            "noise_floor",
            "def noise_floor(lr, h, s):\n    if lr * h <= 0 or lr * h >= 2 or s < 0:\n        raise ValueError\n    return lr * s**2 / (h * (2 - lr * h))",
        ),
        ("time_based_decay", "def time_based_decay(i, d, n):\n    return max(1e-6, i / (1 + d * n))"),
        ("halving", "def halving(i, k):\n    return lambda e, lr: max(1e-6, i * 0.5 ** (e // k))"),
        (
            "warmup_then",
            "def warmup_then(p, k, after):\n    return lambda e, lr: p * (e + 1) / k if e < k else after(min(e - k, 50))",
        ),
    ],
)
def test_what_is_right_for_a_while_only_is_refused(id, source):
    for seed in ("one", "two", "three"):
        namespace = {}
        exec(source, namespace)
        verdict = judge(find_exercise(id), LocalStudent(namespace, [source]), seed)
        assert verdict.points < find_exercise(id).points


def test_what_a_students_code_prints_is_shown_once(capsys):
    verdict_of("time_based_decay", "def time_based_decay(i, d, n):\n    print('hello')\n    return i / (1 + d * n)")
    assert capsys.readouterr().out == "hello\n"
    verdict_of("time_based_decay", "def time_based_decay(i, d, n):\n    print(n)\n    return i / (1 + d * n)")
    assert len(capsys.readouterr().out.splitlines()) == 6


def test_a_function_of_another_name_is_missed_by_name():
    text = explain(verdict_of("time_based_decay", "def time_decay(i, d, n):\n    return i"))
    assert "There is no function time_based_decay here" in text
