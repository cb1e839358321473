"""Known mistakes of `warmup_then`: what `after` is asked, and where the two meet."""

from __future__ import annotations

from itertools import product
from math import cos, pi, sqrt

from lrcourse.answers.mistakes.warmup_lr import AFTER, RISE
from lrcourse.checking.exercise import Mistake


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
        "In the warmup the rate stays the same: it should rise, in equal parts.",
        lambda e, p, k, a, lr: p * 0.1,
        *(lambda e, p, k, a, lr, share=share: p * share for share in (0.0, 0.01, 0.2, 0.5)),
        *(lambda e, p, k, a, lr, rate=rate: rate for rate in (0.1, 0.01, 0.001, 1e-4)),
        lambda e, p, k, a, lr: a(0),
        lambda e, p, k, a, lr: p / (k + 1),
    ),
    _rise(
        "start-typed-in",
        "A start value is typed in: the rise is epoch + 1 equal parts of the peak, and nothing else.",
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
        "The warmup starts from the rate that Keras hands in, which may be wrong: use peak_lr and the epoch.",
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
        "after already has a say in the warmup: up to epoch warmup_epochs - 1 the rate rises to peak_lr.",
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


def _resting(formula):
    return then(lambda e, p, k, a, lr: p * (e + 1) / k, formula)


def _rest(id: str, sentence: str, *formulas) -> Mistake:
    """A wrong rest, in its forms, after the right warmup."""
    first, *others = map(_resting, formulas)
    return Mistake(id, sentence, first, AFTER, tuple(others))


def _whole(p, k, a):
    """Both rules at every epoch, for those who let the two decide together."""
    return lambda e: (p * min(1.0, (e + 1) / k), a(max(e - k, 0)))


_REST = (
    _rest(
        "after-backwards",
        "after is asked for a negative epoch: it is epoch - warmup_epochs, in this order.",
        lambda e, p, k, a, lr: a(k - e),
    ),
    _rest(
        "after-repeats",
        "% lets after start again and again: ask it for epoch - warmup_epochs.",
        lambda e, p, k, a, lr: a(e % k),
    ),
    _rest(
        "after-capped",
        "after gives the rate itself: do not cap it at the peak.",
        lambda e, p, k, a, lr: min(p, a(e - k)),
    ),
    _rest(
        "after-at-least-peak",
        "after gives the rate itself: it may be below the peak.",
        lambda e, p, k, a, lr: max(p, a(e - k)),
    ),
    _rest(
        "after-limited-by-current-rate",
        "after gives the rate itself: the rate that Keras hands in has no say.",
        lambda e, p, k, a, lr: min(lr, a(e - k)),
        lambda e, p, k, a, lr: max(lr, a(e - k)),
        lambda e, p, k, a, lr: lr * a(e - k),
        lambda e, p, k, a, lr: lr + a(e - k),
    ),
    _rest(
        "after-not-shifted",
        "after counts from the end of the warmup: call after(epoch - warmup_epochs), or its start is skipped.",
        lambda e, p, k, a, lr: a(e),
    ),
    _rest(
        "after-shifted-wrongly",
        "after is asked for a wrong epoch: it must be epoch - warmup_epochs.",
        lambda e, p, k, a, lr: a(e + k),
        lambda e, p, k, a, lr: a(e + 1),
        lambda e, p, k, a, lr: a(e - 1),
        lambda e, p, k, a, lr: a(e // k),
        lambda e, p, k, a, lr: a((e - k) // k),
        lambda e, p, k, a, lr: a(e - k + 2),
        lambda e, p, k, a, lr: a(e / k),
    ),
    _rest(
        "after-one-ahead",
        "after is asked one epoch ahead: at epoch warmup_epochs it must be asked for 0.",
        lambda e, p, k, a, lr: a(e - k + 1),
    ),
    _rest(
        "after-one-behind",
        "after is asked one epoch behind: at epoch warmup_epochs it must be asked for 0.",
        lambda e, p, k, a, lr: a(max(e - k - 1, 0)),
        lambda e, p, k, a, lr: a(e - k - 1),
    ),
    _rest(
        "peak-held-one-more",
        "The peak is held one epoch too long: epoch warmup_epochs already belongs to after.",
        lambda e, p, k, a, lr: p if e == k else a(e - k),
    ),
    _rest(
        "peak-held-then-late",
        "The peak is held one epoch too long, and after starts late.",
        lambda e, p, k, a, lr: p if e == k else a(e - k - 1),
    ),
    _rest(
        "after-never-called",
        "after is never asked: from epoch warmup_epochs on it gives the rate.",
        lambda e, p, k, a, lr: p,
    ),
    _rest(
        "goes-on-rising",
        "It keeps rising past the peak: from epoch warmup_epochs on after gives the rate.",
        lambda e, p, k, a, lr: p * (e + 1) / k,
        lambda e, p, k, a, lr: p * e / k,
    ),
    _rest(
        "decay-of-its-own",
        "After the warmup it computes a decay of its own: after gives the rate, whatever it is.",
        *(
            lambda e, p, k, a, lr, base=base, since=since: p * base ** since(e, k)
            for base, since in product(
                (0.5, 0.1, 0.8, 0.9, 0.95, 0.96, 0.98, 0.99),
                (lambda e, k: e - k, lambda e, k: e - k + 1, lambda e, k: e, lambda e, k: (e - k) // 10),
            )
        ),
        *(lambda e, p, k, a, lr, d=d: p / (1 + d * (e - k)) for d in (1, 0.1, 0.01)),
        lambda e, p, k, a, lr: p * k / (e + 1),
        lambda e, p, k, a, lr: p * sqrt(k / (e + 1)),
        *(lambda e, p, k, a, lr, base=base: lr * base for base in (0.5, 0.9, 0.95, 0.96, 0.99)),
    ),
    _rest(
        "after-frozen",
        "after always answers as for epoch 0: ask it for the epochs since the warmup.",
        lambda e, p, k, a, lr: a(0),
    ),
    _rest(
        "after-frozen-elsewhere",
        "after is asked for the same epoch every time: ask it for the epochs since the warmup.",
        lambda e, p, k, a, lr: a(k),
        lambda e, p, k, a, lr: a(k - 1),
        lambda e, p, k, a, lr: a(1),
    ),
    _rest(
        "after-times-peak",
        "after gives the rate itself: do not multiply it by the peak.",
        lambda e, p, k, a, lr: p * a(e - k),
        lambda e, p, k, a, lr: p * a(e),
    ),
    _rest(
        "after-changed",
        "after gives the rate itself: return it as it is.",
        lambda e, p, k, a, lr: p + a(e - k),
        lambda e, p, k, a, lr: p - a(e - k),
        lambda e, p, k, a, lr: p * a(e - k) / a(0),
        lambda e, p, k, a, lr: a(e - k) / p,
        lambda e, p, k, a, lr: a(e - k) * (e + 1) / k,
    ),
    _rest(
        "current-rate-kept",
        "After the warmup it returns the rate that Keras hands in: ask after.",
        lambda e, p, k, a, lr: lr,
    ),
    _rest(
        "after-not-called",
        "It returns the function after itself: call it, after(epoch - warmup_epochs).",
        lambda e, p, k, a, lr: a,
    ),
    _rest(
        "after-arguments",
        "after takes one number, the epochs since the warmup: after(epoch - warmup_epochs).",
        lambda e, p, k, a, lr: a(e - k, lr),
        lambda e, p, k, a, lr: a(),
        lambda e, p, k, a, lr: a(e - k, lr, p),
        lambda e, p, k, a, lr: a * (e - k),
        lambda e, p, k, a, lr: a[e - k],
    ),
    _rest(
        "zero-after",
        "After the warmup the rate is 0: ask after.",
        lambda e, p, k, a, lr: 0.0,
    ),
    _rest(
        "nothing-after",
        "After the warmup it returns nothing: a `return` is missing before after(...).",
        lambda e, p, k, a, lr: None,
    ),
)

_JOIN = (
    Mistake(
        "overshoots",
        "Epoch warmup_epochs is above the peak: it already belongs to after.",
        lambda p, k, a: lambda e, lr: p * (e + 1) / k if e <= k else a(e - k),
        AFTER,
        variants=(lambda p, k, a: lambda e, lr: p * (e + 1) / k if e <= k else a(e - k - 1),),
    ),
    Mistake(
        "after-too-early",
        "after begins one epoch early: epoch warmup_epochs - 1 still belongs to the warmup.",
        lambda p, k, a: lambda e, lr: p * (e + 1) / k if e < k - 1 else a(e - k + 1),
        variants=(lambda p, k, a: lambda e, lr: p * (e + 1) / k if e < k - 1 else a(e - k),),
    ),
    Mistake(
        "after-and-no-warmup",
        "There is no warmup at all: after is asked from epoch 0 on.",
        lambda p, k, a: lambda e, lr: a(e),
    ),
    Mistake(
        "both-at-once",
        "Warmup and after decide together at every epoch: before warmup_epochs one rule, from there on the other.",
        lambda p, k, a: lambda e, lr: min(_whole(p, k, a)(e)),
        variants=(
            lambda p, k, a: lambda e, lr: max(_whole(p, k, a)(e)),
            lambda p, k, a: lambda e, lr: sum(_whole(p, k, a)(e)),
            lambda p, k, a: lambda e, lr: min(p * (e + 1) / k, a(e)),
            lambda p, k, a: lambda e, lr: min(1.0, (e + 1) / k) * a(e),
            lambda p, k, a: lambda e, lr: p * min(1.0, (e + 1) / k) * a(e),
            lambda p, k, a: lambda e, lr: min(1.0, (e + 1) / k) * a(max(e - k, 0)),
        ),
    ),
    Mistake(
        "rules-swapped",
        "The two rules are swapped: the warmup comes first, then after.",
        lambda p, k, a: lambda e, lr: a(e - k) if e < k else p * (e + 1) / k,
        variants=(lambda p, k, a: lambda e, lr: a(e) if e < k else p * (e + 1) / k,),
    ),
    Mistake(
        "no-function",
        "It must return a function (epoch, lr): define one inside warmup_then, and return it without calling it.",
        lambda p, k, a: p,
    ),
    Mistake(
        "no-epoch-argument",
        "Keras calls the returned function with two arguments, (epoch, lr): it must take both. after takes one.",
        lambda p, k, a: lambda e: p * (e + 1) / k if e < k else a(e - k),
        variants=(lambda p, k, a: a, lambda p, k, a: lambda: p, lambda p, k, a: lambda e, lr, peak: p),
    ),
    Mistake(
        "arguments-swapped",
        "Keras hands in the epoch first, then lr: the inner function takes them the other way round.",
        lambda p, k, a: lambda lr, e: p * (e + 1) / k if e < k else a(e - k),
    ),
)

MISTAKES = WRONG_RISES + _REST + _JOIN
