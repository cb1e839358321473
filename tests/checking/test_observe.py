"""What is said of wrong answers that no known mistake explains: true, by id, and about the right thing.

Each code here is judged without the known mistakes, so that the observations have to speak.
"""

from dataclasses import replace

import pytest

from lrcourse.checking.catalog import find_exercise
from lrcourse.checking.judge import judge
from lrcourse.checking.verdict import explain
from lrcourse.student_code import LocalStudent

SEEDS = ("one", "two", "three")


def verdict_of(id, source, seed="one"):
    """The verdict on `source` by a checker that knows no mistakes."""
    namespace = {}
    exec(source, namespace)
    return judge(replace(find_exercise(id), mistakes=()), LocalStudent(namespace, [source]), seed)


def decay(body):
    return f"def time_based_decay(i, d, n):\n    {body}"


def exponential(body):
    return f"def exponential_decay(i, s, r, n, staircase=False):\n    {body}"


def steps(body):
    return f"import math\ndef steps_between_decays(n, b, e):\n    {body}"


def custom(body):
    return f"def custom_lr_scheduler(e, lr):\n    {body}"


def halving(body):
    return f"def halving(i, k):\n    def inner(e, lr):\n        {body}\n    return inner"


def warmup(body):
    return f"def warmup_lr(e, p, k):\n    {body}"


def then(body):
    return f"def warmup_then(p, k, a):\n    def inner(e, lr):\n        {body}\n    return inner"


def floor(condition):
    return (
        f"def noise_floor(lr, h, s):\n    if {condition}:\n        raise ValueError('no')\n"
        "    return lr * s**2 / (h * (2 - lr * h))"
    )


OBSERVED = [
    # The right answers for other arguments.
    ("time_based_decay", decay("return i / (1 + d * (n + 1))"), "for step + 1 in place of step"),
    ("time_based_decay", decay("return i / (1 + d * (n // 45))"), "for step // 45 in place of step"),
    ("time_based_decay", decay("return i / (1 + d * n / i)"), "for step / initial_lr in place of step"),
    ("exponential_decay", exponential("return i * (1 - r) ** (n // s if staircase else n / s)"), "1 - decay_rate"),
    ("steps_between_decays", steps("return math.ceil(n / b) * (e - 1)"), "for epochs - 1 in place of epochs"),
    ("halving", halving("return i * 0.5 ** (e // (k + 1))"), "for every + 1 in place of every"),
    ("halving", "def halving(i, k):\n    return lambda lr, e: i * 0.5 ** (e // k)", "epoch and lr are swapped"),
    ("warmup_then", then("return p * (e + 1) / k if e < k else a(e - k + 1)"), "for epoch + 1 in place of epoch"),
    ("warmup_then", then("return a(0) * (e + 1) / k if e < k else a(e - k)"), "after(0) in place of peak_lr"),
    # The right answers, changed.
    ("time_based_decay", decay("return i / (1 + d * n) + 0.25"), "Every answer is 0.25 too high"),
    ("time_based_decay", decay("return max(0.001, i / (1 + d * n))"), "never goes below 0.001"),
    ("steps_between_decays", steps("return math.ceil(n / b) * e - 1"), "Every answer is 1 too low"),
    ("warmup_lr", warmup("return p + p * (e + 1) / k if e < k else p"), "peak_lr is added"),
    ("halving", halving("return min(lr, i * 0.5 ** (e // k))"), "never goes above lr"),
    # A product of the arguments.
    ("warmup_lr", warmup("return 0.1 * p if e < k else p"), "It gives 0.1 * peak_lr, whatever the other arguments are"),
    ("custom_lr_scheduler", custom("return lr / 2"), "It gives 0.5 * lr, whatever the other arguments are"),
    # Where it is wrong, and what it gives there.
    ("time_based_decay", decay("return i / (1 + d * n) * (1 + 0.01 * (n % 10))"), "The rate goes up at step 11"),
    ("custom_lr_scheduler", custom("return lr**0.5 if e and e % 10 == 0 else lr"), "multiple of 10 above 0, it gives lr**0.5"),
    ("custom_lr_scheduler", custom("return round(lr / 2, 3) if e and e % 10 == 0 else lr"), "is rounded to 3 decimals"),
    ("halving", halving("return i * 0.5 ** min(e // k, 3)"), "4 * every or more, it gives 0.125 * initial_lr"),
    (
        "exponential_decay",
        exponential("return i * r ** (n // s) if staircase and n % s == 0 else i if staircase else i * r ** (n / s)"),
        "right where step is a multiple of decay_steps; elsewhere it gives initial_lr",
    ),
    (
        "exponential_decay",
        exponential("q, z = divmod(n, s)\n    return i * r**q * (1 if staircase else 1 - (1 - r) * z / s)"),
        "It starts right and then falls too slowly",
    ),
    # The shape.
    ("time_based_decay", decay("return i * 0.9 ** (d * n)"), "It falls by the same factor each time"),
    ("time_based_decay", decay("return i - d * n / 1000"), "It falls along a straight line"),
    ("time_based_decay", decay("return i / (1 + int(d * n))"), "it changes only at step 100"),
    ("halving", halving("return i / (1 + e / k)"), "It falls as 1 / (1 + x) does"),
    ("halving", halving("return i * 0.5 ** (e % k)"), "The rate goes up at epoch 10"),
    ("warmup_lr", warmup("return p * min(1, ((e + 1) / k) ** 1.5)"), "It should change in equal parts"),
    ("warmup_lr", warmup("return p * (e + 1) / k if e < k else p * 0.5 ** (e - k)"), "It falls by the same factor each time, but should not"),
    ("custom_lr_scheduler", custom("return lr / 2 if e in (10, 20, 30) else lr"), "does not change at epoch 40"),
    # No effect.
    ("warmup_then", then("return p * (e + 1) / k if e < k else p * 0.9 ** (e - k)"), "after has no effect"),
    # Refusals.
    ("noise_floor", floor("lr < 0 or h <= 0 or s < 0 or lr * h >= 2"), "Not refused: lr of 0."),
    ("noise_floor", floor("lr <= 0 or h <= 0 or lr * h >= 2"), "Not refused: sigma below 0."),
    ("noise_floor", floor("lr <= 0 or h <= 0 or s < 0"), "Not refused: lr * curvature of 2.0 or more."),
    ("noise_floor", floor("lr <= 0 or h <= 0 or s < 0 or lr * h > 2"), "Not refused: noise_floor(2.0, 1.0, 1.0)."),
    ("noise_floor", floor("lr <= 0 or h <= 0 or s < 0 or lr * h >= 1"), "raises ValueError where lr * curvature is large"),
]  # fmt: skip


@pytest.mark.parametrize(("id", "source", "words"), OBSERVED, ids=[f"{id}-{words}" for id, _, words in OBSERVED])
def test_what_no_known_mistake_explains_is_observed(id, source, words):
    for seed in SEEDS:
        verdict = verdict_of(id, source, seed)
        assert verdict.points < find_exercise(id).points
        assert words in explain(verdict)
        assert any(words in seen.sentence for seen in verdict.remarks)


@pytest.mark.parametrize(
    ("id", "source", "never"),
    [
        # Each of these was once said of the code beside it, and is not what is wrong with it.
        ("custom_lr_scheduler", custom("return lr / 2 if e == 10 else lr"), "no effect"),
        ("custom_lr_scheduler", custom("return lr / 2 if e / 10 == 0 else lr"), "1 / epoch"),
        ("warmup_lr", warmup("return p * min(1, e + 1 / k)"), "no effect"),
        ("warmup_lr", warmup("return p if e < k else p"), "warmup_epochs /"),
        ("exponential_decay", exponential("return i if staircase else i * r ** (n / s)"), "mixed up"),
        ("noise_floor", floor("lr <= 0 or h <= 0 or lr * h >= 2"), "sigma of 0"),
        ("warmup_lr", warmup("return p * (e + 1) / k if e < k else 0.0"), "rounded"),
    ],
)
def test_what_is_not_wrong_is_not_said(id, source, never):
    for seed in SEEDS:
        assert never not in explain(verdict_of(id, source, seed))


def test_a_function_that_remembers_is_found_by_another_order():
    source = (
        "def halving(i, k):\n    rate = [i]\n    def inner(e, lr):\n"
        "        rate[0] *= 0.5 if e and e % k == 0 else 1\n        return rate[0]\n    return inner"
    )
    assert [seen.id for seen in verdict_of("halving", source).remarks] == ["remembers-calls"]


KINDS = [
    ("halving", "def halving(i, k):\n    def inner(e, lr):\n        return i", "no-inner-function"),
    ("halving", halving("print(i)"), "returns-none"),
    ("halving", "def halving(i, k):\n    return i", "number-for-function"),
    ("halving", "def halving(i, k):\n    return lambda e: i", "wrong-arguments"),
    ("halving", halving("return str(i)"), "returns-text"),
    ("time_based_decay", decay("return i / (1 + d ^ n)"), "caret"),
    ("time_based_decay", decay("return i(1 + d * n)"), "number-called"),
    ("time_based_decay", decay("return maths.exp(n)"), "unknown-name"),
    ("time_based_decay", decay("return i / (d * n)"), "division-by-zero"),
    ("warmup_lr", warmup("return [p * (x + 1) / k for x in range(k)][e]"), "outside-table"),
    ("warmup_then", then("return p * (e + 1) / k if e < k else a * 1.0"), "function-in-sum"),
    ("noise_floor", floor("False").replace("raise ValueError('no')", "pass"), "not-refused"),
    ("noise_floor", floor("lr * h >= 2 or min(lr, h) <= 0 or s < 0").replace("raise", "return"), "returned-not-raised"),
]


@pytest.mark.parametrize(("id", "source", "kind"), KINDS, ids=[kind for _, _, kind in KINDS])
def test_a_wrong_kind_of_answer_has_its_own_words(id, source, kind):
    verdict = verdict_of(id, source)
    assert kind in [seen.id for seen in verdict.remarks], explain(verdict)


def test_no_name_is_shown_that_a_student_has_not_written():
    text = explain(verdict_of("warmup_then", then("return p * (e + 1) / k if e < k else a(e - k, lr)")))
    assert "after" in text
    assert "Table" not in text
    assert "<locals>" not in explain(verdict_of("halving", "def halving(i, k):\n    return lambda e: i"))
    refusing = floor("False").replace("raise ValueError('no')", "pass")
    assert "accepted" not in explain(verdict_of("noise_floor", refusing))


def test_a_whole_number_is_shown_as_one():
    assert "got 441." in explain(verdict_of("steps_between_decays", steps("return n // b * e + 1")))


KERAS = "import lrcourse, keras\nschedules = keras.optimizers.schedules\n"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return schedules.InverseTimeDecay(initial_lr, 45, decay)", "for step / 45 in place of step"),
        ("return schedules.InverseTimeDecay(0.1, 1, 0.01)", "Only the step has an effect"),
        ("return schedules.InverseTimeDecay", "A class was called without its arguments"),
        ("return 'InverseTimeDecay'", "expected a Keras learning-rate schedule, got 'InverseTimeDecay'"),
    ],
)
def test_a_keras_schedule_is_observed_by_the_rates_applied(body, words):
    source = f"{KERAS}def per_update_decay(initial_lr, decay):\n    {body}\n"
    assert words in explain(verdict_of("per_update_decay", source))
