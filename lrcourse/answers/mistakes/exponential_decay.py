"""Known mistakes of `exponential_decay`: how often the rate has decayed, and by what."""

from __future__ import annotations

from itertools import permutations
from math import ceil, exp, floor

from lrcourse.checking.exercise import Mistake

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
        "staircase=True changes nothing: use the number of complete periods, step // decay_steps.",
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
        "When staircase is not given, the curve is smooth: its default is False.",
        lambda i, s, r, n, staircase=True: i * r ** (n // s if staircase else n / s),
        SMOOTH,
    ),
    Mistake(
        "staircase-without-default",
        "staircase is optional: write staircase=False in the first line of the function.",
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
        "Without staircase a fraction of a period counts too: do not round step / decay_steps.",
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
        "The staircase drops too early: round() rounds up from the middle of a stair; // does not.",
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
        "The staircase is one drop short: from step decay_steps on it is initial_lr * decay_rate.",
        _stairs(lambda n, s: n // s - 1),
        STAIRCASE,
        variants=(_stairs(lambda n, s: max(n // s - 1, 0)),),
    ),
    Mistake(
        "stairs-every-step",
        "The staircase drops at every step: only complete periods count, step // decay_steps.",
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
        "The staircase stops after a few drops: it should continue.",
        _stairs(lambda n, s: min(n // s, 1)),
        STAIRCASE,
        variants=(_stairs(lambda n, s: min(n // s, 2)), _stairs(lambda n, s: min(n // s, 3))),
    ),
    Mistake(
        "stairs-at-multiples-only",
        "The staircase is right only at the multiples of decay_steps: in between it stays where the last drop left it.",
        _own_stairs(lambda i, s, r, n: i * r ** (n // s) if n % s == 0 else i),
        STAIRCASE,
        variants=(_own_stairs(lambda i, s, r, n: i * r ** (n // s) if n % s == 0 else None),),
    ),
    Mistake(
        "stairs-do-not-add-up",
        "The staircase multiplies once, and only at the multiples of decay_steps: the drops add up and stay.",
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
        "All the drops are equally large: each should multiply by decay_rate again, which makes a power.",
        _own_stairs(lambda i, s, r, n: i * r * (n // s)),
        STAIRCASE,
        variants=(
            _own_stairs(lambda i, s, r, n: i * r * (n // s) if n >= s else i),
            _own_stairs(lambda i, s, r, n: i * (1 - (1 - r) * (n // s))),
        ),
    ),
    Mistake(
        "stairs-rate-cut",
        "The staircase cuts the rate to a whole number: only the number of drops is whole.",
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


def _of_t(formula):
    """`formula(initial_lr, decay_rate, t)`, with t the right number of decays."""
    return lambda i, s, r, n, staircase=False: formula(i, r, n // s if staircase else n / s)


# The right order, the one above, and step and decay_steps swapped, which has a sentence of its own.
_TOLD_APART = ((0, 1, 2, 3), (0, 2, 1, 3), (0, 3, 2, 1))


def _mixed_up(order: tuple[int, ...]):
    """The right formula with its first four arguments taken in another order."""

    def form(*args):
        i, s, r, n = (args[place] for place in order)
        return i * r ** (n // s if args[4:] == (True,) else n / s)

    return form


_COUNT = (
    Mistake(
        "brackets-in-power",
        "Brackets are missing in the power: decay_rate ** step / decay_steps divides afterwards.",
        lambda i, s, r, n, staircase=False: i * r**n / s,
        variants=(
            lambda i, s, r, n, staircase=False: i * (r**n // s if staircase else r**n / s),
            lambda i, s, r, n, staircase=False: i * r**n // s if staircase else i * r**n / s,
        ),
    ),
    Mistake(
        "brackets-and-stairs",
        "Brackets are missing in the power, and // cuts the result to a whole number.",
        lambda i, s, r, n, staircase=False: i * r**n // s,
    ),
    Mistake(
        "every-step",
        "It multiplies by decay_rate at every step: divide the step by decay_steps first.",
        decaying(lambda n, s: n),
    ),
    Mistake(
        "steps-swapped",
        "step and decay_steps are swapped in the division.",
        lambda i, s, r, n, staircase=False: i * r ** (s // n if staircase else s / n),
        variants=(lambda i, s, r, n, staircase=False: i * r ** (s // n if staircase else s / n) if n else i,),
    ),
    Mistake("multiplied-steps", "step is multiplied by decay_steps: divide.", decaying(lambda n, s: min(n * s, 10**6))),
    Mistake(
        "difference",
        "decay_steps is subtracted from step: divide instead.",
        decaying(lambda n, s: n - s),
        variants=(decaying(lambda n, s: max(n - s, 0)),),
    ),
    Mistake(
        "arguments-mixed-up",
        "The arguments are mixed up: they are initial_lr, decay_steps, decay_rate and step, in this order.",
        _mixed_up((0, 2, 1, 3)),
        variants=tuple(_mixed_up(order) for order in permutations(range(4)) if order not in _TOLD_APART),
    ),
    Mistake(
        "remainder",
        "% gives the rest of the division, so the rate jumps back up: use / or //.",
        decaying(lambda n, s: n % s),
        variants=(decaying(lambda n, s: n % s / s),),
    ),
    Mistake(
        "one-ahead",
        "It is one step ahead: step 0 must still have the initial rate.",
        lambda i, s, r, n, staircase=False: i * r ** ((n + 1) // s if staircase else (n + 1) / s),
    ),
    Mistake(
        "one-behind",
        "It is one step behind: step decay_steps has decayed once already.",
        lambda i, s, r, n, staircase=False: i * r ** (max(n - 1, 0) // s if staircase else max(n - 1, 0) / s),
        variants=(lambda i, s, r, n, staircase=False: i * r ** ((n - 1) // s if staircase else (n - 1) / s),),
    ),
    Mistake(
        "one-decay-ahead",
        "It has decayed once too often: step 0 must still have the initial rate.",
        _of_t(lambda i, r, t: i * r ** (t + 1)),
    ),
    Mistake(
        "one-decay-behind",
        "It is one decay short: at step decay_steps the rate is initial_lr * decay_rate.",
        _of_t(lambda i, r, t: i * r ** (t - 1)),
        variants=(_of_t(lambda i, r, t: i * r ** max(t - 1, 0)),),
    ),
    Mistake(
        "steps-typed-in",
        "decay_steps has no effect: a number of steps is typed in.",
        lambda i, s, r, n, staircase=False: i * r ** (n // 100 if staircase else n / 100),
        variants=(lambda i, s, r, n, staircase=False: i * r ** (n // 1000 if staircase else n / 1000),),
    ),
)

_FORMULA = (
    Mistake(
        "time-based",
        "This divides, as time-based decay does; exponential decay multiplies by decay_rate ** (step / decay_steps).",
        _of_t(lambda i, r, t: i / (1 + r * t)),
        variants=(lambda i, s, r, n, staircase=False: i / (1 + r * n),),
    ),
    Mistake(
        "natural-exponential",
        "This is exp(-decay_rate * t); here decay_rate itself is the base: decay_rate ** t.",
        _of_t(lambda i, r, t: i * exp(-r * t)),
        variants=(lambda i, s, r, n, staircase=False: i * exp(-r * n),),
    ),
    Mistake(
        "other-natural-exponential",
        "This is a power of the number e; the base is decay_rate: decay_rate ** t.",
        _of_t(lambda i, r, t: i * exp(-t)),
        variants=(
            _of_t(lambda i, r, t: i * exp(-(1 - r) * t)),
            _of_t(lambda i, r, t: i * r * exp(-t)),
            _of_t(lambda i, r, t: i * exp(min(r * t, 500))),
        ),
    ),
    Mistake(
        "bracket",
        "The power covers the initial rate too: initial_lr * (decay_rate ** t), not (initial_lr * decay_rate) ** t.",
        _of_t(lambda i, r, t: (i * r) ** t),
    ),
    Mistake(
        "base-and-power-swapped",
        "The base is decay_rate and the power is t, not the other way round.",
        _of_t(lambda i, r, t: i * t**r),
    ),
    Mistake(
        "rate-as-loss",
        "decay_rate is what STAYS, not what goes: multiply by decay_rate, not by 1 - decay_rate.",
        _of_t(lambda i, r, t: i * (1 - r) ** t),
    ),
    Mistake(
        "one-plus-rate",
        "1 + decay_rate has no place here: multiply by decay_rate ** t.",
        _of_t(lambda i, r, t: i * (1 + r) ** min(t, 500)),
        variants=(_of_t(lambda i, r, t: i / (1 + r) ** min(t, 500)),),
    ),
    Mistake(
        "rate-typed-in",
        "decay_rate has no effect: a number is typed in.",
        _of_t(lambda i, r, t: i * 0.5**t),
        variants=tuple(_of_t(lambda i, r, t, typed=typed: i * typed**t) for typed in (0.1, 0.8, 0.9, 0.95, 0.99)),
    ),
    Mistake(
        "linear",
        "It takes the same amount away each time; exponential decay takes the same share away.",
        _of_t(lambda i, r, t: i * (1 - (1 - r) * t)),
        variants=(
            _of_t(lambda i, r, t: i * max(0.0, 1 - (1 - r) * t)),
            _of_t(lambda i, r, t: i * (1 - r * t)),
            _of_t(lambda i, r, t: i * max(0.0, 1 - r * t)),
            _of_t(lambda i, r, t: i - r * t),
        ),
    ),
    Mistake(
        "linear-between",
        "Between the multiples of decay_steps it falls along a straight line: a fraction of a period is a power too.",
        lambda i, s, r, n, staircase=False: i * r ** (n // s) * (1 if staircase else 1 - (1 - r) * (n % s) / s),
        variants=(lambda i, s, r, n, staircase=False: i * r ** (n // s) * (1 - (1 - r) * (n % s) / s),),
    ),
    Mistake(
        "multiplied-once",
        "The power is missing: this multiplies by decay_rate * t instead of decay_rate ** t.",
        _of_t(lambda i, r, t: i * r * t),
        variants=(_of_t(lambda i, r, t: i * r * t if t else i),),
    ),
    Mistake(
        "grows",
        "The rate grows: multiply by decay_rate ** t, do not divide by it.",
        _of_t(lambda i, r, t: i / r**t),
    ),
    Mistake("factor-only", "This is the factor; multiply it by initial_lr.", _of_t(lambda i, r, t: r**t)),
    Mistake(
        "root",
        "There is a root or a square too many: the power is step / decay_steps.",
        _of_t(lambda i, r, t: i * r ** (t**0.5)),
        variants=(_of_t(lambda i, r, t: i * r ** (t / 2)), _of_t(lambda i, r, t: i * r ** (t * t))),
    ),
    Mistake(
        "constant",
        "The rate does not change at all: multiply by decay_rate ** (step / decay_steps).",
        _of_t(lambda i, r, t: i),
    ),
    Mistake(
        "floor",
        "It has a lower limit of its own: the task sets none, and the rate keeps falling.",
        _of_t(lambda i, r, t: max(i * r**t, 1e-6)),
        variants=tuple(
            _of_t(lambda i, r, t, least=least: max(i * r**t, least)) for least in (0.01, 0.001, 1e-4, 1e-5, 1e-7, 1e-8)
        ),
    ),
)

MISTAKES = _COUNT + _FORMULA + CASES
