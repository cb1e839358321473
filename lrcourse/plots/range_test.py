"""The figure of a range test: the loss of each step over its rate."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from lrcourse.plots.drawing import BLACK, SKY, STYLES, VERMILION, Drawing, legend


def range_test(result) -> Drawing:
    """`result` is what `lr.range_test` gives; it draws itself through this function, so its class is not imported."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(result.rates, result.losses, color=SKY, linewidth=1, label="loss of the step's batch")
    axes.plot(result.rates, result.smoothed, label="smoothed", **STYLES[0])
    axes.axvline(result.suggestion, color=BLACK, linestyle="--", label=f"first rate to try: {result.suggestion:.2g}")
    if result.diverged_at is not None:
        label = f"exploded at {result.diverged_at:.2g}"
        axes.axvline(result.diverged_at, color=VERMILION, linestyle=":", label=label)
    axes.set_xscale("log")
    axes.set_xlabel("learning rate of the step (log scale)")
    axes.set_ylabel("training loss")
    # The explosion itself would press all the rest flat.
    smoothed = result.smoothed[np.isfinite(result.smoothed)]
    axes.set_ylim(0, 2.5 * (smoothed[0] if len(smoothed) else 1))
    axes.grid(alpha=0.3)
    legend(figure, axes)
    return Drawing(figure, f"Training loss of a range test. {result}")
