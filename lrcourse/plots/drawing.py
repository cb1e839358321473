"""What the figures of the course share: the picture with its words, the style of each kind of schedule, the axes.

No pyplot: a figure here belongs to nobody's session and cannot be shown twice or left open.
"""

from __future__ import annotations

import base64
import html
import io
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

# Every colour stands out from white and from JupyterLab's dark page (a test measures it), and no two kinds share a
# dash pattern and a colour: the same kind looks the same in every lesson, and nothing is told by colour alone.
GREY, SKY, RED = "#7A7A7A", "#56B4E9", "#C2386F"
KINDS: dict[str, dict] = {
    "constant": {"color": GREY, "linestyle": "-"},
    "time-based": {"color": "#1F7FC4", "linestyle": "-"},
    "exponential": {"color": "#D55E00", "linestyle": "--"},
    "halv": {"color": "#009E73", "linestyle": "-."},
    "custom": {"color": "#009E73", "linestyle": (0, (6, 1, 1, 1, 1, 1))},
    "cosine": {"color": "#B0609A", "linestyle": (0, (9, 2))},
    "linear": {"color": "#A87900", "linestyle": "-"},
    "warmup": {"color": "#5F74D8", "linestyle": ":"},
    "one-cycle": {"color": "#8F6A4A", "linestyle": "--"},
    "wsd": {"color": "#B8483C", "linestyle": (0, (8, 2, 2, 2))},
    "restarts": {"color": "#2E8F9E", "linestyle": "-."},
    "inverse square root": {"color": "#7E8A1F", "linestyle": (0, (4, 1))},
    "mine": {"color": RED, "linestyle": "-"},
}
"""By kind: its colour and dash. A kind is found by its name in a curve's label; "halv" is in halving and in halved."""

# Where a label names two kinds: a warmup that is followed by a cosine is drawn as the warmup, restarts as restarts.
_FIRST = ("mine", "restarts", "warmup", "one-cycle", "wsd")
_SAME = {"your": "mine", "halve": "halv", "no schedule": "constant", "linear warmup": "warmup"}
_UNNAMED = (
    {"color": "#1F7FC4", "linestyle": "-"},
    {"color": "#D55E00", "linestyle": "--"},
    {"color": "#009E73", "linestyle": "-."},
    {"color": "#B0609A", "linestyle": ":"},
    {"color": "#A87900", "linestyle": (0, (8, 2))},
    {"color": GREY, "linestyle": (0, (3, 1, 1, 1, 1, 1))},
)
MOST_CURVES = len(_UNNAMED)
DOTS_PER_INCH, PIXELS_PER_INCH = 140, 95  # drawn finer than shown, for screens with small pixels
_WIDTHS = (2.4, 1.7, 1.2, 0.9, 0.9, 0.9)  # of curves of one kind in one figure


@dataclass(frozen=True, repr=False)
class Drawing:
    """A figure and its words. A notebook shows the picture with its caption; who cannot see it is told the text.

    `text` says in full what the figure shows: it is the picture's alternative text, and stands for it in a terminal.
    `caption` is the line below the picture. `title`, the finding, is drawn in the picture and begins the text.
    """

    figure: Figure
    text: str
    caption: str = ""
    title: str = ""

    def png(self) -> bytes:
        """The picture, transparent and with at most 256 colours. The same figure gives the same bytes."""
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH, transparent=True, metadata={"Software": None})
        picture = Image.open(buffer).quantize(256, method=Image.Quantize.FASTOCTREE)
        small = io.BytesIO()
        picture.save(small, format="png", optimize=True)
        return small.getvalue()

    @property
    def told(self) -> str:
        """The finding, if there is one, and the text."""
        return f"{self.title}. {self.text}" if self.title else self.text

    def html(self, png: bytes) -> str:
        """The figure as HTML: JupyterLab drops the alternative text of an image, but not the one in here."""
        width = round(self.figure.get_figwidth() * PIXELS_PER_INCH)
        return (
            f'<figure style="margin:0"><img alt="{html.escape(self.told)}" width="{width}" '
            f'style="max-width:100%;height:auto" src="data:image/png;base64,{base64.b64encode(png).decode()}">'
            f"<figcaption>{html.escape(self.caption or self.text)}</figcaption></figure>"
        )

    def __repr__(self) -> str:
        return self.told

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        png = self.png()
        return {
            "text/html": self.html(png),
            "image/png": base64.b64encode(png).decode(),  # for what shows no HTML, such as a graded notebook
            "text/plain": self.told,
        }


def kind(label: str) -> str | None:
    """The kind of schedule that a curve's label names, a key of `KINDS`; None where it names none.

    >>> kind("0.1, halved every 10 epochs"), kind("warmup, then cosine"), kind("loss")
    ('halv', 'warmup', None)
    """
    words = label.lower()
    if "no warmup" in words or "without warmup" in words:
        words = words.replace("no warmup", "").replace("without warmup", "")
    for said, meant in _SAME.items():
        words = words.replace(said, meant)
    named = [name for name in (*_FIRST, *KINDS) if name in words]
    return named[0] if named else None


def styles(labels: Iterable[str]) -> list[dict]:
    """How to draw the curve of each label: by its kind; a second curve of a kind is thinner, its label tells it apart.

    Curves that name no kind, such as those of a training, get styles in turn.
    """
    chosen, seen, unnamed = [], {}, iter(_UNNAMED)
    for label in labels:
        name = kind(label)
        number = seen.get(name, 0)
        seen[name] = number + 1
        look = next(unnamed) if name is None else KINDS[name]
        chosen.append({**look, "linewidth": 2.0 if name is None else _WIDTHS[min(number, len(_WIDTHS) - 1)]})
    return chosen


def panels(rows: int, *, heights: Sequence[float] | None = None, height: float | None = None) -> tuple[Figure, list]:
    """A figure with `rows` panels below each other, which share their x axis; it has no background.

    `heights` are the panels' relative heights; `height` is the figure's, in inches, by default about 3 a panel.
    """
    figure = Figure(figsize=(8, height or (4 if rows == 1 else 1 + 2.4 * rows)), layout="constrained")
    found = figure.subplots(rows, 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    for axes in found:
        plain(axes)
    return figure, list(found)


def plain(axes: Axes) -> None:
    """Axes in a grey that can be read on white and on black, without a frame."""
    axes.patch.set_alpha(0)
    axes.tick_params(colors=GREY, which="both", labelsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GREY)
    for words in (axes.xaxis.label, axes.yaxis.label, axes.title):
        words.set_color(GREY)
        words.set_fontsize(11)
    axes.grid(color=GREY, alpha=0.25, linewidth=0.8)


def heading(figure: Figure, title: str) -> None:
    """The finding, above the panels."""
    if title:
        lines = textwrap.fill(title, 78)
        figure.suptitle(lines, x=0.01, ha="left", fontsize=12.5, fontweight="bold", color=GREY)


def markers(n_steps: int) -> dict:
    """Every step as a dot, where there are few."""
    return {"marker": "o", "markersize": 5, "clip_on": False} if n_steps <= 40 else {}


def step_axes(panels: Axes | Sequence[Axes], n_steps: int, steps_per_epoch: int) -> None:
    """Steps below the last panel, epochs above the first."""
    shared = [panels] if isinstance(panels, Axes) else list(panels)
    for axes in shared:
        axes.set_xlim(-0.01 * n_steps, 1.01 * n_steps)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    shared[-1].set_xlabel("step (optimizer update)")
    per_epoch = steps_per_epoch
    above = shared[0].secondary_xaxis("top", functions=(lambda x: x / per_epoch, lambda x: x * per_epoch))
    above.set_xlabel(f"epoch (of {per_epoch} step{'s' * (per_epoch > 1)})", color=GREY, fontsize=11)
    above.tick_params(colors=GREY, labelsize=10)
    above.spines["top"].set_visible(False)
    above.xaxis.set_major_locator(MaxNLocator(6, integer=True))


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


def label_ends(axes: Axes, ends: Iterable[tuple[float, str, str]]) -> None:
    """Each curve's name where it ends, at the right edge of the panel. `ends`: height on the y axis, label, colour.

    Call it when the y axis has its limits. Labels that would lie on each other move apart, in the curves' order.
    """
    places = []
    for y, label, colour in ends:
        spot = axes.transAxes.inverted().transform(axes.transData.transform((1, y)))[1] if np.isfinite(y) else 0.0
        places.append([min(max(float(spot) if np.isfinite(spot) else 0.0, 0.0), 1.0), label, colour])
    places.sort(key=lambda place: place[0])
    gap = min(0.17 / (axes.figure.get_figheight() * _share(axes)), 1 / max(len(places), 1))
    # From below, each at least a gap above the one before; then back from the top, where that went too far.
    spots = [place[0] for place in places]
    for number in range(1, len(spots)):
        spots[number] = max(spots[number], spots[number - 1] + gap)
    if spots and spots[-1] > 1:
        spots[-1] = 1.0
        for number in range(len(spots) - 2, -1, -1):
            spots[number] = min(spots[number], spots[number + 1] - gap)
    for spot, (_, label, colour) in zip(spots, places, strict=True):
        axes.text(1.015, spot, label, transform=axes.transAxes, color=colour, fontsize=10.5, va="center")


def _share(axes: Axes) -> float:
    """About which part of the figure's height a panel has."""
    ratios = axes.get_subplotspec().get_gridspec().get_height_ratios()
    row = axes.get_subplotspec().rowspan.start
    return 0.8 * ratios[row] / sum(ratios)


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
