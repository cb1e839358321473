"""The program `lrcourse`. Students have its command `lab`; where the instructor's commands are installed, they join."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from lrcourse.errors import CommandError
from lrcourse.lab.jupyterlab import open_lab, require_free
from lrcourse.lab.workspace import first_lesson, lay_out
from lrcourse.locations import CourseFilesMissing
from lrcourse.quiz.bank import BankError
from lrcourse.quiz.questions import Language

_COMMANDS = "lrcourse.commands"

app = typer.Typer(
    help="A course on learning-rate scheduling: lessons, exercises, grading.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def _program() -> None:
    # Without it, a program with one command would take that command's arguments for its own.
    pass


@app.command()
def lab(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="The folder for your lessons; created if it does not exist."),
    ] = None,
    language: Annotated[Language, typer.Option(help="The language of the questions.")] = Language.en,
    practice: Annotated[
        bool, typer.Option(help="Questions answered at once; with --no-practice only recorded, as in a graded class.")
    ] = True,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The port to listen on.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open the lessons in JupyterLab, in a workspace of your own.

    The first time, the lessons are written to DIR (./workspace by default). Later, what you changed is never
    overwritten: a newer version of a lesson is put beside yours. In a graded class the lessons are the ones that you
    were given, in the folder DIR (./release by default).
    """
    if port is not None:
        require_free(port)
    commands = _instructors_commands()
    folder = folder or Path("workspace" if commands else "release")
    if commands:
        first = _laid_out(folder, commands.released_lessons(language.value, practice=practice))
    else:
        first = first_lesson(folder)
    print(f"Opening {folder / first} in JupyterLab. Press Ctrl-C to stop it.", flush=True)
    raise typer.Exit(open_lab(folder, first, port=port, browser=browser))


def _laid_out(folder: Path, lessons: dict[Path, str]) -> Path:
    """Put the lessons into the workspace, say what changed there; the first lesson."""
    laid = lay_out(folder, lessons)
    for name in laid.written:
        print(f"wrote {folder / name}")
    for name in laid.updated:
        print(f"updated {folder / name} (you had not changed it)")
    for name in laid.beside:
        print(f"new version of a lesson that you changed: {folder / name} (yours is as you left it)")
    return min(laid.written + laid.updated + laid.kept)


def _instructors_commands() -> ModuleType | None:
    """The instructor's commands; None in an installation for students."""
    try:
        return import_module(_COMMANDS)
    except ModuleNotFoundError as error:
        if error.name != _COMMANDS:
            raise
        return None


def main() -> None:
    """Run the command line; bad input gives one line and exit code 2."""
    if commands := _instructors_commands():
        commands.join(app)
    try:
        app()
    except (CommandError, CourseFilesMissing, BankError) as error:
        print(f"lrcourse: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has seen enough
        sys.exit(0)
