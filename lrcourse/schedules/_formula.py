"""What every schedule is made of: a formula, asked only about whole steps from 0."""

from collections.abc import Callable

from lrcourse._arguments import count, not_negative, positive

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
