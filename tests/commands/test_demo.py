"""The whole loop, through real nbgrader: what `lrcourse demo` promises."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

LESSON = "05_warmup"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "course"
    environment = os.environ | {"PATH": "/usr/bin:/bin"}  # not activated: nbgrader must still find alembic
    result = subprocess.run(
        [Path(sys.executable).parent / "lrcourse", "demo", folder], env=environment, capture_output=True, text=True
    )
    return folder, result


def test_every_score_is_the_expected_one(demo):
    _, result = demo
    assert result.returncode == 0, result.stdout + result.stderr
    assert "UNEXPECTED" not in result.stdout
    assert "Traceback" not in result.stderr


def test_the_scores_are_exported(demo):
    folder, _ = demo
    text = (folder / "grades.csv").read_text(encoding="utf-8")
    rows = {row["student_id"]: row for row in csv.DictReader(text.splitlines())}
    points = {student.split("_")[0]: float(row["score"]) for student, row in rows.items()}
    expected = {"ada": 10, "ben": 0, "cleo": 0, "dina": 5, "emil": 8, "fay": 9, "gus": 8, "hana": 9}
    assert points == expected
    assert {row["max_score"] for row in rows.values()} == {"10.0"}


def test_the_release_holds_no_text_and_no_pairing(demo):
    folder, _ = demo
    for step in ("release", "autograded"):
        assert list((folder / step).rglob("*.ipynb"))
        assert list((folder / step).rglob("*.md")) == []
    notebook = nbformat.read(folder / "release" / LESSON / f"{LESSON}.ipynb", as_version=4)
    assert "jupytext" not in notebook.metadata


def test_the_report_gives_the_feedback_of_the_chosen_option_and_names_the_mistake(demo):
    folder, _ = demo
    report = {path.parts[-3].split("_")[0]: path.read_text() for path in (folder / "feedback").rglob("*.html")}
    assert len(report) == 8
    assert "That is decay" not in report["fay"]  # the feedback of an option that was not chosen
    assert "Nothing goes above the target" in report["fay"]
    assert "Epoch 0 trains at rate 0 and is wasted" in report["gus"]
    assert "warmup_epochz" in report["emil"]
    assert "not attempted" in report["cleo"]


def test_a_warning_on_stderr_costs_nothing_and_is_still_shown(demo):
    folder, _ = demo
    (path,) = (folder / "autograded").glob(f"hana*/{LESSON}/{LESSON}.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    (check,) = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "check_warmup_lr"]
    text = "".join(output.text for output in check.outputs if output.output_type == "stream")
    assert "noise" in text
    assert "looks odd, is right" in text
    assert {output.get("name") for output in check.outputs} == {"stdout"}
