"""The figure of a comparison: what the schedules did, as mean and band over the seeds, above the rates that did it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from lrcourse.intervals import MEASURES, interval, with_interval
from lrcourse.plots.drawing import (
    MOST_CURVES,
    Drawing,
    course,
    heading,
    label_ends,
    panels,
    rate_axis,
    span,
    step_axes,
    styles,
)


def comparison(result, *, log: bool | None = None, title: str = "") -> Drawing:
    """Up to six schedules: the measure after each epoch, mean and 95 % interval over the seeds; below it the rates.

    result: what `compare` gives; it draws itself through this function, so its class is not imported here.
    log: whether the rate axis is logarithmic; None leaves it to the rates.
    title: what the figure finds.

    Where a model of a schedule diverged, the text says how many. Where all did, the upper part says that instead of
    showing curves.
    """
    plans = result.plans
    if len(plans) > MOST_CURVES:
        raise ValueError(f"A figure needs at most {MOST_CURVES} schedules, to be told apart; got {len(plans)}.")
    per_epoch = result.steps_per_epoch
    n_steps = len(next(iter(plans.values())))
    figure, (above, below) = panels(2, heights=(3, 2), height=6.5)
    looks = styles(plans)
    for (name, plan), style in zip(plans.items(), looks, strict=True):
        below.plot(plan, label=name, **style)
    rate_axis(below, list(plans.values()), log)
    step_axes([above, below], n_steps, per_epoch)
    if note := result.all_diverged():
        above.set_axis_off()
        above.text(0.5, 0.5, note, transform=above.transAxes, ha="center", va="center", wrap=True)
        rates = zip(plans.items(), looks, strict=True)
        label_ends(below, [(plan[-1], name, style["color"]) for (name, plan), style in rates])
    else:
        _bands(above, result, looks)
    heading(figure, title)
    courses = "; ".join(f"{name} {course(plan)}" for name, plan in plans.items())
    text = f"{note or _told(result)} Rates over {span(n_steps, per_epoch)}, below: {courses}."
    caption = f"Lines: mean of {len(result.seeds)} seeds; bands: its 95 % interval. Below: the rates."
    return Drawing(figure, text, caption, title)


def _bands(axes: Axes, result, looks: list[dict]) -> None:
    ends = result.steps_per_epoch * np.arange(1, result.training.train_loss.shape[-1] + 1)
    last, shown = [], []
    for name, curves, style in zip(result.plans, result.curves(), looks, strict=True):
        mean, half_width = interval(curves)
        axes.plot(ends, mean, **style)
        axes.fill_between(ends, mean - half_width, mean + half_width, color=style["color"], alpha=0.2, linewidth=0)
        last.append((mean[-1], name, style["color"]))
        shown.append(mean[len(mean) // 5 :])
    # The first epochs, in which everything improves, would press the rest flat.
    shown = np.concatenate(shown)
    if np.isfinite(shown).any():
        low, high = np.nanmin(shown), np.nanmax(shown)
        room = 0.15 * (high - low) or 0.05 * abs(high) or 1.0
        axes.set_ylim(low - room, high + room)
    words, unit, *_ = MEASURES[result.measure]
    axes.set_ylabel(f"{words} ({unit})")
    label_ends(axes, last)


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
