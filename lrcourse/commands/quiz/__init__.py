"""`lrcourse quiz ...`: what an instructor does with the question bank."""

from __future__ import annotations

import difflib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lrcourse.commands.quiz.gift import export_gift
from lrcourse.commands.quiz.qti import export_qti
from lrcourse.errors import CommandError
from lrcourse.quiz.bank import LessonQuestions, load_course
from lrcourse.quiz.questions import LANGUAGES

quiz_app = typer.Typer(help="The question bank.", no_args_is_help=True)

Format = StrEnum("Format", ["gift", "qti"])
Language = StrEnum("Language", list(LANGUAGES))
_WRITERS = {Format.gift: (export_gift, "gift.txt"), Format.qti: (export_qti, "qti.zip")}


# A single command of a group would otherwise be run without its name.
@quiz_app.callback()
def _quiz() -> None:
    pass


@quiz_app.command()
def export(
    lesson: Annotated[str, typer.Argument(help="The lesson, such as 05_warmup.")],
    to: Annotated[Format, typer.Option(help="gift: a text for Moodle; qti: a package for Canvas.")],
    language: Annotated[Language, typer.Option(help="The language of the questions.")] = Language.en,
    output: Annotated[
        Path | None, typer.Option(help="The file to write; by default LESSON.gift.txt or LESSON.qti.zip here.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it exists.")] = False,
) -> None:
    """Write a lesson's questions, with their key, for another learning system: GIFT (Moodle) or QTI 1.2 (Canvas)."""
    make, ending = _WRITERS[to]
    exported = make(_find(lesson), language.value)
    path = output or Path(".".join([lesson, *([] if language == Language.en else [language]), ending]))
    _write(path, exported.content, force)
    count = len(exported.questions)
    print(f"wrote {path.resolve()}: {count} question{'' if count == 1 else 's'} ({', '.join(exported.questions)})")
    for note in exported.notes:
        print(f"note: {note}")


def _find(name: str) -> LessonQuestions:
    lessons = {lesson.lesson: lesson for lesson in load_course() if lesson.questions}
    if name in lessons:
        return lessons[name]
    near = difflib.get_close_matches(name, lessons, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise CommandError(f'There are no questions for "{name}".{hint} Lessons with questions: {", ".join(lessons)}.')


def _write(path: Path, content: bytes, force: bool) -> None:
    if path.is_dir():
        raise CommandError(f"{path} is a folder; --output names the file to write.")
    try:
        with path.open("wb" if force else "xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise CommandError(f"{path} exists already; --force overwrites it, --output names another file.") from error
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
