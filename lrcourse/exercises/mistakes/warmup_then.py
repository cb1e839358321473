"""Known mistakes of `warmup_then`: what `after` is asked, and where the two meet."""

from __future__ import annotations

from itertools import product
from math import sqrt

from lrcourse.exercises.definition import Mistake
from lrcourse.exercises.mistakes.warmup_lr_rise import AFTER
from lrcourse.exercises.mistakes.warmup_then_rise import WRONG_RISES, then


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
        "It goes on rising past the peak: from epoch warmup_epochs on after gives the rate.",
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
        "Epoch warmup_epochs is above the peak: it belongs to after already.",
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
        "Keras calls what warmup_then returns with two arguments, (epoch, lr): both of them. after takes one.",
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
