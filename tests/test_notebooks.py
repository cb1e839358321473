"""The lessons as files: text and notebook in step, eight headings, cells that are honest about what nbval compares."""

import ast
import html
import re

import nbformat
import pytest

import notebooks as maker
from lrcourse.checking.catalog import exercises_of, find_exercise, ids
from lrcourse.checking.judge import judge
from lrcourse.checking.verdict import explain
from lrcourse.grading.release.notebook import released
from lrcourse.locations import notebooks_dir
from lrcourse.quiz.bank import load_course
from lrcourse.quiz.cells import asked_in
from lrcourse.student_code import LocalStudent

FIRST, LAST = (
    ["What you will learn", "Predict"],
    ["Check yourself", "What you now know", "Sources", "Was everything clear? How can we improve it?"],
)
QUESTIONS, MOST_WORDS, MOST_WITHOUT_DECISION = 5, 1300, 6
# Lessons of the first version, with its eight headings and three questions.
FIRST_VERSION = {
    "06_which_optimizers",
    "07_choose_and_verify",
}
HEADINGS = [
    "Aim and minutes",
    "Predict",
    "Run",
    "Look closer",
    "Change it",
    "Make your own",
    "Check yourself",
    "What you now know",
]
TEXTS = maker.texts()
LESSONS = [text.parent.name for text in TEXTS]
every_lesson = pytest.mark.parametrize("text", TEXTS, ids=LESSONS)
TRAINING_CELLS = notebooks_dir().parent / "tests" / "training_cells.txt"


def notebook_of(text):
    return nbformat.read(text.with_suffix(".ipynb"), as_version=4)


def prose_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_the_course_has_its_lessons():
    assert LESSONS == [
        "00_start_here",
        "01_why_schedule",
        "02_time_based_decay",
        "03_exponential_decay",
        "04_custom_decay",
        "05_warmup",
        "06_which_optimizers",
        "07_choose_and_verify",
    ]


@every_lesson
def test_text_and_notebook_are_in_step(text):
    assert maker.differences(text) == []


@every_lesson
def test_every_cell_has_been_run_and_none_failed(text):
    for cell in notebook_of(text).cells:
        if cell.cell_type == "code":
            assert cell.execution_count, cell.source
            assert not [output for output in cell.outputs if output.output_type == "error"], cell.source
            assert not [output for output in cell.outputs if output.get("name") == "stderr"], cell.source


@every_lesson
def test_a_lesson_has_its_headings_in_order(text):
    lines = prose_of(notebook_of(text)).splitlines()
    headings = [line[3:] for line in lines if line.startswith("## ")]
    if text.parent.name in FIRST_VERSION:
        assert headings == HEADINGS
        return
    # Between the first and the last it tells its story under headings of its own.
    last = ["Make your own"] * bool(exercises_of(text.parent.name)) + LAST
    assert headings[: len(FIRST)] == FIRST and headings[-len(last) :] == last
    assert len(headings) > len(FIRST) + len(last)
    assert re.search(r"\b1[89]\d\d\b|\b20\d\d\b", prose_of(notebook_of(text)).split("## Sources")[1])


new_lesson = pytest.mark.parametrize(
    "text", [text for text in TEXTS if text.parent.name not in FIRST_VERSION], ids=lambda text: text.parent.name
)


@new_lesson
def test_a_lesson_is_short(text):
    prose = re.sub(r"\$\$.*?\$\$", "", prose_of(notebook_of(text)), flags=re.DOTALL)
    assert len(prose.split()) < MOST_WORDS


def decides(cell):
    """Whether a student has to choose something here: a guess, a number of their own, an answer."""
    if cell.cell_type != "code":
        return False
    mine = re.match(r"(my|best)_\w+.* = ", cell.source)
    return bool(
        re.match(r'lr\.guess\("[a-z0-9-]+", None\)', cell.source)
        or mine
        or cell.source.startswith("lr.playground(")
        or asked_in(cell.source)
        or cell.metadata.get("nbgrader", {}).get("solution")
    )


@new_lesson
def test_a_student_decides_something_every_six_cells(text):
    idle = 0
    for cell in notebook_of(text).cells:
        idle = 0 if decides(cell) else idle + 1
        assert idle <= MOST_WITHOUT_DECISION, cell.source


@new_lesson
def test_a_lesson_asks_five_questions_of_at_least_seven(text):
    bank = [question for lesson in load_course() if lesson.lesson == text.parent.name for question in lesson.questions]
    asked = [name for cell in notebook_of(text).cells if cell.cell_type == "code" and (name := asked_in(cell.source))]
    if exercises_of(text.parent.name):
        assert len(asked) == QUESTIONS and len(bank) >= QUESTIONS + 2


@new_lesson
def test_code_of_a_lesson_has_no_format_codes(text):
    for cell in notebook_of(text).cells:
        if cell.cell_type == "code":
            codes = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.FormattedValue)]
            assert not [node for node in codes if node.format_spec], cell.source
            assert "print(" not in cell.source, cell.source


@every_lesson
def test_a_lesson_says_its_minutes_and_asks_for_feedback_and_links_on(text):
    prose = prose_of(notebook_of(text))
    assert "minutes" in prose.split("## Predict")[0]
    assert "Was everything clear? How can we improve it?" in prose
    number = LESSONS.index(text.parent.name)
    for neighbour in LESSONS[max(number - 1, 0) : number] + LESSONS[number + 1 : number + 2]:
        assert f"../{neighbour}/{neighbour}.ipynb" in prose
    for link in re.findall(r"\]\((\.\.?/[^)]+)\)", prose):
        assert (text.parent / link).exists(), link


FIGURE = re.compile(
    r"<figure[^>]*>.*?\balt=\"(?P<alt>[^\"]+)\".*?<figcaption>(?P<caption>[^<]+)</figcaption></figure>", re.DOTALL
)


@every_lesson
def test_every_figure_speaks(text):
    """A picture is an HTML figure with caption and alternative text; one without, the playground's, has a sentence."""
    seen = 0
    for cell in notebook_of(text).cells:
        outputs = cell.get("outputs", [])
        for number, output in enumerate(outputs):
            page = output.get("data", {}).get("text/html", "")
            if "<figure" in page or "<img" in page or "<canvas" in page:
                figures = list(FIGURE.finditer(page))
                assert len(figures) == page.count("<figure") > 0, cell.source
                assert page.count("<img") <= len(figures), cell.source
                for figure in figures:
                    assert html.unescape(figure["alt"]).endswith("."), cell.source
                    assert len(figure["caption"]) < 200, figure["caption"]
                assert output.data["text/plain"].strip().endswith("."), cell.source
                seen += len(figures)
            elif "image/png" in output.get("data", {}):
                assert outputs[number + 1].data["text/plain"].strip().endswith("."), cell.source
                seen += 1
    assert seen  # a lesson without a picture, or a kind of picture that this test does not see


@every_lesson
def test_a_lesson_has_its_exercises_and_questions(text):
    notebook = notebook_of(text)
    graded = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    wanted = exercises_of(text.parent.name)
    assert list(graded) == [name for exercise in wanted for name in (exercise.id, f"check_{exercise.id}")]
    for exercise in wanted:
        assert graded[f"check_{exercise.id}"].source == f'check("{exercise.id}")'
        assert graded[f"check_{exercise.id}"].metadata["nbgrader"]["points"] == exercise.points
        assert f"def {exercise.signature}:" in graded[exercise.id].source
    asked = [asked_in(cell.source) for cell in notebook.cells if cell.cell_type == "code" and asked_in(cell.source)]
    bank = [
        question.id for lesson in load_course() if lesson.lesson == text.parent.name for question in lesson.questions
    ]
    if text.parent.name in FIRST_VERSION:
        assert asked == bank
    else:
        assert set(asked) <= set(bank) and len(set(asked)) == len(asked)


def test_every_exercise_is_in_a_lesson():
    assert {exercise.id for lesson in LESSONS for exercise in exercises_of(lesson)} == set(ids())


def test_the_cells_that_nbval_does_not_compare_are_the_committed_list():
    found = [
        f"{text.parent.name}: {cell.source.strip().splitlines()[0]}"
        for text in TEXTS
        for cell in notebook_of(text).cells
        if {"nbval-ignore-output", "nbval-skip", "raises-exception"} & set(cell.metadata.get("tags", []))
    ]
    assert found == TRAINING_CELLS.read_text(encoding="utf-8").splitlines()


@every_lesson
def test_the_release_holds_nothing_of_the_solutions_and_no_pairing(text):
    release = released(text.with_suffix(".ipynb"))
    everything = nbformat.writes(release)
    assert "jupytext" not in release.metadata
    assert "BEGIN SOLUTION" not in everything
    assert 'question(\\"' not in everything
    code = " ".join(" ".join(cell.source for cell in release.cells).split())
    for cell in notebook_of(text).cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            body = cell.source.split("### BEGIN SOLUTION\n")[1].split("### END SOLUTION")[0]
            assert " ".join(body.split()) not in code
    for lesson in load_course():
        for question in lesson.questions:
            if question.practice:
                continue  # its key is public on purpose
            for part in (*getattr(question, "options", ()), *getattr(question, "wrong", ())):
                assert part.feedback.en not in everything
                assert part.misconception is None or part.misconception not in everything


@every_lesson
def test_the_release_is_the_same_every_time(text):
    one, other = (nbformat.writes(released(text.with_suffix(".ipynb"))) for _ in range(2))
    assert one == other


def test_the_readme_shows_the_lessons_with_their_minutes_and_points():
    readme = (notebooks_dir().parent / "README.md").read_text(encoding="utf-8")
    rows = {row.split("](notebooks/")[1].split("/")[0]: row for row in readme.splitlines() if "](notebooks/" in row}
    assert list(rows) == LESSONS
    questions = {lesson.lesson: lesson.questions for lesson in load_course()}
    for text in TEXTS:
        lesson = text.parent.name
        minutes = re.search(r"\*About (\d+) minutes", text.read_text(encoding="utf-8"))[1]
        graded = [question for question in questions.get(lesson, ()) if not question.practice]
        asked = re.findall(r'question\("([a-z0-9-]+)"\)', text.read_text(encoding="utf-8"))
        graded = [question for question in graded if question.id in asked]
        points = sum(item.points for item in (*exercises_of(lesson), *graded))
        assert rows[lesson].split("|")[3].strip() == minutes
        assert rows[lesson].split("|")[4].strip() == (f"{points:g}" if points else "-")


def test_the_picture_in_the_readme_is_the_lessons():
    assert maker.PICTURE.read_bytes() == maker.readme_picture()


def test_the_report_that_the_first_lesson_shows_is_the_one_that_students_get():
    exercise = find_exercise("time_based_decay")
    (ahead,) = [mistake for mistake in exercise.mistakes if mistake.id == "one-ahead"]
    report = explain(judge(exercise, LocalStudent({exercise.id: ahead.implementation}, []), "seed"))
    assert f"```text\n{report}\n```" in TEXTS[0].read_text(encoding="utf-8")
