"""The figure of a comparison: what the schedules did, as mean and band over the seeds, above the rates that did it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lrcourse.intervals import MEASURES, interval, with_interval
from lrcourse.plots.drawing import STYLES, Drawing, course, legend, rate_axis, span, step_axes


def comparison(result, *, log: bool | None = None) -> Drawing:
    """Up to six schedules: the measure after each epoch, mean and 95 % interval over the seeds; below it the rates.

    `result` is what `compare` gives; it draws itself through this function, so its class is not imported here.
    `log` decides whether the rate axis is logarithmic; None leaves it to the rates. Where a model of a schedule
    diverged, the text says how many. Where all did, the upper part says that instead of showing curves.
    """
    plans = result.plans
    if len(plans) > len(STYLES):
        raise ValueError(f"A figure needs at most {len(STYLES)} schedules, to be told apart; got {len(plans)}.")
    per_epoch = result.steps_per_epoch
    n_steps = len(next(iter(plans.values())))
    figure = Figure(figsize=(8, 6.5), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=(3, 2))
    if note := result.all_diverged():
        above.set_axis_off()
        above.text(0.5, 0.5, note, transform=above.transAxes, ha="center", va="center", wrap=True)
    else:
        _bands(above, result)
        step_axes(above, n_steps, per_epoch)
    for (name, plan), style in zip(plans.items(), STYLES, strict=False):
        below.plot(plan, label=name, **style)
    rate_axis(below, list(plans.values()), log)
    step_axes(below, n_steps, per_epoch)
    legend(figure, below)
    courses = "; ".join(f"{name} {course(plan)}" for name, plan in plans.items())
    return Drawing(figure, f"{note or _told(result)} Rates over {span(n_steps, per_epoch)}, below: {courses}.")


def _bands(axes: Axes, result) -> None:
    ends = result.steps_per_epoch * np.arange(1, result.training.train_loss.shape[-1] + 1)
    for curves, style in zip(result.curves(), STYLES, strict=False):
        mean, half_width = interval(curves)
        axes.plot(ends, mean, **style)
        axes.fill_between(ends, mean - half_width, mean + half_width, color=style["color"], alpha=0.2, linewidth=0)
    words, unit, *_ = MEASURES[result.measure]
    axes.set_ylabel(f"{words} ({unit})")


def _told(result) -> str:
    words, unit, decimals, _ = MEASURES[result.measure]
    parts = []
    for name, effect in result.effects.items():
        part = f"{name} ends at {with_interval(effect.mean, effect.half_width, decimals)}"
        if name != result.baseline and np.isfinite(effect.difference):
            gain = with_interval(effect.difference, effect.difference_half_width, decimals, "+")
            part += f" ({gain} against {result.baseline})"
        if effect.diverged:
            part += f", {effect.diverged} of {len(result.seeds)} models diverged"
        parts.append(part)
    head = f"{words.capitalize()} in {unit}, mean of {len(result.seeds)} seeds with a 95 % band, above"
    return f"{head}: {'; '.join(parts)}."
