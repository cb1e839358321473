"""`lrcourse grade`: a whole class at once, saved by one writer, and nothing lost when it is stopped."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from lrcourse.errors import CommandError
from lrcourse.grading.course import Course
from lrcourse.grading.gradebook.scores import Score, points_table, summary_table
from lrcourse.grading.intake.intake import shown
from lrcourse.grading.run.settings import require_sandbox

UNPROTECTED = "students' code runs WITHOUT a sandbox, as asked"
MOST_ROWS = 50  # a longer table helps nobody; the export has all


@dataclass(frozen=True)
class How:
    """How to grade; `lrcourse grade --help` has the words."""

    workers: int | None = None
    scheduler: str | None = None
    timeout: float | None = None
    force: bool = False
    all_cells: bool = False
    no_sandbox: bool = False
    quiet: bool = False  # nothing on standard output


@dataclass
class Graded:
    """What came of a run: the scores of those who were to be graded, how many are `new`, and why some could not be.

    `notes` says what is odd about a submission, such as cells that had to be repaired.
    """

    scores: list[Score]
    new: int
    problems: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0.0


def grade_assignment(root: Path, lesson: str, students: list[str] | None = None, how: How | None = None) -> Graded:
    """Grade what was submitted of `lesson` in the course at `root`.

    `students` names those to grade; all who have submitted by default. As with nbgrader, what is graded already and
    has not been submitted anew stays as it is, unless `force` says so. A submission that cannot be graded is named and
    stops no other. CommandError where there is no sandbox, unless `no_sandbox` says so, where another run is at work,
    and where the disk is full or the gradebook closed: then the same call goes on later.
    """
    # Here, for they take a second to import, and whoever only reads scores has no need of them.
    from lrcourse.grading.batch.cluster import workers
    from lrcourse.grading.batch.display import watching
    from lrcourse.grading.batch.driver import grade
    from lrcourse.grading.gradebook.assignment import Assignment
    from lrcourse.grading.gradebook.journal import Journal, only_driver
    from lrcourse.grading.gradebook.ledger import Ledger
    from lrcourse.grading.gradebook.writer import Writer

    how = how or How()
    started = time.monotonic()
    course = Course(root)
    chosen = _chosen(course, lesson, students)
    if how.no_sandbox:
        course.config.SplitExecute.sandbox = "none"
    if how.all_cells:
        course.config.SplitExecute.all_cells = True
    if how.scheduler is None:
        require_sandbox(course.config)
    with only_driver(course.root):
        assignment = Assignment.of(course.config, lesson, timeout=how.timeout)
        journal = Journal(course.root, lesson)
        with Writer(assignment, journal) as writer:
            ledger = Ledger(assignment, journal, writer)
            left_over = ledger.save_left_over()
            waiting = ledger.waiting(chosen, force=how.force)
            with watching(len(waiting), quiet=how.quiet) as watch:
                ledger.watch = watch
                if left_over:
                    watch.say(f"saved the results of an interrupted run: {len(left_over)}")
                if assignment.settings.sandbox == "none":
                    watch.say(UNPROTECTED)
                    ledger.log("all", [UNPROTECTED])
                if waiting:
                    with workers(how.workers, how.scheduler, len(waiting)) as client:
                        watch.say(f"grading {len(waiting)} of {len(chosen)}; Dask: {client.dashboard_link}")
                        grade(ledger, waiting, client)
    rows = course.scores(lesson, list(map(shown, chosen)), ledger.problems)
    return Graded(rows, ledger.saved, ledger.problems, ledger.notes, time.monotonic() - started)


def report(graded: Graded, *, as_json: bool = False) -> str:
    """What came of a run, for people or for a machine."""
    if as_json:
        submissions = [
            asdict(score)
            | {"outcome": str(score.outcome)}
            | {"problem": graded.problems.get(score.student), "notes": graded.notes.get(score.student, [])}
            for score in graded.scores
        ]
        whole = {"graded": graded.new, "seconds": round(graded.seconds, 1), "submissions": submissions}
        return json.dumps(whole, indent=1)
    rows = graded.scores
    if len(rows) > MOST_ROWS:
        rows = [row for row in rows if row.student in graded.problems]
    parts = [points_table(rows)] if rows else []
    parts.append(summary_table(graded.scores))
    parts += [f"not graded: {student}: {problem}" for student, problem in graded.problems.items()]
    if graded.notes:
        parts.append(
            f"{len(graded.notes)} were repaired or are unusual in some other way; .lrcourse/grade.log says how."
        )
    parts.append(f"{graded.new} graded in {graded.seconds:.0f} s. `nbgrader export` writes all scores to a file.")
    return "\n".join(parts)


def _chosen(course: Course, lesson: str, students: list[str] | None) -> list[str]:
    submitted = course.submitted(lesson)
    if unknown := sorted(set(students or ()) - set(submitted)):
        where = course.root / "submitted"
        raise CommandError(f"There is no submission of {lesson} by {', '.join(unknown)} in {where}.")
    return list(dict.fromkeys(students if students is not None else submitted))
