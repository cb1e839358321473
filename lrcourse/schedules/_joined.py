"""Schedules made of others: one after another, and a schedule of epochs as one of steps."""

import bisect
from collections.abc import Sequence
from itertools import pairwise

from lrcourse._arguments import count
from lrcourse.schedules._formula import Schedule, from_step_0


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
