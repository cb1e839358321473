"""Exercise of lesson 06: the mean gain over paired seeds, and the half width of its 95 % interval."""

from __future__ import annotations

from random import Random

from lrcourse.answers.mistakes import paired_gain
from lrcourse.checking.exercise import Exercise, Part, Probe, Result
from lrcourse.intervals import interval

LESSON = "06_which_optimizers"


def _paired_gain(constant_scores, scheduled_scores):
    gains = [float(after) - float(before) for before, after in zip(constant_scores, scheduled_scores, strict=True)]
    mean, half_width = interval(gains)
    return float(mean), float(half_width)


def _scores(random: Random, n: int, gain: float) -> tuple[list[float], list[float]]:
    """Accuracies in %, in eighths: their differences are exact, in float32 too. The gains differ in size and sign."""
    constant = [random.randrange(8 * 50, 8 * 90) / 8 for _ in range(n)]
    gains = [gain + random.choice((-7, -4, -3, -1, 1, 2, 4, 6)) / 8 for _ in range(n)]
    gains[0] = gain + 2  # two gains at least differ, and their mean is no middle one
    gains[1] = gain - 0.125
    return constant, [one + other for one, other in zip(constant, gains, strict=True)]


def _draw_different(random: Random) -> list[Probe]:
    import numpy as np

    probes = [Probe(([90, 80, 85], [91, 84, 85])), Probe(([96.5, 97.25], [97.5, 97.0]))]
    for n, gain in ((2, 1.5), (5, 3), (10, -2.5), (30, 1.25), (random.randrange(6, 25), random.randrange(3, 40) / 8)):
        probes.append(Probe(_scores(random, n, gain)))
    arrays = _scores(random, 4, random.randrange(8, 40) / 8)
    return [*probes, Probe(tuple(np.array(scores) for scores in arrays))]


def _draw_alike(random: Random) -> list[Probe]:
    import numpy as np

    probes = []
    for n, gain in (
        (2, 2.0),
        (random.randrange(4, 12), -random.randrange(3, 40) / 8),
        (3, random.randrange(3, 40) / 8),
    ):
        constant, _ = _scores(random, n, gain)
        probes.append(Probe((constant, [score + gain for score in constant])))
    (constant, scheduled) = probes[-1].args
    return [*probes, Probe((np.array(constant), np.array(scheduled)))]


EXERCISES = (
    Exercise(
        id="paired_gain",
        lesson=LESSON,
        signature="paired_gain(constant_scores, scheduled_scores)",
        result=Result.PAIR,
        prompt=(
            "Both arguments hold one score a seed, in the same order: lists or arrays, two seeds or more. Return the pair "
            "`(mean_gain, half_width_95)`: the mean of scheduled minus constant, seed by seed, and the half width of its 95 % "
            "Student-t interval, from the sample standard deviation (n - 1) of the gains. Where all gains are alike the half "
            "width is 0."
        ),
        reference=_paired_gain,
        parts=(
            Part(
                paired_gain.DIFFERENT,
                2,
                (Probe(([90.0, 91.0, 92.0], [92.0, 92.0, 95.0])), Probe(([50.0, 60.0], [49.0, 62.0]))),
                _draw_different,
            ),
            Part(paired_gain.ALIKE, 1, (Probe(([70.0, 80.0, 90.0], [71.5, 81.5, 91.5])),), _draw_alike),
        ),
        hints=(
            "Make one list of gains first, scheduled minus constant for each seed. All that follows is about this list.",
            "The standard error is the standard deviation of the gains (divided by n - 1, ddof=1) over the root of n.",
            "Multiply it by scipy.stats.t.ppf(0.975, n - 1): of the 5 % outside the interval, half is on each side.",
        ),
        mistakes=paired_gain.MISTAKES,
    ),
)
