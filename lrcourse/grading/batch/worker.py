"""What a worker does with a submission: the way that all take, in the kernels that this process keeps."""

from __future__ import annotations

import threading
import time

from lrcourse.grading.job import Job, Result
from lrcourse.grading.run.kernels import Kernels
from lrcourse.grading.run.warm_kernels import kernels_for
from lrcourse.grading.submission import grade_submission

# A worker grades one submission at a time, whatever its threads: while a graded cell runs, what it prints is caught
# for the whole process.
_one_at_a_time = threading.Lock()
_kept: dict[tuple, Kernels] = {}  # at most one: the kernels for the settings of the last job


def grade_job(job: Job) -> Result:
    """Grade one submission; NoSandbox or CannotGrade where this worker can grade nobody."""
    with _one_at_a_time:
        started = time.monotonic()
        result = grade_submission(job, _kernels(job))
        result.seconds = time.monotonic() - started
        return result


def _kernels(job: Job) -> Kernels:
    key = (job.settings.sandbox, job.settings.limits, job.settings.cold)
    if key not in _kept:
        close_kernels()
        _kept[key] = kernels_for(*key)
    return _kept[key]


def close_kernels() -> None:
    """End the sandbox that this process keeps."""
    for kernels in _kept.values():
        kernels.close()
    _kept.clear()
