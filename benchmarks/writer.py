"""Print how many submissions a second the one writer saves: journal, gradebook and files, everything on disk.

    .venv/bin/python benchmarks/writer.py [--submissions 1000] [--db-url URL]

It needs no kernel: what a worker would answer for lesson 04 is made up, with a picture in it.
"""

import argparse
import base64
import os
import platform
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_output

from lrcourse.grading.course import Course
from lrcourse.grading.gradebook.assignment import Assignment
from lrcourse.grading.gradebook.journal import Journal
from lrcourse.grading.gradebook.ledger import GROUP
from lrcourse.grading.gradebook.writer import Writer
from lrcourse.grading.job import Graded, Result
from lrcourse.grading.run.execution import Report
from lrcourse.locations import notebooks_dir
from lrcourse.marks import Mark

LESSON = "04_custom_decay"
PICTURE = 40_000  # bytes; a figure of a lesson


def made_up(assignment: Assignment, student: str, text: str) -> Result:
    """What a worker would answer for a submission with full marks."""
    released = assignment.settings.released[LESSON]
    points = {name: cell.points for name, cell in released.cells.items() if cell.points is not None}
    answers = [cell.grade_id for cell in released.record.cells if cell.is_answer]
    report = Report([Mark(name, "correct", of, of) for name, of in points.items()])
    return Result(student, {LESSON: Graded(text, dict(points), dict.fromkeys(answers), report)})


def course_in(root: Path, db_url: str | None) -> Course:
    shutil.copytree(notebooks_dir() / LESSON, root / "notebooks" / LESSON, ignore=shutil.ignore_patterns(".*"))
    course = Course(root)
    if db_url:
        course.config.CourseDirectory.db_url = db_url
    course.generate(LESSON)
    return course


def hand_in(root: Path, students: list[str], text: str) -> None:
    for student in students:
        folder = root / "submitted" / student / LESSON
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.ipynb").write_text(text)
        (folder / "timestamp.txt").write_text("2026-11-01 10:00:00 UTC")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--group", type=int, default=4, help=f"results that come back at once (at most {GROUP})")
    parser.add_argument("--db-url", help="another gradebook than SQLite in the course's folder; it must be empty")
    arguments = parser.parse_args()
    students = [f"s{number:05d}" for number in range(arguments.submissions)]
    with tempfile.TemporaryDirectory(prefix="lrcourse-writer-", dir="/var/tmp") as folder:
        root = Path(folder)
        course = course_in(root, arguments.db_url)
        assignment = Assignment.of(course.config, LESSON)
        notebook = nbformat.read(root / "release" / LESSON / f"{LESSON}.ipynb", as_version=4)
        picture = {"image/png": base64.b64encode(os.urandom(PICTURE)).decode()}
        notebook.cells[-1] = nbformat.v4.new_code_cell("", outputs=[new_output("display_data", data=picture)])
        text = nbformat.writes(notebook)
        hand_in(root, students, text)
        journal = Journal(root, LESSON)
        taken, kept, saved = [], [], []
        with Writer(assignment, journal) as writer:
            for start in range(0, len(students), arguments.group):
                group = students[start : start + arguments.group]
                began = time.perf_counter()
                submissions = [assignment.submission(student) for student in group]
                taken.append((time.perf_counter() - began) / len(group))
                results = [made_up(assignment, student, text) for student in group]
                began = time.perf_counter()
                entries = [
                    journal.add(result, one.job.files, one.submitted, assignment.permissions)
                    for result, one in zip(results, submissions, strict=True)
                ]
                kept.append((time.perf_counter() - began) / len(group))
                began = time.perf_counter()
                writer.save(entries)
                saved.append((time.perf_counter() - began) / len(group))
    both = [a + b for a, b in zip(kept, saved, strict=True)]
    kind = arguments.db_url.split(":")[0] if arguments.db_url else "sqlite"
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors")
    print(f"{len(students)} submissions of {LESSON}, {arguments.group} at a time, {kind}, {len(text) >> 10} KiB each")
    print(f"{'':<22} {'median ms':>10} {'p95 ms':>8}")
    rows = {"taking in": taken, "into the journal": kept, "gradebook and files": saved}
    for name, values in rows.items():
        print(f"{name:<22} {statistics.median(values) * 1e3:10.1f} {statistics.quantiles(values, n=20)[-1] * 1e3:8.1f}")
    tenth = max(1, len(both) // 10)
    first, last = statistics.mean(both[:tenth]), statistics.mean(both[-tenth:])
    print(f"saved a second: {1 / statistics.mean(both):.1f} (first tenth {1 / first:.1f}, last tenth {1 / last:.1f})")
    everything = [a + b for a, b in zip(taken, both, strict=True)]
    print(f"with taking in: {1 / statistics.mean(everything):.1f}")


if __name__ == "__main__":
    main()
