"""Learning-rate schedules as pure functions: from a step, counted from 0, to the rate of that update.

A step is one optimizer update. A schedule holds no state: the same step always gets the same rate.
What it counts is up to the caller; `every_epoch` is the one place where a schedule of epochs becomes one of steps.
"""

from lrcourse.schedules._cycles import cosine_with_restarts, linear_warmup, one_cycle, warmup_stable_decay
from lrcourse.schedules._decays import (
    constant,
    cosine,
    exponential_decay,
    halving,
    linear,
    step_decay,
    time_based_decay,
)
from lrcourse.schedules._formula import Schedule
from lrcourse.schedules._joined import every_epoch, join
from lrcourse.schedules._plan import rates, steps_per_epoch

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
