"""Print what grading a submission costs: here, on stock nbgrader, with Otter-Grader, and the floor; all in one run.

    .venv/bin/python benchmarks/grading.py                     100 submissions of lesson 04, 10 for each peer
    .venv/bin/python benchmarks/grading.py --otter otter/bin/otter --flat 1000

Otter has an environment of its own, with the course in it:
`python3 -m venv otter; otter/bin/pip install -e . otter-grader`. It takes about half an hour on two quiet processors.
On a busy machine the seconds of wall time say little; the ratios of CPU seconds hold.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path

from benchmark_class import answered, as_otter, make_course
from measure import Measured, measure, stolen

PROGRAMS = Path(sys.executable).parent
HERE = Path(__file__).parent
WORKERS = 2
CLASS, CORES = 10_000, 16  # what the last line projects
PLAIN = "02_time_based_decay"


@dataclass(frozen=True)
class Row:
    """A line of the table: seconds a submission, start-up included where it is a command."""

    what: str
    submissions: int
    wall: float
    cpu: float
    note: str = ""


def ours(around: Path, name: str, lesson: str, students: int, *options: str, plain: bool = False) -> Measured:
    """`lrcourse grade` over a class; SystemExit unless everybody gets full marks."""
    root = around / name
    root.mkdir()
    make_course(root, lesson, students, plain=plain)
    report = measure([PROGRAMS / "lrcourse", "grade", lesson, "--workers", str(WORKERS), *options], root, _path())
    _full_marks(root, lesson, students)
    say(f"{name}: {report.wall:.0f} s, {report.cpu:.0f} CPU s")
    return report


def stock(around: Path, lesson: str, students: int) -> Measured:
    """`nbgrader autograde` of the same class, in one call, with nothing of ours."""
    root = around / "stock"
    root.mkdir()
    make_course(root, lesson, students, stock=True)
    report = measure([PROGRAMS / "nbgrader", "autograde", lesson], root, _path())
    _full_marks(root, lesson, students)
    say(f"stock: {report.wall:.0f} s, {report.cpu:.0f} CPU s")
    return report


def otter(around: Path, program: Path, lesson: str, students: int) -> list[Measured]:
    """`otter run` of the same work, which takes one submission a call."""
    root = around / "otter"
    root.mkdir()
    make_course(root, lesson, 1)
    submission, tests = as_otter(answered(root, lesson), root / "handed-in")
    environment = _path(program.parent)
    measure([program, "generate", "-t", tests, "-o", root / "autograder.zip"], root, environment)
    taken = []
    for number in range(students):
        to = root / f"to{number}"
        to.mkdir()
        command = [program, "run", "--no-logo", "-a", root / "autograder.zip", "-o", to, submission]
        taken.append(measure(command, root, environment))
        results = json.loads((to / "results.json").read_text())["tests"]
        graded = [test for test in results if "max_score" in test]  # beside them stands one line for all public tests
        if not graded or any(test["score"] < test["max_score"] for test in graded):
            sys.exit(f"Otter gave less than full marks: {results}")
        say(f"otter {number + 1} of {students}: {taken[-1].wall:.1f} s, {taken[-1].cpu:.1f} CPU s")
    return taken


def floor(around: Path, lesson: str, times: int, *options: str) -> list[tuple[float, float]]:
    """CPU seconds and seconds of the same cells in one warm kernel, each time."""
    notebook = around / "all" / "submitted" / "s0000" / lesson / f"{lesson}.ipynb"
    command = [sys.executable, HERE / "floor.py", notebook, str(times), *options]
    environment = _path() | {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return json.loads(out)


def say(text: str) -> None:
    """Progress, apart from the table."""
    print(text, file=sys.stderr, flush=True)


def _path(first: Path = PROGRAMS) -> dict[str, str]:
    return os.environ | {"PATH": f"{first}{os.pathsep}{os.environ.get('PATH', '')}"}


def _full_marks(root: Path, lesson: str, students: int) -> None:
    from lrcourse.grading.course import Course

    with Course(root).gradebook as gradebook:
        found = gradebook.assignment_submissions(lesson)
        marks = [(submission.score, submission.max_score) for submission in found]
    if len(marks) != students or any(score < most for score, most in marks):
        sys.exit(f"In {root} not all of {students} honest submissions have full marks: {sorted(set(marks))}")


def _row(what: str, measured: Measured, submissions: int, note: str = "") -> Row:
    return Row(what, submissions, measured.wall / submissions, measured.cpu / submissions, note)


def _without_start(few: Measured, many: Measured, difference: int) -> tuple[float, float]:
    """Seconds and CPU seconds of one more submission."""
    return (many.wall - few.wall) / difference, (many.cpu - few.cpu) / difference


def one_round(around: Path, arguments: argparse.Namespace) -> tuple:
    """Everything once; side by side in time, because a machine's speed changes with what else its host does."""
    lesson, few = arguments.lesson, arguments.few
    return (
        stock(around, lesson, arguments.peers),
        otter(around, arguments.otter.absolute(), lesson, arguments.peers) if arguments.otter else [],
        ours(around, "all", lesson, arguments.whole, "--all-cells"),
        ours(around, "all-few", lesson, few, "--all-cells"),
        ours(around, "usual", lesson, arguments.submissions),
        ours(around, "usual-few", lesson, few),
        floor(around, lesson, arguments.peers),
        floor(around, lesson, arguments.peers, "--needed"),
        ours(around, "plain", PLAIN, arguments.flat, plain=True),
        ours(around, "plain-few", PLAIN, few, plain=True),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lesson", default="04_custom_decay")
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--whole", type=int, default=100, help="submissions with --all-cells")
    parser.add_argument("--few", type=int, default=20, help="a smaller class, to tell start-up from the rest")
    parser.add_argument("--peers", type=int, default=10, help="submissions for each peer and the floor")
    parser.add_argument("--otter", type=Path, help="otter's own program, in an environment that has the course too")
    parser.add_argument("--flat", type=int, default=200, help="submissions of a lesson without training")
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    parser.add_argument("--rounds", type=int, default=1, help="do it all so often, one after the other, and add up")
    arguments = parser.parse_args()
    lesson, few = arguments.lesson, arguments.few
    if not few < min(arguments.submissions, arguments.whole, arguments.flat):
        parser.error("--few must be smaller than --submissions, --whole and --flat")
    started, begun, taken_before = time.strftime("%Y-%m-%d %H:%M"), time.perf_counter(), stolen()
    rounds = []
    for number in range(arguments.rounds):
        say(f"round {number + 1} of {arguments.rounds}")
        around = Path(tempfile.mkdtemp(prefix="lrcourse-benchmark-", dir="/var/tmp"))
        try:
            rounds.append(one_round(around, arguments))
        finally:
            shutil.rmtree(around, ignore_errors=True)
    lost = (stolen() - taken_before) / (time.perf_counter() - begun) / len(os.sched_getaffinity(0))
    peers, others, whole, whole_few, usual, usual_few, below, below_needed, plain, plain_few = (
        reduce(add, column) for column in zip(*rounds, strict=True)
    )
    times = arguments.rounds
    many, all_of_them, flat, few = (
        times * number for number in (arguments.submissions, arguments.whole, arguments.flat, few)
    )
    more_wall, more_cpu = _without_start(whole_few, whole, all_of_them - few)
    usual_wall, usual_cpu = _without_start(usual_few, usual, many - few)
    plain_wall, plain_cpu = _without_start(plain_few, plain, flat - few)
    floor_cpu, floor_wall = (statistics.median(column) for column in zip(*below, strict=True))
    needed_cpu, needed_wall = (statistics.median(column) for column in zip(*below_needed, strict=True))
    rows = [
        _row("stock nbgrader autograde", peers, times * arguments.peers, "no sandbox; graded beside student code"),
        _row("lrcourse grade --all-cells", whole, all_of_them, "the same work, sandboxed and split"),
        _row("lrcourse grade", usual, many, "as instructors run it"),
        Row("one more, --all-cells", all_of_them - few, more_wall, more_cpu, "start-up excluded"),
        Row("one more", many - few, usual_wall, usual_cpu, "start-up excluded"),
        Row("the floor, all cells", len(below), floor_wall, floor_cpu, "the cells in one warm kernel, nothing else"),
        Row("the floor, needed cells", len(below_needed), needed_wall, needed_cpu),
        _row("a lesson without training", plain, flat, f"lesson {PLAIN[:2]}, its exercises and questions"),
        Row("one more without training", flat - few, plain_wall, plain_cpu, "start-up excluded"),
    ]
    if others:
        wall, cpu = (statistics.median(getattr(each, name) for each in others) for name in ("wall", "cpu"))
        rows.insert(1, Row("otter run", len(others), wall, cpu, "no sandbox; median"))
    print(f"{started}, {_machine()}, {WORKERS} workers, lesson {lesson}")
    print(f"The host gave {lost:.0%} of the processors' time to others meanwhile.\n")
    print("| a submission | measured on | wall s | CPU s | |\n|---|--:|--:|--:|---|")
    for row in rows:
        print(f"| {row.what} | {row.submissions} | {row.wall:.2f} | {row.cpu:.2f} | {row.note} |")
    by = {row.what: row for row in rows}
    stock_row, all_row, usual_row = (by[row.what] for row in (rows[0], rows[1 + bool(others)], rows[2 + bool(others)]))
    print("\n| ratio | wall | CPU | wanted |\n|---|--:|--:|---|")
    _ratio("stock / lrcourse grade --all-cells", stock_row, all_row, "4 wall, 3.5 CPU")
    _ratio("stock / lrcourse grade", stock_row, usual_row, "10")
    if others:
        _ratio("otter run / lrcourse grade --all-cells", by["otter run"], all_row, "5")
    print(f"| one more --all-cells / the floor, in CPU |  | {more_cpu / floor_cpu:.2f} | at most 1.6 |")
    print(f"| one more / the floor of the needed cells, in CPU |  | {usual_cpu / needed_cpu:.2f} | |")
    print(f"\nWithout training: {60 / plain_cpu:.0f} submissions a minute and core of CPU time; wanted 60.")
    grown = (plain.cpu / flat) / (plain_few.cpu / few)
    print(f"A submission of {arguments.flat} costs {grown:.2f} times one of {arguments.few} (CPU, start-up included).")
    print(f"Memory at its most: {whole.memory / 2**30:.2f} GiB in all with {WORKERS} workers (shared pages once).")
    for what, cpu in (("all cells", more_cpu), ("as instructors run it", usual_cpu)):
        print(
            f"Projected: {CLASS} submissions, {what}, {CORES} cores: {CLASS * cpu / CORES / 3600:.1f} h of the workers."
        )
    if arguments.json:
        arguments.json.write_text(json.dumps([vars(row) for row in rows], indent=1) + "\n")


def _ratio(what: str, slow: Row, fast: Row, wanted: str) -> None:
    print(f"| {what} | {slow.wall / fast.wall:.1f} | {slow.cpu / fast.cpu:.1f} | {wanted} |")


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    cores = len(os.sched_getaffinity(0))
    return f"{names[0] if names else platform.machine()}, {cores} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
