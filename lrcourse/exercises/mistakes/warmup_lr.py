"""Known mistakes of `warmup_lr`: the formula, and what comes after the warmup."""

from __future__ import annotations

from itertools import product
from math import exp, sqrt

from lrcourse.exercises.definition import Mistake
from lrcourse.exercises.mistakes.warmup_lr_rise import AFTER, EDGES, RISE, SHAPES, capped, rising


def _rest(formula):
    """The right warmup, then `formula(epoch, peak_lr, warmup_epochs)`."""
    return lambda e, p, k: p * (e + 1) / k if e < k else formula(e, p, k)


_FORMULA = (
    Mistake(
        "brackets-missing",
        "Brackets are missing: / comes before +, so write (epoch + 1) / warmup_epochs.",
        rising(lambda e, p, k: p * (e + 1 / k)),
        variants=(
            capped(lambda e, k: e + 1 / k),
            lambda e, p, k: p * (e + 1 / k),
            rising(lambda e, p, k: p * e + 1 / k),
            lambda e, p, k: min(p, p * e + 1 / k),
            lambda e, p, k: p * e + 1 / k,
            rising(lambda e, p, k: e + 1 / k * p),
            lambda e, p, k: min(p, e + 1 / k * p),
            lambda e, p, k: e + 1 / k * p,
        ),
    ),
    Mistake(
        "not-divided",
        "The division by warmup_epochs is missing.",
        rising(lambda e, p, k: p * (e + 1)),
        variants=(
            lambda e, p, k: p * (e + 1),
            lambda e, p, k: p * min(e + 1, k),
            rising(lambda e, p, k: p * e),
            lambda e, p, k: p * e,
            lambda e, p, k: p * min(e, k),
            lambda e, p, k: min(p, p * e),
        ),
    ),
    Mistake(
        "multiplied",
        "It multiplies by warmup_epochs: divide.",
        rising(lambda e, p, k: p * (e + 1) * k),
        variants=(lambda e, p, k: p * (e + 1) * k, rising(lambda e, p, k: p * e * k)),
    ),
    Mistake(
        "fraction-only",
        "This is the share of the peak: multiply it by peak_lr.",
        lambda e, p, k: min(1.0, (e + 1) / k),
        variants=(lambda e, p, k: min(1.0, e / k), lambda e, p, k: (e + 1) / k, lambda e, p, k: e / k),
    ),
    Mistake(
        "fraction-in-warmup",
        "In the warmup this is the share of the peak: multiply it by peak_lr.",
        rising(lambda e, p, k: (e + 1) / k),
        RISE,
        variants=(rising(lambda e, p, k: e / k), lambda e, p, k: min(p, (e + 1) / k), lambda e, p, k: min(p, e / k)),
    ),
    Mistake(
        "adds-share",
        "The share is added to the peak: multiply, peak_lr * share.",
        lambda e, p, k: p + min(1.0, (e + 1) / k),
        variants=(
            rising(lambda e, p, k: p + (e + 1) / k),
            lambda e, p, k: p + (e + 1) / k,
            rising(lambda e, p, k: p + e / k),
        ),
    ),
    Mistake(
        "power-of-peak",
        "The share is used as a power: multiply, peak_lr * share.",
        lambda e, p, k: p ** min(1.0, (e + 1) / k),
        variants=(rising(lambda e, p, k: p ** (e / k)),),
    ),
    Mistake(
        "rounded-share",
        "The share is rounded: use it as it is.",
        capped(lambda e, k: round((e + 1) / k, 1)),
        RISE,
        variants=tuple(capped(lambda e, k, d=d: round((e + 1) / k, d)) for d in (2, 3, 4)),
    ),
    Mistake(
        "whole-number-division",
        "The rate, or its share of the peak, is cut to a whole number, as // and int() do: use /.",
        capped(lambda e, k: (e + 1) // k),
        variants=(rising(lambda e, p, k: p * (e + 1) // k), lambda e, p, k: min(p, p * (e + 1) // k)),
    ),
    Mistake(
        "nothing-in-warmup",
        "In the warmup it returns nothing: a `return` is missing there.",
        rising(lambda e, p, k: None),
        RISE,
    ),
)

_REST = (
    Mistake(
        "goes-on-rising",
        "It goes on rising past the peak: keep peak_lr after the warmup.",
        lambda e, p, k: p * (e + 1) / k,
        AFTER,
    ),
    Mistake(
        "goes-on-rising-from-0",
        "It begins at rate 0 and goes on rising past the peak.",
        lambda e, p, k: p * e / k,
    ),
    Mistake(
        "capped-at-1",
        "It goes on to the rate 1, which is not the peak: the share is at most 1, not the rate.",
        lambda e, p, k: min(1.0, p * (e + 1) / k),
        variants=(lambda e, p, k: min(1.0, p * e / k),),
    ),
    Mistake(
        "peak-then-rises",
        "It has the peak in the warmup and rises AFTER it: the share of the peak is at most 1, as min() makes it.",
        lambda e, p, k: p * max(1.0, (e + 1) / k),
        variants=(lambda e, p, k: p * max(1.0, e / k),),
    ),
    Mistake(
        "starts-again",
        "After the warmup it starts again: keep peak_lr.",
        lambda e, p, k: p * (e % k + 1) / k,
        AFTER,
        variants=(_rest(lambda e, p, k: p * (e % k) / k),),
    ),
    Mistake("zero-after", "After the warmup the rate is 0: keep peak_lr.", _rest(lambda e, p, k: 0.0), AFTER),
    Mistake("none-after", "After the warmup nothing is returned: return peak_lr.", _rest(lambda e, p, k: None), AFTER),
    Mistake(
        "other-rate-after",
        "After the warmup it goes to another rate: keep peak_lr.",
        _rest(lambda e, p, k: 0.1),
        AFTER,
        variants=(
            *(_rest(lambda e, p, k, rate=rate: rate) for rate in (1.0, 0.05, 0.01, 0.001)),
            *(_rest(lambda e, p, k, share=share: p * share) for share in (2, 0.5, 0.1)),
            _rest(lambda e, p, k: p / k),
            _rest(lambda e, p, k: p * (k - 1) / k),
            _rest(lambda e, p, k: p * (k + 1) / k),
        ),
    ),
    Mistake(
        "falls-after",
        "After the warmup it falls: this task keeps peak_lr.",
        _rest(lambda e, p, k: p * k / (e + 1)),
        AFTER,
        variants=(
            _rest(lambda e, p, k: p * sqrt(k / (e + 1))),
            _rest(lambda e, p, k: p * k / e),
            _rest(lambda e, p, k: p * max(0.0, (2 * k - e) / k)),
            _rest(lambda e, p, k: p * max(0.0, (2 * k - e - 1) / k)),
            _rest(lambda e, p, k: p / (e + 1)),
            _rest(lambda e, p, k: p / (1 + e - k)),
            _rest(lambda e, p, k: p / (2 + e - k)),
            *(
                _rest(lambda e, p, k, base=base, late=late: p * base ** (e - k + late))
                for base, late in product((0.5, 0.9, 0.95, 0.96, 0.99), (0, 1))
            ),
            *(_rest(lambda e, p, k, rate=rate: p * exp(-rate * (e - k))) for rate in (1, 0.1, 0.01)),
        ),
    ),
)

MISTAKES = EDGES + SHAPES + _FORMULA + _REST
