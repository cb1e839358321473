"""Exercises of lesson 05: a linear warmup, and a warmup joined to what comes after it."""

from __future__ import annotations

from random import Random

from lrcourse.answers.mistakes import warmup_lr, warmup_then
from lrcourse.answers.mistakes.warmup_lr import AFTER, RISE
from lrcourse.checking.exercise import Exercise, Part, Probe, Result, Table

LESSON = "05_warmup"


def _warmup_lr(epoch, peak_lr, warmup_epochs):
    return peak_lr * min(1.0, (epoch + 1) / warmup_epochs)


def _draw_rise(random: Random) -> list[Probe]:
    probes = [Probe((epoch, 0.1, 5)) for epoch in range(5)] + [Probe((0, 0.2, 1)), Probe((0, 3, 4)), Probe((2, 3, 4))]
    probes += [Probe((epoch, 1e-9, 4)) for epoch in (0, 1)]  # below any smallest rate that a student may think of
    for _ in range(4):
        k = random.randrange(3, 25)
        peak = random.uniform(0.01, 1.0)
        probes += [Probe((random.randrange(0, k), peak, k)), Probe((k - 1, peak, k)), Probe((0, peak, k))]
    return probes


def _draw_after(random: Random) -> list[Probe]:
    import numpy as np

    probes = [
        Probe((6, 0.1, 5)),
        Probe((1000, 0.1, 5)),
        Probe((1, 0.2, 1)),
        Probe((np.int64(9), 0.3, 4)),
        Probe((9, 1e-9, 4)),
    ]
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
    # A resumed optimizer may bring a low rate along; the peak may be a whole number, or below any smallest rate.
    probes += [Probe((peak, 4, _table(random)), ((0, 0.01), (1, 0.01), (3, 0.01))) for peak in (0.5, 3, 1e-9)]
    return probes


def _draw_then_after(random: Random) -> list[Probe]:
    probes = []
    for _ in range(3):
        k = random.randrange(3, 12)
        epochs = (k, k + 1, k + 2, 2 * k, 2 * k + 1, k + random.randrange(5, 40), k + 55)
        probes.append(Probe((random.uniform(0.05, 1.0), k, _table(random)), _asked(epochs, random)))
    probes.append(Probe((0.2, 1, _table(random)), _asked((1, 2), random)))
    probes.append(Probe((0.2, 3, Table((5.0, 1e-9, 0.3))), _asked((3, 4, 5), random)))  # after may give any rate
    return probes


_EXAMPLE = Table((0.1, 0.09, 0.08, 0.07))


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
        mistakes=warmup_lr.MISTAKES,
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
        mistakes=warmup_then.MISTAKES,
    ),
)
