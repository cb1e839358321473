"""Figures of schedules and rates, drawn from the schedules and records themselves: `lr.plots`."""

from lrcourse.plots.balls import balls
from lrcourse.plots.pictures import images, measured, over_rates
from lrcourse.plots.rates import planned_and_applied, schedules, training
from lrcourse.plots.ways import ways

__all__ = ["balls", "images", "measured", "over_rates", "planned_and_applied", "schedules", "training", "ways"]
