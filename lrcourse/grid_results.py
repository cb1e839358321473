"""What schedules were worth to five optimizers: the committed runs of `tools/optimizer_grid.py`, read and drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lrcourse.intervals import interval, with_interval

if TYPE_CHECKING:
    from lrcourse.plots.drawing import Drawing

RESULTS = Path(__file__).with_name("grid_results.json")

# By name: in words with its unit, decimals, and which side of 0 is better.
_MEASURES = {
    "accuracy": ("test accuracy in points", 2, "above"),
    "test loss": ("test loss in nats", 3, "below"),
}


class OptimizerGrid:
    """Final scores, seed by seed, of every task, optimizer and schedule, each with the rate that was chosen for it."""

    def __init__(self, provenance: dict, tasks: dict, runs: list[dict]):
        self._provenance = provenance
        self._tasks = tasks
        self._runs = {(run["task"], run["optimizer"], run["schedule"]): run for run in runs}
        self.tasks, self.optimizers, self.schedules = (
            tuple(dict.fromkeys(names)) for names in zip(*self._runs, strict=True)
        )

    def rate(self, task: str, optimizer: str, schedule: str) -> float:
        """The highest rate of the schedule, as chosen with the tuning seeds."""
        return self._run(task, optimizer, schedule)["rate"]

    def tuning(self, task: str, optimizer: str, schedule: str) -> dict[float, float]:
        """Each rate that was tried, with the mean accuracy of the tuning seeds in %."""
        return dict(self._run(task, optimizer, schedule)["tuning_accuracy"])

    def settings(self, task: str) -> dict:
        """Batch size, epochs and hidden layers, as `compare` takes them."""
        self._known("task", task, self.tasks)
        return {name: self._tasks[task][name] for name in ("batch_size", "epochs", "hidden")}

    def scores(self, task: str, optimizer: str, schedule: str, *, measure: str = "accuracy") -> np.ndarray:
        """One score a seed: "accuracy" (in %) or "test loss". The same place is the same seed, whatever the run."""
        self._known("measure", measure, tuple(_MEASURES))
        run = self._run(task, optimizer, schedule)
        if measure == "test loss":
            return np.array(run["test_loss"], float)
        return 100 * np.array(run["right"]) / self._tasks[task]["n_test"]

    def gains(self, task: str, optimizer: str, schedule: str = "cosine", *, measure: str = "accuracy") -> np.ndarray:
        """The schedule's score minus that of the tuned constant rate, seed by seed."""
        scheduled, constant = (self.scores(task, optimizer, name, measure=measure) for name in (schedule, "constant"))
        return scheduled - constant

    def table(self, schedule: str = "cosine", *, measure: str = "accuracy") -> str:
        """The mean gains with their 95 % intervals as plain text: a row an optimizer, a column a task."""
        self._known("schedule", schedule, self.schedules)
        self._known("measure", measure, tuple(_MEASURES))
        words, decimals, better = _MEASURES[measure]
        cells = [["", *self.tasks]]
        for optimizer in self.optimizers:
            cells.append([optimizer])
            for task in self.tasks:
                mean, half_width = interval(self.gains(task, optimizer, schedule, measure=measure))
                mark = "*" if abs(mean) > half_width else " "
                cells[-1].append(with_interval(mean, half_width, decimals, "+") + mark)
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        rows = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in cells]
        seeds = len(self._provenance["test_seeds"])
        head = f"{schedule} minus constant, {words} ({better} 0 is better), mean and 95 % interval of {seeds} seeds"
        return "\n".join([head, "", *rows, "", "* the interval does not reach across 0"])

    def plot(self, schedule: str = "cosine", *, measure: str = "accuracy", title: str = "") -> Drawing:
        """The same as a figure: a panel a task, a line an optimizer. `title` is what it finds."""
        self._known("schedule", schedule, self.schedules)
        self._known("measure", measure, tuple(_MEASURES))
        from lrcourse.plots import gains as gain_plots

        words, decimals, _ = _MEASURES[measure]
        gains = {
            task: {
                optimizer: tuple(map(float, interval(self.gains(task, optimizer, schedule, measure=measure))))
                for optimizer in self.optimizers
            }
            for task in self.tasks
        }
        return gain_plots.gains(gains, f"{schedule} minus constant, {words}", decimals, title=title)

    def provenance(self) -> str:
        """How, when and with what the runs were made, as plain text."""
        made = self._provenance
        packages = ", ".join(f"{name} {number}" for name, number in made["packages"].items())
        return (
            f"made by:       {made['command']}, on {made['date']}, in {made['seconds'] / 60:.0f} minutes\n"
            f"with:          Python {made['python']} on {made['machine']}\n"
            f"packages:      {packages}\n"
            f"rates tuned:   seeds {made['tuning_seeds'][0]} to {made['tuning_seeds'][-1]}, one half of the test set\n"
            f"then tested:   seeds {made['test_seeds'][0]} to {made['test_seeds'][-1]}, the other half"
        )

    __repr__ = table

    def _run(self, task: str, optimizer: str, schedule: str) -> dict:
        self._known("task", task, self.tasks)
        self._known("optimizer", optimizer, self.optimizers)
        self._known("schedule", schedule, self.schedules)
        return self._runs[task, optimizer, schedule]

    @staticmethod
    def _known(what: str, name: str, names: tuple[str, ...]) -> None:
        if name not in names:
            raise ValueError(f"{what} must be one of {', '.join(names)}; got {name!r}.")


def optimizer_grid() -> OptimizerGrid:
    """The runs that come with the course."""
    found = measured()
    return OptimizerGrid(found["provenance"], found["tasks"], found["runs"])


def measured() -> dict:
    """`grid_results.json`, as `tools/optimizer_grid.py` wrote it: "provenance", "tasks", "runs".

    `right` counts test examples, seed by seed; `tuning_accuracy` is the accuracy in % of each rate that was tried.
    """
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    for run in found["runs"]:
        run["tuning_accuracy"] = dict(map(tuple, run["tuning_accuracy"]))
    return found
