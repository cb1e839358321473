"""The playground's figure, drawn anew in a few hundredths of a second: only the curve changes, so only it is drawn."""

from __future__ import annotations

import io
import math

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from lrcourse.plots.drawing import GREY, KINDS, panels, step_axes


class LiveFigure:
    """A curve of rates over axes that stay, beside a constant rate. `png(plan)` gives the picture."""

    def __init__(self, n_steps: int, *, steps_per_epoch: int, constant: float):
        self._constant = constant
        self._figure, (self._axes,) = panels(1)
        self._canvas = FigureCanvasAgg(self._figure)
        axes = self._axes
        (self._curve,) = axes.plot(np.zeros(n_steps), drawstyle="steps-post", **KINDS["mine"], linewidth=2.4)
        axes.axhline(constant, color=GREY, linewidth=2)
        axes.set_ylabel("learning rate")
        step_axes(axes, n_steps, steps_per_epoch)
        mine = KINDS["mine"]["color"]
        axes.text(0.99, 0.97, "your schedule", transform=axes.transAxes, color=mine, ha="right", va="top", fontsize=11)
        at = {"transform": axes.get_yaxis_transform(), "color": GREY, "ha": "right", "va": "bottom", "fontsize": 11}
        axes.text(0.99, constant, f"best constant rate {constant:g}", **at)
        self._figure.patch.set_alpha(0)  # the page shows through, light or dark
        self._curve.set_animated(True)  # left out when the rest is drawn
        self._without: dict[float, object] = {}

    def png(self, plan: np.ndarray) -> bytes:
        """The picture with `plan`, one rate a step."""
        # Few upper ends of the axis, so that hardly any move of a slider needs new axes.
        top = 2.0 ** math.ceil(math.log2(1.05 * max(float(plan.max()), self._constant)))
        self._axes.set_ylim(0, top)
        if top not in self._without:
            self._canvas.draw()
            self._without[top] = self._canvas.copy_from_bbox(self._figure.bbox)
            self._figure.set_layout_engine("none")  # found once, when the axes were first drawn
        self._canvas.restore_region(self._without[top])
        self._curve.set_ydata(plan)
        self._axes.draw_artist(self._curve)
        buffer = io.BytesIO()
        Image.fromarray(np.asarray(self._canvas.buffer_rgba())).save(buffer, "png", compress_level=1)
        return buffer.getvalue()
