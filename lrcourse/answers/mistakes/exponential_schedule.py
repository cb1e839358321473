"""Known mistakes of `exponential_schedule`: what is handed on to Keras, the stairs, and things that are no schedule."""

from __future__ import annotations

from math import e

from lrcourse.answers.keras_forms import at_least, at_most, keras_rates, rounded, rounded_up, schedules
from lrcourse.answers.mistakes.exponential_decay import SMOOTH, STAIRCASE
from lrcourse.checking.exercise import Mistake


def _of_t(formula):
    """A schedule of `formula(initial_lr, decay_rate, t)`, with t the right number of decays."""
    return lambda i, s, r, staircase: keras_rates(lambda n: formula(i, r, n // s if staircase else n / s))


def _counted(smooth, stairs):
    """A schedule that decays `smooth(step, decay_steps)` times, or as a staircase `stairs(step, decay_steps)` times."""
    return lambda i, s, r, staircase: keras_rates(lambda n: i * r ** (stairs if staircase else smooth)(n, s))


def _right(n, s):
    return n / s


def _right_stairs(n, s):
    return n // s


def _stairs(id: str, sentence: str, *counts) -> Mistake:
    first, *others = (_counted(_right, count) for count in counts)
    return Mistake(id, sentence, first, STAIRCASE, tuple(others))


_CASES = (
    _stairs("staircase-ignored", "staircase is not passed on to Keras: add staircase=staircase.", _right),
    Mistake(
        "always-staircase",
        "It is always a staircase: pass the argument on, staircase=staircase.",
        _counted(_right_stairs, _right_stairs),
        SMOOTH,
    ),
    Mistake(
        "staircase-reversed",
        "The two cases are swapped: staircase=True drops, staircase=False is smooth.",
        _counted(_right_stairs, _right),
    ),
    _stairs(
        "drops-one-late",
        "The staircase drops one update late: step decay_steps itself is already lower.",
        lambda n, s: at_least(n - 1, 0.0) // s,
        lambda n, s: (n - 1) // s,
    ),
    _stairs(
        "drops-one-early",
        "The staircase drops one update early: step decay_steps is the first that is lower.",
        lambda n, s: (n + 1) // s,
    ),
    _stairs(
        "staircase-rounds",
        "The staircase drops too early: only complete periods count, step // decay_steps.",
        lambda n, s: rounded_up(n / s),
        lambda n, s: rounded(n / s),
        lambda n, s: (n / s + 0.5) // 1,
    ),
    _stairs(
        "stairs-stop",
        "The staircase stops after a few drops: it should continue.",
        *(lambda n, s, last=last: at_most(n // s, last) for last in (1.0, 2.0, 3.0, 5.0, 10.0)),
    ),
    _stairs(
        "stairs-stop-and-late",
        "The staircase drops one update late and stops after a few drops: a list of boundaries comes to an end.",
        *(lambda n, s, last=last: at_most(at_least(n - 1, 0.0) // s, last) for last in (1.0, 2.0, 3.0, 5.0, 10.0)),
    ),
    Mistake(
        "staircase-not-taken",
        "The function is called with four arguments: it must take staircase, too.",
        lambda i, s, r: None,
    ),
)

_RATES = (
    Mistake(
        "time-based",
        "This is InverseTimeDecay, which divides; use ExponentialDecay.",
        _of_t(lambda i, r, t: i / (1 + r * t)),
    ),
    Mistake(
        "every-step", "decay_steps has no effect: it decays at every update.", _counted(lambda n, s: n, lambda n, s: n)
    ),
    Mistake(
        "swapped",
        "decay_steps and decay_rate are swapped: pass them by name.",
        lambda i, s, r, staircase: schedules().ExponentialDecay(i, r, s, staircase),
    ),
    Mistake(
        "steps-typed-in",
        "decay_steps has no effect: a number of steps is typed in.",
        _counted(lambda n, s: n / 100, lambda n, s: n // 100),
        variants=(_counted(lambda n, s: n / 1000, lambda n, s: n // 1000),),
    ),
    Mistake(
        "steps-scaled",
        "decay_steps is multiplied or divided by a number: pass it on unchanged.",
        _counted(lambda n, s: n / (10 * s), lambda n, s: n // (10 * s)),
        variants=tuple(
            _counted(lambda n, s, by=by: n / (by * s), lambda n, s, by=by: n // (by * s))
            for by in (0.5, 2, 4, 5, 20, 45, 50, 100, 1000)
        ),
    ),
    Mistake(
        "steps-off-by-one",
        "decay_steps is one too small or too large: pass it on unchanged.",
        _counted(lambda n, s: n / (s - 1), lambda n, s: n // (s - 1)),
        variants=(_counted(lambda n, s: n / (s + 1), lambda n, s: n // (s + 1)),),
    ),
    Mistake(
        "one-ahead",
        "It is one update ahead: the first update, step 0, still has the initial rate.",
        _counted(lambda n, s: (n + 1) / s, lambda n, s: (n + 1) // s),
    ),
    Mistake(
        "one-decay-ahead",
        "It has decayed once too often: step 0 still has the initial rate.",
        _of_t(lambda i, r, t: i * r ** (t + 1)),
    ),
    Mistake(
        "brackets-in-power",
        "Brackets are missing in the power: decay_rate ** (step / decay_steps).",
        lambda i, s, r, staircase: keras_rates(lambda n: i * r**n / s),
        variants=(lambda i, s, r, staircase: keras_rates(lambda n: i * r**n // s if staircase else i * r**n / s),),
    ),
    Mistake(
        "rate-as-loss",
        "decay_rate is what STAYS: pass it on unchanged, not as 1 - decay_rate.",
        _of_t(lambda i, r, t: i * (1 - r) ** t),
    ),
    Mistake(
        "rate-typed-in",
        "decay_rate has no effect: a number is typed in.",
        _of_t(lambda i, r, t: i * 0.5**t),
        variants=tuple(_of_t(lambda i, r, t, typed=typed: i * typed**t) for typed in (0.1, 0.9, 0.95)),
    ),
    Mistake(
        "natural-exponential",
        "This is a power of the number e: the base is decay_rate.",
        _of_t(lambda i, r, t: i * e ** (-r * t)),
        variants=(_of_t(lambda i, r, t: i * e**-t),),
    ),
    Mistake("grows", "The rate grows: pass decay_rate on unchanged.", _of_t(lambda i, r, t: i * (1 / r) ** t)),
    Mistake(
        "linear",
        "It falls along a straight line: use ExponentialDecay, which takes the same share away each time.",
        _of_t(lambda i, r, t: i * (1 - (1 - r) * t)),
        variants=(
            _of_t(lambda i, r, t: i * at_least(1 - (1 - r) * t, 0.0)),
            lambda i, s, r, staircase: keras_rates(lambda n: i * at_least(1 - n / s, 0.0)),
            lambda i, s, r, staircase: keras_rates(lambda n: (i - r) * at_least(1 - n / s, 0.0) + r),
            lambda i, s, r, staircase: keras_rates(lambda n: (i - 1e-4) * at_least(1 - n / s, 0.0) + 1e-4),
        ),
    ),
    Mistake("factor-only", "This is the factor: initial_lr is missing.", _of_t(lambda i, r, t: r**t)),
    Mistake(
        "constant",
        "The rate does not change at the steps asked: ExponentialDecay with the given decay_steps changes it.",
        lambda i, s, r, staircase: keras_rates(lambda n: i + 0 * n),
    ),
)

_KIND = (
    Mistake(
        "plain-function",
        "An optimizer calls a plain function WITHOUT a step: return a schedule object such as ExponentialDecay.",
        lambda i, s, r, staircase: lambda step: i * r ** (step / s),
    ),
    Mistake(
        "class-itself",
        "It returns a class: call the class with its arguments, and return the schedule that it makes.",
        lambda i, s, r, staircase: schedules().ExponentialDecay,
        variants=(lambda i, s, r, staircase: schedules().InverseTimeDecay,),
    ),
    Mistake(
        "no-schedule",
        "It must return the schedule itself, not a number, an optimizer or a callback.",
        lambda i, s, r, staircase: i,
    ),
)

MISTAKES = _CASES + _RATES + _KIND
