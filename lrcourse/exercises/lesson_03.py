"""Exercises of lesson 03: exponential decay by hand, in steps that match the training, and as a Keras schedule."""

from __future__ import annotations

from math import ceil, exp, floor
from random import Random

from lrcourse.exercises.definition import Exercise, Mistake, Part, Probe, Result
from lrcourse.exercises.keras_mistakes import keras_max, keras_rates

LESSON = "03_exponential_decay"
SMOOTH, STAIRCASE = "smooth decay", "staircase"


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
            steps = random.randrange(5, 40)
            initial, rate = random.uniform(0.02, 0.9), random.uniform(0.3, 0.97)
            probes.append(
                Probe(
                    (initial, steps, rate, staircase),
                    (0, 1, steps // 2 + 1, steps - 1, steps, steps + 1, 3 * steps + 2, 6 * steps, 30 * steps),
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
            "With staircase only whole times count: // divides and drops the rest.",
        ),
        mistakes=(
            Mistake(
                "brackets-in-power",
                "Brackets are missing in the power: decay_rate ** step / decay_steps divides afterwards.",
                lambda i, s, r, n, staircase=False: i * r**n / s,
                None,
                (
                    lambda i, s, r, n, staircase=False: i * (r**n // s if staircase else r**n / s),
                    lambda i, s, r, n, staircase=False: i * r**n // s if staircase else i * r**n / s,
                ),
            ),
            Mistake(
                "time-based",
                "This divides, as time-based decay does; exponential decay multiplies by decay_rate ** (step / decay_steps).",
                lambda i, s, r, n, staircase=False: i / (1 + r * (n // s if staircase else n / s)),
            ),
            Mistake(
                "every-step",
                "It multiplies by decay_rate at every step: divide the step by decay_steps first.",
                lambda i, s, r, n, staircase=False: i * r**n,
            ),
            Mistake(
                "natural-exponential",
                "This is exp(-decay_rate * t); here decay_rate itself is the base: decay_rate ** t.",
                lambda i, s, r, n, staircase=False: i * exp(-r * (n // s if staircase else n / s)),
            ),
            Mistake(
                "staircase-ignored",
                "staircase=True changes nothing: use the whole number of times, step // decay_steps.",
                lambda i, s, r, n, staircase=False: i * r ** (n / s),
                STAIRCASE,
            ),
            Mistake(
                "always-staircase",
                "Without staircase the curve is smooth: use step / decay_steps, not //.",
                lambda i, s, r, n, staircase=False: i * r ** (n // s),
                SMOOTH,
            ),
            Mistake(
                "staircase-reversed",
                "The two cases are swapped: staircase=True drops, staircase=False is smooth.",
                lambda i, s, r, n, staircase=False: i * r ** (n / s if staircase else n // s),
            ),
            Mistake(
                "staircase-rounds",
                "The staircase drops too early: round() goes up from the middle of a step of the stairs; // does not.",
                lambda i, s, r, n, staircase=False: i * r ** (floor(n / s + 0.5) if staircase else n / s),
                STAIRCASE,
                variants=(lambda i, s, r, n, staircase=False: i * r ** (round(n / s) if staircase else n / s),),
            ),
            Mistake(
                "staircase-ceil",
                "The staircase drops too early: only steps that are complete count, so // instead of rounding up.",
                lambda i, s, r, n, staircase=False: i * r ** (ceil(n / s) if staircase else n / s),
                STAIRCASE,
            ),
            Mistake(
                "drops-one-late",
                "The staircase drops one step late: step decay_steps itself is already lower.",
                lambda i, s, r, n, staircase=False: i * r ** (max(n - 1, 0) // s if staircase else n / s),
                STAIRCASE,
            ),
            Mistake(
                "one-ahead",
                "It is one step ahead: step 0 must still have the initial rate.",
                lambda i, s, r, n, staircase=False: i * r ** ((n + 1) // s if staircase else (n + 1) / s),
            ),
            Mistake(
                "bracket",
                "The power covers the initial rate too: initial_lr * (decay_rate ** t), not (initial_lr * decay_rate) ** t.",
                lambda i, s, r, n, staircase=False: (i * r) ** (n // s if staircase else n / s),
            ),
            Mistake(
                "rate-as-loss",
                "decay_rate is what STAYS, not what goes: multiply by decay_rate, not by 1 - decay_rate.",
                lambda i, s, r, n, staircase=False: i * (1 - r) ** (n // s if staircase else n / s),
            ),
            Mistake(
                "linear",
                "It takes the same amount away each time; exponential decay takes the same share away.",
                lambda i, s, r, n, staircase=False: i * (1 - (1 - r) * (n // s if staircase else n / s)),
            ),
            Mistake(
                "multiplied-once",
                "The power is missing: this multiplies by decay_rate * t instead of decay_rate ** t.",
                lambda i, s, r, n, staircase=False: i * r * (n // s if staircase else n / s),
            ),
            Mistake(
                "steps-swapped",
                "step and decay_steps are swapped in the division.",
                lambda i, s, r, n, staircase=False: i * r ** (s // n if staircase else s / n),
            ),
            Mistake(
                "multiplied-steps",
                "step is multiplied by decay_steps: divide.",
                lambda i, s, r, n, staircase=False: i * r ** min(n * s, 10**6),
            ),
            Mistake(
                "remainder",
                "% gives the rest of the division, so the rate jumps back up: use / or //.",
                lambda i, s, r, n, staircase=False: i * r ** (n % s),
            ),
            Mistake(
                "grows",
                "The rate grows: multiply by decay_rate ** t, do not divide by it.",
                lambda i, s, r, n, staircase=False: i / r ** (n // s if staircase else n / s),
            ),
            Mistake(
                "factor-only",
                "This is the factor; multiply it by initial_lr.",
                lambda i, s, r, n, staircase=False: r ** (n // s if staircase else n / s),
            ),
            Mistake(
                "constant",
                "The rate does not change at all: multiply by decay_rate ** (step / decay_steps).",
                lambda i, s, r, n, staircase=False: i,
            ),
        ),
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
        mistakes=(
            Mistake(
                "one-more-update",
                "It is one update too many: count the batches of an epoch, rounded up, and multiply.",
                lambda n, b, e: ceil(n / b) * e + 1,
            ),
            Mistake(
                "one-epoch-down", "This is one epoch, and without its last, smaller batch.", lambda n, b, e: n // b
            ),
            Mistake(
                "multiplied-batch",
                "It multiplies by the batch size: divide, an update takes a whole batch.",
                lambda n, b, e: n * b * e,
            ),
            Mistake(
                "last-batch-dropped",
                "The last, smaller batch is dropped: round UP, Keras trains on it too.",
                lambda n, b, e: n // b * e,
            ),
            Mistake(
                "batches-across-epochs",
                "It lets a batch reach into the next epoch: round up for ONE epoch, then multiply.",
                lambda n, b, e: ceil(n * e / b),
            ),
            Mistake(
                "all-divided-down",
                "It divides all examples of all epochs at once and drops the rest: round up for one epoch, then multiply.",
                lambda n, b, e: n * e // b,
            ),
            Mistake(
                "not-whole",
                "There are only whole updates: round up the batches of one epoch.",
                lambda n, b, e: n / b * e,
            ),
            Mistake(
                "rounded",
                "Rounding to the nearest drops some last batches: round UP.",
                lambda n, b, e: round(n / b) * e,
            ),
            Mistake("one-epoch", "This is one epoch: multiply by epochs.", lambda n, b, e: ceil(n / b)),
            Mistake("examples", "This counts examples; an update takes a whole batch of them.", lambda n, b, e: n * e),
            Mistake(
                "always-one-more",
                "n // batch_size + 1 is one too many where the batches come out even: round up instead.",
                lambda n, b, e: (n // b + 1) * e,
            ),
            Mistake(
                "one-more-at-end",
                "The extra batch comes in every epoch, not once at the end.",
                lambda n, b, e: n // b * e + (1 if n % b else 0),
            ),
            Mistake("batch-times-epochs", "The number of examples is missing.", lambda n, b, e: b * e),
            Mistake(
                "upside-down",
                "The division is upside down: examples divided by batch size.",
                lambda n, b, e: ceil(b / n) * e,
            ),
            Mistake(
                "divided-by-epochs",
                "It divides by epochs: multiply, each epoch has all its batches.",
                lambda n, b, e: ceil(n / b) / e if e else 0,
                variants=(lambda n, b, e: ceil(n / b) / e,),
            ),
        ),
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
            "Hand all four arguments on; by name is safest.",
        ),
        mistakes=(
            Mistake(
                "drops-one-late",
                "The staircase drops one update late: step decay_steps itself is already lower.",
                lambda i, s, r, staircase: keras_rates(
                    lambda n, pow: i * pow(r, keras_max(n - 1, 0) // s if staircase else n / s)
                ),
                STAIRCASE,
            ),
            Mistake(
                "staircase-ignored",
                "staircase is not handed on to Keras: add staircase=staircase.",
                lambda i, s, r, staircase: keras_rates(lambda n, pow: i * pow(r, n / s)),
                STAIRCASE,
            ),
            Mistake(
                "always-staircase",
                "It is always a staircase: hand the argument on, staircase=staircase.",
                lambda i, s, r, staircase: keras_rates(lambda n, pow: i * pow(r, n // s)),
                SMOOTH,
            ),
            Mistake(
                "staircase-reversed",
                "The two cases are swapped: staircase=True drops, staircase=False is smooth.",
                lambda i, s, r, staircase: keras_rates(lambda n, pow: i * pow(r, n / s if staircase else n // s)),
            ),
            Mistake(
                "time-based",
                "This is InverseTimeDecay, which divides; use ExponentialDecay.",
                lambda i, s, r, staircase: keras_rates(lambda n, pow: i / (1 + r * (n // s if staircase else n / s))),
            ),
            Mistake(
                "every-step",
                "decay_steps has no effect: it decays at every update.",
                lambda i, s, r, staircase: keras_rates(lambda n, pow: i * pow(r, n)),
            ),
            Mistake(
                "one-ahead",
                "It is one update ahead: the first update, step 0, still has the initial rate.",
                lambda i, s, r, staircase: keras_rates(
                    lambda n, pow: i * pow(r, (n + 1) // s if staircase else (n + 1) / s)
                ),
            ),
            Mistake(
                "rate-as-loss",
                "decay_rate is what STAYS: hand it on as it is, not as 1 - decay_rate.",
                lambda i, s, r, staircase: keras_rates(lambda n, pow: i * pow(1 - r, n // s if staircase else n / s)),
            ),
            Mistake(
                "constant",
                "The rate never changes: return an ExponentialDecay object.",
                lambda i, s, r, staircase: keras_rates(lambda n, pow: i + 0 * n),
            ),
            Mistake(
                "plain-function",
                "An optimizer calls a plain function WITHOUT a step: return a schedule object such as ExponentialDecay.",
                lambda i, s, r, staircase: lambda step: i * r ** (step / s),
            ),
        ),
    ),
)
