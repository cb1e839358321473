"""The part of the author's gate that needs no nbgrader: every known mistake, every option, every released cell."""

from __future__ import annotations

import ast
from itertools import cycle

import nbformat
from nbformat import NotebookNode

from lrcourse.answers.recognition import OwnCode
from lrcourse.checking.catalog import exercises_of
from lrcourse.checking.exercise import Exercise, Result
from lrcourse.checking.judge import judge
from lrcourse.commands.verify.findings import Findings
from lrcourse.grading.release.leaks import leaks, misspelt_markers
from lrcourse.grading.release.notebook import released
from lrcourse.locations import notebooks_dir
from lrcourse.quiz.bank import questions_of
from lrcourse.quiz.cells import asked_in
from lrcourse.quiz.marking import mark
from lrcourse.quiz.questions import MultipleChoice, Number, Question
from lrcourse.student_code import plain

SEEDS = ("one", "two", "three")


def verify_catalog(lesson: str) -> Findings:
    """Everything about one lesson that can be found in this process."""
    findings = Findings()
    for exercise in exercises_of(lesson):
        _mistakes(exercise, findings)
    for question in questions_of(lesson):
        _question(question, findings)
    path = notebooks_dir() / lesson / f"{lesson}.ipynb"
    source, release = nbformat.read(path, as_version=4), released(path)
    for cell in source.cells:
        misspelt = misspelt_markers(cell.source)
        findings.hold("every solution marker is spelt right", not misspelt, f"{lesson}: {'; '.join(misspelt)}")
    found = leaks(nbformat.writes(release))
    findings.hold("the release holds nothing of the answers", not found, f"{lesson}: {'; '.join(found)}")
    _release(lesson, release, findings)
    _headings(lesson, source, findings)
    return findings


def _mistakes(exercise: Exercise, findings: Findings) -> None:
    # A Keras schedule is traced by TensorFlow at every probe, and a plan is trained with: seconds each.
    seeds = SEEDS[:1] if exercise.result in (Result.KERAS_SCHEDULE, Result.PLAN) else SEEDS
    for mistake in exercise.mistakes:
        name = f"{exercise.id}: {mistake.id}"
        # The main form with every seed, each variant with one in turn: there are some 1,500.
        asked = [(seed, mistake.implementation) for seed in seeds]
        if exercise.result is not Result.PLAN:  # its variants are tried without a training, in the tests
            asked += zip(cycle(seeds), mistake.variants, strict=False)
        for seed, form in asked:
            verdict = judge(exercise, OwnCode(exercise.id, form), seed)
            wrong = {part.part.name for part in verdict.parts if part.points < part.part.points}
            findings.hold("known mistakes lose their points", bool(wrong) and mistake.part in (None, *wrong), name)
            named = [found.id for found in verdict.mistakes]
            findings.hold("known mistakes are recognised by name", named == [mistake.id], f"{name}: as {named}")


def _question(question: Question, findings: Findings) -> None:
    for answer, share in _answers(question):
        marked = mark(question, plain(answer), reveal=True)
        name = f"{question.id}: {answer}"
        if share == 1:
            findings.hold("right answers get full points", marked.points == question.points, name)
        else:
            findings.hold("wrong answers lose points", marked.points < question.points, name)


def _answers(question: Question):
    """Answers with the share of the points that they are worth; below 1 for any wrong one."""
    if isinstance(question, Number):
        yield question.answer, 1
        for wrong in question.wrong:
            yield wrong.value, 0
        return
    correct = [letter for letter, option in question.shown().items() if option.correct]
    yield (correct if isinstance(question, MultipleChoice) else correct[0]), 1
    for letter in question.shown():
        if isinstance(question, MultipleChoice):
            changed = sorted(set(correct) ^ {letter})  # one wrong one more, or one right one less
            if changed:
                yield changed, 0
        elif letter not in correct:
            yield letter, 0


def _release(lesson: str, release: NotebookNode, findings: Findings) -> None:
    ids = []
    points = {f"check_{exercise.id}": exercise.points for exercise in exercises_of(lesson)}
    graded = [question for question in questions_of(lesson) if not question.practice and question.id in _asked(lesson)]
    points |= {question.check_cell: question.points for question in graded}
    for cell in release.cells:
        about = cell.metadata.get("nbgrader")
        if not about:
            findings.hold("no solution marker is left", "SOLUTION" not in cell.source, f"{lesson}: {cell.id}")
            continue
        id = about["grade_id"]
        ids.append(id)
        name = f"{lesson}: {id}"
        if about["grade"]:
            findings.hold("a graded cell is one check(...)", _is_one_check(cell.source), name)
            findings.hold("points are those of the catalog", points.pop(id, None) == about["points"], name)
        elif about["solution"]:
            findings.hold("an answer cell is blank", _is_blank(cell.source), name)
    findings.hold("every graded cell is in the lesson", not points, f"{lesson}: {', '.join(points)} missing")
    findings.hold("grade_ids are unique", len(set(ids)) == len(ids), lesson)


def _asked(lesson: str) -> list[str]:
    """The ids of the questions that the lesson asks; its bank may hold more."""
    source = nbformat.read(notebooks_dir() / lesson / f"{lesson}.ipynb", as_version=4)
    found = (asked_in(cell.source) for cell in source.cells if cell.cell_type == "code")
    return [id for id in found if id]


def _is_one_check(source: str) -> bool:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    if len(body) != 1 or not isinstance(body[0], ast.Expr) or not isinstance(body[0].value, ast.Call):
        return False
    call = body[0].value
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    called = isinstance(call.func, ast.Name) and call.func.id == "check"
    return called and len(call.args) == 1 and all(isinstance(argument, ast.Constant) for argument in arguments)


def _is_blank(source: str) -> bool:
    """`answer_x = None`, or a function whose body does nothing but raise NotImplementedError."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    if len(body) != 1:
        return False
    if isinstance(body[0], ast.Assign):
        return isinstance(body[0].value, ast.Constant) and body[0].value.value is None
    stub = body[0].body if isinstance(body[0], ast.FunctionDef) else []
    return len(stub) == 1 and ast.unparse(stub[0]) == "raise NotImplementedError()"


def _headings(lesson: str, notebook: NotebookNode, findings: Findings) -> None:
    lines = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    headings = {line.lstrip("#").strip() for line in lines if line.startswith("#")}
    for question in questions_of(lesson):
        name = f"{question.id}: {question.evidence}"
        findings.hold("the heading that answers a question exists", question.evidence in headings, name)


def lessons() -> list[str]:
    """The folder names of all lessons, in order."""
    return sorted(path.parent.name for path in notebooks_dir().glob("*/*.ipynb"))
