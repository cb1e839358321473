"""The commands of instructors and authors, as the program `lrcourse` shows them; each imports its work when it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from lrcourse.commands.quiz import quiz_app
from lrcourse.quiz.questions import Language


def join(app: typer.Typer) -> None:
    """Add every command to the program."""
    app.add_typer(quiz_app, name="quiz")
    # Under other names than the modules, which they would hide.
    for command in (_grade, _verify, _package, _doctor, _demo):
        app.command(command.__name__.removeprefix("_"))(command)


def released_lessons(language: str, *, practice: bool) -> dict[Path, str]:
    """The student version of every lesson, for a workspace: path inside it -> text of the notebook."""
    from lrcourse.grading.release.notebook import released_lessons

    return released_lessons(language, practice=practice)


def _grade(
    assignment: Annotated[str, typer.Argument(help="The lesson, such as 05_warmup.")],
    students: Annotated[
        str | None, typer.Option(metavar="A,B,...", help="Only these students; all who submitted by default.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Worker processes here; by default one per processor, at most eight.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="An existing Dask cluster, such as tcp://10.0.0.1:8786.")
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(min=1, metavar="SECONDS", help="The total time for one submission.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Also grade submissions that are already graded.")] = False,
    all_cells: Annotated[
        bool, typer.Option("--all-cells", help="Also run the cells that only show something.")
    ] = False,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Run students' code WITHOUT protection, with your rights.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print only the result, as JSON.")] = False,
) -> None:
    """Grade what was submitted for a lesson, and show the points.

    Graded submissions stay as they are, unless they were submitted again. If a run was stopped, in whatever way, run
    the same command to resume. Exit code 1 if a submission could not be graded; each is named with the reason.
    """
    from lrcourse.grading.batch.grade import How, grade_assignment, report

    how = How(workers, scheduler, timeout, force, all_cells, no_sandbox, quiet=as_json)
    names = [name.strip() for name in students.split(",") if name.strip()] if students is not None else None
    try:
        graded = grade_assignment(Path.cwd(), assignment, names, how)
    except KeyboardInterrupt:
        print("lrcourse: Stopped. Graded work is saved. Run the same command to resume.", file=sys.stderr)
        raise typer.Exit(130) from None
    print(report(graded, as_json=as_json))
    raise typer.Exit(1 if graded.problems else 0)


def _verify(
    lesson: Annotated[str | None, typer.Argument(help="A lesson such as 05_warmup; all by default.")] = None,
) -> None:
    """Authors: try the course as students do, with right and wrong answers; exit code 1 if a rule is broken.

    Through nbgrader, the solutions must get full marks and the untouched release none. Every known mistake must lose
    its points and be named, every wrong option must lose its points, and the release must not contain any answers.
    """
    from lrcourse.commands.verify import run_verify

    raise typer.Exit(0 if run_verify(lesson) else 1)


def _package(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty.")],
    language: Annotated[Language, typer.Option(help="The language of the questions.")] = Language.en,
) -> None:
    """For a graded class: write the released lessons, and a wheel without keys, solutions or instructor code."""
    from lrcourse.grading.release.package import write_package

    for path in write_package(folder, language.value):
        print(f"wrote {path}")


def _doctor() -> None:
    """Try what grading needs here: Python, TensorFlow, nbgrader, sandbox, limits; exit code 1 if not met."""
    from lrcourse.commands.doctor import run_doctor

    raise typer.Exit(0 if run_doctor() else 1)


def _demo(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Where to create the course; a new temporary folder by default."),
    ] = None,
) -> None:
    """See the whole loop on a made-up class: release, submit, collect, grade, feedback, a table of points.

    Everything happens in a course of its own, through nbgrader. Exit code 0 only if every score is the expected one.
    """
    from lrcourse.commands.demo import run_demo

    raise typer.Exit(0 if run_demo(folder) else 1)
