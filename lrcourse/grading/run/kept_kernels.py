"""The kernels that a process keeps from one submission to the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from lrcourse.grading.run.kernels import ColdKernels, Kernels
from lrcourse.grading.run.warm_kernels import best_kernels
from lrcourse.grading.sandbox import Limits, Sandbox, find_sandbox

_kept: dict[tuple, Kernels] = {}
_keeping = False


@cache
def found_sandbox(name: str) -> Sandbox:
    """The sandbox of that name ("auto": the best one), tried once a process; NoSandbox if it does not work here."""
    return find_sandbox(None if name == "auto" else name)


def kept_kernels(sandbox: str, limits: Limits, *, cold: bool = False) -> Kernels:
    """Kernels in this sandbox ("auto": the best one), the same object as long as the arguments are.

    Forked from a process that is kept warm where that is safe, unless `cold`. `close_kernels` ends that process.
    """
    key = (sandbox, limits, cold)
    if key not in _kept:
        close_kernels()
        found = found_sandbox(sandbox)
        _kept[key] = ColdKernels(found, limits) if cold else best_kernels(found, limits)[0]
    return _kept[key]


def close_kernels() -> None:
    """End the sandboxes that this process keeps."""
    for kernels in _kept.values():
        if hasattr(kernels, "close"):
            kernels.close()
    _kept.clear()


@contextmanager
def several_submissions(number: int) -> Iterator[None]:
    """Within it `kernels_here` keeps a process warm. For one submission alone that takes longer than it saves.

    Inside of another one it changes nothing.
    """
    global _keeping
    if _keeping or number < 2:
        yield
        return
    _keeping = True
    try:
        yield
    finally:
        _keeping = False
        close_kernels()


def kernels_here(sandbox: str, limits: Limits, *, cold: bool = False) -> Kernels:
    """Warm kernels among several submissions unless `cold`, else cold ones."""
    return kept_kernels(sandbox, limits, cold=cold or not _keeping)
