"""Known mistakes of `halving` about how often the rate has been halved."""

from __future__ import annotations

from math import ceil, floor

from lrcourse.exercises.definition import Mistake


def from_epoch(formula):
    """A scheduler that looks at the epoch alone: `formula(initial_lr, every, epoch)`."""
    return lambda i, k: lambda e, lr: formula(i, k, e)


def halved(count):
    """initial_lr halved `count(epoch, every)` times."""
    return lambda i, k: lambda e, lr: i * 0.5 ** count(e, k)


COUNT = (
    Mistake("every-epoch", "It halves at every epoch: only every `every` epochs.", halved(lambda e, k: e)),
    Mistake(
        "power-of-difference",
        "From epoch `every` on it halves at every epoch: count whole times, epoch // every.",
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
        "rounds-up", "It halves too early: only whole times count, so epoch // every.", halved(lambda e, k: ceil(e / k))
    ),
    Mistake(
        "rounds",
        "It halves too early: round() goes up from the middle; // does not.",
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
        "It halves every so many epochs, but not every `every`: one is added or taken away.",
        halved(lambda e, k: e // (k + 1)),
        variants=(halved(lambda e, k: e // max(k - 1, 1)), halved(lambda e, k: e // (k - 1))),
    ),
    Mistake(
        "smooth",
        "It falls a little at every epoch: only whole times count, epoch // every.",
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
        "It is halved AT each multiple of `every` and jumps back: the halvings add up.",
        from_epoch(lambda i, k, e: i * 0.5 if e > 0 and e % k == 0 else i),
        variants=(
            from_epoch(lambda i, k, e: i * 0.5 if e % k == 0 else i),
            from_epoch(lambda i, k, e: i * 0.5 ** (e // k) if e % k == 0 else i),
        ),
    ),
    Mistake(
        "once-only",
        "It is halved once: the halvings go on.",
        from_epoch(lambda i, k, e: i * 0.5 if e >= k else i),
        variants=(
            from_epoch(lambda i, k, e: i * 0.5 if e > k else i),
            from_epoch(lambda i, k, e: i * 0.5 if e == k else i),
        ),
    ),
    Mistake(
        "a-few-only",
        "It stops after a few halvings: they go on.",
        halved(lambda e, k: min(e // k, 3)),
        variants=tuple(halved(lambda e, k, last=last: min(e // k, last)) for last in (2, 4, 5, 6, 8, 10, 20)),
    ),
    Mistake(
        "floor",
        "It has a smallest rate of its own: the task knows none, and the halvings go on.",
        from_epoch(lambda i, k, e: max(i * 0.5 ** (e // k), 1e-6)),
        variants=tuple(
            from_epoch(lambda i, k, e, least=least: max(i * 0.5 ** (e // k), least))
            for least in (0.01, 0.005, 0.001, 5e-4, 1e-4, 1e-5, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
        ),
    ),
)
