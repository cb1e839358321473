"""Exercises of lesson 04: halving the rate, first as the lesson writes it, then so that a resume does no harm."""

from __future__ import annotations

from random import Random

from lrcourse.answers.mistakes import custom_lr_scheduler, halving
from lrcourse.checking.exercise import Exercise, Part, Probe, Result

LESSON = "04_custom_decay"


def _custom_lr_scheduler(epoch, lr):
    return lr * 0.5 if epoch > 0 and epoch % 10 == 0 else lr


def _draw_custom(random: Random) -> list[Probe]:
    import numpy as np

    probes = [
        Probe((epoch, 0.08)) for epoch in (0, 1, 5, 9, 10, 11, 15, 19, 20, 21, 24, 29, 30, 77, 100, 101, 200, 1000)
    ]
    # The small ones are below any smallest rate that a student may think of.
    probes += [Probe((10, 1e-4)), Probe((30, 2e-6)), Probe((20, 1e-9)), Probe((7, 1e-9)), Probe((20, 5.0))]
    probes.append(Probe((np.int64(40), 0.3)))
    for _ in range(4):
        probes.append(Probe((10 * random.randrange(1, 12), random.uniform(0.001, 0.9))))
        probes.append(Probe((10 * random.randrange(0, 12) + random.randrange(1, 10), random.uniform(0.001, 0.9))))
    return probes


def _halving(initial_lr, every):
    return lambda epoch, lr: initial_lr * 0.5 ** (epoch // every)


def _draw_halving(random: Random) -> list[Probe]:
    probes = [Probe((0.1, 10), ((0, 0.1), (9, 0.1), (10, 0.1), (11, 0.05), (20, 0.05), (35, 0.0125), (100, 0.0125)))]
    for _ in range(3):
        every = random.randrange(2, 13)
        stranger = random.uniform(5, 30)  # a resumed optimizer brings any rate along; this one is no epoch either
        epochs = (
            0,
            1,
            every - 1,
            every,
            every + 1,
            2 * every,
            4 * every - 1,
            5 * every,
            random.randrange(2, 60),
            25 * every,
            60 * every,
        )
        probes.append(Probe((random.uniform(0.01, 0.9), every), tuple((epoch, stranger) for epoch in epochs)))
    probes.append(Probe((0.4, 1), ((0, 0.01), (1, 0.01), (3, 0.01))))
    probes.append(Probe((5, 2), ((0, 5.0), (2, 5.0))))
    return probes


EXERCISES = (
    Exercise(
        id="custom_lr_scheduler",
        lesson=LESSON,
        signature="custom_lr_scheduler(epoch, lr)",
        result=Result.NUMBER,
        prompt=(
            "Return the rate for `epoch`, which counts from 0, when the current rate is `lr`: half of `lr` at epochs 10, 20, "
            "30 ..., at all other epochs `lr` as it is. Epoch 0 keeps the rate."
        ),
        reference=_custom_lr_scheduler,
        parts=(
            Part("the rate", 2, (Probe((0, 0.1)), Probe((5, 0.1)), Probe((10, 0.1)), Probe((20, 0.05))), _draw_custom),
        ),
        hints=(
            "epoch % 10 is 0 at epochs 0, 10, 20 ...; one of them must be left out.",
            "Keras hands in the rate of the epoch before: halve that, and only at those epochs.",
        ),
        mistakes=custom_lr_scheduler.MISTAKES,
    ),
    Exercise(
        id="halving",
        lesson=LESSON,
        signature="halving(initial_lr, every)",
        result=Result.SCHEDULER,
        prompt=(
            "Return a scheduler function `(epoch, lr) -> float` for `LearningRateScheduler` that halves `initial_lr` every `every` "
            "epochs and stays right when training is resumed or `fit` is called again: the rate depends on the epoch alone."
        ),
        reference=_halving,
        parts=(
            Part(
                "the rate at every epoch",
                3,
                (Probe((0.1, 10), ((0, 0.1), (10, 0.1), (25, 0.05))), Probe((0.1, 10), ((20, 0.3),))),
                _draw_halving,
            ),
        ),
        hints=(
            "Define a function inside the function and return it; it may use initial_lr and every.",
            "How often has the rate been halved before this epoch? Do not use lr at all.",
        ),
        mistakes=halving.MISTAKES,
    ),
)
