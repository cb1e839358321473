"""Exercises of lesson 05: a linear warmup, and a warmup joined to what comes after it."""

from __future__ import annotations

from random import Random

from lrcourse.exercises.definition import Exercise, Mistake, Part, Probe, Result, Table

LESSON = "05_warmup"
RISE, AFTER = "the warmup", "after the warmup"


def _warmup_lr(epoch, peak_lr, warmup_epochs):
    return peak_lr * min(1.0, (epoch + 1) / warmup_epochs)


def _draw_rise(random: Random) -> list[Probe]:
    probes = [Probe((epoch, 0.1, 5)) for epoch in range(5)] + [Probe((0, 0.2, 1)), Probe((0, 3, 4)), Probe((2, 3, 4))]
    for _ in range(4):
        k = random.randrange(3, 25)
        peak = random.uniform(0.01, 1.0)
        probes += [Probe((random.randrange(0, k), peak, k)), Probe((k - 1, peak, k)), Probe((0, peak, k))]
    return probes


def _draw_after(random: Random) -> list[Probe]:
    import numpy as np

    probes = [Probe((6, 0.1, 5)), Probe((1000, 0.1, 5)), Probe((1, 0.2, 1)), Probe((np.int64(9), 0.3, 4))]
    for _ in range(4):
        k = random.randrange(2, 25)
        probes += [
            Probe((k, random.uniform(0.01, 1.0), k)),
            Probe((k + random.randrange(1, 40), random.uniform(0.01, 1.0), k)),
        ]
    return probes


def _warmup_then(peak_lr, warmup_epochs, after):
    return lambda epoch, lr: (
        peak_lr * (epoch + 1) / warmup_epochs if epoch < warmup_epochs else after(epoch - warmup_epochs)
    )


def _table(random: Random) -> Table:
    """Rates without a pattern, so that a wrong epoch is seen at once."""
    return Table(tuple(round(random.uniform(0.001, 0.5), 4) for _ in range(60)))


def _asked(epochs, random: Random) -> tuple:
    stranger = round(random.uniform(0.001, 0.9), 4)
    return tuple((epoch, stranger) for epoch in epochs)


def _draw_then_rise(random: Random) -> list[Probe]:
    probes = []
    for _ in range(3):
        k = random.randrange(3, 12)
        epochs = (0, 1, k // 2, k - 2, k - 1)
        probes.append(Probe((random.uniform(0.05, 1.0), k, _table(random)), _asked(epochs, random)))
    probes.append(Probe((0.2, 1, _table(random)), _asked((0,), random)))
    return probes


def _draw_then_after(random: Random) -> list[Probe]:
    probes = []
    for _ in range(3):
        k = random.randrange(3, 12)
        epochs = (k, k + 1, k + 2, 2 * k, 2 * k + 1, k + random.randrange(5, 40), k + 55)
        probes.append(Probe((random.uniform(0.05, 1.0), k, _table(random)), _asked(epochs, random)))
    probes.append(Probe((0.2, 1, _table(random)), _asked((1, 2), random)))
    return probes


_EXAMPLE = Table((0.1, 0.09, 0.08, 0.07))


def _then(rise, rest):
    """A wrong `warmup_then` made of a wrong rise or a wrong rest: both take (epoch, peak, k, after, lr)."""
    return lambda p, k, a: lambda e, lr: rise(e, p, k, a, lr) if e < k else rest(e, p, k, a, lr)


def _right_rise(e, p, k, a, lr):
    return p * (e + 1) / k


def _right_rest(e, p, k, a, lr):
    return a(e - k)


EXERCISES = (
    Exercise(
        id="warmup_lr",
        lesson=LESSON,
        signature="warmup_lr(epoch, peak_lr, warmup_epochs)",
        result=Result.NUMBER,
        prompt=(
            "Return the rate of a linear warmup at `epoch`, which counts from 0. It rises in equal parts over the first "
            "`warmup_epochs` epochs: epoch 0 already trains, with `peak_lr / warmup_epochs`; epoch `warmup_epochs - 1` and all "
            "later ones have `peak_lr`."
        ),
        reference=_warmup_lr,
        parts=(
            Part(RISE, 1, (Probe((0, 0.1, 5)), Probe((4, 0.1, 5))), _draw_rise),
            Part(AFTER, 1, (Probe((5, 0.1, 5)), Probe((20, 0.1, 5))), _draw_after),
        ),
        hints=(
            "Epoch 0 has one part of the peak, epoch 1 two parts: how many parts does `epoch` have?",
            "After the warmup the number of parts stays at warmup_epochs; min() can do that.",
        ),
        mistakes=(
            Mistake(
                "overshoots",
                "Epoch warmup_epochs is above the peak: the rise ends with epoch warmup_epochs - 1.",
                lambda e, p, k: p * (e + 1) / k if e <= k else p,
                AFTER,
            ),
            Mistake(
                "two-parts-ahead",
                "It is one part ahead: epoch 0 gets one part of the peak, epoch + 1 parts in all.",
                lambda e, p, k: p * min(1.0, (e + 2) / k),
            ),
            Mistake(
                "one-part-too-few",
                "It is divided into one part too few, so the peak comes an epoch early.",
                lambda e, p, k: p * min(1.0, (e + 1) / (k - 1)) if k > 1 else p,
                None,
                (lambda e, p, k: p * min(1.0, (e + 1) / (k - 1)),),
            ),
            Mistake(
                "epoch-0-at-rate-0",
                "Epoch 0 trains at rate 0 and is wasted: the first epoch gets one part, (epoch + 1) / warmup_epochs.",
                lambda e, p, k: p * min(1.0, e / k),
            ),
            Mistake(
                "never-reaches-peak",
                "It stops one part below the peak: use (epoch + 1) / warmup_epochs.",
                lambda e, p, k: p * min(e, k - 1) / k,
            ),
            Mistake(
                "one-part-too-many",
                "It is divided into one part too many: warmup_epochs parts, so that epoch warmup_epochs - 1 has the peak.",
                lambda e, p, k: p * min(1.0, (e + 1) / (k + 1)),
            ),
            Mistake(
                "from-0-to-peak",
                "It begins at 0 and wastes epoch 0: the first epoch gets peak_lr / warmup_epochs.",
                lambda e, p, k: p * min(1.0, e / (k - 1)) if k > 1 else p,
                variants=(
                    lambda e, p, k: p * min(1.0, e / (k - 1)),
                    lambda e, p, k: p * e / (k - 1) if e < k else p,
                    lambda e, p, k: p * e / max(k - 1, 1) if e < k else p,
                ),
            ),
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
                "above-the-peak",
                "It begins at the peak and rises above it: warmup starts BELOW the target and rises to it.",
                lambda e, p, k: p * (1 + min(e, k) / k),
            ),
            Mistake(
                "falls", "It falls: a warmup starts low and rises to the peak.", lambda e, p, k: p * max(0.0, 1 - e / k)
            ),
            Mistake("no-warmup", "The rate is the peak from the start: there is no warmup.", lambda e, p, k: p, RISE),
            Mistake(
                "zero-after",
                "After the warmup the rate is 0: keep peak_lr.",
                lambda e, p, k: p * (e + 1) / k if e < k else 0.0,
                AFTER,
            ),
            Mistake(
                "none-after",
                "After the warmup nothing is returned: return peak_lr.",
                lambda e, p, k: p * (e + 1) / k if e < k else None,
                AFTER,
            ),
            Mistake(
                "one-part-only",
                "It stays at the first part: multiply by the number of parts, epoch + 1.",
                lambda e, p, k: p / k if e < k else p,
                RISE,
            ),
            Mistake(
                "jumps-at-end",
                "It stays at the last value before the peak too long: epoch warmup_epochs - 1 must have the peak.",
                lambda e, p, k: p * e / k if e <= k else p * (k - 1) / k,
            ),
            Mistake(
                "squared",
                "It rises as a square: a linear warmup rises in equal parts.",
                lambda e, p, k: p * min(1.0, (e + 1) / k) ** 2,
            ),
            Mistake(
                "exponential",
                "It rises by a factor each epoch: a linear warmup rises in equal parts.",
                lambda e, p, k: p * 0.5 ** max(0, k - 1 - e),
            ),
            Mistake(
                "whole-number-division",
                "The rate is cut to a whole number, as // and int() do: use /.",
                lambda e, p, k: p * min(1, (e + 1) // k),
            ),
            Mistake(
                "fraction-only",
                "This is the share of the peak: multiply it by peak_lr.",
                lambda e, p, k: min(1.0, (e + 1) / k),
            ),
        ),
    ),
    Exercise(
        id="warmup_then",
        lesson=LESSON,
        signature="warmup_then(peak_lr, warmup_epochs, after)",
        result=Result.SCHEDULER,
        prompt=(
            "Return a scheduler function `(epoch, lr) -> float` that rises as `warmup_lr` does for `warmup_epochs` epochs and "
            "then hands over to `after`: `after(k)` is the rate k epochs after the warmup, so `after(0)` is the rate of epoch "
            "`warmup_epochs`."
        ),
        reference=_warmup_then,
        parts=(
            Part(RISE, 1, (Probe((0.1, 5, _EXAMPLE), ((0, 0.1), (4, 0.1))),), _draw_then_rise),
            Part(AFTER, 2, (Probe((0.1, 5, _EXAMPLE), ((5, 0.1), (7, 0.1))),), _draw_then_after),
        ),
        hints=(
            "Define a function inside the function and return it: before warmup_epochs one rule, from there on the other.",
            "after counts its own epochs: at epoch warmup_epochs it must be asked for 0.",
        ),
        mistakes=(
            Mistake(
                "overshoots",
                "Epoch warmup_epochs is above the peak: it belongs to after already.",
                lambda p, k, a: lambda e, lr: p * (e + 1) / k if e <= k else a(e - k),
                AFTER,
            ),
            Mistake(
                "after-backwards",
                "after is asked for a negative epoch: it is epoch - warmup_epochs, in this order.",
                _then(_right_rise, lambda e, p, k, a, lr: a(k - e)),
                AFTER,
            ),
            Mistake(
                "after-repeats",
                "% lets after start again and again: ask it for epoch - warmup_epochs.",
                _then(_right_rise, lambda e, p, k, a, lr: a(e % k)),
                AFTER,
            ),
            Mistake(
                "after-capped",
                "after gives the rate itself: do not cap it at the peak.",
                _then(_right_rise, lambda e, p, k, a, lr: min(p, a(e - k))),
                AFTER,
            ),
            Mistake(
                "after-and-no-warmup",
                "There is no warmup at all: after is asked from epoch 0 on.",
                lambda p, k, a: lambda e, lr: a(e),
            ),
            Mistake(
                "after-not-shifted",
                "after counts from the end of the warmup: call after(epoch - warmup_epochs), or its start is skipped.",
                _then(_right_rise, lambda e, p, k, a, lr: a(e)),
                AFTER,
            ),
            Mistake(
                "after-one-ahead",
                "after is asked one epoch ahead: at epoch warmup_epochs it must be asked for 0.",
                _then(_right_rise, lambda e, p, k, a, lr: a(e - k + 1)),
                AFTER,
            ),
            Mistake(
                "after-one-behind",
                "after is asked one epoch behind: at epoch warmup_epochs it must be asked for 0.",
                _then(_right_rise, lambda e, p, k, a, lr: a(max(e - k - 1, 0))),
                AFTER,
                variants=(_then(_right_rise, lambda e, p, k, a, lr: a(e - k - 1)),),
            ),
            Mistake(
                "peak-held-one-more",
                "The peak is held one epoch too long: epoch warmup_epochs already belongs to after.",
                _then(_right_rise, lambda e, p, k, a, lr: p if e == k else a(e - k)),
                AFTER,
            ),
            Mistake(
                "peak-held-then-late",
                "The peak is held one epoch too long, and after starts late.",
                _then(_right_rise, lambda e, p, k, a, lr: p if e == k else a(e - k - 1)),
                AFTER,
            ),
            Mistake(
                "after-never-called",
                "after is never asked: from epoch warmup_epochs on it gives the rate.",
                _then(_right_rise, lambda e, p, k, a, lr: p),
                AFTER,
            ),
            Mistake(
                "after-frozen",
                "after is asked for 0 every time: ask for the epochs since the warmup.",
                _then(_right_rise, lambda e, p, k, a, lr: a(0)),
                AFTER,
            ),
            Mistake(
                "after-times-peak",
                "after gives the rate itself: do not multiply it by the peak.",
                _then(_right_rise, lambda e, p, k, a, lr: p * a(e - k)),
                AFTER,
            ),
            Mistake(
                "current-rate-kept",
                "After the warmup it returns the rate that Keras hands in: ask after.",
                _then(_right_rise, lambda e, p, k, a, lr: lr),
                AFTER,
            ),
            Mistake(
                "after-not-called",
                "It returns the function after itself: call it, after(epoch - warmup_epochs).",
                _then(_right_rise, lambda e, p, k, a, lr: a),
                AFTER,
            ),
            Mistake(
                "epoch-0-at-rate-0",
                "Epoch 0 trains at rate 0 and is wasted: the first epoch gets one part of the peak.",
                _then(lambda e, p, k, a, lr: p * e / k, _right_rest),
                RISE,
            ),
            Mistake(
                "one-part-too-many",
                "It is divided into one part too many: epoch warmup_epochs - 1 must have the peak.",
                _then(lambda e, p, k, a, lr: p * (e + 1) / (k + 1), _right_rest),
                RISE,
            ),
            Mistake(
                "from-0-to-peak",
                "It begins at 0 and wastes epoch 0: the first epoch gets peak_lr / warmup_epochs.",
                _then(lambda e, p, k, a, lr: p * e / (k - 1) if k > 1 else p, _right_rest),
                RISE,
                variants=(
                    _then(lambda e, p, k, a, lr: p * e / (k - 1), _right_rest),
                    _then(lambda e, p, k, a, lr: p * e / max(k - 1, 1), _right_rest),
                ),
            ),
            Mistake(
                "no-warmup",
                "The rate is the peak from the start: there is no warmup.",
                _then(lambda e, p, k, a, lr: p, _right_rest),
                RISE,
            ),
            Mistake(
                "scales-current-rate",
                "The warmup scales the rate that Keras hands in: use peak_lr.",
                _then(lambda e, p, k, a, lr: lr * (e + 1) / k, _right_rest),
                RISE,
            ),
            Mistake(
                "scales-after",
                "During the warmup it scales after: rise to peak_lr.",
                _then(lambda e, p, k, a, lr: a(e) * (e + 1) / k, _right_rest),
                RISE,
            ),
            Mistake(
                "one-part-only",
                "It stays at the first part: multiply by the number of parts, epoch + 1.",
                _then(lambda e, p, k, a, lr: p / k, _right_rest),
                RISE,
            ),
        ),
    ),
)
