"""The figure of many gains: a dot with its 95 % interval for each, beside the line at 0."""

from __future__ import annotations

from matplotlib.figure import Figure

from lrcourse.intervals import with_interval
from lrcourse.plots.drawing import GREY, KINDS, Drawing, heading, plain


def gains(results: dict[str, dict[str, tuple[float, float]]], words: str, decimals: int, *, title: str = "") -> Drawing:
    """A panel for each key of `results`, with a shared axis of gains.

    - `results`: by panel and name, mean and half width of its interval.
    - `words`: what is drawn, with its unit.
    - `decimals`: how many the text shows.
    - `title`: what the figure finds.
    """
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    panels = figure.subplots(1, len(results), sharey=True, sharex=True, squeeze=False)[0]
    colour = KINDS["cosine"]["color"]
    for axes, (task, lines) in zip(panels, results.items(), strict=True):
        for place, (mean, half_width) in enumerate(lines.values()):
            clear = abs(mean) > half_width
            axes.errorbar(
                mean,
                place,
                xerr=half_width,
                fmt="o",
                capsize=4,
                linewidth=2,
                color=colour,
                markerfacecolor=colour if clear else "none",
            )
        axes.axvline(0, color=GREY, linewidth=1.5)
        axes.set_title(task)
        axes.set_yticks(range(len(lines)), list(lines))
        axes.set_ylim(len(lines) - 0.5, -0.5)
        plain(axes)
        axes.grid(visible=False, axis="y")
    figure.supxlabel(words, color=GREY, fontsize=11)
    heading(figure, title)
    told = "; ".join(
        f"{task}: " + ", ".join(f"{name} {with_interval(*values, decimals, '+')}" for name, values in lines.items())
        for task, lines in results.items()
    )
    caption = "Dot: mean; bar: its 95 % interval. A hollow dot: the interval reaches across 0."
    return Drawing(figure, f"{words}. {caption} {told}.", caption, title)
