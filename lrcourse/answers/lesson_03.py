"""Exercises of lesson 03: exponential decay by hand, in steps that match the training, and as a Keras schedule."""

from __future__ import annotations

from random import Random

from lrcourse.answers.keras_forms import even_lengths
from lrcourse.answers.mistakes import exponential_decay, exponential_schedule, steps_between_decays
from lrcourse.answers.mistakes.exponential_decay import SMOOTH, STAIRCASE
from lrcourse.checking.exercise import Exercise, Part, Probe, Result

LESSON = "03_exponential_decay"


def _exponential_decay(initial_lr, decay_steps, decay_rate, step, staircase=False):
    count = step // decay_steps if staircase else step / decay_steps
    return initial_lr * decay_rate**count


def _draw_decay(staircase: bool):
    def draw(random: Random) -> list[Probe]:
        import numpy as np

        tail = (True,) if staircase else ()
        probes = [Probe((0.1, 10, 0.96, step, *tail)) for step in (0, 1, 9, 10, 11, 19, 20)]
        probes.append(Probe((0.2, 7, 0.5, np.int64(26), *tail)))
        probes.append(Probe((0.5, 1000, 0.9, 60_500, *tail)))
        probes.append(Probe((0.3, 7, 0.9, 40, staircase)))
        probes.append(Probe((0.5, 5, 0.5, 103, *tail)))
        probes.append(Probe((5.0, 3, 0.9, 4, *tail)))
        probes.append(Probe((1e-9, 10, 0.9, 35, *tail)))  # below any smallest rate that a student may think of
        for _ in range(5):
            decay_steps = random.randrange(3, 60)
            step = decay_steps * random.randrange(1, 8) + random.randrange(1, decay_steps)
            probes.append(Probe((random.uniform(0.02, 0.9), decay_steps, random.uniform(0.3, 0.97), step, *tail)))
        return probes

    return draw


def _steps_between_decays(n_examples, batch_size, epochs):
    return -(-n_examples // batch_size) * epochs


def _draw_steps(random: Random) -> list[Probe]:
    probes = [
        Probe((60_000, 32, 10)),
        Probe((1200, 8, 3)),
        Probe((1201, 8, 1)),
        Probe((1199, 8, 4)),
        Probe((5, 8, 2)),
        Probe((1, 1, 1)),
        Probe((8, 8, 5)),
        Probe((1437, 32, 0)),
    ]
    for _ in range(5):
        batch = random.randrange(3, 130)
        probes.append(
            Probe((batch * random.randrange(3, 60) + random.randrange(1, batch), batch, random.randrange(2, 20)))
        )
    return probes


def _schedule(initial_lr, decay_steps, decay_rate, staircase):
    return lambda step: _exponential_decay(initial_lr, decay_steps, decay_rate, step, staircase)


def _draw_schedule(staircase: bool):
    def draw(random: Random) -> list[Probe]:
        probes = []
        for _ in range(2):
            steps = random.choice(even_lengths(6, 55))
            initial, rate = random.uniform(0.02, 0.9), random.uniform(0.3, 0.97)
            probes.append(
                Probe(
                    (initial, steps, rate, staircase),
                    (
                        0,
                        1,
                        steps // 2 + 1,
                        steps - 1,
                        steps,
                        steps + 1,
                        3 * steps + 2,
                        6 * steps,
                        30 * steps,
                        5000 * steps,
                    ),
                )
            )
        return probes

    return draw


EXERCISES = (
    Exercise(
        id="exponential_decay",
        lesson=LESSON,
        signature="exponential_decay(initial_lr, decay_steps, decay_rate, step, staircase=False)",
        result=Result.NUMBER,
        prompt=(
            "Return the rate of exponential decay at `step`: every `decay_steps` steps the rate is multiplied by `decay_rate`, "
            "in a smooth curve, or with `staircase=True` in sudden drops."
        ),
        reference=_exponential_decay,
        parts=(
            Part(SMOOTH, 1, (Probe((0.1, 10, 0.96, 0)), Probe((0.1, 10, 0.96, 25))), _draw_decay(False)),
            Part(STAIRCASE, 1, (Probe((0.1, 10, 0.96, 25, True)),), _draw_decay(True)),
        ),
        hints=(
            "How many times decay_steps fits into step is the power of decay_rate.",
            "With staircase only complete periods count: // divides and drops the rest.",
        ),
        mistakes=exponential_decay.MISTAKES,
    ),
    Exercise(
        id="steps_between_decays",
        lesson=LESSON,
        signature="steps_between_decays(n_examples, batch_size, epochs)",
        result=Result.NUMBER,
        prompt=(
            "Return how many optimizer updates there are in `epochs` epochs: what `decay_steps` must be for the rate to decay "
            "once in so many epochs. The last, smaller batch of an epoch is an update too."
        ),
        reference=_steps_between_decays,
        parts=(Part("the number of updates", 1, (Probe((1437, 32, 10)), Probe((1200, 8, 1))), _draw_steps),),
        hints=(
            "How many batches does one epoch have? Try 10 examples in batches of 4.",
            "math.ceil rounds up; do it for one epoch, then multiply.",
        ),
        mistakes=steps_between_decays.MISTAKES,
    ),
    Exercise(
        id="exponential_schedule",
        lesson=LESSON,
        signature="exponential_schedule(initial_lr, decay_steps, decay_rate, staircase)",
        result=Result.KERAS_SCHEDULE,
        prompt="Return a Keras schedule whose applied rates are those of `exponential_decay`, for both values of `staircase`.",
        reference=_schedule,
        parts=(
            Part(SMOOTH, 1, (Probe((0.1, 10, 0.96, False), (0, 10, 25)),), _draw_schedule(False)),
            Part(STAIRCASE, 1, (Probe((0.1, 10, 0.96, True), (0, 9, 10, 25)),), _draw_schedule(True)),
        ),
        hints=(
            "keras.optimizers.schedules has the class ExponentialDecay.",
            "Pass all four arguments on; by name is safest.",
        ),
        mistakes=exponential_schedule.MISTAKES,
    ),
)
