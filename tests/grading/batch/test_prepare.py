"""Who is to be graded, and what a worker is told: nothing that is secret, and nothing that it would have to look up."""

import os
import pickle
import shutil
from pathlib import Path

import pytest
from killed import made_up, save
from small_class import CLASS, CONFIG, LESSON, WHEN, command, copy_of, submit

from lrcourse.errors import CommandError
from lrcourse.grading.batch.grade import How, grade_assignment
from lrcourse.grading.course import Course
from lrcourse.grading.gradebook.assignment import Assignment
from lrcourse.grading.gradebook.journal import Journal
from lrcourse.grading.gradebook.ledger import Ledger
from lrcourse.grading.intake.intake import Refused
from lrcourse.grading.run.seeds import SECRET


@pytest.fixture
def root(submitted, tmp_path):
    """A course of our own, in which the class is graded."""
    root = copy_of(submitted, tmp_path / "course")
    (root / "submitted" / "ben" / LESSON / "timestamp.txt").write_text(WHEN)
    save(root, list(CLASS))
    return root


def waiting(root, students=tuple(CLASS), **how):
    return Ledger(Assignment.of(Course(root).config, LESSON), Journal(root, LESSON), None).waiting(
        students, force=False, **how
    )


def test_what_is_graded_stays_until_it_is_submitted_anew(root):
    assert waiting(root) == []
    submit(root, "ada", {}, "2026-11-01 09:59:59 UTC")
    assert waiting(root) == []
    submit(root, "ada", {}, "2026-11-01 12:00:00 +0100")
    assert waiting(root) == ["ada"]
    submit(root, "eve", {})  # arrived meanwhile
    assert waiting(root, [*CLASS, "eve"]) == ["ada", "eve"]


def test_who_is_excluded_is_not_graded(root):
    submit(root, "eve", {})
    (root / "nbgrader_config.py").write_text(CONFIG + "c.CourseDirectory.student_id_exclude = 'eve,bob'\n")
    assert waiting(root, [*CLASS, "eve"]) == []


def test_a_regrade_that_was_stopped_goes_on_with_the_rest(root):
    assignment, journal = Assignment.of(Course(root).config, LESSON), Journal(root, LESSON)
    ledger = Ledger(assignment, journal, None)
    assert ledger.waiting(list(CLASS), force=True) == list(CLASS)
    journal.regraded("ada")
    for force in (False, True):  # as it is typed once more, with or without the option
        assert Ledger(assignment, Journal(root, LESSON), None).waiting(list(CLASS), force=force) == list(CLASS)[1:]
    assert ledger.waiting(["ada"], force=True) == ["ada"]  # none of the rest: a new regrade


def test_a_job_holds_no_secret_and_can_travel(root):
    (root / "nbgrader_config.py").write_text(
        CONFIG + "c.Exchange.cache = '/secret/place'\nc.LimitOutput.max_lines = 77\n"
    )
    submission = Assignment.of(Course(root).config, LESSON).submission("ada")
    job, when = submission.job, submission.submitted
    packed = pickle.dumps(job)
    assert pickle.loads(packed) == job
    for secret in ((root / SECRET).read_text().strip(), "gradebook.db", "sqlite", str(root), "/secret/place"):
        assert secret.encode() not in packed
    assert job.settings.config["LimitOutput"] == {"max_lines": 77}
    assert when.isoformat() == "2026-11-01T10:00:00"


def test_the_courses_own_files_lie_over_the_students(root):
    job = Assignment.of(Course(root).config, LESSON).submission("ada").job
    assert job.files["mine.txt"] == b"my own notes"
    assert job.files["data.csv"] == b"step,rate\n0,0.1\n"
    assert sorted(job.notebooks) == ["a", "b"]


def test_what_is_no_notebook_is_refused_with_a_sentence(root):
    folder = submit(root, "eve", {}, leave_out="b")
    (folder / "a.ipynb").write_text("not a notebook")
    with pytest.raises(Refused, match=r"a\.ipynb"):
        Assignment.of(Course(root).config, LESSON).submission("eve")


NOT_UTF8 = os.fsdecode(b"m\xfcller")
ODD = {
    NOT_UTF8: ("m\\udcfcller", "is not UTF-8"),
    "ada\nben": ("ada\\nben", "cannot be printed"),
    ".eve": (".eve", "begins with a dot"),
    "\u202eada": ("\\u202eada", "cannot be printed"),
}


def test_a_folder_whose_name_nobody_can_keep_is_refused_by_name_and_stops_nobody(submitted, tmp_path):
    root = copy_of(submitted, tmp_path / "course")
    for name in ODD:
        submit(root, name, CLASS["ada"])
    for again in (False, True):
        done = command(root, "--workers", "1", *(["--force"] if again else []))
        assert (done.returncode, done.stderr) == (1, "")
        for shown, why in ODD.values():
            (line,) = [line for line in done.stdout.splitlines() if line.startswith(f"not graded: {shown}: ")]
            assert why in line
            assert line.endswith("rename the folder.")
        assert sorted(os.listdir(root / "autograded")) == sorted(CLASS)
    log = (root / ".lrcourse" / "grade.log").read_text(encoding="utf-8")
    assert all(f"{shown}: not graded" in log for shown, _ in ODD.values())
    for name in ODD:
        shutil.rmtree(root / "submitted" / name)
    assert command(root).returncode == 0


@pytest.mark.parametrize("broken", [False, True])
def test_an_entry_of_the_journal_that_cannot_be_saved_costs_itself(submitted, tmp_path, broken):
    # As versions before this one left it, the folder in submitted/ being gone meanwhile.
    root = copy_of(submitted, tmp_path / "course")
    journal = Journal(root, LESSON)
    for student in ("ada", NOT_UTF8, "ben"):
        result, submission = made_up(student if student in CLASS else "eve")
        result.student = student
        entry = journal.add(result, submission.job.files, submission.submitted, 0o644)
    if broken:
        entry = journal.entry("ben")
        (entry.folder / "result.json").write_text("{")
    done = command(root, "--students", "ada")
    assert (done.returncode, done.stderr) == (1, "")
    problems = [line for line in done.stdout.splitlines() if line.startswith("not graded: ")]
    assert [line.split(": ")[1] for line in problems] == (["ben"] if broken else []) + ["m\\udcfcller"]
    assert all("cannot be saved" in line for line in problems)
    assert sorted(os.listdir(root / "autograded")) == ["ada"] + ([] if broken else ["ben"])
    aside = root / ".lrcourse" / "journal" / "aside" / LESSON
    assert set(os.listdir(aside)) == {NOT_UTF8} | ({"ben"} if broken else set())
    done = command(root)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(os.listdir(root / "autograded")) == sorted(CLASS)


def test_an_assignment_that_the_gradebook_does_not_know_is_named(root):
    with pytest.raises(CommandError, match=r"The gradebook has no assignment other. `nbgrader generate_assignment"):
        Assignment.of(Course(root).config, "other")


def test_nobody_by_that_name_has_submitted(root):
    with pytest.raises(CommandError, match=r"There is no submission of small by eve, zoe in .*submitted"):
        grade_assignment(root, LESSON, ["zoe", "ada", "eve"], How())


def test_the_courses_hooks_run_and_the_time_can_be_set(root, monkeypatch):
    monkeypatch.chdir(root)
    (root / "nbgrader_config.py").write_text(
        CONFIG
        + "from pathlib import Path\nc.Autograde.pre_convert_hook = lambda **a: Path('hooked').write_text(str(a))\n"
        + "c.SplitExecute.cell_seconds = 20\n"
    )
    assignment = Assignment.of(Course(root).config, LESSON, timeout=7)
    limits = assignment.settings.limits
    assert (limits.submission_seconds, limits.cell_seconds) == (7, 7)
    assignment.submission("ada")
    assert "a.ipynb" in Path("hooked").read_text()
