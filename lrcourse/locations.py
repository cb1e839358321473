"""Where the course's own files are: the lessons and the question bank, and what of the package a student may have.

In a checkout lessons and questions are folders of the repository, beside the package; in a wheel they are inside it.
"""

import json
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
INSTRUCTORS_FOLDERS = ("answers", "grading", "commands")  # of the package; all else of it students may have
_COURSE = "_course"  # of a wheel: lessons and questions, or what stands in their place for a graded class
HANDED_OUT = Path(_COURSE) / "student.json"


class CourseFilesMissing(FileNotFoundError):
    """A folder of the course is not where this installation of lrcourse has it; says what, where and what to do."""


def course_root() -> Path:
    """The folder that holds `notebooks` and `quizzes`: the repository in a checkout, `lrcourse/_course` in a wheel.

    Raises CourseFilesMissing where the package is in neither, such as a copy of the package alone.
    """
    inside = PACKAGE / _COURSE
    if inside.is_dir():
        return inside
    checkout = PACKAGE.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout
    raise CourseFilesMissing(
        f"The course's files are neither beside nor inside the package at {PACKAGE}. Install lrcourse from a clone of "
        "its repository or from a wheel built from one."
    )


def notebooks_dir() -> Path:
    """The lessons, one folder each. Raises CourseFilesMissing where this installation has none."""
    return _folder("notebooks", "lessons")


def quizzes_dir() -> Path:
    """The question bank, one YAML file a lesson. Raises CourseFilesMissing where this installation has none."""
    return _folder("quizzes", "question bank")


@cache
def handed_out() -> dict | None:
    """What a graded class has in place of answers and question bank: "exercises" and "questions", each a list.

    `lrcourse package` writes it into the wheel for students. None in any other installation.
    """
    path = PACKAGE / HANDED_OUT
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def students_files() -> list[Path]:
    """The files of the package that a student may have, sorted: for their wheel, and for the sandbox."""
    closed = {*INSTRUCTORS_FOLDERS, _COURSE}
    found = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return sorted(path for path in found if path.relative_to(PACKAGE).parts[0] not in closed and not _hidden(path))


def _hidden(path: Path) -> bool:
    """What tools leave behind, such as .ipynb_checkpoints."""
    return any(part.startswith(".") for part in path.relative_to(PACKAGE).parts)


def _folder(name: str, content: str) -> Path:
    folder = course_root() / name
    if folder.is_dir():
        return folder
    raise CourseFilesMissing(
        f"The course's {content} should be in {folder}, which is not there. In a clone, `git restore {name}` brings it "
        "back; an installed wheel has to be built from a complete clone."
    )
