"""Known mistakes of `exponential_decay` about its two cases, the smooth curve and the staircase."""

from __future__ import annotations

from math import ceil, floor

from lrcourse.exercises.definition import Mistake

SMOOTH, STAIRCASE = "smooth decay", "staircase"


def decaying(count):
    """Whatever staircase says, it decays `count(step, decay_steps)` times."""
    return lambda i, s, r, n, staircase=False: i * r ** count(n, s)


def _stairs(count):
    """Right in the smooth case; as a staircase it decays `count(step, decay_steps)` times."""
    return lambda i, s, r, n, staircase=False: i * r ** (count(n, s) if staircase else n / s)


def _curve(count):
    """Right as a staircase; in the smooth case it decays `count(step, decay_steps)` times."""
    return lambda i, s, r, n, staircase=False: i * r ** (n // s if staircase else count(n, s))


def _own_stairs(formula):
    """Right in the smooth case; as a staircase `formula(initial_lr, decay_steps, decay_rate, step)`."""
    return lambda i, s, r, n, staircase=False: formula(i, s, r, n) if staircase else i * r ** (n / s)


CASES = (
    Mistake(
        "staircase-ignored",
        "staircase=True changes nothing: use the whole number of times, step // decay_steps.",
        decaying(lambda n, s: n / s),
        STAIRCASE,
    ),
    Mistake(
        "always-staircase",
        "Without staircase the curve is smooth: use step / decay_steps, not //.",
        decaying(lambda n, s: n // s),
        SMOOTH,
    ),
    Mistake(
        "staircase-reversed",
        "The two cases are swapped: staircase=True drops, staircase=False is smooth.",
        lambda i, s, r, n, staircase=False: i * r ** (n / s if staircase else n // s),
    ),
    Mistake(
        "staircase-by-default",
        "Where staircase is not given the curve is smooth: its default is False.",
        lambda i, s, r, n, staircase=True: i * r ** (n // s if staircase else n / s),
        SMOOTH,
    ),
    Mistake(
        "staircase-without-default",
        "staircase need not be given: write staircase=False in the first line of the function.",
        lambda i, s, r, n, staircase: i * r ** (n // s if staircase else n / s),
        SMOOTH,
    ),
    Mistake(
        "staircase-not-taken",
        "The function does not take staircase: write staircase=False in its first line.",
        lambda i, s, r, n: i * r ** (n / s),
    ),
    Mistake(
        "smooth-rounded",
        "Without staircase a part of a time counts too: do not round step / decay_steps.",
        _curve(lambda n, s: round(n / s)),
        SMOOTH,
        variants=tuple(
            map(
                _curve,
                (
                    lambda n, s: ceil(n / s),
                    lambda n, s: floor(n / s + 0.5),
                    lambda n, s: round(n / s, 1),
                    lambda n, s: round(n / s, 2),
                ),
            )
        ),
    ),
    Mistake(
        "staircase-rounds",
        "The staircase drops too early: round() goes up from the middle of a step of the stairs; // does not.",
        _stairs(lambda n, s: floor(n / s + 0.5)),
        STAIRCASE,
        variants=(_stairs(lambda n, s: round(n / s)),),
    ),
    Mistake(
        "staircase-ceil",
        "The staircase drops too early: only steps that are complete count, so // instead of rounding up.",
        _stairs(lambda n, s: ceil(n / s)),
        STAIRCASE,
    ),
    Mistake(
        "drops-one-late",
        "The staircase drops one step late: step decay_steps itself is already lower.",
        _stairs(lambda n, s: max(n - 1, 0) // s),
        STAIRCASE,
        variants=(_stairs(lambda n, s: (n - 1) // s),),
    ),
    Mistake(
        "drops-one-early",
        "The staircase drops one step early: step decay_steps is the first that is lower.",
        _stairs(lambda n, s: (n + 1) // s),
        STAIRCASE,
    ),
    Mistake(
        "stairs-one-lower",
        "The staircase has dropped once too often: up to step decay_steps it is initial_lr.",
        _stairs(lambda n, s: n // s + 1),
        STAIRCASE,
    ),
    Mistake(
        "stairs-one-higher",
        "The staircase has dropped once too little: from step decay_steps on it is initial_lr * decay_rate.",
        _stairs(lambda n, s: n // s - 1),
        STAIRCASE,
        variants=(_stairs(lambda n, s: max(n // s - 1, 0)),),
    ),
    Mistake(
        "stairs-every-step",
        "The staircase drops at every step: only whole times count, step // decay_steps.",
        _stairs(lambda n, s: n),
        STAIRCASE,
    ),
    Mistake(
        "stairs-remainder",
        "% gives the rest of the division, so the staircase jumps back up: use //.",
        _stairs(lambda n, s: n % s),
        STAIRCASE,
    ),
    Mistake(
        "stairs-once",
        "The staircase stops after a few drops: it goes on.",
        _stairs(lambda n, s: min(n // s, 1)),
        STAIRCASE,
        variants=(_stairs(lambda n, s: min(n // s, 2)), _stairs(lambda n, s: min(n // s, 3))),
    ),
    Mistake(
        "stairs-at-multiples-only",
        "The staircase is right at the multiples of decay_steps only: in between it stays where the last drop left it.",
        _own_stairs(lambda i, s, r, n: i * r ** (n // s) if n % s == 0 else i),
        STAIRCASE,
        variants=(_own_stairs(lambda i, s, r, n: i * r ** (n // s) if n % s == 0 else None),),
    ),
    Mistake(
        "stairs-do-not-add-up",
        "The staircase multiplies by decay_rate at the multiples of decay_steps only, once: the drops add up and stay.",
        _own_stairs(lambda i, s, r, n: i * r if n % s == 0 else i),
        STAIRCASE,
        variants=(
            _own_stairs(lambda i, s, r, n: i * r if n and n % s == 0 else i),
            _own_stairs(lambda i, s, r, n: i * r if n % s == 0 else i * r ** (n / s)),
        ),
    ),
    Mistake(
        "stairs-brackets",
        "Brackets are missing in the staircase: ** comes before //, so write decay_rate ** (step // decay_steps).",
        _own_stairs(lambda i, s, r, n: i * r**n // s),
        STAIRCASE,
        variants=(_own_stairs(lambda i, s, r, n: i * (r**n // s)),),
    ),
    Mistake(
        "stairs-linear",
        "The stairs are equally high: each drop multiplies by decay_rate again, a power of it.",
        _own_stairs(lambda i, s, r, n: i * r * (n // s)),
        STAIRCASE,
        variants=(
            _own_stairs(lambda i, s, r, n: i * r * (n // s) if n >= s else i),
            _own_stairs(lambda i, s, r, n: i * (1 - (1 - r) * (n // s))),
        ),
    ),
    Mistake(
        "stairs-rate-cut",
        "The staircase cuts the rate to a whole number: it is the number of drops that is whole.",
        _own_stairs(lambda i, s, r, n: i * r ** (n / s) // 1),
        STAIRCASE,
    ),
    Mistake(
        "stairs-constant",
        "As a staircase the rate never changes: it drops at each multiple of decay_steps.",
        _own_stairs(lambda i, s, r, n: i),
        STAIRCASE,
    ),
    Mistake(
        "stairs-nothing",
        "With staircase=True it returns nothing: a `return` is missing there.",
        _own_stairs(lambda i, s, r, n: None),
        STAIRCASE,
    ),
    Mistake(
        "smooth-nothing",
        "Without staircase it returns nothing: a `return` is missing there.",
        lambda i, s, r, n, staircase=False: i * r ** (n // s) if staircase else None,
        SMOOTH,
    ),
)
