"""Exercises of lesson 02: time-based decay by hand, and as Keras schedules in both readings of `decay`."""

from __future__ import annotations

from random import Random

from lrcourse.answers.keras_forms import even_lengths
from lrcourse.answers.mistakes import per_epoch_decay, per_update_decay, time_based_decay
from lrcourse.checking.exercise import Exercise, Part, Probe, Result

LESSON = "02_time_based_decay"


def _time_based_decay(initial_lr, decay, step):
    return initial_lr / (1 + decay * step)


def _draw(random: Random) -> list[Probe]:
    import numpy as np

    probes = [
        Probe((0.1, 0.01, 0)),
        Probe((0.1, 0.01, 1)),
        Probe((0.3, 0.0, 50)),
        Probe((0.05, 0.02, np.int64(37))),
        Probe((0.1, 0.001, 200_000)),
        Probe((0.01, 0.5, 400_000)),
        Probe((2, 1, 3)),
        Probe((7, 1, 1)),
        Probe((1e-9, 0.5, 30)),  # below any smallest rate that a student may think of
    ]
    for _ in range(6):
        probes.append(Probe((random.uniform(0.01, 1.0), random.uniform(0.001, 0.2), random.randrange(2, 400))))
    return probes


def _rates(initial_lr, decay):
    return lambda step: initial_lr / (1 + decay * step)


def _staircase(initial_lr, decay, steps_per_epoch):
    return lambda step: initial_lr / (1 + decay * (step // steps_per_epoch))


def _draw_per_update(random: Random) -> list[Probe]:
    return [
        Probe((random.uniform(0.02, 0.9), random.uniform(0.002, 0.1)), (0, 1, 2, 3, random.randrange(20, 200), 3000))
        for _ in range(2)
    ] + [Probe((0.2, 0.0), (0, 1, 50))]


def _draw_per_epoch(random: Random) -> list[Probe]:
    probes = []
    for _ in range(2):
        epoch = random.randrange(3, 40)
        decay = random.uniform(0.02, 0.5)
        spe = random.choice(even_lengths(8, 60))
        probes.append(
            Probe(
                (random.uniform(0.02, 0.9), decay, spe),
                (0, spe // 2, spe - 1, spe, spe + 1, 2 * spe - 2, 2 * spe, epoch * spe - 1, epoch * spe, 500 * spe),
            )
        )
    return probes


EXERCISES = (
    Exercise(
        id="time_based_decay",
        lesson=LESSON,
        signature="time_based_decay(initial_lr, decay, step)",
        result=Result.NUMBER,
        prompt=(
            "Return the rate of time-based decay at `step`, which counts from 0: the first step still has `initial_lr`, and "
            "the rate is halved when `decay * step` reaches 1."
        ),
        reference=_time_based_decay,
        parts=(Part("the rate", 2, (Probe((0.1, 0.01, 0)), Probe((0.1, 0.01, 100)), Probe((0.5, 0.1, 30))), _draw),),
        hints=(
            "The step is below the fraction line: the rate is initial_lr divided by something that grows with the step.",
            "What it is divided by is 1 at step 0 and 2 where decay * step is 1.",
        ),
        mistakes=time_based_decay.MISTAKES,
    ),
    Exercise(
        id="per_update_decay",
        lesson=LESSON,
        signature="per_update_decay(initial_lr, decay)",
        result=Result.KERAS_SCHEDULE,
        prompt=(
            "Return a Keras schedule that does what `decay` did in legacy Keras: the rate of update n is "
            "`initial_lr / (1 + decay * n)`, a little lower at EVERY update."
        ),
        reference=_rates,
        parts=(Part("the applied rates", 2, (Probe((0.1, 0.01), (0, 1, 45, 100)),), _draw_per_update),),
        hints=(
            "keras.optimizers.schedules has a class for this formula: InverseTimeDecay.",
            "Its decay_steps says how many updates make one unit of time. Here each update is one.",
        ),
        mistakes=per_update_decay.MISTAKES,
    ),
    Exercise(
        id="per_epoch_decay",
        lesson=LESSON,
        signature="per_epoch_decay(initial_lr, decay, steps_per_epoch)",
        result=Result.KERAS_SCHEDULE,
        prompt=(
            "Return a Keras schedule for the other reading of `decay`, once per EPOCH: all `steps_per_epoch` updates of epoch "
            "e have the rate `initial_lr / (1 + decay * e)`, epochs counting from 0."
        ),
        reference=_staircase,
        parts=(Part("the applied rates", 2, (Probe((0.1, 0.01, 45), (0, 44, 45, 90)),), _draw_per_epoch),),
        hints=(
            "InverseTimeDecay again; this time one unit of time is a whole epoch.",
            "staircase=True keeps the rate level inside an epoch.",
        ),
        mistakes=per_epoch_decay.MISTAKES,
    ),
)
