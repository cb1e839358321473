"""`lrcourse verify`: the author's gate."""

from __future__ import annotations

import difflib
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from lrcourse.commands.verify.catalog import lessons, verify_catalog
from lrcourse.commands.verify.findings import Findings
from lrcourse.commands.verify.through_nbgrader import verify_path
from lrcourse.errors import CommandError


def run_verify(lesson: str | None = None) -> bool:
    """Try every rule of the course, or of one lesson; print the table; True if nothing is broken."""
    every = lessons()
    if lesson is not None and lesson not in every:
        near = difflib.get_close_matches(lesson, every, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(every)}."
        raise CommandError(f"There is no lesson {lesson}.{hint}")
    chosen = every if lesson is None else [lesson]
    started = time.monotonic()
    findings = Findings()
    # Separate processes: nbgrader changes the current directory, and TensorFlow does not survive a fork.
    with ProcessPoolExecutor(max_workers=os.cpu_count(), mp_context=get_context("spawn")) as pool:
        jobs = {pool.submit(verify_path, name): f"{name}, through nbgrader" for name in chosen}
        jobs |= {pool.submit(verify_catalog, name): f"{name}, its mistakes and options" for name in chosen}
        for number, job in enumerate(as_completed(jobs), start=1):
            findings.add(job.result())
            print(f"[{time.monotonic() - started:5.0f} s] {number} of {len(jobs)}: {jobs[job]}", flush=True)
    print(findings.table())
    return not findings.broken
