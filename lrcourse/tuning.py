"""The best peak of a schedule: a sweep of peaks, with seeds that the comparison afterwards never sees.

A schedule and its peak are chosen together. So a comparison takes each schedule, the constant rate included, at the
peak that suits it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrcourse import schedules as _schedules
from lrcourse._arguments import count, positive
from lrcourse._progress import progress
from lrcourse.intervals import MEASURES
from lrcourse.tabular import Table
from lrcourse.training.many import train_many

if TYPE_CHECKING:
    from lrcourse.plots.drawing import Drawing

SEEDS = tuple(range(1000, 1012))
"""For choosing. `compare` begins with seed 0, so that what is chosen here is judged on others. Twelve: around its best
peak a curve is flat, and with six the choice on MNIST-1D was up to a point worse than it could be."""
LEAST_PEAKS = 3


@dataclass(frozen=True, repr=False)
class Sweep:
    """What `sweep` measured. A notebook shows it as a table; `best` and `schedules` hold what was chosen."""

    shapes: dict[str, Callable[[float], _schedules.Schedule]]
    peaks: tuple[float, ...]
    """From low to high."""
    scores: dict[str, np.ndarray]
    """By shape: an array [peaks, seeds], in the unit of the measure."""
    seeds: tuple[int, ...]
    measure: str = "accuracy"

    @property
    def means(self) -> dict[str, np.ndarray]:
        """By shape: the mean over the seeds for each peak; where a model diverged in loss, no finite number."""
        return {name: scores.mean(axis=1) for name, scores in self.scores.items()}

    @property
    def best(self) -> dict[str, float]:
        """By shape: the peak with the best mean.

        ValueError: the best is the lowest or the highest peak tried, so that a better one may lie beyond it.
        """
        if at_the_edge := self._at_the_edge():
            raise ValueError(at_the_edge)
        return {name: self.peaks[place] for name, place in self._places().items()}

    @property
    def schedules(self) -> dict[str, _schedules.Schedule]:
        """By shape: its schedule at its best peak, as `compare` takes them."""
        return {name: self.shapes[name](peak) for name, peak in self.best.items()}

    def table(self) -> str:
        """The means as plain text, one peak a line; the best of each shape has a star."""
        return repr(self._table())

    __repr__ = table

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()

    def plot(self, *, title: str = "") -> Drawing:
        """The mean over the peaks, a line a shape, with its best marked. `title` is what the figure finds."""
        from lrcourse.plots import sweep as sweep_plots

        return sweep_plots.sweep(self, title=title)

    def _places(self) -> dict[str, int]:
        sign = 1 if self.measure == "accuracy" else -1
        return {
            name: int(np.argmax(np.where(np.isfinite(mean), sign * mean, -np.inf))) for name, mean in self.means.items()
        }

    def _at_the_edge(self) -> str:
        said = [
            f"{name}: {self.peaks[place]:g}, the {'highest' if place else 'lowest'} tried"
            for name, place in self._places().items()
            if place in (0, len(self.peaks) - 1)
        ]
        if not said:
            return ""
        return f"Extend the sweep: the best peak must have a tried one on either side; got {'; '.join(said)}."

    def _caption(self) -> str:
        words, unit, *_ = MEASURES[self.measure]
        return f"{words} in {unit} for each peak, mean of {len(self.seeds)} seeds; * is the best of its column"

    def _table(self) -> Table:
        decimals, places, means = MEASURES[self.measure][2], self._places(), self.means
        rows = []
        for place, peak in enumerate(self.peaks):
            cells = [
                f"{mean[place]:.{decimals}f}{' *' if places[name] == place else '  '}"
                if np.isfinite(mean[place])
                else "diverged  "
                for name, mean in means.items()
            ]
            rows.append([f"{peak:g}", *cells])
        return Table(["peak", *means], rows, caption=self._caption(), notes=self._at_the_edge())


def sweep(
    shapes: Mapping[str, Callable[[float], _schedules.Schedule]],
    peaks: Sequence[float],
    *,
    data,
    batch_size: int,
    epochs: int,
    seeds: Sequence[int] = SEEDS,
    measure: str = "accuracy",
    **model,
) -> Sweep:
    """Train every shape of schedule from every peak, to choose for each shape the peak that suits it.

    shapes: a function from a peak (the highest rate, per update) to a schedule, by name. A constant rate is a shape,
        too: `{"constant": lr.schedules.constant}`.
    peaks: the rates to try, at least three different ones. A factor of two between them finds the best to a few tenths
        of a point on the course's data.
    data: what to choose on, such as the first of `tuning_and_test`.
    batch_size, epochs: of each training, in examples and in passes over the training set.
    seeds: those of the choice; by default 1000 to 1011, which `compare` does not use.
    measure: "accuracy" (test, in %), "loss" (training cross-entropy) or "test loss".
    model: goes to `train_many`: `hidden`, `activation`, `initializer`, `optimizer`, `momentum`.

    ValueError: no shapes, too few peaks or one that is not positive, an unknown measure, and what `train_many` refuses.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}; got {measure!r}.")
    if not shapes:
        raise ValueError("shapes must name at least one function from a peak to a schedule; got none.")
    tried = tuple(sorted({positive("each of peaks", peak) for peak in peaks}))
    if len(tried) < LEAST_PEAKS:
        raise ValueError(f"peaks must be at least {LEAST_PEAKS} different rates; got {list(peaks)}.")
    n_steps = count("epochs", epochs) * _schedules.steps_per_epoch(len(data.x_train), batch_size=batch_size)
    plans = np.stack([_schedules.rates(shape(peak), n_steps) for shape in shapes.values() for peak in tried])
    with progress(epochs, f"{len(shapes)} schedules x {len(tried)} peaks x {len(seeds)} seeds") as on_epoch:
        training = train_many(
            plans, data, seeds=seeds, batch_size=batch_size, epochs=epochs, on_epoch=on_epoch, **model
        )
    scores = MEASURES[measure][-1](training)[..., -1].reshape(len(shapes), len(tried), len(seeds))
    return Sweep(dict(shapes), tried, dict(zip(shapes, scores, strict=True)), tuple(seeds), measure)
