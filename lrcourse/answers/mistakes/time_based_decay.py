"""Known mistakes of `time_based_decay`: other decays, brackets and signs, the step off by one, compounding."""

from __future__ import annotations

from math import exp, floor, log, log1p, sqrt

from lrcourse.checking.exercise import Mistake


def _one_after_another(first: int):
    """The current rate divided again at every step, by 1 + decay * count; counts from `first`."""

    def compounded(initial_lr, decay, step):
        rate = initial_lr
        for count in range(first, int(step) + first):
            rate /= 1 + decay * count
            if rate == 0:
                break
        return rate

    return compounded


_OTHER_DECAYS = (
    Mistake(
        "halving-power",
        "This halves at equal intervals, which is exponential decay; divide by 1 + decay * step.",
        lambda i, d, n: i * 0.5 ** (d * n),
        variants=(lambda i, d, n: i * 0.5 ** floor(d * n), lambda i, d, n: i / 2 if d * n >= 1 else i),
    ),
    Mistake(
        "decay-as-factor",
        "This multiplies by decay at every step, and the rate is gone at once; divide by 1 + decay * step.",
        lambda i, d, n: i * d**n,
    ),
    Mistake(
        "exponential",
        "This is exponential decay; time-based decay divides by 1 + decay * step.",
        lambda i, d, n: i * exp(-d * n),
    ),
    Mistake(
        "geometric",
        "This multiplies by (1 - decay) at every step, which is exponential decay; "
        "time-based decay divides by 1 + decay * step.",
        lambda i, d, n: i * (1 - d) ** n,
    ),
    Mistake(
        "linear",
        "This falls along a straight line; time-based decay divides by 1 + decay * step and never reaches 0.",
        lambda i, d, n: i * (1 - d * n),
    ),
    Mistake(
        "linear-clipped",
        "This falls along a straight line to 0; time-based decay divides by 1 + decay * step and never reaches 0.",
        lambda i, d, n: max(0.0, i * (1 - d * n)),
    ),
    Mistake(
        "subtracts",
        "It subtracts decay * step from the rate; time-based decay divides by 1 + decay * step.",
        lambda i, d, n: i - d * n,
        variants=(lambda i, d, n: max(0.0, i - d * n), lambda i, d, n: i - d),
    ),
    Mistake(
        "root-of-all",
        "There is a root too many: time-based decay divides by 1 + decay * step itself.",
        lambda i, d, n: i / sqrt(1 + d * n),
    ),
    Mistake(
        "root-of-step",
        "There is a root too many: the step enters as it is.",
        lambda i, d, n: i / (1 + d * sqrt(n)),
        variants=(lambda i, d, n: i / (1 + sqrt(d * n)), lambda i, d, n: i / (1 + sqrt(n))),
    ),
    Mistake(
        "squared",
        "There is a square too many: time-based decay divides by 1 + decay * step itself.",
        lambda i, d, n: i / (1 + d * n) ** 2,
        variants=(lambda i, d, n: i / (1 + (d * n) ** 2), lambda i, d, n: i / (1 + d**2 * n)),
    ),
    Mistake("step-squared", "The step is squared: it enters once.", lambda i, d, n: i / (1 + d * n * n)),
    Mistake(
        "logarithm",
        "There is a logarithm too many: divide by 1 + decay * step.",
        lambda i, d, n: i / (1 + d * log1p(n)),
        variants=(lambda i, d, n: i / (1 + log1p(d * n)), lambda i, d, n: i / (1 + d * log(n)) if n else i),
    ),
    Mistake(
        "compounding-current-rate",
        "It divides the CURRENT rate again at every step; divide the initial rate once.",
        _one_after_another(1),
        variants=(_one_after_another(0),),
    ),
    Mistake(
        "compounding-power",
        "It divides by (1 + decay) at every step, a power of it; time-based decay divides once, by 1 + decay * step.",
        lambda i, d, n: i / (1 + d) ** n,
        variants=(lambda i, d, n: i * (1 + d) ** -float(n),),
    ),
    Mistake(
        "power-of-rate",
        "The initial rate is raised to a power: it is divided by 1 + decay * step.",
        lambda i, d, n: i ** (1 + d * n),
        variants=(lambda i, d, n: i ** (1 / (1 + d * n)),),
    ),
)

_STEP = (
    Mistake(
        "one-ahead",
        "It is one step ahead: step 0 must still have the initial rate.",
        lambda i, d, n: i / (1 + d * (n + 1)),
    ),
    Mistake(
        "one-behind",
        "It is one step behind: step 1 has already decayed once.",
        lambda i, d, n: i / (1 + d * max(n - 1, 0)),
        variants=(lambda i, d, n: i / (1 + d * (n - 1)),),
    ),
    Mistake(
        "step-added",
        "The step is added: decay * step belongs below the line.",
        lambda i, d, n: i / (1 + d) + n,
        variants=(lambda i, d, n: i / (1 + d + n), lambda i, d, n: i / (d + n)),
    ),
    Mistake(
        "in-stairs",
        "It falls in stairs, as // and int() do: time-based decay is a little lower at EVERY step.",
        lambda i, d, n: i / (1 + floor(d * n)),
        variants=tuple(lambda i, d, n, width=width: i / (1 + d * (n // width)) for width in (10, 100, 1000)),
    ),
    Mistake(
        "step-scaled",
        "The step is divided or multiplied by a number: it enters as it is.",
        lambda i, d, n: i / (1 + d * n / 10),
        variants=tuple(lambda i, d, n, by=by: i / (1 + d * n / by) for by in (0.5, 2, 100, 1000)),
    ),
    Mistake(
        "step-left-out",
        "The step is missing: divide by 1 + decay * step, so that the rate keeps falling.",
        lambda i, d, n: i / (1 + d),
        variants=(lambda i, d, n: i * (1 - d),),
    ),
    Mistake(
        "decay-left-out",
        "decay is missing: divide by 1 + decay * step.",
        lambda i, d, n: i / (1 + n),
        variants=(lambda i, d, n: i / n, lambda i, d, n: i / n if n else i),
    ),
    Mistake(
        "division-below",
        "decay and step are divided by each other: multiply them.",
        lambda i, d, n: i / (1 + d / n) if n else i,
        variants=(
            lambda i, d, n: i / (1 + d / n),
            lambda i, d, n: i / (1 + n / d),
            lambda i, d, n: i / (1 + n / d) if d else i,
        ),
    ),
    Mistake(
        "power-below",
        "decay and step make a power: multiply them, decay * step.",
        lambda i, d, n: i / (1 + d**n),
        variants=(lambda i, d, n: i / (1 + float(n) ** d), lambda i, d, n: i / float(n + 1) ** d),
    ),
    Mistake("constant", "The rate does not change at all: divide by 1 + decay * step.", lambda i, d, n: i),
)

_FRACTION = (
    Mistake(
        "amount-lost", "This is what the rate has lost; return what is left of it.", lambda i, d, n: i - i / (1 + d * n)
    ),
    Mistake(
        "no-one",
        "The 1 is missing below the line: at step 0 that would divide by zero.",
        lambda i, d, n: i / (d * n),
        variants=(
            lambda i, d, n: i / (d * n) if n else i,
            lambda i, d, n: i / (d * n) if d * n else i,
        ),
    ),
    Mistake(
        "other-than-one",
        "Add 1 to decay * step: then step 0 has the initial rate.",
        lambda i, d, n: i / (i + d * n),
        variants=(lambda i, d, n: i / (2 + d * n), lambda i, d, n: i / (d + d * n) if d else i / 1e-9),
    ),
    Mistake(
        "no-brackets",
        "Brackets are missing: initial_lr / 1 + decay * step divides by 1 only. Write initial_lr / (1 + decay * step).",
        lambda i, d, n: i / 1 + d * n,
    ),
    Mistake(
        "brackets-misplaced",
        "The brackets are misplaced, and the step multiplies the rate: initial_lr / (1 + decay * step).",
        lambda i, d, n: i / (1 + d) * n,
        variants=(
            lambda i, d, n: (i / 1 + d) * n,
            lambda i, d, n: i / ((1 + d) * n),
            lambda i, d, n: i / ((1 + d) * n) if n else i,
            lambda i, d, n: i * d * n,
        ),
    ),
    Mistake(
        "grows",
        "The rate grows: divide by 1 + decay * step instead of multiplying.",
        lambda i, d, n: i * (1 + d * n),
        variants=(lambda i, d, n: i * (1 + d) ** min(n, 500), lambda i, d, n: i * exp(min(d * n, 500))),
    ),
    Mistake("minus", "A sign is flipped: divide by 1 PLUS decay * step.", lambda i, d, n: i / (1 - d * n)),
    Mistake("upside-down", "The fraction is upside down.", lambda i, d, n: (1 + d * n) / i),
    Mistake("factor-only", "This is the factor; multiply it by initial_lr.", lambda i, d, n: 1 / (1 + d * n)),
    Mistake(
        "rate-below",
        "initial_lr is below the line: it belongs above, initial_lr / (1 + decay * step).",
        lambda i, d, n: 1 / (i + d * n),
        variants=(lambda i, d, n: 1 / (i * (1 + d * n)),),
    ),
    Mistake(
        "decay-above",
        "decay is above the line: it belongs below, initial_lr / (1 + decay * step).",
        lambda i, d, n: i * d / (1 + n),
        variants=(lambda i, d, n: i * d / (1 + d * n), lambda i, d, n: i * (1 - d) / (1 + n)),
    ),
    Mistake(
        "whole-number-division",
        "The rate is cut to a whole number, as // and int() do: use /.",
        lambda i, d, n: i // (1 + d * n),
    ),
    Mistake(
        "floor",
        "It has a lower limit of its own: the task sets none, and the rate keeps falling.",
        lambda i, d, n: max(i / (1 + d * n), 1e-6),
        variants=tuple(
            lambda i, d, n, least=least: max(i / (1 + d * n), least)
            for least in (0.05, 0.01, 0.005, 0.001, 5e-4, 1e-4, 1e-5, 1e-7, 1e-8)
        ),
    ),
)

MISTAKES = _OTHER_DECAYS + _STEP + _FRACTION
