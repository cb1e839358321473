"""What an attack is: a submission that tries something, and what it must earn whatever it tries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

LESSON = "small"
POINTS = {"time": 2.0, "steps": 1.0, "purpose": 1.0}
GRADED = {"time": "check_time_based_decay", "steps": "check_steps_between_decays", "purpose": "check_purpose"}
ANSWERS = {"time": "time_based_decay", "steps": "steps_between_decays", "purpose": "answer_purpose"}

RIGHT_ANSWERS = {
    "time": "def time_based_decay(initial_lr, decay, step):\n    return initial_lr / (1 + decay * step)",
    "steps": (
        "def steps_between_decays(n_examples, batch_size, epochs):\n    return -(-n_examples // batch_size) * epochs"
    ),
    "purpose": 'answer_purpose = "B"',
}
WRONG_ANSWERS = {
    "time": "def time_based_decay(initial_lr, decay, step):\n    return initial_lr / (2 + decay * step)",
    "steps": "def steps_between_decays(n_examples, batch_size, epochs):\n    return n_examples - 3",
    "purpose": 'answer_purpose = "C"',
}
RIGHT = dict.fromkeys(POINTS, "correct")
WRONG = dict.fromkeys(POINTS, "incorrect")

# Every attack begins with it: what there is to attack, and a way to go on when one attempt fails.
PRELUDE = """T = {targets!r}

def tried(action, *args):
    try:
        print(action(*args))
    except BaseException as error:
        print(type(error).__name__)
"""


@dataclass
class Submission:
    """One student's folder in the making: the released notebook with this student's answers, and other files."""

    folder: Path
    nb: NotebookNode
    targets: dict[str, str]

    @property
    def path(self) -> Path:
        """Where the notebook is handed in."""
        return self.folder / f"{LESSON}.ipynb"

    def answer(self, **answers: str) -> None:
        """Put these texts into the answer cells; `{}` in a text becomes the right body of the function."""
        for name, text in answers.items():
            self.cell(ANSWERS[name]).source = text

    def first(self, *sources: str) -> None:
        """Put code cells in front of all others; the first knows the targets."""
        cells = [new_code_cell(source) for source in sources]
        cells[0].source = PRELUDE.format(targets=self.targets) + cells[0].source
        self.nb.cells[:0] = cells

    def code(self, source: str) -> None:
        """Put a code cell in front of all others, without a prelude."""
        self.nb.cells.insert(0, new_code_cell(source))

    def markdown(self, source: str) -> None:
        """Put a text cell in front of all others."""
        self.nb.cells.insert(0, new_markdown_cell(source))

    def cell(self, grade_id: str) -> NotebookNode:
        """The cell with this grade_id."""
        return self.nb.cells[self.place(grade_id)]

    def check(self, name: str) -> NotebookNode:
        """The graded cell of "time", "steps" or "purpose"."""
        return self.cell(GRADED[name])

    def place(self, grade_id: str) -> int:
        """Where that cell is."""
        ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in self.nb.cells]
        return ids.index(grade_id)

    def write(self) -> None:
        """Write the notebook as it is; nobody checks it on this side."""
        self.path.write_text(self.text())

    def text(self) -> str:
        """The notebook as text, for those that hand in something else."""
        return json.dumps(self.nb, indent=1)


@dataclass(frozen=True, eq=False)
class Attack:
    """A hostile submission. `outcomes` says for each graded cell which ones are right; only "correct" earns points.

    `refused` is "never", "always" or "perhaps": whether the submission as a whole may be turned away.
    """

    name: str
    kind: str
    what: str
    make: Callable[[Submission], None]
    base: dict[str, str]
    outcomes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: str = "never"

    def points(self, name: str) -> float:
        """What it earns with one graded cell."""
        return POINTS[name] if self.outcomes[name] == ("correct",) else 0.0

    def hand_in(self, submission: Submission) -> None:
        """Write the submission."""
        answers = RIGHT_ANSWERS if self.base == RIGHT else WRONG_ANSWERS
        submission.answer(**answers)
        self.make(submission)


ATTACKS: dict[str, Attack] = {}


def attack(base: dict[str, str], *, refused: str = "never", **outcomes: str) -> Callable:
    """Register a function as an attack: its name, its docstring, and what comes of it.

    `base` is RIGHT or WRONG: the answers that it starts from. `outcomes` name what differs from it; where two outcomes
    are equally good, "one or another".
    """

    def register(make: Callable[[Submission], None]) -> Callable[[Submission], None]:
        kind = make.__module__.rpartition(".")[2].replace("_", " ")
        if make.__name__ in ATTACKS:
            raise ValueError(f"There are two attacks named {make.__name__}.")
        expected = {name: tuple(re.split(" or ", text)) for name, text in (base | outcomes).items()}
        ATTACKS[make.__name__] = Attack(make.__name__, kind, make.__doc__, make, base, expected, refused)
        return make

    return register
