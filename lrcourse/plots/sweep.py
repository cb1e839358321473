"""The figure of a sweep: what each peak gives, a line a shape of schedule, with the best of each marked."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import NullFormatter

from lrcourse.intervals import MEASURES
from lrcourse.plots.drawing import Drawing, heading, panels, styles


def sweep(result, *, title: str = "") -> Drawing:
    """`result` is what `lr.sweep` gives; it draws itself through this function, so its class is not imported here.

    Peaks far too high, from which the networks learn nothing, lie below the figure: they would press the rest flat.
    """
    words, unit, decimals, _ = MEASURES[result.measure]
    figure, (axes,) = panels(1)
    means, sign = result.means, 1 if result.measure == "accuracy" else -1
    tops, rings, told = [], [], []
    for (name, mean), look in zip(means.items(), styles(means), strict=True):
        axes.plot(result.peaks, mean, marker="o", markersize=4, label=name, **look)
        place = int(np.argmax(np.where(np.isfinite(mean), sign * mean, -np.inf)))
        axes.plot(result.peaks[place], mean[place], "o", markersize=11, markerfacecolor="none", color=look["color"])
        tops.append(mean[place])
        rings.append((result.peaks[place], mean[place], name, look["color"]))
        told.append(f"{name} is best at {result.peaks[place]:g} with {mean[place]:.{decimals}f}")
    axes.set_xscale("log")
    axes.set_xticks(result.peaks, [f"{peak:g}" for peak in result.peaks])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("peak: the highest rate of the schedule (log scale)")
    axes.set_ylabel(f"{words} ({unit})")
    every = np.concatenate(list(means.values()))
    every = every[np.isfinite(every)]
    far = np.median(every)
    best, worst = (
        (max(tops), max(min(every), far - 1.5 * (max(tops) - far)))
        if sign > 0
        else (min(tops), min(max(every), far + 1.5 * (far - min(tops))))
    )
    room = 0.12 * abs(best - worst) or 1.0
    axes.set_ylim(min(best, worst) - room, max(best, worst) + room)
    # A name stands at its ring: above it, or below where another ring is just above.
    for number, (place, top, name, color) in enumerate(rings):
        crowded = any(place == other and top < height for other, height, *_ in rings[:number] + rings[number + 1 :])
        offset, side = ((0, -12), "top") if crowded else ((0, 9), "bottom")
        at = {"xytext": offset, "textcoords": "offset points", "va": side, "ha": "center", "fontsize": 10.5}
        axes.annotate(name, (place, top), color=color, **at)
    heading(figure, title)
    text = (
        f"{words.capitalize()} in {unit} by peak, from {result.peaks[0]:g} to {result.peaks[-1]:g}: {'; '.join(told)}."
    )
    caption = f"Dots: mean of {len(result.seeds)} seeds. A ring marks each schedule's best peak."
    return Drawing(figure, text, caption, title)
