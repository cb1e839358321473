"""What the figures of the course share: the picture with its sentence, the styles, the axes.

No pyplot: a figure here belongs to nobody's session and cannot be shown twice or left open.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

# Okabe and Ito's palette: told apart with every kind of colour vision. The line style says the same without colour.
STYLES = (
    {"color": "#0072B2", "linestyle": "-", "linewidth": 2},
    {"color": "#D55E00", "linestyle": "--", "linewidth": 2},
    {"color": "#009E73", "linestyle": "-.", "linewidth": 2},
    {"color": "#CC79A7", "linestyle": ":", "linewidth": 2.5},
    {"color": "#E69F00", "linestyle": (0, (8, 2)), "linewidth": 2},
    {"color": "#000000", "linestyle": (0, (3, 1, 1, 1, 1, 1)), "linewidth": 2},
)
SKY, BLACK, VERMILION = "#56B4E9", "#000000", "#D55E00"


_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|$~]")  # what Markdown would take for markup in a label


@dataclass(frozen=True, repr=False)
class Drawing:
    """A figure and the sentence that says what it shows. A notebook shows both: the picture, then the sentence."""

    figure: Figure
    text: str

    def png(self) -> bytes:
        """The picture at 100 dots per inch. The same figure gives the same bytes."""
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", dpi=100, metadata={"Software": None})
        return buffer.getvalue()

    def __repr__(self) -> str:
        return self.text

    def _ipython_display_(self) -> None:
        from IPython.display import Image, display

        display(Image(self.png(), alt=self.text))
        # An output of its own, after the picture: a printed line may be joined to one printed before it.
        display({"text/plain": self.text, "text/markdown": _MARKUP.sub(r"\\\g<0>", self.text)}, raw=True)


def panels(columns: int) -> tuple[Figure, list[Axes]]:
    """A figure with so many panels side by side."""
    figure = Figure(figsize=(8, 4) if columns == 1 else (10, 4), layout="constrained")
    return figure, list(figure.subplots(1, columns, squeeze=False)[0])


def markers(n_steps: int) -> dict:
    """Every step as a dot, where there are few."""
    return {"marker": "o", "markersize": 5, "clip_on": False} if n_steps <= 40 else {}


def step_axes(axes: Axes, n_steps: int, steps_per_epoch: int) -> None:
    """Steps below, epochs above."""
    axes.set_xlim(-0.01 * n_steps, 1.01 * n_steps)
    axes.set_xlabel("step (optimizer update)")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    above = axes.secondary_xaxis("top", functions=(lambda x: x / steps_per_epoch, lambda x: x * steps_per_epoch))
    above.set_xlabel(f"epoch (of {steps_per_epoch} step{'s' * (steps_per_epoch > 1)})")
    above.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.grid(alpha=0.3)


def rate_axis(axes: Axes, plans: list[np.ndarray], log: bool | None) -> None:
    """From 0; or logarithmic, where a curve spends a quarter of its steps below a hundredth of the highest rate."""
    highest = max(plan.max() for plan in plans)
    low = any(np.mean(plan < highest / 100) >= 0.25 for plan in plans)
    if low if log is None else log:
        axes.set_yscale("log")
        axes.set_ylabel("learning rate (log scale)")
    else:
        axes.set_ylim(0, 1.05 * highest if highest > 0 else 1)
        axes.set_ylabel("learning rate")


def legend(figure: Figure, axes: Axes) -> None:
    """Below the panels, where it hides no curve."""
    handles, labels = axes.get_legend_handles_labels()
    columns = min(3, len(labels))
    figure.legend(handles, labels, loc="outside lower center", ncols=columns, handlelength=3.5, frameon=False)


def span(n_steps: int, steps_per_epoch: int) -> str:
    """The length of a run, in words."""
    epochs = n_steps / steps_per_epoch
    return (
        f"{n_steps} step{'s' * (n_steps != 1)} ({epochs:.4g} epoch{'s' * (epochs != 1)}, "
        f"{steps_per_epoch} step{'s' * (steps_per_epoch != 1)} each)"
    )


def course(plan: np.ndarray) -> str:
    """How a row of rates goes, in words."""
    top = int(plan.argmax())
    if plan.max() == plan.min():
        return f"stays at {plan[0]:.3g}"
    peak = "" if plan[top] in (plan[0], plan[-1]) else f", peaks at {plan[top]:.3g} in step {top}"
    return f"starts at {plan[0]:.3g}{peak} and ends at {plan[-1]:.3g}"
