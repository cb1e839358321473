"""The wheel for students of a graded class: what the lessons need of the library, and the public side of its tasks."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import lrcourse
from lrcourse.errors import CommandError
from lrcourse.exercises import find_exercise, ids
from lrcourse.exercises.public import as_data
from lrcourse.handout import HANDOUT
from lrcourse.quiz.asked import AskedOnly
from lrcourse.quiz.bank import load_course

# Imported only where the catalog is: it holds the answers, the sentences on mistakes, and what instructors run.
HELD_BACK = ("lrcourse.exercises.catalog", "lrcourse.exercises.recognise", "lrcourse.grading", "lrcourse.cli")
_PACKAGE = Path(lrcourse.__file__).resolve().parent
_COPIED = ("name", "version", "description", "license", "license-files", "requires-python", "dependencies")


def build_wheel(checkout: Path, readme: str, to: Path) -> Path:
    """Build the wheel into the folder `to` and return its path. The same checkout gives the same bytes."""
    with tempfile.TemporaryDirectory(prefix="lrcourse-wheel-") as folder:
        tree = Path(folder)
        for module in sorted(student_modules()):
            _copy(module, tree)
        data = tree / "lrcourse" / HANDOUT
        data.parent.mkdir()
        text = json.dumps(handed_out(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
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


def handed_out() -> dict:
    """The public side of every exercise and question, as the wheel holds it."""
    bank = [question for lesson in load_course() for question in lesson.questions]
    questions = [question if question.practice else AskedOnly.of(question) for question in bank]
    return {
        "exercises": [as_data(find_exercise(id)) for id in ids()],
        "questions": [question.model_dump(mode="json") for question in questions],
    }


def student_modules() -> set[str]:
    """The modules that the lessons can reach by imports, wherever these stand, without those held back.

    A new module of the library is handed out once something of it is used; one for instructors never is.
    """
    found: set[str] = set()
    waiting = ["lrcourse", *(f"lrcourse.{name}" for name in lrcourse._MODULES), *lrcourse._NAMES.values()]
    while waiting:
        name = waiting.pop()
        if name in found or not _source(name).is_file() or any(f"{name}.".startswith(f"{held}.") for held in HELD_BACK):
            continue
        found.add(name)
        waiting += [name.rpartition(".")[0] or name, *_imported_by(_source(name))]
    return found


def _imported_by(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("lrcourse"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "lrcourse":
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _source(module: str) -> Path:
    path = _PACKAGE.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _copy(module: str, tree: Path) -> None:
    source = _source(module)
    target = tree / source.relative_to(_PACKAGE.parent)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _pyproject(checkout: Path) -> str:
    """The project's own declaration without commands, tools and groups. A JSON string or list is TOML as well."""
    declared = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    build, project = declared["build-system"], declared["project"]
    return "\n".join(
        [
            "[build-system]",
            *(f"{name} = {json.dumps(build[name])}" for name in ("requires", "build-backend")),
            "[project]",
            *(f"{name} = {json.dumps(project[name])}" for name in _COPIED),
            'readme = "README.txt"',
            "[tool.hatch.build]",
            "ignore-vcs = true",  # the temporary folder may lie in somebody's repository
            "[tool.hatch.build.targets.wheel]",
            'include = ["/lrcourse"]',
            "",
        ]
    )
