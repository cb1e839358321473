"""What became of each submission, kept beside the gradebook, in which a blank and a crash are the same 0."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from lrcourse.grading.run.execution import CellReport, Report

FOLDER = Path(".lrcourse") / "outcomes"
_WORDS = {"incorrect": "wrong", "refused": "wrong", "timeout": "timed out", "died": "kernel died"}


def save(root: Path, assignment: str, student: str, notebook: str, report: Report) -> None:
    """Keep the report of one notebook of one submission, in the place of an earlier one."""
    path = _folder(root, assignment, student) / f"{notebook}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(asdict(report), indent=1), encoding="utf-8")
    os.replace(temporary, path)  # whoever reads sees the old one or the new one, whole


def load(root: Path, assignment: str, student: str) -> Report | None:
    """The report of a submission, all of its notebooks together; None if it has not been run."""
    paths = sorted(_folder(root, assignment, student).glob("*.json"))
    if not paths:
        return None
    report = Report()
    for path in paths:
        data = json.loads(path.read_text(encoding="utf-8"))
        report.cells += [CellReport(**cell) for cell in data["cells"]]
        report.events += data["events"]
    return report


def in_words(report: Report) -> str:
    """A submission's outcome in a few words: "graded", or what kept cells from being graded, with their number."""
    counts = Counter(_WORDS.get(cell.outcome, cell.outcome) for cell in report.cells)
    unusual = [f"{number} {word}" for word, number in counts.items() if word not in ("correct", "wrong")]
    return ", ".join(unusual) or "graded"


def of_submission(root: Path, assignment: str, student: str, *, submitted: bool) -> str:
    """The outcome of a submission that the gradebook has (`submitted`) or does not have."""
    report = load(root, assignment, student)
    if report is not None:
        return in_words(report)
    return "not graded" if submitted else "not submitted"


def _folder(root: Path, assignment: str, student: str) -> Path:
    return root / FOLDER / student / assignment
