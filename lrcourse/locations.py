"""Where the course's own files are: the lessons and the question bank.

In a checkout they are folders of the repository, beside the package; in a wheel they are inside it.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


class CourseFilesMissing(FileNotFoundError):
    """A folder of the course is not where this installation of lrcourse has it; says what, where and what to do."""


def course_root() -> Path:
    """The folder that holds `notebooks` and `quizzes`: the repository in a checkout, `lrcourse/_course` in a wheel.

    Raises CourseFilesMissing where the package is in neither, such as a copy of the package alone.
    """
    inside = _PACKAGE / "_course"
    if inside.is_dir():
        return inside
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout
    raise CourseFilesMissing(
        f"The course's files are neither beside nor inside the package at {_PACKAGE}. Install lrcourse from a clone of "
        "its repository or from a wheel built from one."
    )


def notebooks_dir() -> Path:
    """The lessons, one folder each. Raises CourseFilesMissing where this installation has none."""
    return _folder("notebooks", "lessons")


def quizzes_dir() -> Path:
    """The question bank, one YAML file a lesson. Raises CourseFilesMissing where this installation has none."""
    return _folder("quizzes", "question bank")


def _folder(name: str, content: str) -> Path:
    folder = course_root() / name
    if folder.is_dir():
        return folder
    raise CourseFilesMissing(
        f"The course's {content} should be in {folder}, which is not there. In a clone, `git restore {name}` brings it "
        "back; an installed wheel has to be built from a complete clone."
    )
