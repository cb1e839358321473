"""Known mistakes of `per_epoch_decay`: another unit of time, no stairs or wrong ones, and what is no schedule."""

from __future__ import annotations

from math import e

from lrcourse.answers.keras_forms import at_least, at_most, keras_rates, rounded, rounded_up, schedules
from lrcourse.checking.exercise import Mistake


def _rates(formula):
    """A schedule of `formula(initial_lr, decay, steps_per_epoch, step)`."""
    return lambda i, d, s: keras_rates(lambda n: formula(i, d, s, n))


def _after(count):
    """A schedule that has decayed `count(step, steps_per_epoch)` times."""
    return _rates(lambda i, d, s, n: i / (1 + d * count(n, s)))


_UNIT = (
    Mistake(
        "per-update",
        "This decays at every UPDATE: decay_steps=steps_per_epoch makes an epoch the unit.",
        _after(lambda n, s: n),
    ),
    Mistake(
        "steps-typed-in",
        "steps_per_epoch has no effect: another number of steps is typed in as decay_steps.",
        _after(lambda n, s: n // 10),
        variants=tuple(
            form
            for steps in (100, 1000, 32, 60, 150, 1875)
            for form in (
                _after(lambda n, s, steps=steps: n // steps),
                _after(lambda n, s, steps=steps: n / steps),
            )
        ),
    ),
    Mistake(
        "every-ten-epochs",
        "It decays once in some epochs: decay_steps=steps_per_epoch makes every epoch count.",
        _after(lambda n, s: n // (10 * s)),
        variants=(_after(lambda n, s: n / (10 * s)), _after(lambda n, s: n // (2 * s))),
    ),
    Mistake(
        "multiplied",
        "decay is also multiplied by steps_per_epoch: each epoch adds decay once.",
        _after(lambda n, s: s * (n // s)),
    ),
    Mistake(
        "steps-multiplied",
        "The step is multiplied by steps_per_epoch: divide, step // steps_per_epoch is the epoch.",
        _after(lambda n, s: n * s),
    ),
    Mistake(
        "divided-twice",
        "decay is also divided by steps_per_epoch: each epoch adds decay once.",
        _after(lambda n, s: n // s / s),
        variants=(_after(lambda n, s: n / s / s),),
    ),
    Mistake(
        "remainder",
        "% gives the step inside the epoch, so the rate jumps back up: the epoch is step // steps_per_epoch.",
        _after(lambda n, s: n % s),
    ),
    Mistake(
        "division-swapped",
        "The division is upside down: the epoch is step // steps_per_epoch.",
        _after(lambda n, s: s / at_least(n, 1e-30)),
        variants=(_after(lambda n, s: s // n),),
    ),
    Mistake(
        "swapped",
        "decay_steps and decay_rate are swapped: decay_steps=steps_per_epoch, decay_rate=decay.",
        _rates(lambda i, d, s, n: i / (1 + s * (n // d))),
        variants=(_rates(lambda i, d, s, n: i / (1 + s * n / d)),),
    ),
)

_STAIRS = (
    Mistake(
        "no-staircase",
        "The rate falls inside the epoch: staircase=True keeps it level until the next one.",
        _after(lambda n, s: n / s),
    ),
    Mistake(
        "rounds-up",
        "It drops too early: with rounding up, only step 0 has the initial rate. The epoch is step // steps_per_epoch.",
        _after(lambda n, s: rounded_up(n / s)),
    ),
    Mistake(
        "rounds",
        "It drops in the middle of an epoch, as rounding does: the epoch is step // steps_per_epoch.",
        _after(lambda n, s: rounded(n / s)),
        variants=(_after(lambda n, s: (n / s + 0.5) // 1), _after(lambda n, s: (n + s // 2) // s)),
    ),
    Mistake(
        "drops-one-late",
        "The drop comes one update late: step steps_per_epoch already belongs to epoch 1.",
        _after(lambda n, s: at_least(n - 1, 0.0) // s),
        variants=(_after(lambda n, s: (n - 1) // s),),
    ),
    Mistake(
        "drops-one-early",
        "The drop comes one update early: epoch 1 begins at step steps_per_epoch.",
        _after(lambda n, s: (n + 1) // s),
    ),
    Mistake(
        "epoch-of-other-length",
        "Its epochs are one update too short or too long: an epoch has steps_per_epoch updates.",
        _after(lambda n, s: n // (s - 1)),
        variants=(_after(lambda n, s: n // (s + 1)),),
    ),
    Mistake(
        "first-epoch-decayed",
        "It is one epoch ahead: epoch 0 still has the initial rate.",
        _after(lambda n, s: n // s + 1),
    ),
    Mistake(
        "one-epoch-behind",
        "It is one epoch behind: epoch 1 has already decayed once.",
        _after(lambda n, s: at_least(n // s - 1, 0.0)),
        variants=(_after(lambda n, s: n // s - 1),),
    ),
    Mistake(
        "stops",
        "It stops after a few epochs: the rate should keep falling.",
        _after(lambda n, s: at_most(n // s, 1.0)),
        variants=tuple(
            _after(lambda n, s, last=last: at_most(n // s, last)) for last in (2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)
        ),
    ),
    Mistake(
        "stops-and-drops-late",
        "It drops one update late and stops after a few epochs: a boundary precedes its drop, and a list has an end.",
        _after(lambda n, s: at_most(at_least(n - 1, 0.0) // s, 10.0)),
        variants=tuple(
            _after(lambda n, s, last=last: at_most(at_least(n - 1, 0.0) // s, last))
            for last in (1.0, 2.0, 3.0, 4.0, 5.0, 9.0, 20.0, 50.0, 99.0, 100.0)
        ),
    ),
)

_DECAY = (
    Mistake(
        "exponential",
        "This is exponential decay: use InverseTimeDecay, which divides.",
        _rates(lambda i, d, s, n: i * (1 - d) ** (n // s)),
        variants=(
            _rates(lambda i, d, s, n: i * (1 - d) ** (n / s)),
            _rates(lambda i, d, s, n: i * e ** (-d * (n // s))),
            _rates(lambda i, d, s, n: i * (1 / (1 + d)) ** (n // s)),
        ),
    ),
    Mistake(
        "decay-as-factor",
        "This multiplies by decay in every epoch, and training stops soon: use InverseTimeDecay.",
        _rates(lambda i, d, s, n: i * d ** (n // s)),
        variants=(_rates(lambda i, d, s, n: i * d ** (n / s)),),
    ),
    Mistake(
        "linear",
        "This takes the same amount away in every epoch: use InverseTimeDecay, which divides.",
        _rates(lambda i, d, s, n: i * (1 - d * (n // s))),
        variants=(
            _rates(lambda i, d, s, n: i * at_least(1 - d * (n // s), 0.0)),
            _rates(lambda i, d, s, n: i * (1 - d * n / s)),
        ),
    ),
    Mistake("grows", "The rate grows: InverseTimeDecay divides.", _rates(lambda i, d, s, n: i * (1 + d * (n // s)))),
    Mistake(
        "root-or-square",
        "There is a root or a square too many: the rate is initial_lr / (1 + decay * e).",
        _rates(lambda i, d, s, n: i / (1 + d * (n // s)) ** 0.5),
        variants=(_rates(lambda i, d, s, n: i / (1 + d * (n // s)) ** 2), _after(lambda n, s: (n // s) ** 2)),
    ),
    Mistake(
        "decay-ignored", "decay has no effect: pass decay_rate=decay.", _rates(lambda i, d, s, n: i / (1 + n // s))
    ),
    Mistake(
        "factor-only", "This is the factor: initial_lr is missing.", _rates(lambda i, d, s, n: 1 / (1 + d * (n // s)))
    ),
    Mistake(
        "constant",
        "The rate does not change at the steps asked. Keras 3 ignores SGD(decay=...); InverseTimeDecay does not.",
        _rates(lambda i, d, s, n: i + 0 * n),
    ),
)

_KIND = (
    Mistake(
        "plain-function",
        "An optimizer calls a plain function WITHOUT a step: return a schedule object such as InverseTimeDecay.",
        lambda i, d, s: lambda step: i / (1 + d * (step // s)),
    ),
    Mistake(
        "class-itself",
        "It returns a class: call the class with its arguments, and return the schedule that it makes.",
        lambda i, d, s: schedules().InverseTimeDecay,
        variants=(lambda i, d, s: schedules().ExponentialDecay,),
    ),
    Mistake(
        "no-schedule",
        "It must return the schedule itself, not a number, an optimizer or a callback.",
        lambda i, d, s: i,
    ),
)

MISTAKES = _UNIT + _STAIRS + _DECAY + _KIND
