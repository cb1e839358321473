"""The way that a schedule's rates add up to: how far each epoch can still move a weight."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lrcourse._arguments import count
from lrcourse.plots.drawing import GREY, Drawing, heading, panels, styles
from lrcourse.schedules import Schedule, rates


def ways(schedules: Mapping[str, Schedule], *, n_epochs: int, steps_per_epoch: int, title: str = "") -> Drawing:
    """How much of its way a weight with a gradient of 1 has come after each epoch: a track a schedule, a dot an epoch.

    schedules: by label, up to six.
    n_epochs: how many epochs are walked.
    steps_per_epoch: updates in one of them.
    title: what the figure finds.

    >>> from lrcourse.schedules import constant
    >>> ways({"constant": constant(0.1)}, n_epochs=2, steps_per_epoch=100)
    Way of a weight with a gradient of 1 over 2 epochs: constant comes 20 far, 50 % of it in epoch 1, 50 % in epoch 2.
    """
    epochs, per_epoch = count("n_epochs", n_epochs), count("steps_per_epoch", steps_per_epoch)
    figure, (axes,) = panels(1, height=1.4 + 0.75 * len(schedules))
    told = []
    for place, ((name, schedule), look) in enumerate(zip(schedules.items(), styles(schedules), strict=True)):
        way = np.cumsum(rates(schedule, epochs * per_epoch))[per_epoch - 1 :: per_epoch]
        share = 100 * way / way[-1]
        axes.plot([0, 100], [place, place], color=look["color"], linewidth=3, alpha=0.35)
        axes.plot(share, [place] * epochs, "o", color=look["color"], markersize=9)
        axes.text(0, place - 0.32, name, color=look["color"], fontsize=11, va="bottom")
        for epoch in sorted({1, 2, epochs}):
            if epoch <= epochs:
                axes.text(share[epoch - 1], place + 0.18, str(epoch), color=GREY, fontsize=9.5, ha="center", va="top")
        first, last = 100 * way[0] / way[-1], 100 * (way[-1] - (way[-2] if epochs > 1 else 0)) / way[-1]
        told.append(f"{name} comes {way[-1]:.3g} far, {first:.2g} % of it in epoch 1, {last:.2g} % in epoch {epochs}")
    axes.set_ylim(len(schedules) - 0.4, -0.7)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("% of the whole way (the sum of the rates)")
    heading(figure, title)
    text = f"Way of a weight with a gradient of 1 over {epochs} epochs: {'; '.join(told)}."
    return Drawing(
        figure, text, "Each dot: the end of an epoch. Where dots crowd, an epoch hardly moves anything.", title
    )
