"""Measure what schedules are worth to five optimizers: the numbers that lesson 06 shows. Takes a quarter of an hour.

    .venv/bin/python tools/optimizer_grid.py

For each task, optimizer and schedule the highest rate is chosen anew, by mean accuracy over the tuning seeds on one
half of the test set; then the test seeds train with it, and are judged on the other half. The rates tried are a factor
of 2 apart, and more are tried as long as the best is the lowest or the highest. Writes `lrcourse/grid_results.json`.
"""

from __future__ import annotations

import datetime
import json
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version

import numpy as np

from lrcourse import schedules
from lrcourse.data import digits, mnist1d, tuning_and_test
from lrcourse.grid_results import RESULTS
from lrcourse.training.many import Training, train_many
from lrcourse.training.optimizers import OPTIMIZERS

COMMAND = "python tools/optimizer_grid.py"
TUNING_SEEDS = tuple(range(1000, 1004))
TEST_SEEDS = tuple(range(20))
PACKAGES = ("tensorflow-cpu", "keras", "numpy", "scikit-learn", "mnist1d")


@dataclass(frozen=True)
class Task:
    """A data set with the network and the training that belong to it."""

    load: Callable
    hidden: tuple[int, ...]
    batch_size: int
    epochs: int

    def settings(self) -> dict:
        """All but the data, as `train_many` takes it."""
        return {name: value for name, value in asdict(self).items() if name != "load"}


TASKS = {
    "clean digits": Task(digits, (32,), 32, 20),
    "noisy digits": Task(lambda: digits(noisy=True), (32,), 8, 10),
    "mnist1d": Task(mnist1d, (64, 64), 32, 20),
}
# Each takes the highest rate and the number of updates. The last two end at a tenth and at a hundredth of it.
SCHEDULES = {
    "constant": lambda rate, n_steps: schedules.constant(rate),
    "cosine": lambda rate, n_steps: schedules.cosine(rate, decay_steps=n_steps),
    "time-based": lambda rate, n_steps: schedules.time_based_decay(rate, decay=9 / n_steps),
    "exponential": lambda rate, n_steps: schedules.exponential_decay(rate, decay_steps=n_steps, decay_rate=0.01),
}
FIRST_RATES = {"sgd": 0.2, "momentum": 0.02, "adam": 0.004, "rmsprop": 0.004, "adagrad": 0.1}


def train(task: Task, data, optimizer: str, wanted: list[tuple[str, float]], seeds: tuple[int, ...]) -> Training:
    """Train each wanted schedule, given by its name and its highest rate, with each seed."""
    n_steps = task.epochs * schedules.steps_per_epoch(len(data.x_train), batch_size=task.batch_size)
    plans = [schedules.rates(SCHEDULES[name](rate, n_steps), n_steps) for name, rate in wanted]
    return train_many(np.array(plans), data, seeds=seeds, optimizer=optimizer, **task.settings())


def tune(task: Task, data, optimizer: str) -> dict[str, dict[float, float]]:
    """By schedule: the mean accuracy of each rate that was tried, in %."""
    tried: dict[str, dict[float, float]] = {name: {} for name in SCHEDULES}
    new = [FIRST_RATES[optimizer] * 2.0**power for power in range(-2, 3)]
    while new:
        wanted = [(name, rate) for name in SCHEDULES for rate in new]
        accuracy = train(task, data, optimizer, wanted, TUNING_SEEDS).test_accuracy[..., -1].mean(axis=1)
        for (name, rate), value in zip(wanted, accuracy, strict=True):
            tried[name][rate] = round(100 * float(value), 2)
        best = [max(rates, key=rates.get) for rates in tried.values()]
        lowest, highest = min(tried["constant"]), max(tried["constant"])
        new = [lowest / 4, lowest / 2] * (min(best) == lowest) + [2 * highest, 4 * highest] * (max(best) == highest)
    return {name: dict(sorted(rates.items())) for name, rates in tried.items()}


def measure(name: str) -> list[dict]:
    """One entry for each optimizer and schedule: the rates tried, the one chosen, what the test seeds did with it."""
    task = TASKS[name]
    tuning, test = tuning_and_test(task.load())
    runs = []
    for optimizer in OPTIMIZERS:
        started = time.monotonic()
        tried = tune(task, tuning, optimizer)
        chosen = {schedule: max(rates, key=rates.get) for schedule, rates in tried.items()}
        result = train(task, test, optimizer, list(chosen.items()), TEST_SEEDS)
        right = np.rint(result.test_accuracy[..., -1] * len(test.x_test)).astype(int)
        for number, (schedule, rate) in enumerate(chosen.items()):
            runs.append(
                {
                    "task": name,
                    "optimizer": optimizer,
                    "schedule": schedule,
                    "rate": rate,
                    "diverged": int(result.diverged[number].sum()),
                    "tuning_accuracy": list(tried[schedule].items()),
                    "right": right[number].tolist(),
                    "test_loss": [round(float(loss), 4) for loss in result.test_loss[number, :, -1]],
                }
            )
        print(f"{name}, {optimizer}: {chosen}, {time.monotonic() - started:.0f} s", flush=True)
    return runs


def results(runs: list[dict], seconds: float) -> str:
    """The text of the file that holds the results: one run a line, so that a change can be read."""
    provenance = {
        "command": COMMAND,
        "date": datetime.date.today().isoformat(),
        "seconds": round(seconds),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "packages": {name: version(name) for name in PACKAGES},
        "tuning_seeds": TUNING_SEEDS,
        "test_seeds": TEST_SEEDS,
    }
    tasks = {
        name: task.settings() | {"n_test": len(tuning_and_test(task.load())[1].x_test)} for name, task in TASKS.items()
    }
    lines = ",\n  ".join(json.dumps(run) for run in runs)
    return (
        f'{{\n "provenance": {json.dumps(provenance)},\n "tasks": {json.dumps(tasks)},\n "runs": [\n  {lines}\n ]\n}}\n'
    )


def main() -> None:
    """Measure all tasks and write the results."""
    started = time.monotonic()
    runs = [run for name in TASKS for run in measure(name)]
    RESULTS.write_text(results(runs, time.monotonic() - started), encoding="utf-8")
    print(f"{RESULTS}: {len(runs)} runs in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
