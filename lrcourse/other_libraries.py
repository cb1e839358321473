"""The course's schedules as other libraries write them, and the rates that those apply.

`tests/test_other_libraries.py` runs every call with the library itself, and `tests/test_docs_claims.py` those of Keras.
"""

from typing import NamedTuple

STEPS = (0, 1, 99, 100, 550, 999, 1500)
"""The steps whose rates a row holds. All plans have the highest rate 0.1 and 1000 steps."""


class Row(NamedTuple):
    """One schedule in one library."""

    schedule: str
    library: str
    call: str
    """The expression that makes it; `optimizer` has the rate 0.1."""
    rates: tuple[float | None, ...]
    """Applied at each of `STEPS`, to five decimals; None where the library refuses to go on."""


def library_table(schedule: str) -> str:
    """How each library writes `schedule`, and the rates that it applies, as plain text.

    `schedule` is one of "cosine", "linear", "warmup + cosine", "one-cycle", "warmup-stable-decay" and "restarts".
    ValueError: any other.

    >>> print(library_table("one-cycle"))
    step                0       1      99     100     550     999    1500
    PyTorch       0.00400 0.00400 0.02771 0.02815 0.07149 0.00000       -
                  OneCycleLR(optimizer, 0.1, 1000)
    optax         0.00400 0.00400 0.02757 0.02800 0.07169 0.00000 0.00000
                  cosine_onecycle_schedule(1000, 0.1)
    """
    rows = [row for row in ROWS if row.schedule == schedule]
    if not rows:
        known = ", ".join(dict.fromkeys(row.schedule for row in ROWS))
        raise ValueError(f"schedule must be one of {known}; got {schedule!r}.")
    lines = [f"{'step':13s}" + "".join(f"{step:8d}" for step in STEPS)]
    for row in rows:
        rates = "".join("       -" if rate is None else f"{rate:8.5f}" for rate in row.rates)
        lines += [f"{row.library:13s}{rates}", " " * 14 + row.call]
    return "\n".join(line.rstrip() for line in lines)


ROWS = (
    Row(
        "cosine",
        "Keras",
        "CosineDecay(0.1, 1000)",
        (0.1, 0.1, 0.0976, 0.09755, 0.04218, 0.0, 0.0),
    ),
    Row(
        "cosine",
        "PyTorch",
        "CosineAnnealingLR(optimizer, 1000)",
        (0.1, 0.1, 0.0976, 0.09755, 0.04218, 0.0, 0.05),
    ),
    Row(
        "cosine",
        "optax",
        "cosine_decay_schedule(0.1, 1000)",
        (0.1, 0.1, 0.0976, 0.09755, 0.04218, 0.0, 0.0),
    ),
    Row(
        "cosine",
        "transformers",
        "get_cosine_schedule_with_warmup(optimizer, 0, 1000)",
        (0.1, 0.1, 0.0976, 0.09755, 0.04218, 0.0, 0.05),
    ),
    Row(
        "cosine",
        "timm",
        "CosineLRScheduler(optimizer, 1000, t_in_epochs=False)",
        (0.1, 0.1, 0.0976, 0.09755, 0.04218, 0.0, 0.0),
    ),
    Row(
        "linear",
        "Keras",
        "PolynomialDecay(0.1, 1000, end_learning_rate=0.0)",
        (0.1, 0.0999, 0.0901, 0.09, 0.045, 0.0001, 0.0),
    ),
    Row(
        "linear",
        "PyTorch",
        "LinearLR(optimizer, 1.0, 0.0, total_iters=1000)",
        (0.1, 0.0999, 0.0901, 0.09, 0.045, 0.0001, 0.0),
    ),
    Row(
        "linear",
        "optax",
        "linear_schedule(0.1, 0.0, 1000)",
        (0.1, 0.0999, 0.0901, 0.09, 0.045, 0.0001, 0.0),
    ),
    Row(
        "linear",
        "transformers",
        "get_linear_schedule_with_warmup(optimizer, 0, 1000)",
        (0.1, 0.0999, 0.0901, 0.09, 0.045, 0.0001, 0.0),
    ),
    Row(
        "linear",
        "timm",
        "PolyLRScheduler(optimizer, 1000, power=1.0, t_in_epochs=False)",
        (0.1, 0.0999, 0.0901, 0.09, 0.045, 0.0001, 0.0),
    ),
    Row(
        "warmup + cosine",
        "Keras",
        "CosineDecay(0.0, 900, warmup_target=0.1, warmup_steps=100)",
        (0.0, 0.001, 0.099, 0.1, 0.05, 0.0, 0.0),
    ),
    Row(
        "warmup + cosine",
        "PyTorch",
        "SequentialLR(optimizer, [LinearLR(optimizer, 0.01, total_iters=99), "
        "CosineAnnealingLR(optimizer, 900)], [100])",
        (0.001, 0.002, 0.1, 0.1, 0.05, 0.0, 0.05868),
    ),
    Row(
        "warmup + cosine",
        "optax",
        "warmup_cosine_decay_schedule(0.0, 0.1, 100, 1000)",
        (0.0, 0.001, 0.099, 0.1, 0.05, 0.0, 0.0),
    ),
    Row(
        "warmup + cosine",
        "transformers",
        "get_cosine_schedule_with_warmup(optimizer, 100, 1000)",
        (0.0, 0.001, 0.099, 0.1, 0.05, 0.0, 0.05868),
    ),
    Row(
        "warmup + cosine",
        "timm",
        "CosineLRScheduler(optimizer, 1000, warmup_t=100, t_in_epochs=False)",
        (0.0, 0.001, 0.099, 0.09755, 0.04218, 0.0, 0.0),
    ),
    Row(
        "warmup + cosine",
        "timm",
        "CosineLRScheduler(optimizer, 900, warmup_t=100, warmup_prefix=True, t_in_epochs=False)",
        (0.0, 0.001, 0.099, 0.1, 0.05, 0.0, 0.0),
    ),
    Row(
        "one-cycle",
        "PyTorch",
        "OneCycleLR(optimizer, 0.1, 1000)",
        (0.004, 0.004, 0.02771, 0.02815, 0.07149, 0.0, None),
    ),
    Row(
        "one-cycle",
        "optax",
        "cosine_onecycle_schedule(1000, 0.1)",
        (0.004, 0.004, 0.02757, 0.028, 0.07169, 0.0, 0.0),
    ),
    Row(
        "warmup-stable-decay",
        "PyTorch",
        "SequentialLR(optimizer, [LinearLR(optimizer, 0.01, total_iters=99), ConstantLR(optimizer, 1.0), "
        "LinearLR(optimizer, 1.0, 0.0, total_iters=400)], [100, 600])",
        (0.001, 0.002, 0.1, 0.1, 0.1, 0.00025, 0.0),
    ),
    Row(
        "warmup-stable-decay",
        "optax",
        "join_schedules([linear_schedule(0.0, 0.1, 100), constant_schedule(0.1), "
        "linear_schedule(0.1, 0.0, 400)], [100, 600])",
        (0.0, 0.001, 0.099, 0.1, 0.1, 0.00025, 0.0),
    ),
    Row(
        "warmup-stable-decay",
        "transformers",
        "get_wsd_schedule(optimizer, 100, 400, 1000, decay_type='linear')",
        (0.0, 0.001, 0.099, 0.1, 0.1, 0.00025, 0.0),
    ),
    Row(
        "restarts",
        "Keras",
        "CosineDecayRestarts(0.1, 500, t_mul=1.0)",
        (0.1, 0.1, 0.09063, 0.09045, 0.09755, 0.0, 0.1),
    ),
    Row(
        "restarts",
        "PyTorch",
        "CosineAnnealingWarmRestarts(optimizer, 500)",
        (0.1, 0.1, 0.09063, 0.09045, 0.09755, 0.0, 0.1),
    ),
    Row(
        "restarts",
        "optax",
        "join_schedules([cosine_decay_schedule(0.1, 500)] * 2, [500])",
        (0.1, 0.1, 0.09063, 0.09045, 0.09755, 0.0, 0.0),
    ),
    Row(
        "restarts",
        "transformers",
        "get_cosine_with_hard_restarts_schedule_with_warmup(optimizer, 0, 1000, 2)",
        (0.1, 0.1, 0.09063, 0.09045, 0.09755, 0.0, 0.0),
    ),
    Row(
        "restarts",
        "timm",
        "CosineLRScheduler(optimizer, 500, cycle_limit=2, t_in_epochs=False)",
        (0.1, 0.1, 0.09063, 0.09045, 0.09755, 0.0, 0.0),
    ),
)
