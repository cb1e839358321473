"""Known mistakes of `warmup_then` about the warmup."""

from __future__ import annotations

from itertools import product
from math import cos, pi, sqrt

from lrcourse.exercises.definition import Mistake
from lrcourse.exercises.mistakes.warmup_lr_rise import RISE


def then(rise, rest):
    """A wrong `warmup_then` made of a wrong rise or a wrong rest: both take (epoch, peak, k, after, lr)."""
    return lambda p, k, a: lambda e, lr: rise(e, p, k, a, lr) if e < k else rest(e, p, k, a, lr)


def _rising(formula):
    return then(formula, lambda e, p, k, a, lr: a(e - k))


def _rise(id: str, sentence: str, *formulas) -> Mistake:
    """A wrong warmup, in its forms, before the right rest."""
    first, *others = map(_rising, formulas)
    return Mistake(id, sentence, first, RISE, tuple(others))


WRONG_RISES = (
    _rise(
        "epoch-0-at-rate-0",
        "Epoch 0 trains at rate 0 and is wasted: the first epoch gets one part of the peak.",
        lambda e, p, k, a, lr: p * e / k,
        lambda e, p, k, a, lr: p * e / (k + 1),
    ),
    _rise(
        "one-part-too-many",
        "It is divided into one part too many: epoch warmup_epochs - 1 must have the peak.",
        lambda e, p, k, a, lr: p * (e + 1) / (k + 1),
    ),
    _rise(
        "one-part-too-few",
        "It is divided into one part too few, so the peak comes an epoch early.",
        lambda e, p, k, a, lr: p * min(1.0, (e + 1) / max(k - 1, 1)),
        lambda e, p, k, a, lr: p * (e + 1) / (k - 1),
        lambda e, p, k, a, lr: p * (e + 1) / max(k - 1, 1),
    ),
    _rise(
        "one-part-ahead",
        "It is one part ahead: epoch 0 gets one part of the peak, epoch + 1 parts in all.",
        lambda e, p, k, a, lr: p * (e + 2) / k,
        lambda e, p, k, a, lr: p * min(1.0, (e + 2) / k),
        lambda e, p, k, a, lr: p * (e + 2) / (k + 1),
    ),
    _rise(
        "from-0-to-peak",
        "It begins at 0 and wastes epoch 0: the first epoch gets peak_lr / warmup_epochs.",
        lambda e, p, k, a, lr: p * e / (k - 1) if k > 1 else p,
        lambda e, p, k, a, lr: p * e / (k - 1),
        lambda e, p, k, a, lr: p * e / max(k - 1, 1),
    ),
    _rise("no-warmup", "The rate is the peak from the start: there is no warmup.", lambda e, p, k, a, lr: p),
    _rise(
        "one-part-only",
        "It stays at the first part: multiply by the number of parts, epoch + 1.",
        lambda e, p, k, a, lr: p / k,
    ),
    _rise(
        "constant-in-warmup",
        "In the warmup the rate stays the same: it rises, in equal parts.",
        lambda e, p, k, a, lr: p * 0.1,
        *(lambda e, p, k, a, lr, share=share: p * share for share in (0.0, 0.01, 0.2, 0.5)),
        *(lambda e, p, k, a, lr, rate=rate: rate for rate in (0.1, 0.01, 0.001, 1e-4)),
        lambda e, p, k, a, lr: a(0),
        lambda e, p, k, a, lr: p / (k + 1),
    ),
    _rise(
        "start-typed-in",
        "A start of its own is typed in: the rise is epoch + 1 equal parts of the peak, and nothing else.",
        *(
            lambda e, p, k, a, lr, start=start, part=part: start + (p - start) * part(e, k)
            for start, part in product(
                (0.001, 0.01, 1e-4, 1e-5, 1e-6),
                (lambda e, k: e / k, lambda e, k: e / max(k - 1, 1), lambda e, k: (e + 1) / k),
            )
        ),
        *(
            lambda e, p, k, a, lr, start=start, part=part: p * (start + (1 - start) * part(e, k))
            for start, part in product(
                (0.1, 0.01, 0.001, 1 / 3),
                (lambda e, k: e / k, lambda e, k: e / max(k - 1, 1), lambda e, k: (e + 1) / k),
            )
        ),
    ),
    _rise(
        "scales-current-rate",
        "The warmup scales the rate that Keras hands in: use peak_lr.",
        lambda e, p, k, a, lr: lr * (e + 1) / k,
        lambda e, p, k, a, lr: lr * e / k,
    ),
    _rise(
        "adds-to-current-rate",
        "The warmup goes on from the rate that Keras hands in, which may be wrong: compute from peak_lr and the epoch.",
        lambda e, p, k, a, lr: lr + p / k,
        lambda e, p, k, a, lr: min(p, lr + p / k),
        lambda e, p, k, a, lr: lr + (p - lr) * (e + 1) / k,
        lambda e, p, k, a, lr: lr + (p - lr) * e / k,
        lambda e, p, k, a, lr: lr + p * (e + 1) / k,
        lambda e, p, k, a, lr: lr,
        lambda e, p, k, a, lr: lr + (p - lr) / (k - e),
    ),
    _rise(
        "scales-after",
        "During the warmup it scales after: rise to peak_lr.",
        lambda e, p, k, a, lr: a(e) * (e + 1) / k,
        lambda e, p, k, a, lr: a(0) * e / k,
        lambda e, p, k, a, lr: a(k) * (e + 1) / k,
        lambda e, p, k, a, lr: p * a(e) * (e + 1) / k,
        lambda e, p, k, a, lr: p * a(0) * (e + 1) / k,
    ),
    _rise(
        "after-in-warmup",
        "after has a say in the warmup already: up to epoch warmup_epochs - 1 the rate rises to peak_lr.",
        lambda e, p, k, a, lr: a(e),
        lambda e, p, k, a, lr: min(p * (e + 1) / k, a(0)),
        lambda e, p, k, a, lr: min(p * (e + 1) / k, a(e)),
        lambda e, p, k, a, lr: max(p * (e + 1) / k, a(0)),
        lambda e, p, k, a, lr: a(e - k),
        lambda e, p, k, a, lr: a(k - e),
        lambda e, p, k, a, lr: p * (e + 1) / k + a(0),
    ),
    _rise(
        "falls",
        "It falls: a warmup starts low and rises to the peak.",
        lambda e, p, k, a, lr: p * (k - e) / k,
        lambda e, p, k, a, lr: p * (k - e - 1) / k,
        lambda e, p, k, a, lr: p / (e + 1),
        lambda e, p, k, a, lr: p * k / (e + 1),
    ),
    _rise(
        "curve",
        "It does not rise in equal parts: a linear warmup does.",
        lambda e, p, k, a, lr: p * ((e + 1) / k) ** 2,
        lambda e, p, k, a, lr: p * (e / k) ** 2,
        lambda e, p, k, a, lr: p * sqrt((e + 1) / k),
        lambda e, p, k, a, lr: p * (1 - cos(pi * (e + 1) / k)) / 2,
        lambda e, p, k, a, lr: p * (1 - cos(pi * e / k)) / 2,
        lambda e, p, k, a, lr: p / (k - e),
        *(
            lambda e, p, k, a, lr, b=b, late=late: p * b ** (k - late - e)
            for b, late in product((0.5, 0.1, 0.9), (0, 1))
        ),
    ),
    _rise(
        "brackets-missing",
        "Brackets are missing: / comes before +, so write (epoch + 1) / warmup_epochs.",
        lambda e, p, k, a, lr: p * (e + 1 / k),
        lambda e, p, k, a, lr: p * e + 1 / k,
        lambda e, p, k, a, lr: e + 1 / k * p,
    ),
    _rise(
        "not-divided",
        "The division by warmup_epochs is missing.",
        lambda e, p, k, a, lr: p * (e + 1),
        lambda e, p, k, a, lr: p * e,
        lambda e, p, k, a, lr: p * (e + 1) * k,
    ),
    _rise(
        "fraction-only",
        "In the warmup this is the share of the peak: multiply it by peak_lr.",
        lambda e, p, k, a, lr: (e + 1) / k,
        lambda e, p, k, a, lr: e / k,
    ),
    _rise(
        "above-the-peak",
        "It rises above the peak in the warmup: a warmup starts BELOW the target and rises to it.",
        lambda e, p, k, a, lr: p * (1 + e / k),
        lambda e, p, k, a, lr: p * (1 + (e + 1) / k),
        lambda e, p, k, a, lr: p + (e + 1) / k,
    ),
    _rise(
        "whole-number-division",
        "The rate, or its share of the peak, is cut to a whole number, as // and int() do: use /.",
        lambda e, p, k, a, lr: p * ((e + 1) // k),
        lambda e, p, k, a, lr: p * (e + 1) // k,
    ),
    _rise(
        "nothing-in-warmup",
        "In the warmup it returns nothing: a `return` is missing there.",
        lambda e, p, k, a, lr: None,
    ),
)
