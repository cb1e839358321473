"""Known mistakes of `per_update_decay`: another unit of time, another decay, and things that are no schedule."""

from __future__ import annotations

from math import e

from lrcourse.answers.keras_forms import at_least, keras_rates, schedules
from lrcourse.checking.exercise import Mistake


def _rates(formula):
    """A schedule of `formula(initial_lr, decay, step)`."""
    return lambda i, d: keras_rates(lambda n: formula(i, d, n))


def _with_one_over(formula):
    """A schedule of `formula(initial_lr, decay, 1 / decay, step)`."""

    def form(i, d):
        steps = 1 / d
        return keras_rates(lambda n: formula(i, d, steps, n))

    return form


MISTAKES = (
    Mistake(
        "every-ten",
        "It decays once in 10 updates: decay_steps=1 makes every update count.",
        _rates(lambda i, d, n: i / (1 + d * n / 10)),
        variants=(_rates(lambda i, d, n: i / (1 + d * (n // 10))),),
    ),
    Mistake(
        "every-hundred",
        "It decays once in 100 updates: decay_steps=1 makes every update count.",
        _rates(lambda i, d, n: i / (1 + d * n / 100)),
        variants=(_rates(lambda i, d, n: i / (1 + d * (n // 100))),),
    ),
    Mistake(
        "every-so-many",
        "It decays too slowly: decay_steps=1 counts every update.",
        _rates(lambda i, d, n: i / (1 + d * n / 1000)),
        variants=tuple(
            form
            for steps in (5, 20, 32, 45, 50, 200, 500)
            for form in (
                _rates(lambda i, d, n, steps=steps: i / (1 + d * n / steps)),
                _rates(lambda i, d, n, steps=steps: i / (1 + d * (n // steps))),
            )
        ),
    ),
    Mistake(
        "decay-twice",
        "decay has its effect twice, in decay_rate and in decay_steps: decay_steps=1, decay_rate=decay.",
        _rates(lambda i, d, n: i / (1 + d * d * n)),
        variants=(_with_one_over(lambda i, d, steps, n: i / (1 + d * n / steps)),),
    ),
    Mistake(
        "one-over-decay",
        "1 / decay fails where decay is 0: decay_steps=1, decay_rate=decay needs no division.",
        _with_one_over(lambda i, d, steps, n: i / (1 + n / steps)),
    ),
    Mistake(
        "one-over-decay-cut",
        "1 / decay is cut to a whole number, and fails where decay is 0: decay_steps=1, decay_rate=decay.",
        _with_one_over(lambda i, d, steps, n: i / (1 + n / int(steps))),
        variants=(
            _with_one_over(lambda i, d, steps, n: i / (1 + n / round(steps))),
            _with_one_over(lambda i, d, steps, n: i / (1 + d * n / int(steps))),
            _with_one_over(lambda i, d, steps, n: i / (1 + n // steps)),
        ),
    ),
    Mistake(
        "swapped",
        "decay_steps and decay_rate are swapped: decay_steps=1, decay_rate=decay.",
        lambda i, d: keras_rates(lambda n: i / (1 + n / d)) if d else keras_rates(lambda n: i + 0 * n),
        variants=(_rates(lambda i, d, n: i / (1 + n / d)), lambda i, d: schedules().InverseTimeDecay(i, d, 1)),
    ),
    Mistake(
        "decay-ignored",
        "decay has no effect: pass decay_rate=decay.",
        _rates(lambda i, d, n: i / (1 + n)),
    ),
    Mistake(
        "one-minus-decay",
        "decay_rate is decay itself, not 1 - decay.",
        _rates(lambda i, d, n: i / (1 + (1 - d) * n)),
    ),
    Mistake(
        "one-ahead",
        "It is one update ahead: the first update, step 0, still has the initial rate.",
        _rates(lambda i, d, n: i / (1 + d * (n + 1))),
    ),
    Mistake(
        "one-behind",
        "It is one update behind: the second update, step 1, has already decayed once.",
        _rates(lambda i, d, n: i / (1 + d * at_least(n - 1, 0.0))),
        variants=(_rates(lambda i, d, n: i / (1 + d * (n - 1))),),
    ),
    Mistake("grows", "The rate grows: InverseTimeDecay divides.", _rates(lambda i, d, n: i * (1 + d * n))),
    Mistake(
        "minus",
        "A sign is flipped: decay_rate is decay, and not its negative.",
        _rates(lambda i, d, n: i / (1 - d * n)),
    ),
    Mistake(
        "linear",
        "This falls along a straight line: use InverseTimeDecay, which divides by 1 + decay * step.",
        _rates(lambda i, d, n: i * (1 - d * n)),
        variants=(_rates(lambda i, d, n: i * at_least(1 - d * n, 0.0)), _rates(lambda i, d, n: i - d * n)),
    ),
    Mistake(
        "exponential",
        "This is exponential decay: use InverseTimeDecay, which divides by 1 + decay * step.",
        _rates(lambda i, d, n: i * (1 - d) ** n),
        variants=(_rates(lambda i, d, n: i * e ** (-d * n)), _rates(lambda i, d, n: i * (1 / (1 + d)) ** n)),
    ),
    Mistake(
        "decay-as-factor",
        "This multiplies by decay at every update, and training stops at once: use InverseTimeDecay.",
        _rates(lambda i, d, n: i * d**n),
    ),
    Mistake(
        "root-or-square",
        "There is a root or a square too many: the rate is initial_lr / (1 + decay * n).",
        _rates(lambda i, d, n: i / (1 + d * n) ** 0.5),
        variants=(
            _rates(lambda i, d, n: i / (1 + d * n**0.5)),
            _rates(lambda i, d, n: i / (1 + d * n) ** 2),
            _rates(lambda i, d, n: i / (1 + d * n * n)),
        ),
    ),
    Mistake("factor-only", "This is the factor: initial_lr is missing.", _rates(lambda i, d, n: 1 / (1 + d * n))),
    Mistake(
        "no-brackets",
        "Brackets are missing: initial_lr / (1 + decay * n).",
        _rates(lambda i, d, n: i / 1 + d * n),
    ),
    Mistake(
        "constant",
        "The rate does not change at the steps asked. Keras 3 ignores SGD(decay=...); InverseTimeDecay does not.",
        _rates(lambda i, d, n: i + 0 * n),
    ),
    Mistake(
        "plain-function",
        "An optimizer calls a plain function WITHOUT a step: return a schedule object such as InverseTimeDecay.",
        lambda i, d: lambda step: i / (1 + d * step),
    ),
    Mistake(
        "class-itself",
        "It returns a class: call the class with its arguments, and return the schedule that it makes.",
        lambda i, d: schedules().InverseTimeDecay,
        variants=(lambda i, d: schedules().ExponentialDecay,),
    ),
    Mistake(
        "no-schedule",
        "It must return the schedule itself, not a number, an optimizer or a callback.",
        lambda i, d: i,
    ),
)
