"""Known mistakes of `noise_floor`: which arguments are refused, and how; the formula has its own module."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from math import inf, nan

from lrcourse.exercises.definition import Mistake
from lrcourse.exercises.mistakes.noise_floor_formula import WRONG_FORMULAS, floor, possible

REFUSAL = "impossible arguments are refused"


def _floor_without_error(lr, h, s):
    """The same where a division by zero raises nothing, as with NumPy."""
    below = h * (2 - lr * h)
    return lr * s**2 / below if below else inf


# What a check can do wrong, argument by argument: the words for the student, and what is then refused.
_FAULTS = (
    (
        ("rate-0", "a rate of 0", lambda lr, h, s: lr < 0),
        ("rate", "a rate that is not positive", lambda lr, h, s: False),
    ),
    (
        ("curvature-0", "a curvature of 0", lambda lr, h, s: h < 0),
        ("curvature", "a curvature that is not positive", lambda lr, h, s: False),
    ),
    (("sigma", "a negative sigma", lambda lr, h, s: False),),
    (
        ("boundary", "lr * curvature of exactly 2, where the distance never shrinks", lambda lr, h, s: lr * h > 2),
        ("stability", "lr * curvature of 2 or more, where SGD does not settle", lambda lr, h, s: False),
    ),
)
_RIGHT = (
    lambda lr, h, s: lr <= 0,
    lambda lr, h, s: h <= 0,
    lambda lr, h, s: s < 0,
    lambda lr, h, s: lr * h >= 2,
)
_OLD_NAMES = {
    "boundary": "boundary-allowed",
    "stability": "stability-unchecked",
    "rate+curvature+sigma": "signs-unchecked",
}


def _checking(refused: tuple[Callable, ...]) -> tuple[Callable, ...]:
    """A function that refuses where one of `refused` says so, with each way to divide by zero."""

    def with_formula(formula: Callable) -> Callable:
        def form(lr, curvature, sigma):
            if any(check(lr, curvature, sigma) for check in refused):
                raise ValueError("impossible")
            return formula(lr, curvature, sigma)

        return form

    return with_formula(floor), with_formula(_floor_without_error)


def _unchecked():
    """A mistake for every set of faults that leaves at least one check right."""
    for size in (1, 2, 3):
        for places in combinations(range(4), size):
            for faults in product(*(_FAULTS[place] for place in places)):
                refused = list(_RIGHT)
                for place, (_, _, check) in zip(places, faults, strict=True):
                    refused[place] = check
                id = "+".join(name for name, _, _ in faults)
                sentence = f"Also refuse {'; '.join(words for _, words, _ in faults)}."
                first, *others = _checking(tuple(refused))
                yield Mistake(_OLD_NAMES.get(id, f"unchecked-{id}"), sentence, first, REFUSAL, tuple(others))


def _refusing_by(refuse: Callable) -> Callable:
    return lambda lr, h, s: floor(lr, h, s) if possible(lr, h, s) else refuse()


def _raise(error: type[Exception]) -> Callable:
    def refuse():
        raise error("impossible")

    return refuse


def _assert():
    raise AssertionError


_REFUSAL = (
    Mistake(
        "never-refuses",
        "Arguments for which no floor exists must raise a ValueError, before any formula is used.",
        floor,
        REFUSAL,
        variants=(_floor_without_error, _refusing_by(lambda: 0.0)),
    ),
    Mistake(
        "returns-none",
        "Refuse by `raise ValueError(...)`; returning None hides the error.",
        _refusing_by(lambda: None),
        REFUSAL,
    ),
    Mistake(
        "returns-nan", "Refuse by `raise ValueError(...)`; a NaN hides the error.", _refusing_by(lambda: nan), REFUSAL
    ),
    Mistake(
        "returns-error",
        "Refuse by `raise ValueError(...)`: what is returned counts as an answer.",
        _refusing_by(lambda: ValueError("impossible")),
        REFUSAL,
        variants=tuple(_refusing_by(lambda answer=answer: answer) for answer in (ValueError, False, True, "", "error")),
    ),
    Mistake(
        "other-error",
        "Refuse with a ValueError; `assert` raises an AssertionError and can be switched off.",
        _refusing_by(_assert),
        REFUSAL,
    ),
    Mistake(
        "wrong-error",
        "Refuse with a ValueError: another error says something else.",
        _refusing_by(_raise(Exception)),
        REFUSAL,
        variants=tuple(map(_refusing_by, map(_raise, (TypeError, ArithmeticError, RuntimeError, KeyError)))),
    ),
    Mistake(
        "no-noise-refused",
        "sigma = 0 is allowed: without noise the floor is 0.",
        _checking((*_RIGHT, lambda lr, h, s: s <= 0))[0],
        REFUSAL,
    ),
    Mistake(
        "too-strict",
        "It refuses too much: every lr * curvature below 2 has a floor.",
        _checking((*_RIGHT, lambda lr, h, s: lr * h >= 1))[0],
        variants=_checking((*_RIGHT, lambda lr, h, s: lr * h > 1))[:1]
        + _checking((*_RIGHT, lambda lr, h, s: lr >= 1))[:1],
    ),
    Mistake(
        "curvature-not-checked-with-rate",
        "What must stay below 2 is lr * curvature, and not lr alone.",
        _checking((*_RIGHT[:3], lambda lr, h, s: lr >= 2))[0],
        variants=_checking((*_RIGHT[:3], lambda lr, h, s: lr >= 2))[1:]
        + _checking((*_RIGHT[:3], lambda lr, h, s: lr > 2)),
    ),
    Mistake(
        "refuses-all",
        "It refuses everything: raise only where no floor exists.",
        _checking((lambda lr, h, s: True,))[0],
    ),
    *_unchecked(),
)

MISTAKES = WRONG_FORMULAS + _REFUSAL
