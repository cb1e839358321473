"""`lrcourse package`: the folder that an instructor hands to a graded class, with nothing in it that is not theirs."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path

import nbformat

from lrcourse import __version__
from lrcourse.errors import CommandError
from lrcourse.grading.release.leaks import leaks, misspelt_markers
from lrcourse.grading.release.notebook import released
from lrcourse.grading.release.student_wheel import build_wheel
from lrcourse.locations import course_root, notebooks_dir

README = """\
lrcourse {version}: learning-rate scheduling, for a graded class

You need Python 3.11, 3.12 or 3.13 on Linux, or on a Mac with Apple silicon. In this folder:

    python3 -m venv .venv
    .venv/bin/pip install --require-hashes -r requirements.lock
    .venv/bin/pip install --no-deps {wheel}

Then `.venv/bin/lrcourse lab release` opens the lessons in JupyterLab, one folder each; begin with 00_start_here.

Here check("...") tries an exercise on its examples only, and records the answer to a graded question. The mark comes
with grading, which tries other numbers too. hint("...") gives one hint at a time. Hand in as your instructor says, and
keep the names of the notebooks.
"""

_MARKERS_ARE = (
    "Write the markers as ### BEGIN SOLUTION and ### END SOLUTION in the lesson's text, then `make notebooks`."
)


def write_package(folder: Path, language: str = "en", lessons: Path | None = None) -> list[Path]:
    """Write released lessons, wheel, lock and README.txt into `folder`, and return their paths.

    `lessons` is the folder of the lessons, the course's own by default. Nothing is written if anything is amiss:
    CommandError where `folder` is in use, where there is no clone to package, and where something would give away a
    solution, a key or a known mistake.
    """
    _require_free(folder)
    lessons = lessons or notebooks_dir()
    checkout = _checkout()
    with tempfile.TemporaryDirectory(prefix="lrcourse-package-") as temporary:
        staged = Path(temporary) / "package"
        for source in _notebooks(lessons):
            target = staged / "release" / source.parent.name / source.name
            target.parent.mkdir(parents=True)
            target.write_text(_release(source, language, lessons), encoding="utf-8")
        wheel_name = f"lrcourse-{__version__}-py3-none-any.whl"
        readme = README.format(version=__version__, wheel=wheel_name)
        wheel = build_wheel(checkout, readme, staged)
        _refuse_leaks(wheel, lessons)
        (staged / "README.txt").write_text(readme, encoding="utf-8")
        shutil.copyfile(checkout / "requirements.lock", staged / "requirements.lock")
        try:
            shutil.copytree(staged, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
        except OSError as error:
            reason = error.strerror or error
            raise CommandError(f"Cannot write the package to {folder}: {reason}. Name another folder.") from error
        return [folder / path.relative_to(staged) for path in sorted(staged.rglob("*")) if path.is_file()]


def _require_free(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{folder} is a file. Name a folder that does not exist yet, or an empty one.")
    try:
        empty = not folder.exists() or not any(folder.iterdir())
    except OSError as error:
        raise CommandError(f"Cannot look into {folder}: {error.strerror}. Name another folder.") from error
    if not empty:
        raise CommandError(f"{folder} is not empty. Name a folder that does not exist yet, or an empty one.")


def _checkout() -> Path:
    root = course_root()
    for name in ("pyproject.toml", "requirements.lock", "LICENSE"):
        if not (root / name).is_file():
            raise CommandError(f"There is no {name} in {root}. `lrcourse package` needs a whole clone of the course.")
    return root


def _notebooks(lessons: Path) -> list[Path]:
    found = sorted(lessons.glob("*/*.ipynb"))
    if not found:
        raise CommandError(f"There are no lessons in {lessons}. In a clone, `make notebooks` makes them.")
    return found


def _release(source: Path, language: str, lessons: Path) -> str:
    """The text of the released notebook; CommandError names the line that stands in the way."""
    try:
        lesson = nbformat.read(source, as_version=4)
        for cell in lesson.cells:
            if faults := misspelt_markers(cell.source):
                name = cell.metadata.get("nbgrader", {}).get("grade_id", cell.get("id", "?"))
                raise CommandError(f"{source}, cell {name}: {faults[0]}. {_MARKERS_ARE}")
        text = nbformat.writes(released(source, language)) + "\n"
    except (RuntimeError, ValueError) as error:  # what nbgrader and ours raise for a lesson that is not well made
        raise CommandError(f"{source} cannot be released: {error}") from error
    if found := leaks(text, lessons):
        raise CommandError(f"The release of {source} would give away {_several(found)}. Nothing was written.")
    return text


def _refuse_leaks(wheel: Path, lessons: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if found := leaks(archive.read(name).decode("utf-8"), lessons):
                raise CommandError(f"{name} in the wheel would give away {_several(found)}. Nothing was written.")


def _several(found: list[str]) -> str:
    more = len(found) - 3
    return "; ".join(found[:3]) + (f"; and {more} more" if more > 0 else "")
