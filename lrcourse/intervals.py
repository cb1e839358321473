"""Mean and 95 % interval over seeds, in numbers and in writing."""

import math

import numpy as np


def interval(values) -> tuple[np.ndarray, np.ndarray]:
    """Mean, and half width of its 95 % Student-t interval, over the first axis of `values` (two or more).

    >>> mean, half_width = interval([1.0, 2.0, 3.0])
    >>> print(f"{mean:.3f} ± {half_width:.3f}")
    2.000 ± 2.484
    """
    from scipy.special import stdtrit

    values = np.asarray(values, float)
    # A diverged model makes these NaN; that is the answer, and no reason for a warning on stderr.
    with np.errstate(invalid="ignore"):
        half_width = stdtrit(len(values) - 1, 0.975) * values.std(axis=0, ddof=1) / math.sqrt(len(values))
        return values.mean(axis=0), half_width


def with_interval(mean: float, half_width: float, decimals: int, sign: str = "-") -> str:
    """Mean and interval in writing; a mean that is no finite number says so. `sign="+"` also marks a gain."""
    if not math.isfinite(mean):
        return "not finite"
    return f"{mean:{sign}.{decimals}f} ± {half_width:.{decimals}f}"


# By name: the words for it, its unit, how many decimals a table shows, and where to find it in a training.
MEASURES = {
    "accuracy": ("test accuracy", "%", 2, lambda training: 100 * training.test_accuracy.astype(float)),
    "loss": ("training loss", "nats", 4, lambda training: training.train_loss.astype(float)),
    "test loss": ("test loss", "nats", 4, lambda training: training.test_loss.astype(float)),
}
