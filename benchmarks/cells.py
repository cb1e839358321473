"""Print where the time of one submission goes: its cells in a forked kernel, and the worker around them.

    .venv/bin/python benchmarks/cells.py [LESSON]

CPU seconds are those of the whole machine meanwhile, so nothing else may run. The submission is graded four times, with
all its cells; the numbers are those of the last time.
"""

import argparse
import dataclasses
import tempfile
import time
from pathlib import Path

from benchmark_class import make_course
from measure import busy

from lrcourse.grading.batch.worker import grade_job
from lrcourse.grading.course import Course
from lrcourse.grading.gradebook.assignment import Assignment
from lrcourse.grading.run.kernels import Kernel
from lrcourse.grading.run.warm_kernels import WarmKernels

TIMES = 4
SHOWN = 0.15  # CPU seconds from which on a cell has a line of its own


class Watched:
    """Notes what each call of some methods takes."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, float, float]] = []

    def watch(self, owner: type, method: str, name: str) -> None:
        """From now on; `name` may ask for the first argument as `{}`."""
        original = getattr(owner, method)

        def watched(this, *arguments):
            started, used = time.perf_counter(), busy()
            try:
                return original(this, *arguments)
            finally:
                label = name.format(_first_line(arguments[0])) if arguments else name
                self.taken.append((label, time.perf_counter() - started, busy() - used))

        setattr(owner, method, watched)


def _first_line(code: object) -> str:
    return next((line for line in str(code).splitlines() if line.strip() and not line.startswith("#")), "")[:60]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lesson", nargs="?", default="04_custom_decay")
    lesson = parser.parse_args().lesson
    watched = Watched()
    watched.watch(WarmKernels, "start", "the kernel starts")
    watched.watch(Kernel, "execute", "cell: {}")
    watched.watch(Kernel, "evaluate", "the grader asks")
    watched.watch(Kernel, "kill", "the kernel ends")
    with tempfile.TemporaryDirectory(prefix="lrcourse-benchmark-", dir="/var/tmp") as name:
        make_course(Path(name), lesson, 1)
        assignment = Assignment.of(Course(Path(name)).config, lesson)
        assignment.settings = dataclasses.replace(assignment.settings, all_cells=True)
        job = assignment.submission("s0000").job
        for _ in range(TIMES):
            watched.taken.clear()
            started, used = time.perf_counter(), busy()
            result = grade_job(job)
            wall, cpu = time.perf_counter() - started, busy() - used
    if result.problem:
        raise SystemExit(result.problem)
    large = [part for part in watched.taken if part[2] >= SHOWN]
    small = [part for part in watched.taken if part[2] < SHOWN]
    known = _sum("", watched.taken)
    print("| part | wall s | CPU s |\n|---|--:|--:|")
    for label, taken, used in [
        *large,
        _sum(f"{len(small)} parts of less than {SHOWN} CPU s", small),
        ("the worker itself: nbgrader's steps, repair, cleaning", wall - known[1], cpu - known[2]),
        ("in all", wall, cpu),
    ]:
        print(f"| {label} | {taken:.2f} | {used:.2f} |")


def _sum(label: str, parts: list[tuple[str, float, float]]) -> tuple[str, float, float]:
    return label, sum(part[1] for part in parts), sum(part[2] for part in parts)


if __name__ == "__main__":
    main()
