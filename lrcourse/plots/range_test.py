"""The figure of a range test: the loss of each step over its rate."""

from __future__ import annotations

import numpy as np

from lrcourse.plots.drawing import GREY, RED, SKY, Drawing, heading, panels


def range_test(result, *, title: str = "") -> Drawing:
    """`result` is what `lr.range_test` gives; it draws itself through this function, so its class is not imported.

    `title` is what the figure finds.
    """
    figure, (axes,) = panels(1)
    axes.plot(result.rates, result.losses, color=SKY, linewidth=1, label="loss of the step's batch")
    axes.plot(result.rates, result.smoothed, label="smoothed", color="#1F7FC4", linewidth=2.4)
    axes.set_xscale("log")
    axes.set_xlabel("learning rate of the step (log scale)")
    axes.set_ylabel("training loss")
    marks = [(result.suggestion, "--", GREY, f"first rate to try: {result.suggestion:.2g}", "right", -5)]
    if result.diverged_at is not None:
        marks.append((result.diverged_at, ":", RED, f"exploded at {result.diverged_at:.2g}", "right", -5))
    for height, (rate, dash, colour, label, side, gap) in zip((0.98, 0.9), marks, strict=False):
        axes.axvline(rate, color=colour, linestyle=dash, linewidth=1.8, label=label)
        at = {"xy": (rate, height), "xycoords": axes.get_xaxis_transform(), "textcoords": "offset points"}
        axes.annotate(label, xytext=(gap, 0), color=colour, ha=side, va="top", **at)
    # The explosion itself would press all the rest flat.
    smoothed = result.smoothed[np.isfinite(result.smoothed)]
    axes.set_ylim(0, 2.5 * (smoothed[0] if len(smoothed) else 1))
    heading(figure, title)
    caption = "Thin line: the loss of each step's batch. Thick line: the same, smoothed."
    return Drawing(figure, f"Training loss of a range test. {result}", caption, title)
