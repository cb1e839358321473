"""Learning-rate schedules as pure functions: from a step, counted from 0, to the rate of that update.

A step is one optimizer update. A schedule holds no state: the same step always gets the same rate.
What it counts is up to the caller; `every_epoch` is the one place where a schedule of epochs becomes one of steps.
"""

import bisect
import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from lrcourse._arguments import count, fraction, not_negative, positive

__all__ = [
    "Schedule",
    "constant",
    "cosine",
    "cosine_with_restarts",
    "every_epoch",
    "exponential_decay",
    "halving",
    "join",
    "linear",
    "linear_warmup",
    "one_cycle",
    "rates",
    "step_decay",
    "steps_per_epoch",
    "time_based_decay",
    "warmup_stable_decay",
]

Schedule = Callable[[int], float]


def from_step_0(formula: Callable[[int], float]) -> Schedule:
    """`formula` as a schedule: it refuses a step that is no count, and gives a Python float."""

    def schedule(step: int) -> float:
        return float(formula(count("step", step, least=0)))

    return schedule


def between(initial: float, final: float, decay_steps: int, remaining: Callable[[float], float]) -> Schedule:
    """From `initial` to `final`, where `remaining` is the part of the way still to go, from 1 down to 0."""
    initial = positive("initial", initial)
    final = not_negative("final", final)
    decay_steps = count("decay_steps", decay_steps)
    return from_step_0(lambda step: final + (initial - final) * remaining(min(1.0, step / decay_steps)))


def steps_per_epoch(n_examples: int, *, batch_size: int) -> int:
    """Optimizer updates in one epoch. The last, smaller batch is an update too.

    >>> steps_per_epoch(1437, batch_size=32), steps_per_epoch(60000, batch_size=32)
    (45, 1875)
    """
    return -(-count("n_examples", n_examples) // count("batch_size", batch_size))


def rates(schedule: Schedule, n_steps: int) -> np.ndarray:
    """The plan: the rates of steps 0 to `n_steps - 1`, a float64 array of shape `(n_steps,)`.

    >>> from lrcourse.schedules import halving
    >>> rates(halving(0.1, every=2), 4)
    array([0.1 , 0.1 , 0.05, 0.05])
    """
    plan = np.empty(count("n_steps", n_steps))
    for step in range(len(plan)):
        rate = schedule(step)
        try:
            plan[step] = float(rate)
        except (TypeError, ValueError):
            raise ValueError(f"A schedule must return one number; at step {step} it returned {rate!r}.") from None
    return plan


def constant(rate: float) -> Schedule:
    """The same `rate` at every step.

    >>> constant(0.1)(1000)
    0.1
    """
    rate = positive("rate", rate)
    return from_step_0(lambda step: rate)


def time_based_decay(initial: float, *, decay: float) -> Schedule:
    """Fall as one over time: `initial / (1 + decay * step)`.

    Step 0 gets `initial`; after `1 / decay` steps the rate has halved. This is what `decay` did in Keras before
    version 3, and `InverseTimeDecay(initial, decay_steps=1, decay_rate=decay)` does now.

    >>> schedule = time_based_decay(0.1, decay=0.01)
    >>> [round(schedule(step), 5) for step in (0, 1, 100, 900)]
    [0.1, 0.09901, 0.05, 0.01]
    """
    initial = positive("initial", initial)
    decay = not_negative("decay", decay)
    return from_step_0(lambda step: initial / (1.0 + decay * step))


def exponential_decay(initial: float, *, decay_steps: int, decay_rate: float, staircase: bool = False) -> Schedule:
    """Multiply by `decay_rate` once in `decay_steps` steps: `initial * decay_rate ** (step / decay_steps)`.

    - `initial`: the rate of step 0, per update; above 0.
    - `decay_steps`: steps in which the rate is multiplied by `decay_rate` once; at least 1. Step `decay_steps` itself
      is the first to have `initial * decay_rate`.
    - `decay_rate`: what remains after `decay_steps` steps, as a share; above 0, at most 1 (1 included: no decay).
    - `staircase`: with True the division is `//`: the rate stays for `decay_steps` steps and then drops.

    >>> smooth = exponential_decay(0.1, decay_steps=10, decay_rate=0.96)
    >>> stairs = exponential_decay(0.1, decay_steps=10, decay_rate=0.96, staircase=True)
    >>> [(round(smooth(step), 5), round(stairs(step), 5)) for step in (0, 5, 10)]
    [(0.1, 0.1), (0.09798, 0.1), (0.096, 0.096)]
    """
    initial = positive("initial", initial)
    decay_steps = count("decay_steps", decay_steps)
    decay_rate = fraction("decay_rate", decay_rate)
    if staircase:
        return from_step_0(lambda step: initial * decay_rate ** (step // decay_steps))
    return from_step_0(lambda step: initial * decay_rate ** (step / decay_steps))


def step_decay(initial: float, *, factor: float, drop_every: int) -> Schedule:
    """Multiply by `factor` every `drop_every` steps: `initial * factor ** (step // drop_every)`.

    - `initial`: the rate of steps 0 to `drop_every - 1`, per update; above 0.
    - `factor`: what remains after a drop, as a share; above 0, at most 1 (1 included: no drop).
    - `drop_every`: steps between drops; at least 1. The first drop is at step `drop_every`, not at step 0.

    >>> schedule = step_decay(0.1, factor=0.1, drop_every=3)
    >>> [round(schedule(step), 4) for step in range(7)]
    [0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001]
    """
    return exponential_decay(
        initial, decay_steps=count("drop_every", drop_every), decay_rate=fraction("factor", factor), staircase=True
    )


def halving(initial: float, *, every: int) -> Schedule:
    """Halve the rate every so many steps: `initial * 0.5 ** (step // every)`.

    >>> [halving(0.1, every=10)(step) for step in (0, 9, 10, 20)]
    [0.1, 0.1, 0.05, 0.025]
    """
    return step_decay(initial, factor=0.5, drop_every=count("every", every))


def linear(initial: float, *, decay_steps: int, final: float = 0.0) -> Schedule:
    """A straight line from `initial` at step 0 to `final` at step `decay_steps`, and `final` from there on.

    - `initial`: the rate of step 0, per update; above 0.
    - `decay_steps`: the length of the way, in steps; at least 1. Step `decay_steps` is the first with `final`.
    - `final`: the rate at the end and after it; at least 0.

    >>> [round(linear(0.1, decay_steps=4)(step), 3) for step in range(6)]
    [0.1, 0.075, 0.05, 0.025, 0.0, 0.0]
    """
    return between(initial, final, decay_steps, lambda progress: 1.0 - progress)


def cosine(initial: float, *, decay_steps: int, final: float = 0.0) -> Schedule:
    """Half a cosine wave from `initial` at step 0 to `final` at step `decay_steps`, and `final` from there on.

    `final + (initial - final) * (1 + cos(pi * step / decay_steps)) / 2`: slow at both ends (Loshchilov and Hutter,
    SGDR, 2017, without its restarts).

    - `initial`: the rate of step 0, per update; above 0.
    - `decay_steps`: the length of the way, in steps; at least 1. Step `decay_steps` is the first with `final`.
    - `final`: the rate at the end and after it; at least 0.

    >>> [round(cosine(0.1, decay_steps=4)(step), 4) for step in range(6)]
    [0.1, 0.0854, 0.05, 0.0146, 0.0, 0.0]
    """
    return between(initial, final, decay_steps, lambda progress: (1.0 + math.cos(math.pi * progress)) / 2.0)


def join(schedules: Sequence[Schedule], *, boundaries: Sequence[int]) -> Schedule:
    """One schedule after another: the next one takes over at each boundary, and counts from 0 there.

    `boundaries` are steps, strictly increasing, one fewer than `schedules`; the step on a boundary belongs to the new
    piece.

    >>> from lrcourse.schedules import halving, linear_warmup
    >>> plan = join([linear_warmup(0.1, warmup_steps=2), halving(0.1, every=2)], boundaries=[2])
    >>> [plan(step) for step in range(6)]
    [0.05, 0.1, 0.1, 0.1, 0.05, 0.05]
    """
    pieces = list(schedules)
    starts = [count("each of boundaries", boundary) for boundary in boundaries]
    for position, piece in enumerate(pieces):
        if not callable(piece):
            raise ValueError(
                f"schedules must hold functions from a step to a rate; got {piece!r} at position {position}."
            )
    if len(starts) != len(pieces) - 1:
        raise ValueError(
            f"boundaries must be one fewer than schedules; got {len(starts)} boundaries for {len(pieces)} schedules."
        )
    if any(after <= before for before, after in pairwise(starts)):
        raise ValueError(f"boundaries must be strictly increasing; got {starts}.")

    def joined(step: int) -> float:
        position = bisect.bisect_right(starts, step)
        return pieces[position](step - starts[position - 1] if position else step)

    return from_step_0(joined)


def every_epoch(schedule: Schedule, *, steps_per_epoch: int) -> Schedule:
    """A schedule that counts epochs, as one that counts steps: `schedule(step // steps_per_epoch)`.

    The rate stays the same within an epoch, as with Keras' `LearningRateScheduler`.

    >>> from lrcourse.schedules import halving
    >>> plan = every_epoch(halving(0.1, every=1), steps_per_epoch=3)
    >>> [plan(step) for step in range(7)]
    [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025]
    """
    per_epoch = count("steps_per_epoch", steps_per_epoch)
    return from_step_0(lambda step: schedule(step // per_epoch))


def linear_warmup(peak: float, *, warmup_steps: int) -> Schedule:
    """Rise in equal parts to `peak`, then stay there: `peak * min(1, (step + 1) / warmup_steps)`.

    Step 0 already moves: it gets `peak / warmup_steps`, so that no update is wasted. Step `warmup_steps - 1` is the
    first with `peak`.

    >>> warmup = linear_warmup(0.1, warmup_steps=4)
    >>> [round(warmup(step), 3) for step in range(6)]
    [0.025, 0.05, 0.075, 0.1, 0.1, 0.1]
    """
    peak = positive("peak", peak)
    warmup_steps = count("warmup_steps", warmup_steps)
    return from_step_0(lambda step: peak * min(1.0, (step + 1) / warmup_steps))


def one_cycle(
    peak: float, *, rise_steps: int, fall_steps: int, start_divisor: float = 25.0, end_divisor: float = 10_000.0
) -> Schedule:
    """Up to `peak` and down again, far below the start; both ways are half a cosine wave, and the end stays.

    - `peak`: the highest rate, per update; above 0.
    - `rise_steps`: steps up to the peak; at least 1. Step `rise_steps` gets `peak`.
    - `fall_steps`: steps from the peak to the end; at least 1. Step `rise_steps + fall_steps` is the first at the end.
    - `start_divisor`: step 0 gets `start = peak / start_divisor`; at least 1.
    - `end_divisor`: the end, and every later step, gets `start / end_divisor`; at least 1.

    Smith and Topin, "Super-Convergence", 2017, rise and fall in straight lines; the wave and the two divisors are those
    of PyTorch's `OneCycleLR` and optax.

    >>> schedule = one_cycle(0.1, rise_steps=2, fall_steps=4)
    >>> [round(schedule(step), 4) for step in range(7)]
    [0.004, 0.052, 0.1, 0.0854, 0.05, 0.0146, 0.0]
    """
    peak = positive("peak", peak)
    rise_steps, fall_steps = count("rise_steps", rise_steps), count("fall_steps", fall_steps)
    start = peak / _divisor("start_divisor", start_divisor)
    end = start / _divisor("end_divisor", end_divisor)
    rise = cosine(start, decay_steps=rise_steps, final=peak)
    return join([rise, cosine(peak, decay_steps=fall_steps, final=end)], boundaries=[rise_steps])


def warmup_stable_decay(
    peak: float, *, warmup_steps: int, stable_steps: int, decay_steps: int, final: float = 0.0
) -> Schedule:
    """Rise to `peak`, stay there, and fall in a straight line to `final` at the end; WSD for short.

    - `peak`: the highest rate, per update; above 0.
    - `warmup_steps`: steps of the rise; at least 1. Step 0 moves already (see `linear_warmup`), and step
      `warmup_steps - 1` is the first with `peak`.
    - `stable_steps`: steps between the rise and the fall; at least 1. The fall begins, with `peak`, at step
      `warmup_steps + stable_steps`.
    - `decay_steps`: steps of the fall; at least 1. Step `warmup_steps + stable_steps + decay_steps` is the first with
      `final`.
    - `final`: the rate at the end and after it; at least 0.

    The three counts add up to the length of the run. Only the last part depends on when training ends, so the end can
    be decided late. Hu and others, "MiniCPM", 2024, who decay exponentially; the line is that of Hagele and others,
    2024.

    >>> schedule = warmup_stable_decay(0.1, warmup_steps=2, stable_steps=2, decay_steps=2)
    >>> [round(schedule(step), 3) for step in range(7)]
    [0.05, 0.1, 0.1, 0.1, 0.1, 0.05, 0.0]
    """
    warmup = linear_warmup(peak, warmup_steps=warmup_steps)
    starts = [warmup_steps, warmup_steps + count("stable_steps", stable_steps)]
    return join([warmup, constant(peak), linear(peak, decay_steps=decay_steps, final=final)], boundaries=starts)


def cosine_with_restarts(
    initial: float, *, first_steps: int, longer: int = 1, lower: float = 1.0, final: float = 0.0
) -> Schedule:
    """A cosine from `initial` towards `final`, which jumps up and begins again as soon as it would get there.

    - `initial`: the rate of step 0, per update; above 0.
    - `first_steps`: steps of the first fall; at least 1. Step `first_steps` is the first restart and has the high rate.
    - `longer`: how many times as long each fall is as the one before it; a whole number, at least 1.
    - `lower`: how high each fall starts, above `final`, as a share of the one before it; above 0, at most 1 (included).
    - `final`: the rate that the falls approach; at least 0. A restart comes first, so it never appears itself.

    The rate never stops falling and jumping: choose the steps so that training ends just before a restart. Loshchilov
    and Hutter, SGDR, 2017; Keras' `CosineDecayRestarts` with `t_mul=longer`, `m_mul=lower`, `alpha=final / initial`.

    >>> schedule = cosine_with_restarts(0.1, first_steps=2, longer=2, lower=0.5)
    >>> [round(schedule(step), 4) for step in range(7)]
    [0.1, 0.05, 0.05, 0.0427, 0.025, 0.0073, 0.025]
    """
    initial, final = positive("initial", initial), not_negative("final", final)
    first_steps, longer = count("first_steps", first_steps), count("longer", longer)
    lower = fraction("lower", lower)

    def restarting(step: int) -> float:
        cycle, length = (step // first_steps, first_steps) if longer == 1 else (0, first_steps)
        since = step - cycle * first_steps
        while since >= length:  # whole numbers: a logarithm would round to the wrong side of a restart
            since, length, cycle = since - length, length * longer, cycle + 1
        return final + (initial - final) * lower**cycle * (1.0 + math.cos(math.pi * since / length)) / 2.0

    return from_step_0(restarting)


def _divisor(name: str, value: float) -> float:
    number = positive(name, value)
    if number < 1:
        raise ValueError(f"{name} must be at least 1; got {value!r}.")
    return number
