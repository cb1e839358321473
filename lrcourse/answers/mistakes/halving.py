"""Known mistakes of `halving`: the current rate in place of the initial one, another factor, what is no function."""

from __future__ import annotations

from math import ceil, exp, floor

from lrcourse.checking.exercise import Mistake


def from_epoch(formula):
    """A scheduler that looks at the epoch alone: `formula(initial_lr, every, epoch)`."""
    return lambda i, k: lambda e, lr: formula(i, k, e)


def halved(count):
    """initial_lr halved `count(epoch, every)` times."""
    return lambda i, k: lambda e, lr: i * 0.5 ** count(e, k)


COUNT = (
    Mistake("every-epoch", "It halves at every epoch: halve only every `every` epochs.", halved(lambda e, k: e)),
    Mistake(
        "power-of-difference",
        "From epoch `every` on it halves at every epoch: count complete periods, epoch // every.",
        halved(lambda e, k: max(e - k, 0)),
        variants=(halved(lambda e, k: e - k), halved(lambda e, k: max(e - k + 1, 0))),
    ),
    Mistake(
        "times-count",
        "It multiplies by 0.5 * count: the halvings are a power, 0.5 ** count.",
        from_epoch(lambda i, k, e: i * 0.5 * (e // k)),
        variants=(
            from_epoch(lambda i, k, e: i * 0.5 * (e // k) if e >= k else i),
            from_epoch(lambda i, k, e: i * 0.5 * (1 + e // k)),
        ),
    ),
    Mistake(
        "divides-by-count",
        "It divides by 1, 2, 3 ...: each halving halves again, 1, 2, 4 ...",
        from_epoch(lambda i, k, e: i / (1 + e // k)),
        variants=(
            from_epoch(lambda i, k, e: i / (e // k) if e >= k else i),
            from_epoch(lambda i, k, e: i / (1 + e / k)),
        ),
    ),
    Mistake(
        "divides-by-twice-count",
        "It divides by 2, 4, 6 ...: each halving halves again, 2, 4, 8 ...",
        from_epoch(lambda i, k, e: i / (2 * (e // k)) if e >= k else i),
        variants=(from_epoch(lambda i, k, e: i / (2 * (e // k + 1))),),
    ),
    Mistake(
        "linear",
        "It takes the same amount away each time: a halving takes half of what is left.",
        from_epoch(lambda i, k, e: i * (1 - 0.5 * (e // k))),
        variants=(
            from_epoch(lambda i, k, e: i * max(0.0, 1 - 0.5 * (e // k))),
            from_epoch(lambda i, k, e: i * (1 - 0.5 * e / k)),
            from_epoch(lambda i, k, e: i * max(0.0, 1 - 0.5 * e / k)),
            from_epoch(lambda i, k, e: i - 0.5 * (e // k)),
        ),
    ),
    Mistake(
        "rounds-up",
        "It halves too early: only complete periods count, so epoch // every.",
        halved(lambda e, k: ceil(e / k)),
    ),
    Mistake(
        "rounds",
        "It halves too early: round() rounds up from the middle; // does not.",
        halved(lambda e, k: round(e / k)),
        variants=(halved(lambda e, k: floor(e / k + 0.5)),),
    ),
    Mistake("starts-halved", "It is one halving ahead: epoch 0 has initial_lr.", halved(lambda e, k: e // k + 1)),
    Mistake(
        "one-halving-behind",
        "It is one halving behind: epoch `every` already has half of initial_lr.",
        halved(lambda e, k: max(e // k - 1, 0)),
        variants=(halved(lambda e, k: e // k - 1),),
    ),
    Mistake(
        "one-early",
        "It halves one epoch early: epoch `every` is the first with half the rate.",
        halved(lambda e, k: (e + 1) // k),
    ),
    Mistake(
        "one-late",
        "It halves one epoch late: epoch `every` already has half the rate.",
        halved(lambda e, k: max(e - 1, 0) // k),
        variants=(halved(lambda e, k: (e - 1) // k),),
    ),
    Mistake(
        "interval-off-by-one",
        "It halves at regular intervals, but not every `every` epochs: one is added or subtracted.",
        halved(lambda e, k: e // (k + 1)),
        variants=(halved(lambda e, k: e // max(k - 1, 1)), halved(lambda e, k: e // (k - 1))),
    ),
    Mistake(
        "smooth",
        "It falls a little at every epoch: only complete periods count, epoch // every.",
        halved(lambda e, k: e / k),
    ),
    Mistake(
        "remainder",
        "% gives the rest of the division, so the rate jumps back up: use //.",
        halved(lambda e, k: e % k),
    ),
    Mistake(
        "multiplied", "epoch is multiplied by every: divide, epoch // every.", halved(lambda e, k: min(e * k, 10**6))
    ),
    Mistake(
        "division-swapped",
        "epoch and every are swapped in the division: epoch // every.",
        halved(lambda e, k: k // e if e else 0),
        variants=(halved(lambda e, k: k // e), halved(lambda e, k: k / e), halved(lambda e, k: k / e if e else 0)),
    ),
    Mistake(
        "no-brackets",
        "Brackets are missing in the power: ** comes before / and //, so write 0.5 ** (epoch // every).",
        from_epoch(lambda i, k, e: i * 0.5**e // k),
        variants=(
            from_epoch(lambda i, k, e: i * 0.5**e / k),
            from_epoch(lambda i, k, e: i * (0.5**e // k)),
            from_epoch(lambda i, k, e: i / 2**e // k),
        ),
    ),
    Mistake(
        "power-covers-rate",
        "The power covers the initial rate too: initial_lr * (0.5 ** count), not (initial_lr * 0.5) ** count.",
        from_epoch(lambda i, k, e: (i * 0.5) ** (e // k)),
    ),
    Mistake(
        "factor-only", "This is the factor: multiply it by initial_lr.", from_epoch(lambda i, k, e: 0.5 ** (e // k))
    ),
    Mistake(
        "halves-only-there",
        "The rate is halved AT each multiple of `every` and then jumps back: the halvings add up.",
        from_epoch(lambda i, k, e: i * 0.5 if e > 0 and e % k == 0 else i),
        variants=(
            from_epoch(lambda i, k, e: i * 0.5 if e % k == 0 else i),
            from_epoch(lambda i, k, e: i * 0.5 ** (e // k) if e % k == 0 else i),
        ),
    ),
    Mistake(
        "once-only",
        "The rate is halved only once: the halvings continue.",
        from_epoch(lambda i, k, e: i * 0.5 if e >= k else i),
        variants=(
            from_epoch(lambda i, k, e: i * 0.5 if e > k else i),
            from_epoch(lambda i, k, e: i * 0.5 if e == k else i),
        ),
    ),
    Mistake(
        "a-few-only",
        "It stops after a few halvings: they continue.",
        halved(lambda e, k: min(e // k, 3)),
        variants=tuple(halved(lambda e, k, last=last: min(e // k, last)) for last in (2, 4, 5, 6, 8, 10, 20)),
    ),
    Mistake(
        "floor",
        "It has a lower limit of its own: the task sets none, and the halvings continue.",
        from_epoch(lambda i, k, e: max(i * 0.5 ** (e // k), 1e-6)),
        variants=tuple(
            from_epoch(lambda i, k, e, least=least: max(i * 0.5 ** (e // k), least))
            for least in (0.01, 0.005, 0.001, 5e-4, 1e-4, 1e-5, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
        ),
    ),
)


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
        "The rate that Keras hands in decides between two values: leave lr out; the epoch alone counts.",
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
    Mistake("doubles", "It doubles the rate: multiply by 0.5.", _times(2.0)),
    Mistake(
        "other-factor",
        "The factor is not one half: use 0.5 ** count.",
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
