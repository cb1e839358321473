"""The rate stays or falls: constant, time-based, exponential, in steps, in a line, in half a cosine wave."""

import math

from lrcourse._arguments import count, fraction, not_negative, positive
from lrcourse.schedules._formula import Schedule, between, from_step_0


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

    With `staircase=True` the division is `//`: the rate stays for `decay_steps` steps and then drops.

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

    The first drop is at step `drop_every`, not at step 0.

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

    >>> [round(linear(0.1, decay_steps=4)(step), 3) for step in range(6)]
    [0.1, 0.075, 0.05, 0.025, 0.0, 0.0]
    """
    return between(initial, final, decay_steps, lambda progress: 1.0 - progress)


def cosine(initial: float, *, decay_steps: int, final: float = 0.0) -> Schedule:
    """Half a cosine wave from `initial` at step 0 to `final` at step `decay_steps`, and `final` from there on.

    `final + (initial - final) * (1 + cos(pi * step / decay_steps)) / 2`: slow at both ends (Loshchilov and Hutter,
    SGDR, 2017, without its restarts).

    >>> [round(cosine(0.1, decay_steps=4)(step), 4) for step in range(6)]
    [0.1, 0.0854, 0.05, 0.0146, 0.0, 0.0]
    """
    return between(initial, final, decay_steps, lambda progress: (1.0 + math.cos(math.pi * progress)) / 2.0)
