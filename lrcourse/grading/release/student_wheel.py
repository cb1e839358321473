"""The wheel for students of a graded class: the package without answers, grading and commands.

In their place stands the public side of every exercise and question, as data.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from lrcourse.checking.catalog import find_exercise, ids
from lrcourse.checking.public import as_data
from lrcourse.errors import CommandError
from lrcourse.locations import HANDED_OUT, INSTRUCTORS_FOLDERS, PACKAGE, students_files
from lrcourse.quiz.bank import load_course
from lrcourse.quiz.questions import AskedOnly

_COPIED = ("name", "version", "description", "license", "license-files", "requires-python", "dependencies")


def build_wheel(checkout: Path, readme: str, to: Path) -> Path:
    """Build the wheel into the folder `to` and return its path. The same checkout gives the same bytes."""
    with tempfile.TemporaryDirectory(prefix="lrcourse-wheel-") as folder:
        tree = Path(folder)
        for source in students_files():
            _require_open(source)
            target = tree / "lrcourse" / source.relative_to(PACKAGE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        data = tree / "lrcourse" / HANDED_OUT
        data.parent.mkdir()
        text = json.dumps(public_side(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        data.write_text(text, encoding="utf-8")
        (tree / "README.txt").write_text(readme, encoding="utf-8")
        shutil.copy(checkout / "LICENSE", tree)
        (tree / "pyproject.toml").write_text(_pyproject(checkout), encoding="utf-8")
        # -I: whatever the user's environment adds to Python's path is not meant for this.
        hatchling = [sys.executable, "-I", "-m", "hatchling"]
        command = [*hatchling, "build", "--target", "wheel", "--directory", str(to.resolve())]
        environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise CommandError(f"The wheel cannot be built: {last} Is hatchling of requirements.lock installed?")
    (wheel,) = to.glob("*.whl")
    return wheel


def _require_open(source: Path) -> None:
    """A second lock: CommandError for a file of a folder that students do not get."""
    if source.relative_to(PACKAGE).parts[0] in INSTRUCTORS_FOLDERS:
        raise CommandError(f"lrcourse/{source.relative_to(PACKAGE)} is not for students. Nothing was written.")


def public_side() -> dict:
    """The public side of every exercise and question, as the wheel holds it."""
    bank = [question for lesson in load_course() for question in lesson.questions]
    questions = [question if question.practice else AskedOnly.of(question) for question in bank]
    return {
        "exercises": [as_data(find_exercise(id)) for id in ids()],
        "questions": [question.model_dump(mode="json") for question in questions],
    }


def _pyproject(checkout: Path) -> str:
    """The project's own declaration without tools and groups. A JSON string or list is TOML as well."""
    declared = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    build, project = declared["build-system"], declared["project"]
    return "\n".join(
        [
            "[build-system]",
            *(f"{name} = {json.dumps(build[name])}" for name in ("requires", "build-backend")),
            "[project]",
            *(f"{name} = {json.dumps(project[name])}" for name in _COPIED),
            'readme = "README.txt"',
            "[project.scripts]",
            *(f"{name} = {json.dumps(entry)}" for name, entry in project["scripts"].items()),
            "[tool.hatch.build]",
            "ignore-vcs = true",  # the temporary folder may lie in somebody's repository
            "[tool.hatch.build.targets.wheel]",
            'include = ["/lrcourse"]',
            "",
        ]
    )
