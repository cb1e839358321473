"""Exercises of lesson 02: time-based decay by hand, and as Keras schedules in both readings of `decay`."""

from __future__ import annotations

from math import exp, sqrt
from random import Random

from lrcourse.exercises.definition import Exercise, Mistake, Part, Probe, Result
from lrcourse.exercises.keras_mistakes import keras_max, keras_rates

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
    ]
    for _ in range(6):
        probes.append(Probe((random.uniform(0.01, 1.0), random.uniform(0.001, 0.2), random.randrange(2, 400))))
    return probes


def _compounded(initial_lr, decay, step):
    rate = initial_lr
    for count in range(1, int(step) + 1):
        rate /= 1 + decay * count
        if rate == 0:
            break
    return rate


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
        spe = random.randrange(8, 60)
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
            "The step stands below the fraction line: the rate is initial_lr divided by something that grows with the step.",
            "What it is divided by is 1 at step 0 and 2 where decay * step is 1.",
        ),
        mistakes=(
            Mistake(
                "halving-power",
                "This halves at equal intervals, which is exponential decay; divide by 1 + decay * step.",
                lambda i, d, n: i * 0.5 ** (d * n),
            ),
            Mistake(
                "decay-as-factor",
                "This multiplies by decay at every step, and the rate is gone at once; divide by 1 + decay * step.",
                lambda i, d, n: i * d**n,
            ),
            Mistake(
                "amount-lost",
                "This is what the rate has lost; return what is left of it.",
                lambda i, d, n: i - i / (1 + d * n),
            ),
            Mistake(
                "exponential",
                "This is exponential decay; time-based decay divides by 1 + decay * step.",
                lambda i, d, n: i * exp(-d * n),
            ),
            Mistake(
                "geometric",
                "This multiplies by (1 - decay) at every step, which is exponential decay; time-based decay divides by 1 + decay * step.",
                lambda i, d, n: i * (1 - d) ** n,
            ),
            Mistake(
                "linear",
                "This falls along a straight line; time-based decay divides by 1 + decay * step and never reaches 0.",
                lambda i, d, n: i * (1 - d * n),
            ),
            Mistake(
                "linear-clipped",
                "This falls along a straight line to 0; time-based decay divides by 1 + decay * step and never reaches 0.",
                lambda i, d, n: max(0.0, i * (1 - d * n)),
            ),
            Mistake(
                "one-ahead",
                "It is one step ahead: step 0 must still have the initial rate.",
                lambda i, d, n: i / (1 + d * (n + 1)),
            ),
            Mistake(
                "one-behind",
                "It is one step behind: step 1 is already decayed once.",
                lambda i, d, n: i / (1 + d * max(n - 1, 0)),
                variants=(lambda i, d, n: i / (1 + d * (n - 1)),),
            ),
            Mistake(
                "compounding-current-rate",
                "It divides the CURRENT rate again at every step; divide the initial rate once.",
                _compounded,
            ),
            Mistake(
                "compounding-power",
                "It divides by (1 + decay) at every step, a power of it; time-based decay divides once, by 1 + decay * step.",
                lambda i, d, n: i / (1 + d) ** n,
            ),
            Mistake(
                "no-one",
                "The 1 is missing below the line: at step 0 this divides by zero.",
                lambda i, d, n: i / (d * n),
                variants=(
                    lambda i, d, n: i / (d * n) if n else i,
                    lambda i, d, n: i / (d * n) if d * n else i,
                ),
            ),
            Mistake(
                "no-brackets",
                "Brackets are missing: initial_lr / 1 + decay * step divides by 1 only. Write initial_lr / (1 + decay * step).",
                lambda i, d, n: i / 1 + d * n,
            ),
            Mistake(
                "grows",
                "The rate grows: divide by 1 + decay * step instead of multiplying.",
                lambda i, d, n: i * (1 + d * n),
            ),
            Mistake(
                "whole-number-division",
                "The rate is cut to a whole number, as // and int() do: use /.",
                lambda i, d, n: i // (1 + d * n),
            ),
            Mistake(
                "root-of-all",
                "There is a root too many: time-based decay divides by 1 + decay * step itself.",
                lambda i, d, n: i / sqrt(1 + d * n),
            ),
            Mistake(
                "root-of-step",
                "There is a root too many: the step enters as it is.",
                lambda i, d, n: i / (1 + d * sqrt(n)),
            ),
            Mistake("step-squared", "The step is squared: it enters once.", lambda i, d, n: i / (1 + d * n * n)),
            Mistake("decay-left-out", "decay is missing: divide by 1 + decay * step.", lambda i, d, n: i / (1 + n)),
            Mistake(
                "step-left-out",
                "The step is missing: divide by 1 + decay * step, so that the rate goes on falling.",
                lambda i, d, n: i / (1 + d),
            ),
            Mistake("constant", "The rate does not change at all: divide by 1 + decay * step.", lambda i, d, n: i),
            Mistake("minus", "A sign is turned: divide by 1 PLUS decay * step.", lambda i, d, n: i / (1 - d * n)),
            Mistake("factor-only", "This is the factor; multiply it by initial_lr.", lambda i, d, n: 1 / (1 + d * n)),
            Mistake(
                "subtracts",
                "It takes decay * step away from the rate; time-based decay divides by 1 + decay * step.",
                lambda i, d, n: i - d * n,
            ),
        ),
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
        mistakes=(
            Mistake(
                "grows",
                "The rate grows: InverseTimeDecay divides.",
                lambda i, d: keras_rates(lambda n, pow: i * (1 + d * n)),
            ),
            Mistake(
                "linear",
                "This falls along a straight line: use InverseTimeDecay, which divides by 1 + decay * step.",
                lambda i, d: keras_rates(lambda n, pow: i * (1 - d * n)),
            ),
            Mistake(
                "one-minus-decay",
                "decay_rate is decay itself, not 1 - decay.",
                lambda i, d: keras_rates(lambda n, pow: i / (1 + (1 - d) * n)),
            ),
            Mistake(
                "exponential",
                "This is exponential decay: use InverseTimeDecay, which divides by 1 + decay * step.",
                lambda i, d: keras_rates(lambda n, pow: i * pow(1 - d, n)),
            ),
            Mistake(
                "decay-as-factor",
                "This multiplies by decay at every update, and training stops at once: use InverseTimeDecay.",
                lambda i, d: keras_rates(lambda n, pow: i * pow(d, n)),
            ),
            Mistake(
                "constant",
                "The rate never changes. SGD(decay=...) is ignored by Keras 3: return a schedule object.",
                lambda i, d: keras_rates(lambda n, pow: i + 0 * n),
            ),
            Mistake(
                "swapped",
                "decay_steps and decay_rate are swapped: decay_steps=1, decay_rate=decay.",
                lambda i, d: (
                    keras_rates(lambda n, pow: i / (1 + n / d)) if d else keras_rates(lambda n, pow: i + 0 * n)
                ),
                variants=(lambda i, d: keras_rates(lambda n, pow: i / (1 + n / d)),),
            ),
            Mistake(
                "one-ahead",
                "It is one update ahead: the first update, step 0, still has the initial rate.",
                lambda i, d: keras_rates(lambda n, pow: i / (1 + d * (n + 1))),
            ),
            Mistake(
                "every-ten",
                "It decays once in 10 updates: decay_steps=1 makes every update count.",
                lambda i, d: keras_rates(lambda n, pow: i / (1 + d * n / 10)),
                variants=(lambda i, d: keras_rates(lambda n, pow: i / (1 + d * (n // 10))),),
            ),
            Mistake(
                "every-hundred",
                "It decays once in 100 updates: decay_steps=1 makes every update count.",
                lambda i, d: keras_rates(lambda n, pow: i / (1 + d * n / 100)),
            ),
            Mistake(
                "plain-function",
                "An optimizer calls a plain function WITHOUT a step: return a schedule object such as InverseTimeDecay.",
                lambda i, d: lambda step: i / (1 + d * step),
            ),
        ),
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
        mistakes=(
            Mistake(
                "drops-one-late",
                "The drop comes one update late: step steps_per_epoch already belongs to epoch 1.",
                lambda i, d, s: keras_rates(lambda n, pow: i / (1 + d * (keras_max(n - 1, 0) // s))),
            ),
            Mistake(
                "no-staircase",
                "The rate falls inside the epoch: staircase=True keeps it level until the next one.",
                lambda i, d, s: keras_rates(lambda n, pow: i / (1 + d * n / s)),
            ),
            Mistake(
                "per-update",
                "This decays at every UPDATE: decay_steps=steps_per_epoch makes an epoch the unit.",
                lambda i, d, s: keras_rates(lambda n, pow: i / (1 + d * n)),
            ),
            Mistake(
                "exponential",
                "This is exponential decay in steps: use InverseTimeDecay, which divides.",
                lambda i, d, s: keras_rates(lambda n, pow: i * pow(1 - d, n // s)),
            ),
            Mistake(
                "first-epoch-decayed",
                "It is one epoch ahead: epoch 0 still has the initial rate.",
                lambda i, d, s: keras_rates(lambda n, pow: i / (1 + d * (n // s + 1))),
            ),
            Mistake(
                "drops-one-early",
                "The drop comes one update early: epoch 1 begins at step steps_per_epoch.",
                lambda i, d, s: keras_rates(lambda n, pow: i / (1 + d * ((n + 1) // s))),
            ),
            Mistake(
                "multiplied",
                "decay is also multiplied by steps_per_epoch: each epoch adds decay once.",
                lambda i, d, s: keras_rates(lambda n, pow: i / (1 + d * s * (n // s))),
            ),
            Mistake(
                "constant",
                "The rate never changes. SGD(decay=...) is ignored by Keras 3: return a schedule object.",
                lambda i, d, s: keras_rates(lambda n, pow: i + 0 * n),
            ),
            Mistake(
                "plain-function",
                "An optimizer calls a plain function WITHOUT a step: return a schedule object such as InverseTimeDecay.",
                lambda i, d, s: lambda step: i / (1 + d * (step // s)),
            ),
        ),
    ),
)
