"""Known mistakes of `custom_lr_scheduler`: what is halved, and what is done at the other epochs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from lrcourse.checking.exercise import Mistake


def tens(e) -> bool:
    return e > 0 and e % 10 == 0


def tens_and_0(e) -> bool:
    return e % 10 == 0


def _halved(when: Callable) -> Callable:
    """Half of lr where `when(epoch)`, else lr."""
    return lambda e, lr: lr * 0.5 if when(e) else lr


def _every(n: int, first: int) -> Callable:
    return _halved(lambda e: e >= first and e % n == 0)


WHEN = (
    Mistake(
        "a-few-only",
        "It halves at only a few of the epochs: halve at 10, 20, 30 and so on, without end.",
        _halved(lambda e: e in (10, 20, 30)),
        variants=tuple(
            _halved(lambda e, first=first, last=last: first <= e <= last and e % 10 == 0)
            for first, last in product((10, 0), (20, 30, 40, 50, 60, 70, 80, 90, 100, 200))
            if (first, last) != (10, 30)
        ),
    ),
    Mistake("once-only", "It halves only at epoch 10: 20, 30 ... are missing.", _halved(lambda e: e == 10)),
    Mistake(
        "first-missing", "It does not halve at epoch 10, but from 20 on.", _halved(lambda e: e > 10 and e % 10 == 0)
    ),
    Mistake(
        "every-twenty",
        "It halves every 20 epochs: make it every 10.",
        _every(20, 1),
        variants=(_every(20, 0), _halved(lambda e: e % 20 == 10)),
    ),
    Mistake("every-five", "It halves every 5 epochs: make it every 10.", _every(5, 1), variants=(_every(5, 0),)),
    Mistake(
        "other-interval",
        "It uses a number of epochs other than 10: halve where epoch % 10 is 0.",
        _every(2, 1),
        variants=tuple(
            _every(n, first)
            for n, first in product((2, 3, 4, 6, 7, 8, 9, 11, 12, 15, 25, 30, 50, 100), (1, 0))
            if (n, first) != (2, 1)
        ),
    ),
    Mistake("not-halved", "The rate is never halved.", lambda e, lr: lr),
    Mistake("always-halves", "It halves at every epoch: halve only at 10, 20, 30 ...", lambda e, lr: lr * 0.5),
    Mistake(
        "every-epoch-but-0", "It halves at every epoch but 0: halve only at 10, 20, 30 ...", _halved(lambda e: e > 0)
    ),
    Mistake(
        "halves-at-epoch-0",
        "It halves at epoch 0 too, since 0 % 10 is 0: ask for epoch > 0 as well.",
        _halved(tens_and_0),
    ),
    Mistake(
        "halved-in-first-ten",
        "It halves in the first ten epochs, where the rate should stay the same.",
        _halved(lambda e: e // 10 == 0),
        variants=tuple(_halved(lambda e, last=last: e <= last) for last in (10, 11)),
    ),
    Mistake(
        "whole-tens",
        "It halves at every epoch of a stretch of epochs: halve only at 10, 20, 30 ...",
        _halved(lambda e: e // 10 == 1),
        variants=(_halved(lambda e: e // 10 % 2 == 1), _halved(lambda e: 10 < e <= 20), _halved(lambda e: 10 < e < 20)),
    ),
    Mistake(
        "every-epoch-from-10",
        "It halves at every epoch from 10 on: halve only at 10, 20, 30 ...",
        _halved(lambda e: e >= 10),
    ),
    Mistake(
        "from-10-and-0",
        "It halves at epoch 0 and at every epoch from 10 on: halve only at 10, 20, 30 ...",
        _halved(lambda e: e >= 10 or e == 0),
    ),
    Mistake("after-10", "It halves at every epoch after 10: halve only at 10, 20, 30 ...", _halved(lambda e: e > 10)),
    Mistake(
        "one-early",
        "It halves one epoch early, at 9, 19 ...: epochs count from 0, and the task says 10, 20 ...",
        _halved(lambda e: e % 10 == 9),
    ),
    Mistake("one-late", "It halves one epoch late, at 11, 21 ...", _halved(lambda e: e > 1 and e % 10 == 1)),
    Mistake("one-late-from-1", "It halves one epoch late, at 1, 11, 21 ...", _halved(lambda e: e % 10 == 1)),
    Mistake(
        "every-other-epoch",
        "The condition is the wrong way round: halve AT 10, 20, 30 ..., keep the rate elsewhere.",
        _halved(lambda e: not tens(e)),
        variants=(_halved(lambda e: e % 10),),
    ),
)


_FACTORS = (0.0, 0.01, 0.05, 0.2, 0.25, 0.3, 0.4, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.96, 0.99, 1.5, 5, 10)
_FLOORS = (0.1, 0.05, 0.01, 0.005, 0.001, 5e-4, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
_BASES = (1.0, 0.5, 0.1, 0.05, 0.01, 0.001)


def _instead(formula: Callable, when: Callable = tens) -> Callable:
    """`formula(epoch, lr)` where the rate should be halved, else lr."""
    return lambda e, lr: formula(e, lr) if when(e) else lr


def _times(factor: float, when: Callable) -> Callable:
    return _instead(lambda e, lr: lr * factor, when)


def _own_rates(base: float, factor: float, last: int, late: int) -> Callable:
    """A ladder of typed-in rates: `if epoch < 10` or `<= 10`, and so on, with a last rung."""
    return lambda e, lr: base * factor ** min(max(e - late, 0) // 10, last)


def _rounded(decimals: int) -> Callable:
    return _instead(lambda e, lr: round(float(lr * 0.5), decimals))


_WHAT = (
    Mistake(
        "compounds",
        "Keras hands in the CURRENT rate, which is already halved: this halves it again at every epoch from 10 on.",
        lambda e, lr: lr * 0.5 ** (e // 10),
        variants=tuple(
            lambda e, lr, last=last, late=late: lr * 0.5 ** min(max(e - late, 0) // 10, last)
            for last, late in product((2, 3, 4, 5, 9, 10, 10**4), (0, 1))
            if (last, late) != (10**4, 0)
        ),
    ),
    Mistake(
        "compounds-at-tens",
        "From epoch 20 on it takes away more than half: lr already includes the earlier halvings, so halve it once.",
        _instead(lambda e, lr: lr * 0.5 ** (e // 10)),
        variants=(
            *(
                _instead(lambda e, lr: lr * 0.5 ** (e // 10), lambda e, last=last: tens(e) and e <= last)
                for last in (20, 30, 40, 50)
            ),
            _instead(lambda e, lr: lr / (1 + e // 10)),
            _instead(lambda e, lr: lr / (2 * (e // 10))),
        ),
    ),
    Mistake(
        "divides-by-count",
        "It divides the current rate by the number of tens, again at every epoch: halve it, and only at 10, 20, 30 ...",
        lambda e, lr: lr / (1 + e // 10),
        variants=(
            lambda e, lr: lr / (2 * (e // 10)) if e >= 10 else lr,
            lambda e, lr: lr / (e // 10) if e >= 10 else lr,
            _instead(lambda e, lr: lr / (e // 10)),
        ),
    ),
    Mistake(
        "times-count",
        "It multiplies by the number of tens: multiply by 0.5, and only at 10, 20, 30 ...",
        lambda e, lr: lr * 0.5 * (e // 10),
        variants=(
            lambda e, lr: lr * 0.5 * (e // 10) if e >= 10 else lr,
            _instead(lambda e, lr: lr * 0.5 * (e // 10)),
            _instead(lambda e, lr: lr * 0.5 * (e // 10), tens_and_0),
        ),
    ),
    Mistake(
        "smooth",
        "It takes away a little of the current rate at every epoch: halve it at 10, 20, 30 ..., keep it elsewhere.",
        lambda e, lr: lr * 0.5 ** (e / 10),
        variants=(lambda e, lr: lr * 0.5**0.1, lambda e, lr: lr * 0.5**0.1 if e > 0 else lr),
    ),
    Mistake(
        "epoch-in-factor",
        "The epoch says WHEN to halve, not by how much: multiply lr by 0.5.",
        lambda e, lr: lr * 0.5 ** min(e, 10**4),
        variants=(
            _instead(lambda e, lr: lr * 0.5**e),
            lambda e, lr: lr * 0.5**e if e >= 10 else lr,
            lambda e, lr: lr * 0.5 ** (e % 10),
            _instead(lambda e, lr: lr * 0.5 * e),
            _instead(lambda e, lr: lr / e),
            lambda e, lr: lr / (e + 1),
            _instead(lambda e, lr: lr / (e + 1)),
        ),
    ),
    Mistake(
        "halves-epoch",
        "It halves the epoch: halve lr instead.",
        _instead(lambda e, lr: e * 0.5),
        variants=(_instead(lambda e, lr: e * 0.5, tens_and_0), lambda e, lr: e * 0.5 if tens(e) else e),
    ),
    Mistake(
        "half-itself",
        "It returns 0.5 itself: multiply lr by it.",
        _instead(lambda e, lr: 0.5),
        variants=(_instead(lambda e, lr: 0.5, tens_and_0),),
    ),
    Mistake("doubles", "It doubles the rate: multiply by 0.5.", _times(2, tens), variants=(_times(2, tens_and_0),)),
    Mistake("a-tenth", "It divides by 10: halve the rate.", _times(0.1, tens), variants=(_times(0.1, tens_and_0),)),
    Mistake(
        "other-factor",
        "The factor is wrong: half of lr is lr * 0.5.",
        _times(0.9, tens),
        variants=tuple(_times(factor, when) for factor, when in product(_FACTORS, (tens, tens_and_0))),
    ),
    Mistake(
        "subtracts",
        "It subtracts a fixed amount from lr: half of it is lr * 0.5.",
        _instead(lambda e, lr: lr - 0.5),
        variants=tuple(
            _instead(lambda e, lr, amount=amount, least=least: max(lr - amount, least), when)
            for amount, least, when in product((0.5, 0.1, 0.05, 0.01, 0.001), (-1.0, 0.0), (tens, tens_and_0))
            if (amount, least, when) != (0.5, -1.0, tens)
        ),
    ),
    Mistake(
        "root",
        "lr ** 0.5 is the square root of lr: half of it is lr * 0.5.",
        _instead(lambda e, lr: lr**0.5),
        variants=(_instead(lambda e, lr: lr**0.5, tens_and_0), lambda e, lr: lr**0.5),
    ),
    Mistake(
        "squared",
        "It multiplies lr by itself: multiply by 0.5.",
        _instead(lambda e, lr: lr**2),
        variants=tuple(
            _instead(formula, when)
            for formula, when in product((lambda e, lr: lr**2, lambda e, lr: lr * lr * 0.5), (tens, tens_and_0))
        ),
    ),
    Mistake(
        "rounded-half",
        "The half is rounded: return it as it is computed.",
        _rounded(3),
        variants=tuple(_rounded(decimals) for decimals in (1, 2, 4, 5, 6, 7, 8)),
    ),
    Mistake(
        "floor",
        "It has a lower limit of its own: the task sets none, and halves every rate.",
        _instead(lambda e, lr: max(lr * 0.5, 1e-4)),
        variants=tuple(
            form
            for least in _FLOORS
            for form in (
                _instead(lambda e, lr, least=least: max(lr * 0.5, least)),
                _instead(lambda e, lr, least=least: lr * 0.5 if lr > least else lr),
                lambda e, lr, least=least: max(lr * 0.5 if tens(e) else lr, least),
            )
        ),
    ),
    Mistake(
        "fixed-rates",
        "It gives rates of its own whatever lr is: halve the rate that is handed in.",
        _own_rates(0.1, 0.5, 10**4, 0),
        variants=tuple(
            _own_rates(base, factor, last, late)
            for base, factor, last, late in product(_BASES, (0.5, 0.1), (1, 2, 3, 10**4), (0, 1))
            if (base, factor, last, late) != (0.1, 0.5, 10**4, 0)
        ),
    ),
    Mistake(
        "whole-number-division",
        "The rate is cut to a whole number, as // and int() do: use / 2 or * 0.5.",
        _instead(lambda e, lr: lr // 2),
        variants=(_instead(lambda e, lr: lr // 2, tens_and_0), lambda e, lr: int(lr * 0.5) if tens(e) else int(lr)),
    ),
)

_ELSEWHERE = (
    Mistake(
        "no-else",
        "At the other epochs it returns None: return lr there.",
        lambda e, lr: lr * 0.5 if tens(e) else None,
        variants=(lambda e, lr: lr * 0.5 if e % 10 == 0 else None,),
    ),
    Mistake(
        "nothing-at-tens",
        "At 10, 20, 30 ... it returns None: return the half there.",
        _instead(lambda e, lr: None),
        variants=(_instead(lambda e, lr: None, tens_and_0),),
    ),
    Mistake(
        "zero-elsewhere",
        "At the other epochs it returns 0, and nothing is learned: return lr there.",
        lambda e, lr: lr * 0.5 if tens(e) else 0,
        variants=(lambda e, lr: lr * 0.5 if e % 10 == 0 else 0,),
    ),
)

MISTAKES = WHEN + _WHAT + _ELSEWHERE
