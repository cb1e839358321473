"""A course that is worth attacking: a small lesson, canaries in all that is secret, a class of attackers and others.

Everything in it may be read and written by anybody as far as permissions go, so that the sandbox alone protects it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import nbformat
from attack import ANSWERS, ATTACKS, GRADED, LESSON, POINTS, RIGHT_ANSWERS, Attack, Submission
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

import lrcourse
from lrcourse.grading.course import Course
from lrcourse.grading.run.seeds import course_secret
from lrcourse.quiz.bank import find_question

PACKAGE = Path(lrcourse.__file__).resolve().parent
TIMESTAMP = "2026-11-01 10:00:00.000000 UTC"
CONFIG = """from lrcourse.grading import configure

c = get_config()
configure(c)
c.SplitExecute.cell_seconds = 4
c.SplitExecute.submission_seconds = 120
c.SplitExecute.memory = 700 * 2**20
c.SplitExecute.file = 16 * 2**20
c.SplitExecute.files = 48 * 2**20
"""
# Honest students: the answers that they gave. They stand before, between and after the attackers.
HONEST = {"full": tuple(POINTS), "half": ("time",), "blank": ()}


@dataclass(frozen=True)
class Hostile:
    """The course at `root`, in the folder `around`, with who is in its class: student -> attack, or kind of honest."""

    around: Path
    root: Path
    attackers: dict[str, Attack]
    honest: dict[str, str]
    canaries: dict[str, str]
    targets: dict[str, str]

    @property
    def everybody(self) -> tuple[str, ...]:
        """All students."""
        return (*self.honest, *self.attackers)

    @property
    def spools(self) -> Path:
        """Where the grader finds its own short-lived folders."""
        return self.around / "run"

    def environment(self) -> dict[str, str]:
        """What the grader's process has around it."""
        programs = str(Path(sys.executable).parent)
        own = {
            "HOME": str(self.around / "home"),
            "TMPDIR": str(self.around / "tmp"),
            "XDG_RUNTIME_DIR": str(self.spools),
            "GRADERS_SECRET": self.canaries["environment"],
            "PATH": os.pathsep.join([programs, os.environ.get("PATH", "")]),
        }
        return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")} | own


@contextmanager
def new_place() -> Iterator[Path]:
    """A folder for a course and all around it, removed at the end."""
    # Short, for sockets lie below it; not in pytest's folder, which is closed to other users by itself.
    with tempfile.TemporaryDirectory(prefix="lrh-", dir="/var/tmp") as place:
        yield Path(place)


def make_course(around: Path, canaries: dict[str, str], mark: str, attacks: list[Attack], **targets: str) -> Hostile:
    """A course in `around` with this class; `targets` are what else there is to attack."""
    root = around / "course"
    for name in ("home/.ssh", "outside", "tmp", "run", "course/exchange"):
        (around / name).mkdir(parents=True)
    (around / "home/.ssh/id_canary").write_text(canaries["home"])
    (around / "outside/notes.txt").write_text(canaries["outside"])
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "notebooks" / LESSON).mkdir(parents=True)
    nbformat.write(_lesson(canaries["solution"]), root / "notebooks" / LESSON / f"{LESSON}.ipynb")
    (root / ".course_secret").write_text(canaries["secret"] + "\n")
    course_secret(root)
    course = Course(root)
    course.generate(LESSON)
    with course.gradebook as gradebook:
        gradebook.update_or_create_student("s000-full", last_name=canaries["gradebook"])
    released = nbformat.read(root / "release" / LESSON / f"{LESSON}.ipynb", as_version=4)
    honest, attackers = _class(attacks)
    targets |= {
        "mark": mark,
        "course": str(root),
        "source": str(root / "notebooks" / LESSON / f"{LESSON}.ipynb"),
        "released": str(root / "release" / LESSON / f"{LESSON}.ipynb"),
        "gradebook": str(root / "gradebook.db"),
        "secret": str(root / ".course_secret"),
        "config": str(root / "nbgrader_config.py"),
        "classmate": str(root / "submitted" / "s000-full" / LESSON / f"{LESSON}.ipynb"),
        "classmate_graded": str(root / "autograded" / "s000-full" / LESSON / f"{LESSON}.ipynb"),
        "home": str(around / "home"),
        "home_canary": str(around / "home/.ssh/id_canary"),
        "outside": str(around / "outside"),
        "outside_canary": str(around / "outside/notes.txt"),
        "package": str(PACKAGE),
        "checkout": str(PACKAGE.parent),
    }
    hostile = Hostile(around, root, attackers, honest, canaries, targets)
    for student, kind in honest.items():
        submission = _submission(hostile, student, released)
        submission.answer(**{name: RIGHT_ANSWERS[name] for name in HONEST[kind]})
        submission.code(f"# {canaries['classmate']}")
        submission.write()
        # Large enough to be kept by whatever has read it: 110 kB.
        (submission.folder / "notes.txt").write_text(f"{canaries['classmate']} is what I noted.\n" * 2000)
    for student, attack in attackers.items():
        attack.hand_in(_submission(hostile, student, released))
    _open_to_all(around)
    return hostile


def new_canaries() -> dict[str, str]:
    """A text for each secret, found nowhere else. "key" is what only a right answer to the question brings."""
    made = {
        name: f"canary-{secrets.token_hex(12)}" for name in ("solution", "gradebook", "classmate", "home", "outside")
    }
    made |= {name: f"canary-{secrets.token_hex(12)}" for name in ("environment", "temporary", "network")}
    right = next(option for option in find_question("purpose").options if option.correct)
    return made | {"secret": secrets.token_hex(32), "key": right.feedback["en"]}


def snapshot(*places: Path) -> dict[str, str]:
    """Every file, folder and link at these places with what it holds."""
    found = {}
    for place in places:
        for path in (place, *sorted(place.rglob("*"))):
            found[str(path)] = _content(path)
    return found


def _content(path: Path) -> str:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return f"link to {path.readlink()}"
    if stat.S_ISREG(mode):
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    return stat.filemode(mode)[0]


def _class(attacks: list[Attack]) -> tuple[dict[str, str], dict[str, Attack]]:
    """Who sits where: honest students first, after each group of attackers, and last."""
    seats: list[str | Attack] = ["full", "half", "blank"]
    for kind in dict.fromkeys(attack.kind for attack in attacks):
        seats += [attack for attack in attacks if attack.kind == kind]
        seats.append("full")
    seats += ["half", "blank"]
    honest, attackers = {}, {}
    for number, seat in enumerate(seats):
        if isinstance(seat, Attack):
            attackers[f"s{number:03}-{seat.name}"] = seat
        else:
            honest[f"s{number:03}-{seat}"] = seat
    return honest, attackers


def _submission(hostile: Hostile, student: str, released: NotebookNode) -> Submission:
    folder = hostile.root / "submitted" / student / LESSON
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text(TIMESTAMP)
    own = {
        "me": student,
        "own": str(folder / f"{LESSON}.ipynb"),
        "own_graded": str(hostile.root / "autograded" / student / LESSON / f"{LESSON}.ipynb"),
    }
    return Submission(folder, deepcopy(released), hostile.targets | own)


def _lesson(canary: str) -> NotebookNode:
    """The author's notebook."""
    cells = [_nbgrader(new_markdown_cell("Two exercises and a question."), "intro", locked=True)]
    for name in ("time", "steps"):
        head, body = RIGHT_ANSWERS[name].split("\n", 1)
        solution = f"{head}\n    ### BEGIN SOLUTION\n    # {canary}\n{body}\n    ### END SOLUTION"
        cells.append(_nbgrader(new_code_cell(solution), ANSWERS[name], solution=True))
        check = new_code_cell(f'check("{ANSWERS[name]}")')
        cells.append(_nbgrader(check, GRADED[name], locked=True, grade=True, points=POINTS[name]))
    cells.append(new_code_cell('question("purpose")'))
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def _nbgrader(cell: NotebookNode, grade_id: str, **flags) -> NotebookNode:
    basic = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    cell.metadata["nbgrader"] = basic | {"grade_id": grade_id} | flags
    return cell


def _open_to_all(top: Path) -> None:
    for path in (top, *top.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o777 if path.is_dir() else 0o666))


def gradebook(root: Path) -> Gradebook:
    """The gradebook of the course at `root`."""
    return Gradebook(f"sqlite:///{root / 'gradebook.db'}", "lrcourse")


__all__ = ["ATTACKS", "HONEST", "Hostile", "gradebook", "make_course", "new_canaries", "new_place", "snapshot"]
