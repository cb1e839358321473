"""What a batch did: the marks, and what it changed, told, left and made active."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import nbformat
from against.presentation import ACTIVE
from attack import GRADED, LESSON
from hostile_course import PACKAGE, Hostile, gradebook
from nbgrader.api import MissingEntry

from lrcourse.grading import outcomes

# Markup that does something, or whose text the browser reads as something else than text.
DOING = {"script", "style", "iframe", "object", "embed", "svg", "math", "form", "meta", "base", "link", "template"}
SHOWING = {"pre", "code", "textarea"}  # where MathJax looks for no formula
TABLE = "the table of attacks"
PLAIN_OUTPUTS = {"text/plain", "image/png", "image/jpeg"}


@dataclass(frozen=True)
class Graded:
    """What one student got for each graded cell, and what became of it; `outcomes` is None if nothing was graded."""

    points: dict[str, float]
    outcomes: dict[str, str] | None


@dataclass
class Ran:
    """One command over a whole class: its exit code, what it said, and what was seen afterwards."""

    command: str
    code: int | None
    log: str
    seconds: float
    left: list[str]
    changed: list[str]
    graded: dict[str, Graded]
    leaks: dict[str, list[str]]
    active: dict[str, list[str]]
    strays: list[str]
    spools: list[str]
    feedback_codes: list[int | None] = field(default_factory=list)
    without_feedback: list[str] = field(default_factory=list)


def graded(hostile: Hostile) -> dict[str, Graded]:
    """The marks of the class as the gradebook has them, and the outcomes beside it."""
    found = {}
    names = {grade_id: name for name, grade_id in GRADED.items()}
    with gradebook(hostile.root) as book:
        for student in hostile.everybody:
            try:
                (notebook,) = book.find_submission(LESSON, student).notebooks
                points = {names[grade.name]: grade.score or 0.0 for grade in notebook.grades}
            except (MissingEntry, ValueError):
                points = dict.fromkeys(GRADED, 0.0)
            report = outcomes.load(hostile.root, LESSON, student)
            told = {names[mark.grade_id]: mark.outcome for mark in report.marks} if report else None
            found[student] = Graded(points, told)
    return found


def leaks(hostile: Hostile, log: str) -> dict[str, list[str]]:
    """Which canaries are in what an attacker's code, or the grading of it, brought out."""
    found = {}
    for student, attack in hostile.attackers.items():
        secret = {name for name in hostile.canaries if name != "key" or attack.outcomes["purpose"] != ("correct",)}
        text = b"".join(path.read_bytes() for path in _of(hostile, student))
        found[student] = sorted(name for name in secret if hostile.canaries[name].encode() in text)
    said = [name for name, canary in hostile.canaries.items() if canary in log]
    return found | {"what the command said": said}


def _of(hostile: Hostile, student: str) -> list[Path]:
    """The files that grading a student made."""
    tops = [hostile.root / name / student for name in ("autograded", "feedback")]
    tops += [path for path in (hostile.root / ".lrcourse").rglob(f"{student}*") if path.parent.name != "intake"]
    return [path for top in tops for path in (top, *top.rglob("*")) if path.is_file() and path.name != "kept.ipynb"]


def strays(hostile: Hostile) -> list[str]:
    """Files named after the mark in places where nobody's code may write; they are removed."""
    mark = hostile.targets["mark"]
    deep = [hostile.around / "home", hostile.around / "outside"]
    deep += [hostile.root / name for name in ("notebooks", "release", "autograded", "feedback")]
    flat = [Path(place) for place in ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", *sys.path) if Path(place).is_dir()]
    found = [path for top in deep for path in top.rglob(f"*{mark}*")]
    found += [path for top in (*flat, PACKAGE, PACKAGE.parent, hostile.root) for path in top.glob(f"*{mark}*")]
    found = [path for path in dict.fromkeys(found) if str(path) != hostile.targets["tmp_canary"]]
    for path in found:
        path.unlink(missing_ok=True)
    return sorted(map(str, found))


def active(hostile: Hostile) -> dict[str, list[str]]:
    """What of an attacker would run where the graded notebook or its feedback is looked at."""
    found = {}
    for student in hostile.attackers:
        seen = []
        for path in (hostile.root / "feedback" / student).rglob("*.html"):
            seen += active_markup(path.read_text(encoding="utf-8"))
        for path in (hostile.root / "autograded" / student).rglob("*.ipynb"):
            seen += active_cells(path)
        found[student] = seen
    return found


def active_cells(path: Path) -> list[str]:
    """What of a notebook the pages of nbgrader would make active."""
    nb = nbformat.read(path, as_version=4)
    seen = [f"metadata {name}" for name in nb.metadata if ACTIVE in str(nb.metadata[name])]
    for cell in nb.cells:
        if ACTIVE in str(cell.metadata) or ACTIVE in str(cell.get("attachments", "")):
            seen.append("metadata or attachments of a cell")
        if cell.cell_type == "raw" and ACTIVE in cell.source:
            seen.append("a raw cell")
        if cell.cell_type == "markdown":
            seen += [f"markdown: {each}" for each in active_markup(_rendered(cell.source))]
        for output in cell.get("outputs", []):
            kinds = set(output.get("data", {})) - PLAIN_OUTPUTS
            seen += [f"an output of the kind {kind}" for kind in kinds if ACTIVE in str(output.data[kind])]
            pictures = {kind for kind in output.get("data", {}) if kind.startswith("image/")}
            seen += [f"a picture that is none: {kind}" for kind in pictures if ACTIVE in str(output.data[kind])]
    return seen


def _rendered(source: str) -> str:
    from nbconvert.filters import markdown2html

    return markdown2html(source)


def active_markup(html: str) -> list[str]:
    """Where the mark ACTIVE stands as anything else than text that is shown."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.seen


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += [f"<{tag} {name}={value!r:.80}>" for name, value in attrs if ACTIVE in f"{name}{value}"]
        if tag in DOING | SHOWING:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            del self._open[self._open.index(tag) :]

    def handle_data(self, data: str) -> None:
        if ACTIVE in data and DOING & set(self._open):
            self.seen.append(f"in <{self._open[-1]}>: {data:.80}")
        # MathJax makes a link of it.
        elif ACTIVE in data and "\\href{" in data and not self._open:
            self.seen.append(f"a formula: {data:.80}")


def without_feedback(hostile: Hostile) -> list[str]:
    """Honest students without feedback; or all of them, where not all that was made has reached the exchange."""
    made = {student: list((hostile.root / "feedback" / student).rglob("*.html")) for student in hostile.everybody}
    exchanged = hostile.root / "exchange" / "lrcourse" / "feedback"
    arrived = len(os.listdir(exchanged)) if exchanged.is_dir() else 0
    complete = arrived == sum(map(len, made.values()))
    return [student for student in hostile.honest if not made[student] or not complete]
