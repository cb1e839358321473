"""What a worker is told about a submission, and what it answers: plain data, without gradebook and course directory."""

from __future__ import annotations

from dataclasses import dataclass, field

from lrcourse.grading.release.record import Record
from lrcourse.grading.run.execution import Report
from lrcourse.grading.sandbox import Limits


@dataclass(frozen=True)
class KnownCell:
    """What the gradebook knows of a released cell. `points` is None for a cell without any."""

    cell_type: str
    locked: bool
    source: str
    checksum: str
    points: float | None


@dataclass(frozen=True)
class Released:
    """A notebook of an assignment as it was released: its cells in order, and what the gradebook knows of it."""

    record: Record
    kernelspec: dict | None
    cells: dict[str, KnownCell]


@dataclass(frozen=True)
class Settings:
    """What is the same for every submission of a run.

    `sanitize` and `autograde` are nbgrader's two lists of preprocessors, `config` the settings of those.
    `seeds` are those of the hidden probes, by id of the exercise or question.
    """

    assignment: str
    released: dict[str, Released]
    sanitize: tuple[type, ...]
    autograde: tuple[type, ...]
    config: dict
    seeds: dict[str, str]
    sandbox: str
    limits: Limits
    all_cells: bool = False
    cold: bool = False

    def seed_of(self, id: str) -> str:
        """The seed for an exercise or question; "" for an id that is none, which `check` says itself."""
        return self.seeds.get(id, "")


@dataclass(frozen=True)
class Job:
    """One submission: its notebooks as taken in, by name, and its other files, those of the course laid over them."""

    settings: Settings
    student: str
    notebooks: dict[str, str]
    files: dict[str, bytes]


@dataclass
class Graded:
    """A notebook as graded: its text, the automatic score and the automatic comment of each cell, what became of it.

    A score is None where a person has to grade; a comment is "No response." for an answer left as it was released.
    """

    text: str
    scores: dict[str, float | None]
    comments: dict[str, str | None]
    report: Report


@dataclass
class Result:
    """What a worker answers. `problem` is the sentence that says why there is nothing to save; empty else."""

    student: str
    notebooks: dict[str, Graded] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problem: str = ""
    seconds: float = 0.0
