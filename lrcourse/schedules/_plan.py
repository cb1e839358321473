"""Counting updates, and a plan: the rates of the first steps of a schedule."""

import numpy as np

from lrcourse._arguments import count
from lrcourse.schedules._formula import Schedule


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
