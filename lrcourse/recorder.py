"""The rates that an optimizer applied, and whether they are the planned ones.

Planned is what a schedule promises; applied is what the optimizer used. `RateRecorder` sees the applied rates during
`fit`; `applied_rates` measures them without a model, from the weight itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lrcourse import _tensorflow
from lrcourse._arguments import count
from lrcourse.schedules import Schedule, rates

_FLOAT32 = 1e-7  # of a number, what float32 can lose


class PlanNotApplied(AssertionError):
    """The optimizer used other rates than the plan promised."""


@dataclass(frozen=True, repr=False)
class Comparison:
    """Planned rates beside applied ones: two float64 arrays, whether they agree, and one sentence about it.

    `first_difference` is the first step where they differ, None where all the steps that both have agree.
    """

    planned: np.ndarray
    applied: np.ndarray
    agree: bool
    first_difference: int | None
    text: str

    def __repr__(self) -> str:
        return self.text


def compare_rates(planned: Schedule | Sequence[float], applied: object, *, rtol: float = 1e-5) -> Comparison:
    """Compare a plan with the applied rates, update by update.

    - `planned`: a schedule, asked for steps 0 to `len(applied) - 1`, or a sequence of rates, per update.
    - `applied`: a `RateRecorder` that has seen a `fit`, or a sequence of rates; at least one.
    - `rtol`: two rates agree if they differ by at most `rtol * planned` plus 1e-7 of the plan's highest rate
      (included).

    Both tolerances allow for float32: Keras raises a rounded 0.96 to the power of hundreds, and computes the end of a
    cosine as a difference of numbers near 1.

    >>> from lrcourse.schedules import halving
    >>> compare_rates(halving(0.1, every=2), [0.1, 0.1, 0.05])
    planned = applied at all 3 updates
    >>> compare_rates(halving(0.1, every=2), [0.1, 0.05, 0.05])
    planned and applied differ first at step 1: planned 0.1, applied 0.05 (1 of 3 updates differ)
    """
    used = _row("applied", getattr(applied, "rates", applied))
    if not len(used):
        raise ValueError("applied must hold at least one rate; got none: did the recorder see a fit?")
    plan = rates(planned, len(used)) if callable(planned) else _row("planned", planned)

    shared = min(len(plan), len(used))
    floor = _FLOAT32 * np.abs(plan).max(initial=0.0)
    differ = np.flatnonzero(~np.isclose(used[:shared], plan[:shared], rtol=rtol, atol=floor))
    parts, step = [], None
    if len(plan) != len(used):
        parts.append(f"{len(plan)} rates were planned and {len(used)} applied")
    if len(differ):
        step = int(differ[0])
        parts.append(
            f"planned and applied differ first at step {step}: planned {plan[step]:.9g}, applied {used[step]:.9g} "
            f"({len(differ)} of {shared} updates differ)"
        )
    text = "; ".join(parts) or f"planned = applied at all {len(used)} updates"
    return Comparison(plan, used, agree=not parts, first_difference=step, text=text)


def assert_applied(planned: Schedule | Sequence[float], applied: object, *, rtol: float = 1e-5) -> None:
    """Raise `PlanNotApplied` unless the applied rates are the planned ones.

    - `planned`: a schedule, or a sequence of rates, per update.
    - `applied`: a `RateRecorder` that has seen a `fit`, or a sequence of rates; at least one.
    - `rtol`: the relative difference that is still allowed (included); see `compare_rates`.

    The message names the first step that differs with both rates, or the two lengths.
    """
    comparison = compare_rates(planned, applied, rtol=rtol)
    if not comparison.agree:
        raise PlanNotApplied(comparison.text + ".")


def applied_rates(learning_rate: object, steps: Iterable[int]) -> list[float]:
    """The rates that plain SGD applies at the given `steps`, read from a weight.

    One update of SGD is `weight - rate * gradient`. From weight 0, with gradient 1, it leaves `-rate`: the weight is a
    rate meter. `learning_rate` is what a Keras optimizer takes (a float, a schedule object, a callable); an error that
    Keras raises for it comes through. As in `fit`, the update runs in TensorFlow's graph. The cost of a step does not
    depend on how late it is.

    >>> import keras
    >>> schedule = keras.optimizers.schedules.InverseTimeDecay(0.1, decay_steps=1, decay_rate=0.01)
    >>> [round(rate, 5) for rate in applied_rates(schedule, [0, 1, 100, 10**9])]
    [0.1, 0.09901, 0.05, 0.0]
    """
    steps = [count("each of steps", step, least=0) for step in steps]
    keras, tensorflow = _tensorflow.keras(), _tensorflow.tensorflow()
    optimizer = keras.optimizers.SGD(learning_rate=learning_rate)
    weight = keras.Variable(0.0, dtype="float32")
    optimizer.build([weight])

    @tensorflow.function(autograph=False)  # as in `fit`, which lets nothing be rewritten
    def update() -> None:
        optimizer.apply([tensorflow.ones(())])

    applied = []
    for step in steps:
        optimizer.iterations.assign(step)
        weight.assign(0.0)
        update()
        applied.append(0.0 - float(weight))  # and not -weight: a rate of 0 would read -0.0
    return applied


def __getattr__(name: str) -> object:
    # A subclass of a Keras class exists only once Keras is imported, which this module must not do by itself.
    if name == "RateRecorder":
        from lrcourse._keras_classes import RateRecorder

        return RateRecorder
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _row(name: str, values: object) -> np.ndarray:
    row = np.asarray(values, dtype="float64")
    if row.ndim != 1:
        raise ValueError(f"{name} must be one row of rates; got shape {row.shape}.")
    return row
