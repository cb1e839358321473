"""Exercise of lesson 01: how close to the minimum a constant rate gets."""

from __future__ import annotations

from random import Random

from lrcourse.answers.mistakes import noise_floor
from lrcourse.answers.mistakes.noise_floor import FORMULA, REFUSAL
from lrcourse.checking.exercise import Exercise, Part, Probe, Result

LESSON = "01_why_schedule"


def _noise_floor(lr, curvature, sigma):
    if not (lr > 0 and curvature > 0 and sigma >= 0 and lr * curvature < 2):
        raise ValueError("lr and curvature must be positive, sigma not negative, and lr * curvature below 2.")
    return lr * sigma**2 / (curvature * (2 - lr * curvature))


def _draw_possible(random: Random) -> list[Probe]:
    probes = [Probe((1e-4, 0.02, 3.0)), Probe((1.9, 1.0, 0.5)), Probe((1.999, 1.0, 1.0)), Probe((2.5, 0.5, 1.0))]
    for _ in range(6):
        curvature = random.uniform(0.1, 4.0)
        probes.append(Probe((random.uniform(0.05, 1.8) / curvature, curvature, random.uniform(0.2, 3.0))))
    return probes


def _draw_impossible(random: Random) -> list[Probe]:
    curvature = random.uniform(0.5, 4.0)
    asked = [
        (0.0, 1.0, 1.0),
        (0.1, 0.0, 1.0),
        (0.1, 1.0, -1.0),
        (2.0, 1.0, 1.0),
        (random.uniform(2.1, 5.0) / curvature, curvature, 1.0),
        (-random.uniform(0.1, 1.0), 1.0, 1.0),
        (0.1, -random.uniform(0.1, 1.0), 1.0),
        (0.5, 5.0, 1.0),
        (-0.5, -1.0, 1.0),
        (0.5, 2.0, 0.0),
        (1.999, 1.0, 1.0),
    ]
    return [Probe(args, refusal_only=True) for args in asked]


EXERCISES = (
    Exercise(
        id="noise_floor",
        lesson=LESSON,
        signature="noise_floor(lr, curvature, sigma)",
        result=Result.NUMBER,
        prompt=(
            "Return the expected squared distance from the minimum at which SGD with a constant rate `lr` settles on a "
            "quadratic of the given `curvature`, when every gradient carries noise of standard deviation `sigma`. "
            "Raise a `ValueError` where no such distance exists: a rate or a curvature that is not positive, a negative "
            "`sigma`, or `lr * curvature` of 2 or more."
        ),
        reference=_noise_floor,
        parts=(
            Part(FORMULA, 2, (Probe((0.1, 1.0, 1.0)), Probe((0.01, 1.0, 1.0))), _draw_possible),
            Part(REFUSAL, 1, (Probe((3.0, 1.0, 1.0), refusal_only=True),), _draw_impossible),
        ),
        hints=(
            "One update multiplies the distance by (1 - lr * curvature) and adds noise of variance lr**2 * sigma**2.",
            "At the floor v the two balance: v = (1 - lr * curvature)**2 * v + lr**2 * sigma**2. Solve for v.",
            "1 - (1 - a)**2 is a * (2 - a), with a = lr * curvature.",
        ),
        mistakes=noise_floor.MISTAKES,
    ),
)
