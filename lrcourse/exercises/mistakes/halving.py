"""Known mistakes of `halving`: the current rate in place of the initial one, another factor, what is no function."""

from __future__ import annotations

from math import exp

from lrcourse.exercises.definition import Mistake
from lrcourse.exercises.mistakes.halving_count import COUNT, from_epoch, halved

_FACTORS = (0.01, 0.05, 0.2, 0.25, 0.3, 0.4, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.96, 0.99, 1.5)


def _times(factor: float):
    return from_epoch(lambda i, k, e: i * factor ** (e // k))


_CURRENT = (
    Mistake(
        "uses-current-rate",
        "It halves the rate that Keras hands in, so a resume or a second fit starts from a wrong one: use initial_lr.",
        lambda i, k: lambda e, lr: lr * 0.5 if e > 0 and e % k == 0 else lr,
        variants=(
            lambda i, k: lambda e, lr: i if e == 0 else lr * 0.5 if e % k == 0 else lr,
            lambda i, k: lambda e, lr: i if e < k else lr * 0.5 if e % k == 0 else lr,
            lambda i, k: lambda e, lr: lr * 0.5 if e > 0 and e % k == 0 else i,
            lambda i, k: lambda e, lr: i if e < k else lr * 0.5,
            lambda i, k: lambda e, lr: lr * 0.5 if e >= k else lr,
            lambda i, k: lambda e, lr: lr * 0.5,
        ),
    ),
    Mistake(
        "uses-current-rate-and-halves-at-0",
        "It halves the rate that Keras hands in, at epoch 0 too: compute from initial_lr and the epoch.",
        lambda i, k: lambda e, lr: lr * 0.5 if e % k == 0 else lr,
        variants=(lambda i, k: lambda e, lr: lr * 0.5 if e % k == 0 else i,),
    ),
    Mistake(
        "compounds-current-rate",
        "It multiplies the CURRENT rate by all halvings so far: use initial_lr in place of lr.",
        lambda i, k: lambda e, lr: lr * 0.5 ** (e // k),
        variants=(
            lambda i, k: lambda e, lr: i if e < k else lr * 0.5 ** (e // k),
            lambda i, k: lambda e, lr: lr * 0.5 ** (e / k),
            lambda i, k: lambda e, lr: lr * 0.5 ** (e // k) if e % k == 0 else lr,
        ),
    ),
    Mistake(
        "keeps-current-rate",
        "Between the halvings it returns the rate that Keras hands in, which may be wrong: use initial_lr.",
        lambda i, k: lambda e, lr: i * 0.5 ** (e // k) if e % k == 0 else lr,
        variants=(
            lambda i, k: lambda e, lr: i * 0.5 ** (e // k) if e > 0 and e % k == 0 else lr,
            lambda i, k: lambda e, lr: i * 0.5 if e > 0 and e % k == 0 else lr,
            lambda i, k: lambda e, lr: i * 0.5 if e % k == 0 else lr,
            lambda i, k: lambda e, lr: i * 0.5 ** (e // k) if e >= k else lr,
        ),
    ),
    Mistake(
        "limited-by-current-rate",
        "The rate that Keras hands in decides between two values: leave lr out, the epoch alone counts.",
        lambda i, k: lambda e, lr: min(lr, i * 0.5 ** (e // k)),
        variants=(lambda i, k: lambda e, lr: max(lr, i * 0.5 ** (e // k)),),
    ),
    Mistake(
        "always-current-rate",
        "It returns the rate that Keras hands in: compute it from initial_lr and the epoch.",
        lambda i, k: lambda e, lr: lr,
    ),
)

_WHAT = (
    Mistake("a-tenth", "It divides by 10: halve the rate.", _times(0.1)),
    Mistake("doubles", "It doubles: multiply by 0.5.", _times(2.0)),
    Mistake(
        "other-factor",
        "The factor is not a half: 0.5 ** count.",
        _times(0.9),
        variants=tuple(_times(factor) for factor in _FACTORS if factor != 0.9),
    ),
    Mistake(
        "natural-exponential",
        "This is a power of the number e: halvings are powers of 0.5.",
        from_epoch(lambda i, k, e: i * exp(-(e // k))),
        variants=(
            from_epoch(lambda i, k, e: i * exp(-0.5 * (e // k))),
            from_epoch(lambda i, k, e: i * exp(-e / k)),
            from_epoch(lambda i, k, e: i * exp(-0.5 * e / k)),
        ),
    ),
    Mistake(
        "every-ignored",
        "every has no effect: it always halves every 10 epochs.",
        halved(lambda e, k: e // 10),
    ),
    Mistake(
        "every-typed-in",
        "every has no effect: another number of epochs is typed in.",
        halved(lambda e, k: e // 5),
        variants=tuple(halved(lambda e, k, typed=typed: e // typed) for typed in (2, 3, 20, 25, 30, 50, 100)),
    ),
    Mistake(
        "initial-typed-in",
        "initial_lr has no effect: a rate of its own is typed in.",
        from_epoch(lambda i, k, e: 0.01 * 0.5 ** (e // k)),
        variants=tuple(
            from_epoch(lambda i, k, e, typed=typed: typed * 0.5 ** (e // k)) for typed in (0.5, 0.2, 0.05, 0.02, 0.001)
        ),
    ),
    Mistake(
        "whole-number-division",
        "The rate is cut to a whole number, as // and int() do: use / or * 0.5.",
        from_epoch(lambda i, k, e: i // 2 ** (e // k)),
    ),
    Mistake("constant", "The rate never changes.", from_epoch(lambda i, k, e: i)),
)

_KIND = (
    Mistake(
        "nothing-between",
        "At some epochs it returns nothing: every epoch needs its rate.",
        from_epoch(lambda i, k, e: i * 0.5 ** (e // k) if e % k == 0 else None),
        variants=(
            from_epoch(lambda i, k, e: i * 0.5 ** (e // k) if e > 0 and e % k == 0 else None),
            from_epoch(lambda i, k, e: i * 0.5 ** (e // k) if e >= k else None),
            from_epoch(lambda i, k, e: i * 0.5 if e > 0 and e % k == 0 else None),
        ),
    ),
    Mistake(
        "no-function",
        "It must return a function (epoch, lr): define one inside halving, and return it without calling it.",
        lambda i, k: i * 0.5,
    ),
    Mistake(
        "no-epoch-argument",
        "Keras calls the function with two arguments, (epoch, lr): it must take both.",
        lambda i, k: lambda e: i * 0.5 ** (e // k),
        variants=(lambda i, k: lambda: i * 0.5, lambda i, k: lambda e, lr, every: i * 0.5 ** (e // every)),
    ),
    Mistake(
        "arguments-swapped",
        "Keras hands in the epoch first, then lr: the inner function takes them the other way round.",
        lambda i, k: lambda lr, e: i * 0.5 ** (e // k),
    ),
)

MISTAKES = _CURRENT + COUNT + _WHAT + _KIND
