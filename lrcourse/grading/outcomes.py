"""What became of each submission, kept beside the gradebook, in which a blank and a crash are the same 0."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lrcourse.grading.run.execution import Report
from lrcourse.marks import Mark

FOLDER = Path(".lrcourse") / "outcomes"
_WORDS = {"incorrect": "wrong", "refused": "wrong", "timeout": "timed out", "died": "kernel died"}


def save(root: Path, assignment: str, student: str, notebook: str, report: Report) -> None:
    """Keep the report of one notebook of one submission, in the place of an earlier one."""
    path = _folder(root, assignment, student) / f"{notebook}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(report.as_data(), indent=1), encoding="utf-8")
    os.replace(temporary, path)  # whoever reads sees the old one or the new one, whole


def load(root: Path, assignment: str, student: str) -> Report | None:
    """The report of a submission, all of its notebooks together; None if it has not been run."""
    paths = sorted(_folder(root, assignment, student).glob("*.json"))
    if not paths:
        return None
    report = Report()
    for path in paths:
        one = Report.from_data(json.loads(path.read_text(encoding="utf-8")))
        report.marks += one.marks
        report.events += one.events
    return report


@dataclass(frozen=True)
class Outcome:
    """What became of a submission: "graded", "not graded" or "not submitted", and what kept cells from being graded.

    `unusual` holds these words, each with its number of cells.
    """

    word: str
    unusual: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        return ", ".join(f"{number} {word}" for word, number in self.unusual) or self.word

    @property
    def kind(self) -> str:
        """The outcome without its numbers, by which submissions are counted."""
        return ", ".join(word for word, _ in self.unusual) or self.word


def outcome_of(marks: Iterable[Mark]) -> Outcome:
    """The outcome of a submission that was graded."""
    words = Counter(_WORDS.get(mark.outcome, mark.outcome) for mark in marks)
    return Outcome("graded", tuple((word, n) for word, n in words.items() if word not in ("correct", "wrong")))


def of_submission(root: Path, assignment: str, student: str, *, submitted: bool) -> Outcome:
    """The outcome of a submission that the gradebook has (`submitted`) or does not have."""
    report = load(root, assignment, student)
    if report is not None:
        return outcome_of(report.marks)
    return Outcome("not graded" if submitted else "not submitted")


def _folder(root: Path, assignment: str, student: str) -> Path:
    return root / FOLDER / student / assignment
