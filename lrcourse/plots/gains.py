"""The figure of many gains: a dot with its 95 % interval for each, beside the line at 0."""

from __future__ import annotations

from matplotlib.figure import Figure

from lrcourse.intervals import with_interval
from lrcourse.plots.drawing import STYLES, Drawing


def gains(results: dict[str, dict[str, tuple[float, float]]], words: str, decimals: int) -> Drawing:
    """A panel for each key of `results`, in it each name with its mean and half width. `words` says what is drawn."""
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    panels = figure.subplots(1, len(results), sharey=True, squeeze=False)[0]
    for axes, (title, lines) in zip(panels, results.items(), strict=True):
        for place, (mean, half_width) in enumerate(lines.values()):
            clear = abs(mean) > half_width
            axes.errorbar(
                mean,
                place,
                xerr=half_width,
                fmt="o",
                capsize=4,
                linewidth=2,
                color=STYLES[0]["color"],
                markerfacecolor=STYLES[0]["color"] if clear else "white",
            )
        axes.axvline(0, color="black", linewidth=1)
        axes.set_title(title)
        axes.set_yticks(range(len(lines)), list(lines))
        axes.set_ylim(len(lines) - 0.5, -0.5)
        axes.grid(axis="x", alpha=0.3)
    figure.supxlabel(words)
    told = "; ".join(
        f"{title}: " + ", ".join(f"{name} {with_interval(*values, decimals, '+')}" for name, values in lines.items())
        for title, lines in results.items()
    )
    return Drawing(
        figure, f"{words}, mean with its 95 % interval; a hollow dot where the interval reaches across 0. {told}."
    )
