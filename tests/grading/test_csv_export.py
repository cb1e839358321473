"""The file of all scores, opened in a spreadsheet, runs nothing."""

import csv

from nbgrader.api import Gradebook
from traitlets.config import Config

from lrcourse.grading.export import OutcomeCsvExport


def test_no_text_is_a_formula_to_a_spreadsheet(tmp_path):
    ids = ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "ada", "a=b", "o'neill"]
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
        gradebook.add_assignment("small")
        for id in ids:
            gradebook.add_student(id, last_name="=cmd()", first_name="Ada", email="ada@b.c")
        exporter = OutcomeCsvExport(config=Config(CourseDirectory={"root": str(tmp_path)}))
        exporter.to = str(tmp_path / "grades.csv")
        exporter.export(gradebook)
    with open(exporter.to, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["student_id"] for row in rows) == sorted(["'" + id for id in ids[:5]] + ids[5:])
    assert {(row["last_name"], row["first_name"], row["email"]) for row in rows} == {("'=cmd()", "Ada", "ada@b.c")}
    assert {row["score"] for row in rows} == {"0.0"}
