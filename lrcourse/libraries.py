"""The course's schedules as other libraries write them, and the rates that those apply.

`tests/test_other_libraries.py` runs every call with the library itself, and `tests/test_docs_claims.py` those of Keras.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).with_name("libraries.json")

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
    chosen = [row for row in rows() if row.schedule == schedule]
    if not chosen:
        known = ", ".join(dict.fromkeys(row.schedule for row in rows()))
        raise ValueError(f"schedule must be one of {known}; got {schedule!r}.")
    lines = [f"{'step':13s}" + "".join(f"{step:8d}" for step in STEPS)]
    for row in chosen:
        rates = "".join("       -" if rate is None else f"{rate:8.5f}" for rate in row.rates)
        lines += [f"{row.library:13s}{rates}", " " * 14 + row.call]
    return "\n".join(line.rstrip() for line in lines)


@cache
def rows() -> tuple[Row, ...]:
    """Every row of `libraries.json`, in the order of the table."""
    data = json.loads(_DATA.read_text(encoding="utf-8"))
    return tuple(Row(row["schedule"], row["library"], row["call"], tuple(row["rates"])) for row in data)
