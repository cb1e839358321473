"""Known mistakes of `steps_between_decays`: the last batch of an epoch, and which number divides which."""

from __future__ import annotations

from math import ceil, floor

from lrcourse.checking.exercise import Mistake

_LAST_BATCH = (
    Mistake(
        "last-batch-dropped",
        "The last, smaller batch is dropped: round UP, Keras trains on it too.",
        lambda n, b, e: n // b * e,
        variants=(lambda n, b, e: max(1, n // b) * e,),
    ),
    Mistake(
        "always-one-more",
        "n // batch_size + 1 is one too many where the batches come out even: round up instead.",
        lambda n, b, e: (n // b + 1) * e,
    ),
    Mistake(
        "one-batch-short",
        "An epoch is one batch short where the batches come out even: round n_examples / batch_size up.",
        lambda n, b, e: (n - 1) // b * e,
    ),
    Mistake(
        "one-example-more",
        "One example is added before the division: round n_examples / batch_size up instead.",
        lambda n, b, e: (n + 1) // b * e,
    ),
    Mistake(
        "rounded",
        "Rounding to the nearest drops some last batches: round UP.",
        lambda n, b, e: round(n / b) * e,
        variants=(lambda n, b, e: floor(n / b + 0.5) * e,),
    ),
    Mistake(
        "not-whole",
        "There are only whole updates: round up the batches of one epoch.",
        lambda n, b, e: n / b * e,
    ),
    Mistake(
        "rest-added",
        "The remainder of the division counts examples: together they are ONE more batch.",
        lambda n, b, e: n // b * e + n % b,
        variants=(
            lambda n, b, e: (n // b + n % b) * e,
            lambda n, b, e: n // b * e + n * e % b,
            lambda n, b, e: n / b * e + n % b,
            lambda n, b, e: (n / b + n % b) * e,
        ),
    ),
    Mistake(
        "rest-only",
        "% gives the examples that are left over: the batches come from the division, rounded up.",
        lambda n, b, e: n % b * e,
        variants=(lambda n, b, e: n % b,),
    ),
    Mistake(
        "one-more-at-end",
        "The extra batch comes in every epoch, not once at the end.",
        lambda n, b, e: n // b * e + (1 if n % b else 0),
        variants=(lambda n, b, e: n // b * e + 1,),
    ),
)

_EPOCHS = (
    Mistake(
        "batches-across-epochs",
        "It lets a batch reach into the next epoch: round up for ONE epoch, then multiply.",
        lambda n, b, e: ceil(n * e / b),
    ),
    Mistake(
        "all-divided-down",
        "It divides all examples of all epochs at once and drops the rest: round up for one epoch, then multiply.",
        lambda n, b, e: n * e // b,
    ),
    Mistake(
        "all-divided-rounded",
        "It divides all examples of all epochs at once: round up for one epoch, then multiply.",
        lambda n, b, e: round(n * e / b),
        variants=(lambda n, b, e: n * e // b + 1, lambda n, b, e: floor(n * e / b + 0.5)),
    ),
    Mistake(
        "one-epoch",
        "This is one epoch: multiply by epochs.",
        lambda n, b, e: ceil(n / b),
    ),
    Mistake(
        "one-epoch-down",
        "This is one epoch, and without its last, smaller batch.",
        lambda n, b, e: n // b,
    ),
    Mistake(
        "one-epoch-only",
        "This is one epoch, and not rounded up to whole batches.",
        lambda n, b, e: n / b,
        variants=(lambda n, b, e: n // b + 1, lambda n, b, e: round(n / b)),
    ),
    Mistake(
        "epochs-off-by-one",
        "It counts one epoch too many or too few: multiply by epochs as it is.",
        lambda n, b, e: ceil(n / b) * (e - 1),
        variants=(lambda n, b, e: ceil(n / b) * (e + 1), lambda n, b, e: ceil(n / b) * max(e - 1, 0)),
    ),
    Mistake(
        "epochs-off-and-down",
        "It counts one epoch too many or too few, and drops the last, smaller batch.",
        lambda n, b, e: n // b * (e - 1),
        variants=(lambda n, b, e: n // b * (e + 1),),
    ),
    Mistake(
        "one-more-update",
        "It is one update too many: count the batches of an epoch, rounded up, and multiply.",
        lambda n, b, e: ceil(n / b) * e + 1,
    ),
    Mistake(
        "one-update-less",
        "It is one update too few: count the batches of an epoch, rounded up, and multiply.",
        lambda n, b, e: ceil(n / b) * e - 1,
        variants=(lambda n, b, e: max(ceil(n / b) * e - 1, 0),),
    ),
    Mistake(
        "adds-epochs",
        "It adds epochs: multiply, since each epoch has all its batches.",
        lambda n, b, e: ceil(n / b) + e,
        variants=(lambda n, b, e: n // b + e,),
    ),
    Mistake(
        "power-of-epochs",
        "** raises to a power: multiply the batches of one epoch by epochs.",
        lambda n, b, e: ceil(n / b) ** e,
        variants=(lambda n, b, e: (n // b) ** e,),
    ),
    Mistake(
        "divided-by-epochs",
        "It divides by epochs: multiply, since each epoch has all its batches.",
        lambda n, b, e: ceil(n / b) / e if e else 0,
        variants=(
            lambda n, b, e: ceil(n / b) / e,
            lambda n, b, e: ceil(n / b) // e,
            lambda n, b, e: n / (b * e),
            lambda n, b, e: n // (b * e),
            lambda n, b, e: ceil(n / (b * e)),
            lambda n, b, e: n // b / e,
            lambda n, b, e: ceil(n // b / e),
        ),
    ),
    Mistake(
        "examples-by-epochs",
        "It divides the examples by epochs: divide by the batch size, and multiply by epochs.",
        lambda n, b, e: ceil(n / e) * b,
        variants=(
            lambda n, b, e: n // e * b,
            lambda n, b, e: n / e * b,
            lambda n, b, e: ceil(n / e),
            lambda n, b, e: n // e,
            lambda n, b, e: n / e,
        ),
    ),
)

_WHICH = (
    Mistake(
        "multiplied-batch",
        "It multiplies by the batch size: divide, since an update takes a whole batch.",
        lambda n, b, e: n * b * e,
        variants=(lambda n, b, e: n * b,),
    ),
    Mistake(
        "examples",
        "This counts examples; an update takes a whole batch of them.",
        lambda n, b, e: n * e,
        variants=(lambda n, b, e: n, lambda n, b, e: ceil(n / b) * b * e, lambda n, b, e: n // b * b * e),
    ),
    Mistake("batch-times-epochs", "The number of examples is missing.", lambda n, b, e: b * e),
    Mistake("epochs-only", "This counts epochs; each has many updates.", lambda n, b, e: e),
    Mistake(
        "upside-down",
        "The batch size is divided by the number of examples, which is the wrong way round.",
        lambda n, b, e: ceil(b / n) * e,
        variants=(lambda n, b, e: b // n * e, lambda n, b, e: b / n * e),
    ),
    Mistake(
        "subtracts",
        "It subtracts the batch size: an epoch has n_examples / batch_size batches, rounded up.",
        lambda n, b, e: (n - b) * e,
    ),
)

MISTAKES = _LAST_BATCH + _EPOCHS + _WHICH
