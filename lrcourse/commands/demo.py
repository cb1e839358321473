"""`lrcourse demo`: the whole loop on a made-up class, in a course of its own."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

from lrcourse.commands.verify.author_answers import answer_cell, author_answers, fill
from lrcourse.errors import CommandError
from lrcourse.grading.batch.grade import grade_assignment
from lrcourse.grading.course import Course
from lrcourse.grading.gradebook.scores import points_table
from lrcourse.locations import notebooks_dir
from lrcourse.quiz.bank import find_question

LESSON = "05_warmup"

_WRONG = {
    "warmup_lr": "def warmup_lr(epoch, peak_lr, warmup_epochs):\n    return peak_lr + epoch\n",
    "warmup_then": (
        "def warmup_then(peak_lr, warmup_epochs, after):\n"
        "    return lambda epoch, lr: peak_lr * epoch / warmup_epochs if epoch < warmup_epochs else after(epoch)\n"
    ),
}
_WASTES_EPOCH_0 = "def warmup_lr(epoch, peak_lr, warmup_epochs):\n    return peak_lr * min(1, epoch / warmup_epochs)\n"
_RAISES = "def warmup_lr(epoch, peak_lr, warmup_epochs):\n    return peak_lr * (epoch + 1) / warmup_epochz\n"
_WARNS = (
    "import sys\nimport warnings\n\n"
    "def warmup_lr(epoch, peak_lr, warmup_epochs):\n"
    "    warnings.warn('looks odd, is right')\n"
    "    print('noise', file=sys.stderr)\n"
    "    return peak_lr * min(1, (epoch + 1) / warmup_epochs)\n"
)
_QUESTIONS = ("warmup-first", "which-optimizers", "log-of-a-rise", "length-with-warmup", "is-it-worth-it")


@dataclass(frozen=True)
class _Submission:
    """A made-up student: the answer cells they filled, and the points that this must bring."""

    student: str
    answers: dict[str, str]
    points: float


def run_demo(folder: Path | None = None) -> bool:
    """Run the loop, print the table and where everything is; True if every score is the expected one."""
    root = _new_course(folder)
    course = Course(root)
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:5.0f} s] {text}", flush=True)

    say(f"a course in {root}")
    say("nbgrader generate_assignment, release_assignment")
    course.generate(LESSON)
    course.release(LESSON)
    students = _made_up_class(author_answers(LESSON))
    say(f"nbgrader submit, {len(students)} students; collect")
    for submission in students:
        _submit(course, submission)
    course.collect(LESSON)
    say("lrcourse grade")
    grade_assignment(root, LESSON)
    say("nbgrader generate_feedback, export")
    course.feedback(LESSON)
    course.export(root / "grades.csv")
    say("done")

    got = course.scores(LESSON, [submission.student for submission in students])
    print(points_table(got))
    print(f"gradebook  {root / 'gradebook.db'}\nscores     {root / 'grades.csv'}\nfeedback   {root / 'feedback'}")
    unexpected = [
        f"{score.student} has {score.points}, expected {submission.points:g}"
        for score, submission in zip(got, students, strict=True)
        if score.points != submission.points
    ]
    for line in unexpected:
        print(f"UNEXPECTED: {line}")
    return not unexpected


def _new_course(folder: Path | None) -> Path:
    try:
        if folder is None:
            root = Path(tempfile.mkdtemp(prefix="lrcourse-demo-"))
        else:
            folder.mkdir(parents=True)
            root = folder.resolve()
        shutil.copytree(
            notebooks_dir() / LESSON, root / "notebooks" / LESSON, ignore=shutil.ignore_patterns("*.md", ".*")
        )
        config = (
            "from lrcourse.grading import configure\n\nc = get_config()\nconfigure(c)\n"
            "c.SplitExecute.cell_seconds = 120  # the lesson trains models, and this machine may be busy\n"
        )
        (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
    except FileExistsError as error:
        raise CommandError(f"{folder} exists already. Name a folder that does not; the demo makes it.") from error
    except OSError as error:
        raise CommandError(f"Cannot make a course in {folder or tempfile.gettempdir()}: {error.strerror}.") from error
    return root


def _wrong_option(id: str) -> dict[str, str]:
    question = find_question(id)
    return {question.answer_name: answer_cell(question, right=False)}


def _made_up_class(solutions: dict[str, str]) -> list[_Submission]:
    wrong_letters = {name: text for id in _QUESTIONS for name, text in _wrong_option(id).items()}
    exercises = {name: solutions[name] for name in ("warmup_lr", "warmup_then")}
    class_ = [
        _Submission("ada_all_right", solutions, 10),
        _Submission("ben_all_wrong", _WRONG | wrong_letters, 0),
        _Submission("cleo_blank", {}, 0),
        _Submission("dina_half", exercises, 5),
        _Submission("emil_raises_an_error", solutions | {"warmup_lr": _RAISES}, 8),
    ]
    # Three who are right but for one option each; one of them also stumbles at epoch 0, one writes on stderr.
    stumbles = ({}, {"warmup_lr": _WASTES_EPOCH_0}, {"warmup_lr": _WARNS})
    names = ("fay_wrong_option", "gus_wastes_epoch_0", "hana_warns_on_stderr")
    for student, id, stumble in zip(names, _QUESTIONS[:3], stumbles, strict=True):
        points = 8 if stumble.get("warmup_lr") == _WASTES_EPOCH_0 else 9
        class_.append(_Submission(student, solutions | _wrong_option(id) | stumble, points))
    return class_


def _submit(course: Course, submission: _Submission) -> None:
    """Fill the released notebook and hand it in, as the student would."""
    release = course.root / "release" / LESSON
    home = course.root / "students" / submission.student
    shutil.copytree(release, home / LESSON)
    path = home / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    fill(notebook, submission.answers)
    nbformat.write(notebook, path)
    course.submit(LESSON, submission.student, home)
