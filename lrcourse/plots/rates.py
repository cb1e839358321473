"""Every figure of the course, drawn from the schedule, recorder or history itself, with its text equivalent.

Each function returns a `Drawing`: a notebook shows it as the picture and then one sentence. `.figure` and `.text` are
the two alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lrcourse._arguments import count
from lrcourse.plots.drawing import (
    BLACK,
    SKY,
    STYLES,
    VERMILION,
    Drawing,
    course,
    legend,
    markers,
    panels,
    rate_axis,
    span,
    step_axes,
)
from lrcourse.recorder import compare_rates
from lrcourse.schedules import Schedule, rates


def schedules(
    curves: Mapping[str, Schedule], *, n_steps: int, steps_per_epoch: int, log: bool | None = None
) -> Drawing:
    """The rates that schedules plan for steps 0 to `n_steps - 1`; `curves` maps a label to a schedule, up to six.

    Steps are below, epochs above. The rate axis starts at 0; it is logarithmic, and says so, where a schedule spends a
    quarter of its steps or more below a hundredth of the highest rate. `log` decides otherwise.

    >>> from lrcourse.schedules import halving
    >>> schedules({"halving": halving(0.1, every=20)}, n_steps=60, steps_per_epoch=10)
    Planned learning rate over 60 steps (6 epochs, 10 steps each): halving starts at 0.1 and ends at 0.025.
    """
    per_epoch = count("steps_per_epoch", steps_per_epoch)
    plans = {label: rates(schedule, n_steps) for label, schedule in _few(curves).items()}
    figure, (axes,) = panels(1)
    for (label, plan), style in zip(plans.items(), STYLES, strict=False):
        # A rate holds for its whole step, so a drop is a drop and not a slope.
        axes.plot(plan, label=label, drawstyle="steps-post", **style, **markers(n_steps))
    rate_axis(axes, list(plans.values()), log)
    step_axes(axes, n_steps, per_epoch)
    legend(figure, axes)
    courses = "; ".join(f"{label} {course(plan)}" for label, plan in plans.items())
    return Drawing(figure, f"Planned learning rate over {span(n_steps, per_epoch)}: {courses}.")


def planned_and_applied(
    planned: Schedule | Sequence[float],
    applied: object,
    *,
    steps_per_epoch: int | None = None,
    log: bool | None = None,
) -> Drawing:
    """A plan beside the rates that the optimizer applied, and the first step where they differ.

    `applied` is a `RateRecorder`, which knows its epochs, or a sequence of rates with `steps_per_epoch`.
    """
    comparison = compare_rates(planned, applied)
    plan, used = comparison.planned, comparison.applied
    per_epoch = _steps_per_epoch(applied) if steps_per_epoch is None else count("steps_per_epoch", steps_per_epoch)
    n_steps = max(len(plan), len(used))
    figure, (axes,) = panels(1)
    # The plan is a broad band and the applied rates a thin line inside it, so that both are seen where they agree.
    axes.plot(plan, drawstyle="steps-post", label="planned", color=SKY, linewidth=6, alpha=0.6, solid_capstyle="butt")
    axes.plot(used, drawstyle="steps-post", label="applied", color=BLACK, linestyle="--", **markers(n_steps))
    step = comparison.first_difference
    if step is not None:
        axes.axvline(step, color=VERMILION, linestyle=":", label=f"first difference: step {step}")
    rate_axis(axes, [plan, used], log)
    step_axes(axes, n_steps, per_epoch)
    legend(figure, axes)
    text = f"Planned and applied learning rate over {span(n_steps, per_epoch)}: {comparison.text}; "
    return Drawing(figure, f"{text}the plan {course(plan)}.")


def training(runs: object, recorder: object = None, *, log: bool | None = None) -> Drawing:
    """Loss and accuracy beside the learning rate that was applied.

    `training(history, recorder)` shows one run: the numbers of training, and of validation if `fit` had it.
    `training({label: (history, recorder)})` compares up to six runs, by validation where every run has it. A history is
    what `fit` returns (or its dict); its numbers are one an epoch and are drawn at the end of the epoch.
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
        curves = [(label, kind) for label in pairs for kind in kinds]
        for (label, kind), style in zip(curves, STYLES, strict=False):
            values = logs[label][_KINDS[kind] + metric]
            panel.plot(ends[label], values, label=label if recorder is None else kind, **style, **markers(len(values)))
            told[label].append(f"{kind} {metric} goes from {values[0]:.3g} to {values[-1]:.3g}")
        panel.set_ylabel(metric if len(kinds) == 2 else f"{kinds[0]} {metric}")
        step_axes(panel, n_steps, per_epoch)
    for (label, plan), style in zip(used.items(), STYLES, strict=False):
        axes[-1].plot(plan, label=label, **(style if recorder is None else {"color": BLACK, "linewidth": 2}))
        told[label].append(f"the learning rate {course(plan)}")
    rate_axis(axes[-1], list(used.values()), log)
    step_axes(axes[-1], n_steps, per_epoch)
    legend(figure, axes[0])
    text = "; ".join((f"{label}: " if recorder is None else "") + ", ".join(parts) for label, parts in told.items())
    return Drawing(figure, f"Training over {span(n_steps, per_epoch)}: {text}.")


_KINDS = {"training": "", "validation": "val_"}  # and how a history names them


def _few(curves: object) -> dict:
    if not isinstance(curves, Mapping) or not 1 <= len(curves) <= len(STYLES):
        raise ValueError(f"A figure needs a dict of 1 to {len(STYLES)} labelled curves; got {curves!r}.")
    return dict(curves)


def _steps_per_epoch(recorder: object) -> int:
    starts = getattr(recorder, "epoch_starts", None)
    if starts is None:
        raise ValueError(
            f"Give steps_per_epoch, or a RateRecorder, which knows its epochs; got {type(recorder).__name__}."
        )
    return int(starts[1] - starts[0]) if len(starts) > 1 else len(recorder.rates)
