"""Known mistakes of `warmup_lr`: the formula, and what comes after the warmup."""

from __future__ import annotations

from itertools import product
from math import cos, exp, pi, sqrt

from lrcourse.checking.exercise import Mistake

RISE, AFTER = "the warmup", "after the warmup"


def capped(share):
    """The peak times `share(epoch, warmup_epochs)`, capped at the peak."""
    return lambda e, p, k: p * min(1.0, share(e, k))


def rising(formula):
    """`formula(epoch, peak_lr, warmup_epochs)` in the warmup, the peak after it."""
    return lambda e, p, k: formula(e, p, k) if e < k else p


def _from(start):
    """A line from `start(peak_lr)` to the peak, with each way to place its ends."""
    parts = (lambda e, k: e / k, lambda e, k: e / max(k - 1, 1), lambda e, k: (e + 1) / k)
    return tuple(rising(lambda e, p, k, part=part: start(p) + (p - start(p)) * part(e, k)) for part in parts)


EDGES = (
    Mistake(
        "overshoots",
        "Epoch warmup_epochs is above the peak: the rise ends with epoch warmup_epochs - 1.",
        lambda e, p, k: p * (e + 1) / k if e <= k else p,
        AFTER,
    ),
    Mistake(
        "two-parts-ahead",
        "It is one part ahead: epoch 0 gets one part of the peak, epoch + 1 parts in all.",
        capped(lambda e, k: (e + 2) / k),
    ),
    Mistake(
        "one-part-too-few",
        "It is divided into one part too few, so the peak comes an epoch early.",
        lambda e, p, k: p * min(1.0, (e + 1) / (k - 1)) if k > 1 else p,
        variants=(capped(lambda e, k: (e + 1) / (k - 1)),),
    ),
    Mistake(
        "epoch-0-at-rate-0",
        "Epoch 0 trains at rate 0 and is wasted: the first epoch gets one part, (epoch + 1) / warmup_epochs.",
        capped(lambda e, k: e / k),
        variants=(capped(lambda e, k: e / (k + 1)), rising(lambda e, p, k: p * e / (k + 1))),
    ),
    Mistake(
        "one-behind",
        "It lags: epoch 0 gets one part of the peak, epoch 1 two parts.",
        capped(lambda e, k: (e - 1) / k),
        variants=(
            capped(lambda e, k: max(e - 1, 0) / k),
            capped(lambda e, k: max(e, 1) / k),
            capped(lambda e, k: e / k if e else 1 / (2 * k)),
            capped(lambda e, k: (e + 0.5) / k),
        ),
    ),
    Mistake(
        "never-reaches-peak",
        "It stops one part below the peak: epoch warmup_epochs - 1 and all later ones have peak_lr.",
        lambda e, p, k: p * min(e, k - 1) / k,
        variants=(lambda e, p, k: p * min(e + 1, k - 1) / k,),
    ),
    Mistake(
        "one-part-too-many",
        "It is divided into one part too many: warmup_epochs parts, so that epoch warmup_epochs - 1 has the peak.",
        capped(lambda e, k: (e + 1) / (k + 1)),
    ),
    Mistake(
        "from-0-to-peak",
        "It begins at 0 and wastes epoch 0: the first epoch gets peak_lr / warmup_epochs.",
        lambda e, p, k: p * min(1.0, e / (k - 1)) if k > 1 else p,
        variants=(
            capped(lambda e, k: e / (k - 1)),
            rising(lambda e, p, k: p * e / (k - 1)),
            rising(lambda e, p, k: p * e / max(k - 1, 1)),
        ),
    ),
    Mistake(
        "jumps-at-end",
        "It stays at the last value before the peak too long: epoch warmup_epochs - 1 must have the peak.",
        lambda e, p, k: p * e / k if e <= k else p * (k - 1) / k,
    ),
    Mistake(
        "start-typed-in",
        "A start value is typed in: the rise is epoch + 1 equal parts of the peak, and nothing else.",
        _from(lambda p: 0.001)[0],
        RISE,
        variants=tuple(
            form
            for start in (
                *(lambda p, s=s: s for s in (0.1, 0.05, 0.01, 0.005, 0.001, 1e-4, 1e-5, 1e-6, 1e-7)),
                *(lambda p, s=s: p * s for s in (0.5, 1 / 3, 0.25, 0.2, 0.1, 0.05, 0.01, 0.001)),
            )
            for form in _from(start)
        ),
    ),
    Mistake(
        "lowest-typed-in",
        "A smallest rate is typed in: epoch 0 gets one part of the peak, which is above 0 by itself.",
        capped(lambda e, k: max(e / k, 1e-3)),
        RISE,
        variants=tuple(
            form
            for least in (0.1, 0.01, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
            for form in (
                capped(lambda e, k, least=least: max(e / k, least)),
                rising(lambda e, p, k, least=least: max(p * e / k, least)),
                rising(lambda e, p, k, least=least: max(p * (e + 1) / k, least)),
            )
        ),
    ),
)

SHAPES = (
    Mistake("no-warmup", "The rate is the peak from the start: there is no warmup.", lambda e, p, k: p, RISE),
    Mistake(
        "one-part-only",
        "It stays at the first part: multiply by the number of parts, epoch + 1.",
        rising(lambda e, p, k: p / k),
        RISE,
    ),
    Mistake(
        "constant-in-warmup",
        "In the warmup the rate stays the same: it should rise, in equal parts.",
        rising(lambda e, p, k: p * 0.1),
        RISE,
        variants=(
            *(rising(lambda e, p, k, share=share: p * share) for share in (0.0, 0.01, 0.2, 0.25, 0.3, 0.5)),
            *(rising(lambda e, p, k, rate=rate: rate) for rate in (0.1, 0.05, 0.01, 0.001, 1e-4, 1e-5, 1e-6)),
            rising(lambda e, p, k: p / (k + 1)),
        ),
    ),
    Mistake(
        "falls",
        "It falls: a warmup starts low and rises to the peak.",
        lambda e, p, k: p * max(0.0, 1 - e / k),
        variants=(
            lambda e, p, k: p * max(0.0, 1 - (e + 1) / k),
            rising(lambda e, p, k: p * (k - e) / k),
            rising(lambda e, p, k: p * (k - e - 1) / k),
            rising(lambda e, p, k: p / (e + 1)),
            lambda e, p, k: p / (e + 1),
        ),
    ),
    Mistake(
        "upside-down",
        "The division is upside down: (epoch + 1) / warmup_epochs.",
        capped(lambda e, k: k / (e + 1)),
        variants=(lambda e, p, k: p * k / (e + 1), rising(lambda e, p, k: p * k / (e + 1))),
    ),
    Mistake(
        "harmonic",
        "It divides by the epochs that are left, which is not a straight line: multiply by epoch + 1.",
        rising(lambda e, p, k: p / (k - e)),
        RISE,
        variants=(rising(lambda e, p, k: p / (k - e + 1)),),
    ),
    Mistake(
        "above-the-peak",
        "It rises above the peak in the warmup: a warmup starts BELOW the target and rises to it.",
        lambda e, p, k: p * (1 + min(e, k) / k),
        variants=(
            rising(lambda e, p, k: p * (1 + e / k)),
            rising(lambda e, p, k: p * (1 + (e + 1) / k)),
            lambda e, p, k: p * (1 + min(e + 1, k) / k),
            lambda e, p, k: p * (1 + (e + 1) / k),
            lambda e, p, k: p * (1 + e / k),
        ),
    ),
    Mistake(
        "squared",
        "It rises as a square: a linear warmup rises in equal parts.",
        capped(lambda e, k: ((e + 1) / k) ** 2),
        variants=(capped(lambda e, k: (e / k) ** 2),),
    ),
    Mistake(
        "root",
        "It rises as a root: a linear warmup rises in equal parts.",
        capped(lambda e, k: sqrt((e + 1) / k)),
        variants=(capped(lambda e, k: sqrt(e / k)),),
    ),
    Mistake(
        "curve",
        "It rises along a curve: a linear warmup rises in equal parts.",
        rising(lambda e, p, k: p * (1 - cos(pi * (e + 1) / k)) / 2),
        RISE,
        variants=(
            rising(lambda e, p, k: p * (1 - cos(pi * e / k)) / 2),
            rising(lambda e, p, k: p * (1 - cos(pi * e / max(k - 1, 1))) / 2),
            rising(lambda e, p, k: p * ((e + 1) / k) ** 3),
            rising(lambda e, p, k: p * (1 - exp(-(e + 1) / k))),
            rising(lambda e, p, k: p * (1 - exp(-e / k))),
            rising(lambda e, p, k: p * (exp((e + 1) / k) - 1)),
            rising(lambda e, p, k: p * exp((e + 1) / k - 1)),
            rising(lambda e, p, k: p * exp(-5 * (1 - (e + 1) / k) ** 2)),
            rising(lambda e, p, k: p ** (k / (e + 1))),
        ),
    ),
    Mistake(
        "exponential",
        "It rises by a factor each epoch: a linear warmup rises in equal parts.",
        lambda e, p, k: p * 0.5 ** max(0, k - 1 - e),
        variants=tuple(
            rising(lambda e, p, k, base=base, late=late: p * base ** (k - late - e))
            for base, late in product((0.5, 0.1, 0.8, 0.9), (0, 1))
            if (base, late) != (0.5, 1)
        ),
    ),
)


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
        "It keeps rising past the peak: keep peak_lr after the warmup.",
        lambda e, p, k: p * (e + 1) / k,
        AFTER,
    ),
    Mistake(
        "goes-on-rising-from-0",
        "It begins at rate 0 and keeps rising past the peak.",
        lambda e, p, k: p * e / k,
    ),
    Mistake(
        "capped-at-1",
        "It continues to the rate 1, which is not the peak: the share is at most 1, not the rate.",
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
        "After the warmup it changes to a different rate: keep peak_lr.",
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
