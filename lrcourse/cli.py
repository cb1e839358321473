"""The `lrcourse` command."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lrcourse.errors import CommandError
from lrcourse.locations import CourseFilesMissing
from lrcourse.quiz.bank import BankError
from lrcourse.quiz.commands import quiz_app

app = typer.Typer(
    help="A course on learning-rate scheduling: lessons, exercises, grading.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(quiz_app, name="quiz")


class Language(StrEnum):
    """The languages of the questions."""

    en = "en"
    es = "es"


@app.command()
def lab(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The workspace to make or go on with.")] = Path(
        "workspace"
    ),
    language: Annotated[Language, typer.Option(help="The language of the questions.")] = Language.en,
    practice: Annotated[
        bool, typer.Option(help="Questions answered at once; with --no-practice only recorded, as in a graded class.")
    ] = True,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The port to listen on.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open the lessons in JupyterLab, in a workspace of your own.

    The first time, the lessons are written to DIR (./workspace by default). Later, what you changed is never
    overwritten: a newer version of a lesson is put beside yours.
    """
    from lrcourse.lab import open_lab, require_free
    from lrcourse.workspace import lay_out

    if port is not None:
        require_free(port)
    laid = lay_out(folder, language.value, practice=practice)
    for name in laid.written:
        print(f"wrote {folder / name}")
    for name in laid.updated:
        print(f"updated {folder / name} (you had not changed it)")
    for name in laid.beside:
        print(f"new version of a lesson that you changed: {folder / name} (yours is as you left it)")
    first = min(laid.written + laid.updated + laid.kept)
    print(f"Opening {folder / first} in JupyterLab. Ctrl-C ends it.", flush=True)
    raise typer.Exit(open_lab(folder, first, port=port, browser=browser))


@app.command()
def grade(
    assignment: Annotated[str, typer.Argument(help="The lesson, such as 05_warmup.")],
    students: Annotated[
        str | None, typer.Option(metavar="A,B,...", help="Only these students; all who submitted by default.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Worker processes here; by default one a processor, eight at most.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="An existing Dask cluster, such as tcp://10.0.0.1:8786.")
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(min=1, metavar="SECONDS", help="The time that one submission has in all.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what is graded already.")] = False,
    all_cells: Annotated[bool, typer.Option("--all-cells", help="Run the cells too that only show something.")] = False,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Run students' code WITHOUT protection, with your rights.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result for a machine, and nothing else.")] = False,
) -> None:
    """Grade what was submitted for a lesson, and show the points.

    What is graded already stays, unless it was submitted anew. A run that was stopped, in whatever way, goes on when
    the same command is given again. Exit code 1 if a submission could not be graded; each is named with the reason.
    """
    from lrcourse.grading.grade import How, grade_assignment, report

    how = How(workers, scheduler, timeout, force, all_cells, no_sandbox, quiet=as_json)
    names = [name.strip() for name in students.split(",") if name.strip()] if students is not None else None
    try:
        graded = grade_assignment(Path.cwd(), assignment, names, how)
    except KeyboardInterrupt:
        print("lrcourse: Stopped. What is graded is saved; the same command goes on.", file=sys.stderr)
        raise typer.Exit(130) from None
    print(report(graded, as_json=as_json))
    raise typer.Exit(1 if graded.problems else 0)


@app.command()
def verify(
    lesson: Annotated[str | None, typer.Argument(help="A lesson such as 05_warmup; all by default.")] = None,
) -> None:
    """Authors: try the course as students do, and worse; exit code 1 if a rule is broken.

    Through nbgrader, the solutions must get full marks and the untouched release none. Every known mistake must lose
    its points and be named, every wrong option lose its points, and the release must hold nothing of the answers.
    """
    from lrcourse.grading.verify import run_verify

    raise typer.Exit(0 if run_verify(lesson) else 1)


@app.command()
def package(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty.")],
    language: Annotated[Language, typer.Option(help="The language of the questions.")] = Language.en,
) -> None:
    """For a graded class: write the released lessons, and a wheel without keys, solutions and instructor code."""
    from lrcourse.grading.package import write_package

    for path in write_package(folder, language.value):
        print(f"wrote {path}")


@app.command()
def doctor() -> None:
    """Try what grading needs of this machine: Python, TensorFlow, nbgrader, sandbox, limits; exit code 1 if not met."""
    from lrcourse.grading.doctor import run_doctor

    raise typer.Exit(0 if run_doctor() else 1)


@app.command()
def demo(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Where to make the course; a new temporary folder by default."),
    ] = None,
) -> None:
    """See the whole loop on a made-up class: release, submit, collect, grade, feedback, a table of points.

    Everything happens in a course of its own, through nbgrader. Exit code 0 only if every score is the expected one.
    """
    from lrcourse.grading.demo import run_demo

    raise typer.Exit(0 if run_demo(folder) else 1)


def main() -> None:
    """Run the command line; bad input gives one line and exit code 2."""
    try:
        app()
    except (CommandError, CourseFilesMissing, BankError) as error:
        print(f"lrcourse: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has seen enough
        sys.exit(0)
