"""Every figure of the course, drawn from the schedule, recorder or history itself, with its text equivalent.

Each function returns a `Drawing`: a notebook shows the picture with its caption. `title` is the finding, above it.
`.figure` and `.text` are the picture and its words alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lrcourse._arguments import count
from lrcourse.plots.drawing import (
    GREY,
    MOST_CURVES,
    RED,
    SKY,
    Drawing,
    course,
    heading,
    label_ends,
    markers,
    panels,
    rate_axis,
    span,
    step_axes,
    styles,
)
from lrcourse.recorder import compare_rates
from lrcourse.schedules import Schedule, rates


def schedules(
    curves: Mapping[str, Schedule], *, n_steps: int, steps_per_epoch: int, log: bool | None = None, title: str = ""
) -> Drawing:
    """The rates that schedules plan for steps 0 to `n_steps - 1`.

    - `curves`: a schedule by its label, up to six. A label that names a kind ("cosine", "warmup, then halving") gets
      the colour and dash which that kind has in the whole course.
    - `n_steps`: how many updates are drawn.
    - `steps_per_epoch`: updates in an epoch, for the axis above.
    - `log`: whether the rate axis is logarithmic. None: where a schedule spends a quarter of its steps or more below a
      hundredth of the highest rate. Otherwise it starts at 0.
    - `title`: what the figure finds.

    >>> from lrcourse.schedules import halving
    >>> schedules({"halving": halving(0.1, every=20)}, n_steps=60, steps_per_epoch=10)
    Planned learning rate over 60 steps (6 epochs, 10 steps each): halving starts at 0.1 and ends at 0.025.
    """
    per_epoch = count("steps_per_epoch", steps_per_epoch)
    plans = {label: rates(schedule, n_steps) for label, schedule in _few(curves).items()}
    figure, (axes,) = panels(1)
    looks = styles(plans)
    for (label, plan), style in zip(plans.items(), looks, strict=True):
        # A rate holds for its whole step, so a drop is a drop and not a slope.
        axes.plot(plan, label=label, drawstyle="steps-post", **style, **markers(n_steps))
    rate_axis(axes, list(plans.values()), log)
    step_axes(axes, n_steps, per_epoch)
    label_ends(axes, _ends(plans, looks))
    heading(figure, title)
    courses = "; ".join(f"{label} {course(plan)}" for label, plan in plans.items())
    text = f"Planned learning rate over {span(n_steps, per_epoch)}: {courses}."
    return Drawing(figure, text, "The rate planned for each step.", title)


def planned_and_applied(
    planned: Schedule | Sequence[float],
    applied: object,
    *,
    steps_per_epoch: int | None = None,
    log: bool | None = None,
    title: str = "",
) -> Drawing:
    """A plan beside the rates that the optimizer applied, and the first step where they differ.

    - `planned`: a schedule, or one rate a step.
    - `applied`: a `RateRecorder`, which knows its epochs, or a sequence of rates with `steps_per_epoch`.
    - `log`, `title`: as in `schedules`.
    """
    comparison = compare_rates(planned, applied)
    plan, used = comparison.planned, comparison.applied
    per_epoch = _steps_per_epoch(applied) if steps_per_epoch is None else count("steps_per_epoch", steps_per_epoch)
    n_steps = max(len(plan), len(used))
    figure, (axes,) = panels(1)
    # The plan is a broad band and the applied rates a thin line inside it, so that both are seen where they agree.
    axes.plot(plan, drawstyle="steps-post", label="planned", color=SKY, linewidth=8, alpha=0.55, solid_capstyle="butt")
    axes.plot(used, drawstyle="steps-post", label="applied", color=RED, linewidth=1.8, **markers(n_steps))
    rate_axis(axes, [plan, used], log)
    step_axes(axes, n_steps, per_epoch)
    step = comparison.first_difference
    if step is not None:
        label = f"first difference: step {step}"
        axes.axvline(step, color=GREY, linestyle=":", label=label)
        side, gap = ("left", 6) if step < n_steps / 2 else ("right", -6)
        at = {"xy": (step, 0.03), "xycoords": axes.get_xaxis_transform(), "textcoords": "offset points"}
        axes.annotate(label, xytext=(gap, 0), color=GREY, ha=side, va="bottom", **at)
    label_ends(axes, [(plan[-1], "planned", "#2E8BC0"), (used[-1], "applied", RED)])
    heading(figure, title)
    text = f"Planned and applied learning rate over {span(n_steps, per_epoch)}: {comparison.text}; "
    caption = f"Broad band: the plan. Thin line: what the optimizer used. Here {comparison.text}."
    return Drawing(figure, f"{text}the plan {course(plan)}.", caption, title)


def training(runs: object, recorder: object = None, *, log: bool | None = None, title: str = "") -> Drawing:
    """Loss and accuracy above the learning rate that was applied.

    - `runs`: a history, as `fit` returns it (or its dict), with its `recorder`: the numbers of training,
      and of validation if `fit` had it. Or a dict label -> (history, recorder) of up to six runs, compared by
      validation where every run has it. The numbers are one an epoch, drawn at the end of the epoch.
    - `recorder`: the `RateRecorder` of the one run.
    - `log`, `title`: as in `schedules`.
    """
    pairs = _few(runs) if recorder is None else {"applied rate": (runs, recorder)}
    logs = {label: getattr(history, "history", history) for label, (history, _) in pairs.items()}
    used = {label: np.asarray(seen.rates) for label, (_, seen) in pairs.items()}
    ends = {label: np.append(seen.epoch_starts[1:], len(seen.rates)) for label, (_, seen) in pairs.items()}
    for label, run in logs.items():
        if len(ends[label]) != len(run["loss"]):
            raise ValueError(
                f"A history and its recorder must be of the same fit; got {len(run['loss'])} epochs in the history "
                f"and {len(ends[label])} in the recorder of {label!r}."
            )
    n_steps = max(map(len, used.values()))
    per_epoch = _steps_per_epoch(next(iter(pairs.values()))[1])
    metrics = [name for name in ("loss", "accuracy") if all(name in run for run in logs.values())]

    figure, axes = panels(len(metrics) + 1)
    told = {label: [] for label in pairs}
    for panel, metric in zip(axes, metrics, strict=False):
        validated = all("val_" + metric in run for run in logs.values())
        # One run: training and validation are the two curves. Several: each run is a curve.
        kinds = [kind for kind in _KINDS if (validated or kind == "training")][0 if recorder is not None else -1 :]
        curves = {label if recorder is None else kind: (label, kind) for label in pairs for kind in kinds}
        looks, last = styles(curves), []
        for (name, (label, kind)), style in zip(curves.items(), looks, strict=True):
            values = logs[label][_KINDS[kind] + metric]
            panel.plot(ends[label], values, label=name, **style, **markers(len(values)))
            told[label].append(f"{kind} {metric} goes from {values[0]:.3g} to {values[-1]:.3g}")
            last.append((values[-1], name, style["color"]))
        panel.set_ylabel(metric if len(kinds) == 2 else f"{kinds[0]} {metric}")
        label_ends(panel, last)
    looks = styles(used) if recorder is None else [{"color": GREY, "linewidth": 2.0}]
    for (label, plan), style in zip(used.items(), looks, strict=True):
        axes[-1].plot(plan, label=label, **style)
        told[label].append(f"the learning rate {course(plan)}")
    rate_axis(axes[-1], list(used.values()), log)
    step_axes(axes, n_steps, per_epoch)
    label_ends(axes[-1], _ends(used, looks))
    heading(figure, title)
    text = "; ".join((f"{label}: " if recorder is None else "") + ", ".join(parts) for label, parts in told.items())
    caption = "Measured at the end of each epoch; below, the rate of each step."
    return Drawing(figure, f"Training over {span(n_steps, per_epoch)}: {text}.", caption, title)


_KINDS = {"training": "", "validation": "val_"}  # and how a history names them


def _few(curves: object) -> dict:
    if not isinstance(curves, Mapping) or not 1 <= len(curves) <= MOST_CURVES:
        raise ValueError(f"A figure needs a dict of 1 to {MOST_CURVES} labelled curves; got {curves!r}.")
    return dict(curves)


def _ends(plans: dict, looks: list[dict]) -> list[tuple[float, str, str]]:
    return [(plan[-1], label, style["color"]) for (label, plan), style in zip(plans.items(), looks, strict=True)]


def _steps_per_epoch(recorder: object) -> int:
    starts = getattr(recorder, "epoch_starts", None)
    if starts is None:
        raise ValueError(
            f"Give steps_per_epoch, or a RateRecorder, which knows its epochs; got {type(recorder).__name__}."
        )
    return int(starts[1] - starts[0]) if len(starts) > 1 else len(recorder.rates)
