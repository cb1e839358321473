"""Balls in a valley, moving: the weights of many runs at once, drawn on a canvas by a small script of the figure's own.

The numbers travel, not pictures: two bytes a coordinate. Where no script runs, a still picture and its text stand.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from lrcourse.plots.drawing import GREY, Drawing, heading, plain, styles

_SCRIPT = Path(__file__).with_name("balls.js")


@dataclass(frozen=True, repr=False)
class Moving(Drawing):
    """A still picture with its words, which a page with scripts replaces by the moving one."""

    data: str = ""
    """What the script draws, as JSON."""

    def html(self, png: bytes) -> str:
        script = _SCRIPT.read_text(encoding="utf-8").replace("DATA", self.data, 1)
        title = f"<p><strong>{html.escape(self.title)}</strong></p>" if self.title else ""
        return title + super().html(png).replace("<figcaption>", f"<script>{script}</script><figcaption>")


def balls(
    positions: Mapping[str, np.ndarray],
    *,
    updates: Sequence[int],
    curvature: tuple[float, ...] = (1.0,),
    title: str = "",
) -> Moving:
    """Balls in a noisy valley, one panel a schedule, with a button and a slider through the updates.

    positions: by label, an array [frames, balls] in a valley of one dimension, or [frames, balls, 2] (flat direction
        first) in one of two. All of the same shape; up to four.
    updates: the number of the update that each frame shows.
    curvature: the valley's, one number a dimension; it gives the contour lines their shape.
    title: what the figure finds.

    ValueError: other shapes, or positions that are no finite numbers.
    """
    shown = {label: np.asarray(one, float) for label, one in positions.items()}
    shapes = {label: one.shape for label, one in shown.items()}
    dimensions = len(curvature)
    rule = [len(updates), "balls"] + [2] * (dimensions == 2)
    if (
        not 1 <= len(shown) <= 4
        or len(set(shapes.values())) != 1
        or any(len(shape) != dimensions + 1 or shape[0] != len(updates) for shape in shapes.values())
    ):
        raise ValueError(f"positions must be 1 to 4 arrays of one shape {rule}, a frame an update; got {shapes}.")
    if not all(np.isfinite(one).all() for one in shown.values()):
        raise ValueError("positions must be finite; a ball has left the valley: try lower rates.")
    whole = np.stack([one.reshape(len(updates), -1, dimensions) for one in shown.values()])
    reach = [1.05 * float(np.abs(whole[..., axis]).max()) for axis in range(dimensions)]
    squares = (whole**2).mean(axis=2)  # [schedule, frame, axis]
    looks = styles(shown)
    data = {
        "dimensions": dimensions,
        "balls": whole.shape[2],
        "updates": [int(update) for update in updates],
        "reach": reach,
        "oval": _oval(curvature, reach),
        "grey": GREY,
        "panels": [
            {"label": label, "color": look["color"], "measured": [_measured(frame) for frame in panel]}
            for label, look, panel in zip(shown, looks, squares, strict=True)
        ],
        "data": base64.b64encode(np.rint((whole / reach + 1) / 2 * 65535).astype("<u2").tobytes()).decode(),
    }
    figure = _still(whole, list(shown), looks, reach, _oval(curvature, reach), squares)
    told = "; ".join(f"{label}: {_measured(panel[-1])}" for label, panel in zip(shown, squares, strict=True))
    n_balls = whole.shape[2]
    text = f"{n_balls} balls in a noisy valley, after {updates[-1]} updates from one place. {told}."
    caption = f"Each dot is one of {n_balls} runs from the same place. Play, or drag the slider."
    return Moving(figure, text, caption, title, json.dumps(data, separators=(",", ":")))


def _measured(squares: np.ndarray) -> str:
    """The mean squared distance, by direction."""
    if len(squares) == 1:
        return f"mean square {squares[0]:.3g}"
    return f"mean square {squares[0]:.2g} flat, {squares[1]:.2g} steep"


def _oval(curvature: tuple[float, ...], reach: list[float]) -> float:
    """Height of a contour line over its width, both as shares of the panel's reach, kept within what can be seen."""
    if len(curvature) == 1:
        return 1.0
    flat, steep = curvature
    return float(np.clip((flat / steep) ** 0.5 * reach[0] / reach[1], 0.15, 1.0))


def _still(whole, labels, looks, reach, oval, squares) -> Figure:
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    panels = figure.subplots(1, len(labels), sharex=True, sharey=True, squeeze=False)[0]
    around = np.linspace(0, 2 * np.pi, 100)
    for axes, label, look, frames, square in zip(panels, labels, looks, whole, squares, strict=True):
        plain(axes)
        axes.grid(visible=False)
        axes.set_axis_off()
        axes.set_xlim(-1.05 * reach[0], 1.05 * reach[0])
        if whole.shape[-1] == 1:
            x = np.linspace(-reach[0], reach[0], 100)
            axes.plot(x, x**2, color=GREY, linewidth=1)
            axes.plot(frames[-1, :, 0], frames[-1, :, 0] ** 2, "o", color=look["color"], markersize=4, alpha=0.5)
        else:
            for level in (0.3, 0.6, 0.95):
                x, y = level * reach[0] * np.cos(around), level * oval * reach[1] * np.sin(around)
                axes.plot(x, y, color=GREY, linewidth=0.8, alpha=0.6)
            axes.set_ylim(-reach[1], reach[1])
            axes.plot(*frames[-1].T, "o", color=look["color"], markersize=4, alpha=0.5)
            axes.plot(*frames[:, 0].T, color=look["color"], linewidth=1.2)
        axes.set_title(label, color=look["color"], fontsize=11)
        axes.text(0.5, -0.06, _measured(square[-1]), transform=axes.transAxes, ha="center", color=GREY, fontsize=9.5)
    heading(figure, "")
    return figure
