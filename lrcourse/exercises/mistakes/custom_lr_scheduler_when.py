"""Known mistakes of `custom_lr_scheduler` about WHEN to halve."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from lrcourse.exercises.definition import Mistake


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
        "It halves at a few of the epochs only: 10, 20, 30 and so on, without an end.",
        _halved(lambda e: e in (10, 20, 30)),
        variants=tuple(
            _halved(lambda e, first=first, last=last: first <= e <= last and e % 10 == 0)
            for first, last in product((10, 0), (20, 30, 40, 50, 60, 70, 80, 90, 100, 200))
            if (first, last) != (10, 30)
        ),
    ),
    Mistake("once-only", "It halves at epoch 10 only: 20, 30 ... are missing.", _halved(lambda e: e == 10)),
    Mistake(
        "first-missing", "It does not halve at epoch 10, but from 20 on.", _halved(lambda e: e > 10 and e % 10 == 0)
    ),
    Mistake(
        "every-twenty",
        "It halves every 20 epochs: every 10.",
        _every(20, 1),
        variants=(_every(20, 0), _halved(lambda e: e % 20 == 10)),
    ),
    Mistake("every-five", "It halves every 5 epochs: every 10.", _every(5, 1), variants=(_every(5, 0),)),
    Mistake(
        "other-interval",
        "It counts off another number of epochs than 10: halve where epoch % 10 is 0.",
        _every(2, 1),
        variants=tuple(
            _every(n, first)
            for n, first in product((2, 3, 4, 6, 7, 8, 9, 11, 12, 15, 25, 30, 50, 100), (1, 0))
            if (n, first) != (2, 1)
        ),
    ),
    Mistake("not-halved", "The rate is never halved.", lambda e, lr: lr),
    Mistake("always-halves", "It halves at every epoch: only at 10, 20, 30 ...", lambda e, lr: lr * 0.5),
    Mistake("every-epoch-but-0", "It halves at every epoch but 0: only at 10, 20, 30 ...", _halved(lambda e: e > 0)),
    Mistake(
        "halves-at-epoch-0",
        "It halves at epoch 0 too, since 0 % 10 is 0: ask for epoch > 0 as well.",
        _halved(tens_and_0),
    ),
    Mistake(
        "halved-in-first-ten",
        "It halves in the first ten epochs, where the rate should stay.",
        _halved(lambda e: e // 10 == 0),
        variants=tuple(_halved(lambda e, last=last: e <= last) for last in (10, 11)),
    ),
    Mistake(
        "whole-tens",
        "It halves at every epoch of a stretch of epochs: only at 10, 20, 30 ...",
        _halved(lambda e: e // 10 == 1),
        variants=(_halved(lambda e: e // 10 % 2 == 1), _halved(lambda e: 10 < e <= 20), _halved(lambda e: 10 < e < 20)),
    ),
    Mistake(
        "every-epoch-from-10",
        "It halves at every epoch from 10 on: only at 10, 20, 30 ...",
        _halved(lambda e: e >= 10),
    ),
    Mistake(
        "from-10-and-0",
        "It halves at epoch 0 and at every epoch from 10 on: only at 10, 20, 30 ...",
        _halved(lambda e: e >= 10 or e == 0),
    ),
    Mistake("after-10", "It halves at every epoch after 10: only at 10, 20, 30 ...", _halved(lambda e: e > 10)),
    Mistake(
        "one-early",
        "It halves one epoch early, at 9, 19 ...: epochs count from 0, and the task says 10, 20 ...",
        _halved(lambda e: e % 10 == 9),
    ),
    Mistake("one-late", "It halves one epoch late, at 11, 21 ...", _halved(lambda e: e > 1 and e % 10 == 1)),
    Mistake("one-late-from-1", "It halves one epoch late, at 1, 11, 21 ...", _halved(lambda e: e % 10 == 1)),
    Mistake(
        "every-other-epoch",
        "The condition is turned round: halve AT 10, 20, 30 ..., keep the rate elsewhere.",
        _halved(lambda e: not tens(e)),
        variants=(_halved(lambda e: e % 10),),
    ),
)
