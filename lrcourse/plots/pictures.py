"""The data as one sees it, and what a training came to for each rate that was tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from lrcourse.plots.drawing import GREY, KINDS, MOST_CURVES, Drawing, heading, label_ends, panels, styles


def images(x: np.ndarray, y: Sequence[int], *, title: str = "") -> Drawing:
    """Images of digits in a row, each with its label.

    x: one image a row, 64 pixels; up to twelve of them.
    y: their labels.
    title: what the figure finds.
    """
    if not 1 <= len(x) == len(y) <= 12:
        raise ValueError(f"x and y must be 1 to 12 images and as many labels; got {len(x)} and {len(y)}.")
    figure = Figure(figsize=(8, 1.5 if title else 1.2), layout="constrained")
    for axes, image, label in zip(figure.subplots(1, len(x), squeeze=False)[0], x, y, strict=True):
        axes.imshow(np.reshape(image, (8, 8)), cmap="Greys")
        axes.set_title(str(label), color=GREY, fontsize=11)
        axes.set_axis_off()
    heading(figure, title)
    labels = ", ".join(map(str, y))
    return Drawing(figure, f"{len(x)} images of 8 by 8 pixels, labelled {labels}.", "Images, and their labels.", title)


def over_rates(result, *, title: str = "") -> Drawing:
    """What constant rates came to: the measure at the end over the rate, one dot a seed.

    result: what `lr.compare` gives for schedules that are constant; it may hold any number of them.
    title: what the figure finds.
    """
    plans = result.plans
    if any(plan.min() != plan.max() for plan in plans.values()):
        raise ValueError(f"over_rates draws constant rates; got schedules that change, among {list(plans)}.")
    rates = np.array([plan[0] for plan in plans.values()])
    values = [effect.values for effect in result.effects.values()]
    means = np.array([one.mean() for one in values])
    figure, (axes,) = panels(1)
    for rate, seeds in zip(rates, values, strict=True):
        axes.plot(np.full(len(seeds), rate), seeds, "o", color=GREY, alpha=0.5, markersize=5)
    order = np.argsort(rates)
    axes.plot(rates[order], means[order], linewidth=2.4, **KINDS["constant"])
    axes.set_xscale("log")
    axes.set_xlabel("learning rate (log scale)")
    axes.set_ylabel(result.words)
    heading(figure, title)
    told = ", ".join(f"{mean:.3g} at {rate:g}" for rate, mean in zip(rates[order], means[order], strict=True))
    measured = result.words[0].upper() + result.words[1:]
    text = f"{measured} over the learning rate, mean of {len(result.seeds)} seeds: {told}."
    return Drawing(figure, text, "Line: mean over the seeds. Dots: single seeds.", title)


def measured(
    curves: Mapping[str, Sequence[float]],
    *,
    at: Sequence[float],
    along: str,
    words: str,
    log: bool = False,
    title: str = "",
) -> Drawing:
    """A few numbers measured at the same places, as lines with dots.

    curves: by label, one number a place; up to six.
    at: the places, on the axis below.
    along, words: what the axis below and the one at the side measure, with their units.
    log: whether the axis at the side is logarithmic.
    title: what the figure finds.
    """
    lengths = {label: len(values) for label, values in curves.items()}
    if not 1 <= len(curves) <= MOST_CURVES or set(lengths.values()) != {len(at)}:
        raise ValueError(f"curves must be 1 to {MOST_CURVES} of the length of at, {len(at)}; got {lengths}.")
    figure, (axes,) = panels(1)
    looks = styles(curves)
    for (label, values), look in zip(curves.items(), looks, strict=True):
        axes.plot(at, values, marker="o", markersize=5, label=label, **look)
    if log:
        axes.set_yscale("log")
    axes.set_xlabel(along)
    axes.set_ylabel(words)
    pairs = zip(curves.items(), looks, strict=True)
    label_ends(axes, [(values[-1], label, look["color"]) for (label, values), look in pairs])
    heading(figure, title)
    told = "; ".join(f"{label} {', '.join(f'{value:.2g}' for value in values)}" for label, values in curves.items())
    text = f"{words[0].upper()}{words[1:]} at {along} {', '.join(f'{place:g}' for place in at)}: {told}."
    return Drawing(figure, text, "Each dot is one measurement.", title)
