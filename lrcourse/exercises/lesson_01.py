"""Exercise of lesson 01: how close to the minimum a constant rate gets."""

from __future__ import annotations

from math import sqrt
from random import Random

from lrcourse.exercises.definition import Exercise, Mistake, Part, Probe, Result

LESSON = "01_why_schedule"


def _noise_floor(lr, curvature, sigma):
    if not (lr > 0 and curvature > 0 and sigma >= 0 and lr * curvature < 2):
        raise ValueError("lr and curvature must be positive, sigma not negative, and lr * curvature below 2.")
    return lr * sigma**2 / (curvature * (2 - lr * curvature))


def _draw_possible(random: Random) -> list[Probe]:
    probes = [Probe((1e-4, 0.02, 3.0)), Probe((1.9, 1.0, 0.5)), Probe((1.999, 1.0, 1.0))]
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
        (-0.5, -1.0, 1.0),
        (0.5, 2.0, 0.0),
        (1.999, 1.0, 1.0),
    ]
    return [Probe(args, refusal_only=True) for args in asked]


def _refusing(formula):
    """A wrong formula behind the right refusals."""

    def refusing(lr, curvature, sigma):
        _noise_floor(lr, curvature, sigma)
        return formula(lr, curvature, sigma)

    return refusing


def _returns_none(lr, curvature, sigma):
    if not (lr > 0 and curvature > 0 and sigma >= 0 and lr * curvature < 2):
        return None
    return lr * sigma**2 / (curvature * (2 - lr * curvature))


def _other_error(lr, curvature, sigma):
    assert lr > 0 and curvature > 0 and sigma >= 0 and lr * curvature < 2
    return lr * sigma**2 / (curvature * (2 - lr * curvature))


def _boundary_allowed(lr, curvature, sigma):
    if lr <= 0 or curvature <= 0 or sigma < 0 or lr * curvature > 2:
        raise ValueError("bad")
    return lr * sigma**2 / (curvature * (2 - lr * curvature))


def _no_noise_refused(lr, curvature, sigma):
    if lr <= 0 or curvature <= 0 or sigma <= 0 or lr * curvature >= 2:
        raise ValueError("bad")
    return lr * sigma**2 / (curvature * (2 - lr * curvature))


def _only_signs_checked(lr, curvature, sigma):
    if lr <= 0 or curvature <= 0 or sigma < 0:
        raise ValueError("bad")
    return lr * sigma**2 / (curvature * (2 - lr * curvature))


def _only_stability_checked(lr, curvature, sigma):
    if lr * curvature >= 2:
        raise ValueError("bad")
    return lr * sigma**2 / (curvature * (2 - lr * curvature))


FORMULA, REFUSAL = "the formula", "impossible arguments are refused"

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
        mistakes=(
            Mistake(
                "brackets-below",
                "Brackets are missing below the line: / curvature * (...) multiplies by what should divide.",
                _refusing(lambda lr, h, s: lr * s**2 / h * (2 - lr * h)),
                FORMULA,
            ),
            Mistake(
                "rate-missing",
                "The rate is missing above the line: a larger rate settles farther out.",
                _refusing(lambda lr, h, s: s**2 / (h * (2 - lr * h))),
                FORMULA,
            ),
            Mistake(
                "sigma-not-squared",
                "sigma is not squared: a variance is the square of the standard deviation.",
                _refusing(lambda lr, h, s: lr * s / (h * (2 - lr * h))),
                FORMULA,
            ),
            Mistake(
                "curvature-missing",
                "The division by the curvature is missing: one factor lr cancels, and one curvature stays below.",
                _refusing(lambda lr, h, s: lr * s**2 / (2 - lr * h)),
                FORMULA,
            ),
            Mistake(
                "one-for-two",
                "The bracket is 2 - lr*curvature: (1 - a)**2 gives 1 - 2a + a**2, so two of the a's stay.",
                _refusing(lambda lr, h, s: lr * s**2 / (h * (1 - lr * h))),
                FORMULA,
            ),
            Mistake(
                "small-rate-only",
                "This is the approximation for tiny rates, lr*sigma**2 / (2*curvature); keep the term lr*curvature.",
                _refusing(lambda lr, h, s: lr * s**2 / (2 * h)),
                FORMULA,
            ),
            Mistake(
                "plus-for-minus",
                "A sign is turned: the bracket is 2 minus lr*curvature, so that the floor explodes as it nears 2.",
                _refusing(lambda lr, h, s: lr * s**2 / (h * (2 + lr * h))),
                FORMULA,
            ),
            Mistake(
                "rate-squared",
                "One factor lr too many: lr**2 * sigma**2 is the noise of one update, and solving for v divides by lr.",
                _refusing(lambda lr, h, s: lr**2 * s**2 / (h * (2 - lr * h))),
                FORMULA,
            ),
            Mistake(
                "distance-not-squared-in-balance",
                "The factor (1 - lr*curvature) acts on the distance; on its square it acts squared.",
                _refusing(lambda lr, h, s: lr * s**2 / h),
                FORMULA,
            ),
            Mistake(
                "loss-for-distance",
                "This is the expected loss, curvature/2 times the squared distance; the task asks for the squared distance.",
                _refusing(lambda lr, h, s: lr * s**2 / (2 * (2 - lr * h))),
                FORMULA,
            ),
            Mistake(
                "root-taken",
                "This is the root of the floor; the task asks for the squared distance itself.",
                _refusing(lambda lr, h, s: sqrt(lr * s**2 / (h * (2 - lr * h)))),
                FORMULA,
            ),
            Mistake(
                "one-update-only",
                "lr**2 * sigma**2 is what ONE update adds; the floor is where what each update adds and takes away balance.",
                _refusing(lambda lr, h, s: lr**2 * s**2),
                FORMULA,
            ),
            Mistake(
                "never-refuses",
                "Arguments for which no floor exists must raise a ValueError, before any formula is used.",
                lambda lr, h, s: lr * s**2 / (h * (2 - lr * h)),
                REFUSAL,
            ),
            Mistake(
                "returns-none",
                "Refuse by `raise ValueError(...)`; returning None hides the error.",
                _returns_none,
                REFUSAL,
            ),
            Mistake(
                "other-error",
                "Refuse with a ValueError; `assert` raises an AssertionError and can be switched off.",
                _other_error,
                REFUSAL,
            ),
            Mistake(
                "boundary-allowed",
                "lr * curvature of exactly 2 must be refused too: the distance never shrinks there.",
                _boundary_allowed,
                REFUSAL,
            ),
            Mistake(
                "no-noise-refused", "sigma = 0 is allowed: without noise the floor is 0.", _no_noise_refused, REFUSAL
            ),
            Mistake(
                "stability-unchecked",
                "Also refuse lr * curvature >= 2: there SGD does not settle at all.",
                _only_signs_checked,
                REFUSAL,
            ),
            Mistake(
                "signs-unchecked",
                "Also refuse a rate or a curvature that is not positive, and a negative sigma.",
                _only_stability_checked,
                REFUSAL,
            ),
        ),
    ),
)
