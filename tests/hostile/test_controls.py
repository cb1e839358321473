"""What the attacks aim at is where they aim: outside the sandbox they find it, so that inside it means something."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
from attack import ANSWERS, ATTACKS, Submission
from hostile_course import PACKAGE
from nbformat.v4 import new_code_cell, new_notebook

HERE = Path(__file__).parent
SOURCES = [
    *HERE.glob("against/*.py"),
    HERE.parent / "grading/sandbox/attacks.py",
    HERE.parent / "grading/test_split.py",
]
NAMED = {name for path in SOURCES for name in re.findall(r"\blrcourse(?:\.[a-z_0-9]+)+", path.read_text())}
NAMED -= {"lrcourse.pth", "lrcourse.py"}  # files that an attack hands in


@pytest.mark.parametrize("name", sorted(NAMED))
def test_a_name_in_an_attack_is_a_module_or_stands_in_one(name):
    module, _, attribute = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        assert hasattr(importlib.import_module(module), attribute)


def outside(tmp_path: Path, name: str, ask: str) -> str:
    """What the code of an attack prints where nothing holds it back, and then what `ask` prints."""
    cells = [new_code_cell("", metadata={"nbgrader": {"grade_id": id}}) for id in ANSWERS.values()]
    submission = Submission(tmp_path, deepcopy(new_notebook(cells=cells)), TARGETS | {"mark": "control"})
    ATTACKS[name].hand_in(submission)
    code = "\n".join(cell.source for cell in submission.nb.cells if cell.cell_type == "code")
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{ask}"], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


TARGETS = {"package": str(PACKAGE), "checkout": str(PACKAGE.parent), "course": str(PACKAGE.parent / "quizzes")}


def test_the_catalog_gives_its_references_away(tmp_path):
    said = outside(tmp_path, "imports_the_catalog", "print(time_based_decay(0.1, 0.01, 100))")
    assert float(said.split()[-1]) == pytest.approx(0.05)


def test_the_question_bank_gives_its_keys_away(tmp_path):
    assert "correct: true" in outside(tmp_path, "reads_the_question_bank", "")
