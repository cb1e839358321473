"""Exercises of lesson 04: halving the rate, first as the lesson writes it, then so that a resume does no harm."""

from __future__ import annotations

from math import ceil
from random import Random

from lrcourse.exercises.definition import Exercise, Mistake, Part, Probe, Result

LESSON = "04_custom_decay"


def _custom_lr_scheduler(epoch, lr):
    return lr * 0.5 if epoch > 0 and epoch % 10 == 0 else lr


def _draw_custom(random: Random) -> list[Probe]:
    import numpy as np

    probes = [Probe((epoch, 0.08)) for epoch in (0, 1, 5, 9, 10, 11, 15, 19, 20, 21, 29, 30, 100, 101, 200, 1000)]
    probes += [Probe((10, 1e-4)), Probe((30, 2e-6))]
    probes.append(Probe((np.int64(40), 0.3)))
    for _ in range(4):
        probes.append(Probe((10 * random.randrange(1, 12), random.uniform(0.001, 0.9))))
        probes.append(Probe((10 * random.randrange(0, 12) + random.randrange(1, 10), random.uniform(0.001, 0.9))))
    return probes


def _halving(initial_lr, every):
    return lambda epoch, lr: initial_lr * 0.5 ** (epoch // every)


def _draw_halving(random: Random) -> list[Probe]:
    probes = [Probe((0.1, 10), ((0, 0.1), (9, 0.1), (10, 0.1), (11, 0.05), (20, 0.05), (35, 0.0125), (100, 0.0125)))]
    for _ in range(3):
        every = random.randrange(2, 13)
        stranger = random.uniform(5, 30)  # a resumed optimizer brings any rate along; this one is no epoch either
        epochs = (
            0,
            1,
            every - 1,
            every,
            every + 1,
            2 * every,
            4 * every - 1,
            5 * every,
            random.randrange(2, 60),
            25 * every,
        )
        probes.append(Probe((random.uniform(0.01, 0.9), every), tuple((epoch, stranger) for epoch in epochs)))
    probes.append(Probe((0.4, 1), ((0, 0.01), (1, 0.01), (3, 0.01))))
    probes.append(Probe((5, 2), ((0, 5.0), (2, 5.0))))
    return probes


EXERCISES = (
    Exercise(
        id="custom_lr_scheduler",
        lesson=LESSON,
        signature="custom_lr_scheduler(epoch, lr)",
        result=Result.NUMBER,
        prompt=(
            "Return the rate for `epoch`, which counts from 0, when the current rate is `lr`: half of `lr` at epochs 10, 20, "
            "30 ..., at all other epochs `lr` as it is. Epoch 0 keeps the rate."
        ),
        reference=_custom_lr_scheduler,
        parts=(
            Part("the rate", 2, (Probe((0, 0.1)), Probe((5, 0.1)), Probe((10, 0.1)), Probe((20, 0.05))), _draw_custom),
        ),
        hints=(
            "epoch % 10 is 0 at epochs 0, 10, 20 ...; one of them must be left out.",
            "Keras hands in the rate of the epoch before: halve that, and only at those epochs.",
        ),
        mistakes=(
            Mistake(
                "a-few-only",
                "It halves at a few of the epochs only: 10, 20, 30 and so on, without an end.",
                lambda e, lr: lr * 0.5 if e in (10, 20, 30) else lr,
                None,
                (
                    lambda e, lr: lr * 0.5 if e in (10, 20) else lr,
                    lambda e, lr: lr * 0.5 if e in (10, 20, 30, 40) else lr,
                    lambda e, lr: lr * 0.5 if e in (10, 20, 30, 40, 50) else lr,
                    lambda e, lr: lr * 0.5 if e in range(10, 101, 10) else lr,
                ),
            ),
            Mistake(
                "every-twenty",
                "It halves every 20 epochs: every 10.",
                lambda e, lr: lr * 0.5 if e > 0 and e % 20 == 0 else lr,
            ),
            Mistake(
                "half-itself",
                "It returns 0.5 itself: multiply lr by it.",
                lambda e, lr: 0.5 if e > 0 and e % 10 == 0 else lr,
            ),
            Mistake(
                "halved-in-first-ten",
                "It halves in the first ten epochs, where the rate should stay.",
                lambda e, lr: lr * 0.5 if e // 10 == 0 else lr,
            ),
            Mistake(
                "halves-at-epoch-0",
                "It halves at epoch 0 too, since 0 % 10 is 0: ask for epoch > 0 as well.",
                lambda e, lr: lr * 0.5 if e % 10 == 0 else lr,
            ),
            Mistake(
                "compounds",
                "Keras hands in the CURRENT rate, which is already halved: this halves it again at every epoch from 10 on.",
                lambda e, lr: lr * 0.5 ** (e // 10),
            ),
            Mistake(
                "every-epoch-from-10",
                "It halves at every epoch from 10 on: only at 10, 20, 30 ...",
                lambda e, lr: lr * 0.5 if e >= 10 else lr,
            ),
            Mistake(
                "after-10",
                "It halves at every epoch after 10: only at 10, 20, 30 ...",
                lambda e, lr: lr * 0.5 if e > 10 else lr,
            ),
            Mistake(
                "one-early",
                "It halves one epoch early, at 9, 19 ...: epochs count from 0, and the task says 10, 20 ...",
                lambda e, lr: lr * 0.5 if (e + 1) % 10 == 0 else lr,
            ),
            Mistake(
                "one-late",
                "It halves one epoch late, at 11, 21 ...",
                lambda e, lr: lr * 0.5 if e > 1 and e % 10 == 1 else lr,
            ),
            Mistake(
                "one-late-from-1",
                "It halves one epoch late, at 1, 11, 21 ...",
                lambda e, lr: lr * 0.5 if e % 10 == 1 else lr,
            ),
            Mistake(
                "once-only",
                "It halves at epoch 10 only: 20, 30 ... are missing.",
                lambda e, lr: lr * 0.5 if e == 10 else lr,
            ),
            Mistake(
                "every-other-epoch",
                "The condition is turned round: halve AT 10, 20, 30 ..., keep the rate elsewhere.",
                lambda e, lr: lr if e > 0 and e % 10 == 0 else lr * 0.5,
                variants=(lambda e, lr: lr * 0.5 if e % 10 else lr,),
            ),
            Mistake(
                "no-else",
                "At the other epochs it returns None: return lr there.",
                lambda e, lr: lr * 0.5 if e > 0 and e % 10 == 0 else None,
            ),
            Mistake("not-halved", "The rate is never halved.", lambda e, lr: lr),
            Mistake("doubles", "It doubles: multiply by 0.5.", lambda e, lr: lr * 2 if e > 0 and e % 10 == 0 else lr),
            Mistake(
                "a-tenth", "It divides by 10: halve the rate.", lambda e, lr: lr * 0.1 if e > 0 and e % 10 == 0 else lr
            ),
            Mistake(
                "whole-number-division",
                "The rate is cut to a whole number, as // and int() do: use / 2 or * 0.5.",
                lambda e, lr: lr // 2 if e > 0 and e % 10 == 0 else lr,
            ),
            Mistake(
                "fixed-rates",
                "It starts from 0.1 whatever lr is: halve the rate that is handed in.",
                lambda e, lr: 0.1 * 0.5 ** (e // 10),
            ),
            Mistake("always-halves", "It halves at every epoch: only at 10, 20, 30 ...", lambda e, lr: lr * 0.5),
            Mistake(
                "every-five",
                "It halves every 5 epochs: every 10.",
                lambda e, lr: lr * 0.5 if e > 0 and e % 5 == 0 else lr,
            ),
        ),
    ),
    Exercise(
        id="halving",
        lesson=LESSON,
        signature="halving(initial_lr, every)",
        result=Result.SCHEDULER,
        prompt=(
            "Return a scheduler function `(epoch, lr) -> float` for `LearningRateScheduler` that halves `initial_lr` every `every` "
            "epochs and stays right when training is resumed or `fit` is called again: the rate depends on the epoch alone."
        ),
        reference=_halving,
        parts=(
            Part(
                "the rate at every epoch",
                3,
                (Probe((0.1, 10), ((0, 0.1), (10, 0.1), (25, 0.05))), Probe((0.1, 10), ((20, 0.3),))),
                _draw_halving,
            ),
        ),
        hints=(
            "Define a function inside the function and return it; it may use initial_lr and every.",
            "How often has the rate been halved before this epoch? Do not use lr at all.",
        ),
        mistakes=(
            Mistake(
                "every-epoch",
                "It halves at every epoch: only every `every` epochs.",
                lambda i, k: lambda e, lr: i * 0.5**e,
            ),
            Mistake(
                "times-count",
                "It multiplies by 0.5 * count: the halvings are a power, 0.5 ** count.",
                lambda i, k: lambda e, lr: i * 0.5 * (e // k),
                None,
                (lambda i, k: lambda e, lr: i * 0.5 * (e // k) if e >= k else i,),
            ),
            Mistake(
                "rounds-up",
                "It halves too early: only whole times count, so epoch // every.",
                lambda i, k: lambda e, lr: i * 0.5 ** ceil(e / k),
            ),
            Mistake(
                "rounds",
                "It halves too early: round() goes up from the middle; // does not.",
                lambda i, k: lambda e, lr: i * 0.5 ** round(e / k),
            ),
            Mistake(
                "uses-current-rate",
                "It halves the rate that Keras hands in, so a resume or a second fit starts from a wrong one: use initial_lr.",
                lambda i, k: lambda e, lr: lr * 0.5 if e > 0 and e % k == 0 else lr,
            ),
            Mistake(
                "uses-current-rate-and-halves-at-0",
                "It halves the rate that Keras hands in, at epoch 0 too: compute from initial_lr and the epoch.",
                lambda i, k: lambda e, lr: lr * 0.5 if e % k == 0 else lr,
            ),
            Mistake(
                "compounds-current-rate",
                "It multiplies the CURRENT rate by all halvings so far: use initial_lr in place of lr.",
                lambda i, k: lambda e, lr: lr * 0.5 ** (e // k),
            ),
            Mistake(
                "starts-halved",
                "It is one halving ahead: epoch 0 has initial_lr.",
                lambda i, k: lambda e, lr: i * 0.5 ** (e // k + 1),
            ),
            Mistake(
                "one-early",
                "It halves one epoch early: epoch `every` is the first with half the rate.",
                lambda i, k: lambda e, lr: i * 0.5 ** ((e + 1) // k),
            ),
            Mistake(
                "one-late",
                "It halves one epoch late: epoch `every` already has half the rate.",
                lambda i, k: lambda e, lr: i * 0.5 ** (max(e - 1, 0) // k),
            ),
            Mistake(
                "smooth",
                "It falls a little at every epoch: only whole times count, epoch // every.",
                lambda i, k: lambda e, lr: i * 0.5 ** (e / k),
            ),
            Mistake(
                "remainder",
                "% gives the rest of the division, so the rate jumps back up: use //.",
                lambda i, k: lambda e, lr: i * 0.5 ** (e % k),
            ),
            Mistake(
                "divides-by-count",
                "It divides by 1, 2, 3 ...: each halving halves again, 1, 2, 4 ...",
                lambda i, k: lambda e, lr: i / (1 + e // k),
            ),
            Mistake(
                "divides-by-twice-count",
                "It divides by 2, 4, 6 ...: each halving halves again, 2, 4, 8 ...",
                lambda i, k: lambda e, lr: i / (2 * (e // k)) if e >= k else i,
            ),
            Mistake(
                "halves-only-there",
                "It is halved AT each multiple of `every` and jumps back: the halvings add up.",
                lambda i, k: lambda e, lr: i * 0.5 if e > 0 and e % k == 0 else i,
            ),
            Mistake(
                "once-only",
                "It is halved once: the halvings go on.",
                lambda i, k: lambda e, lr: i * 0.5 if e >= k else i,
            ),
            Mistake("a-tenth", "It divides by 10: halve the rate.", lambda i, k: lambda e, lr: i * 0.1 ** (e // k)),
            Mistake("doubles", "It doubles: multiply by 0.5.", lambda i, k: lambda e, lr: i * 2.0 ** (e // k)),
            Mistake(
                "every-ignored",
                "every has no effect: it always halves every 10 epochs.",
                lambda i, k: lambda e, lr: i * 0.5 ** (e // 10),
            ),
            Mistake(
                "whole-number-division",
                "The rate is cut to a whole number, as // and int() do: use / or * 0.5.",
                lambda i, k: lambda e, lr: i // 2 ** (e // k),
            ),
            Mistake("constant", "The rate never changes.", lambda i, k: lambda e, lr: i),
            Mistake(
                "no-epoch-argument",
                "Keras calls the function with two arguments, (epoch, lr): it must take both.",
                lambda i, k: lambda e: i * 0.5 ** (e // k),
            ),
        ),
    ),
)
