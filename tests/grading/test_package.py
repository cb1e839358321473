"""What a graded class gets: written and installed for real, used in a fresh kernel, searched for what is not theirs."""

import inspect
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from lrcourse.checking.catalog import find_exercise, ids
from lrcourse.checking.exercise import Exercise, Part, Probe, Result, Table
from lrcourse.checking.judge import judge
from lrcourse.checking.public import as_data, from_data
from lrcourse.errors import CommandError
from lrcourse.grading.release import student_wheel
from lrcourse.grading.release.leaks import leaks, misspelt_markers
from lrcourse.grading.release.package import write_package
from lrcourse.locations import PACKAGE, notebooks_dir, students_files
from lrcourse.quiz.bank import load_course
from lrcourse.quiz.questions import Number
from lrcourse.student_code import LocalStudent

ROOT = Path(__file__).resolve().parents[2]
EXERCISES = [find_exercise(id) for id in ids()]
GRADED = [question for lesson in load_course() for question in lesson.questions if not question.practice]
LESSONS = sorted(path.parent.name for path in notebooks_dir().glob("*/*.ipynb"))
SHORT = 26  # "Yes." or "The sign is flipped." gives nothing away, and may stand anywhere
WHEEL = "lrcourse-0.1.0-py3-none-any.whl"
WRITTEN = ["README.txt", WHEEL, *(f"release/{name}/{name}.ipynb" for name in LESSONS), "requirements.lock"]


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def quoted_in_the_lessons(sentence):
    """Lesson 00 shows what a check says about one known mistake."""
    return any(sentence in path.read_text(encoding="utf-8") for path in notebooks_dir().glob("*/*.md"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "new" / "class"
    written = write_package(folder)
    assert written == [folder / name for name in WRITTEN]
    return folder


@pytest.fixture(scope="module")
def wheel(made):
    """The files of the wheel as text."""
    with zipfile.ZipFile(made / WHEEL) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


@pytest.fixture(scope="module")
def texts(made, wheel):
    """Every text of the package as a reader sees it: code and cells as written, JSON by its values."""
    seen = dict(wheel) | {"README.txt": (made / "README.txt").read_text(encoding="utf-8")}
    name = "lrcourse/_course/student.json"
    seen[name] = "\n".join(values(json.loads(seen[name])))
    for lesson in LESSONS:
        notebook = nbformat.read(made / "release" / lesson / f"{lesson}.ipynb", as_version=4)
        seen[lesson] = "\n".join([*(cell.source for cell in notebook.cells), *values(notebook.metadata)])
        assert not any(cell.get("outputs") for cell in notebook.cells)
    return seen


def values(data):
    if isinstance(data, dict):
        return [text for name, value in data.items() for text in [name, *values(value)]]
    return [text for value in data for text in values(value)] if isinstance(data, list) else [str(data)]


@pytest.fixture(scope="module")
def installed(made, tmp_path_factory):
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    done = subprocess.run([*command, str(made / WHEEL)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target


def test_exactly_what_was_said_is_written(made):
    assert sorted(files(made)) == sorted(WRITTEN)
    assert (made / "requirements.lock").read_bytes() == (ROOT / "requirements.lock").read_bytes()
    assert f"pip install --no-deps {WHEEL}" in (made / "README.txt").read_text(encoding="utf-8")


def test_the_same_course_gives_the_same_bytes(made, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    (tmp_path / "again").mkdir()
    write_package(tmp_path / "again")
    assert files(tmp_path / "again") == files(made)


def test_the_wheel_holds_the_package_without_the_three_folders(wheel):
    package = {name.split("/", 1)[1] for name in wheel if name.startswith("lrcourse/")} - {"_course/student.json"}
    own = {str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert package == {name for name in own if name.split("/")[0] not in ("answers", "grading", "commands", "_course")}
    assert {"schedules.py", "checking/checks.py", "lab/program.py"} <= package
    (metadata,) = [text for name, text in wheel.items() if name.endswith("METADATA")]
    assert "Requires-Dist: keras" in metadata


@pytest.mark.parametrize("name", ["answers/lesson_01.py", "grading/course.py", "commands/demo.py"])
def test_a_file_from_the_three_folders_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.setattr(student_wheel, "students_files", lambda: [*students_files(), PACKAGE / name])
    with pytest.raises(CommandError, match=rf"lrcourse/{name} is not for students"):
        write_package(tmp_path / "package")
    assert not (tmp_path / "package").exists()


def test_the_wheel_opens_the_lessons_that_the_class_was_given(installed, made, tmp_path):
    code = "import sys; sys.argv = ['lrcourse', *sys.argv[1:]]; from lrcourse.lab.program import main; main()"
    environment = os.environ | {"PYTHONPATH": str(installed)}

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    assert "lab" in run("--help").stdout and "grade" not in run("--help").stdout
    refused = run("lab")
    assert refused.returncode == 2
    assert (
        refused.stderr
        == "lrcourse: There are no lessons in release. Name the folder of lessons that your class was given.\n"
    )


def test_nothing_is_given_away(texts):
    flat = {name: " ".join(text.split()) for name, text in texts.items()}
    secrets = []
    for exercise in EXERCISES:
        body = inspect.getsource(exercise.reference).split("\n", 1)[1]
        secrets += [body, *(m.sentence for m in exercise.mistakes if not quoted_in_the_lessons(m.sentence))]
    for question in GRADED:
        told = [*question.wrong, question] if isinstance(question, Number) else question.options
        secrets += [text for one in told for text in (one.feedback.en, one.feedback.es)]
        secrets += [one.misconception for one in told if getattr(one, "misconception", None)]
        if isinstance(question, Number):
            secrets += [question.compute, question.hint.en, question.hint.es]
    for lesson in LESSONS:
        for cell in nbformat.read(notebooks_dir() / lesson / f"{lesson}.ipynb", as_version=4).cells:
            if "### BEGIN SOLUTION" in cell.source:
                secrets.append(cell.source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0])
    assert len(secrets) > 300
    for secret in secrets:
        holders = [name for name, text in flat.items() if " ".join(secret.split()) in text]
        assert not holders, f"{secret!r} in {holders}"


def test_of_a_graded_question_only_what_is_shown_is_handed_out(wheel):
    handed = json.loads(wheel["lrcourse/_course/student.json"])
    questions = {data["id"]: data for data in handed["questions"]}
    assert len(questions) > len(GRADED)  # those for practice are there too, with their key
    for question in GRADED:
        data = questions[question.id]
        assert set(data) == {"id", "kind", "points", "practice", "stem", "options"}
        assert all(set(option) == {"id", "text"} for option in data["options"])
    assert all("feedback" in json.dumps(data) for data in handed["questions"] if data["practice"])


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_the_guard_knows_every_reference_and_mistake(exercise):
    reference = inspect.getsource(exercise.reference)
    for text in (reference, json.dumps({"source": reference.splitlines(keepends=True)}, indent=1)):
        assert f"the reference of {exercise.id}" in leaks(text)
    for mistake in exercise.mistakes:
        found = leaks(f"# {mistake.sentence}")
        named = [what for what in found if f"known mistake {mistake.id}" in what]
        assert named or quoted_in_the_lessons(mistake.sentence) or len(mistake.sentence) < SHORT, mistake.id


@pytest.mark.parametrize("question", GRADED, ids=lambda question: question.id)
def test_the_guard_knows_every_key(question):
    for language in ("en", "es"):
        told = [*question.wrong, question] if isinstance(question, Number) else question.options
        for text in (one.feedback[language] for one in told):
            found = leaks(json.dumps(text, ensure_ascii=False))
            assert any(question.id in what for what in found) or len(text) < SHORT, text
    assert f"the key of question {question.id}" in leaks(question.model_dump_json())


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_guard_finds_the_solutions_of_a_lesson(lesson):
    source = (notebooks_dir() / lesson / f"{lesson}.ipynb").read_text(encoding="utf-8")
    found = "\n".join(leaks(source))
    for cell in nbformat.reads(source, as_version=4).cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            assert f"the solution of {cell.metadata['nbgrader']['grade_id']}" in found
    assert ("a marker of nbgrader is left" in found) == ("BEGIN SOLUTION" in source)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("### BEGIN SOLUTON\nx = 1\n### END SOLUTION", '"### BEGIN SOLUTON" is not a marker that nbgrader knows'),
        ("### BEGIN SOLUTION\nx = 1\n### END SOLUTOIN", '"### END SOLUTOIN" is not a marker that nbgrader knows'),
        ("### BEGIN SOLUTION\nx = 1", '"### BEGIN SOLUTION" has no END below it'),
        ("x = 1\n### END SOLUTION", '"### END SOLUTION" has no BEGIN above it'),
        (
            "    ##BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION",
            '"##BEGIN SOLUTION" is not a marker that nbgrader knows',
        ),
        ("# begin solution\nx = 1\n### END SOLUTION", '"# begin solution" is not a marker that nbgrader knows'),
        ("### BEGIN HIDEN TESTS\n", '"### BEGIN HIDEN TESTS" is not a marker that nbgrader knows'),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", '"### BEGIN SOLUTION" is followed by "### BEGIN'),
    ],
)
def test_a_marker_that_nbgrader_would_miss_is_named(source, fault):
    assert misspelt_markers(source)[0].startswith(fault)
    assert leaks(source)


@pytest.mark.parametrize(
    "source", ["### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "# YOUR CODE HERE", "# the last epoch", "### The end", ""]
)
def test_good_markers_and_other_comments_are_no_fault(source):
    assert misspelt_markers(source) == []


@pytest.fixture
def lessons(tmp_path):
    """A copy of lesson 05, to be spoilt."""
    shutil.copytree(
        notebooks_dir() / "05_warmup", tmp_path / "lessons" / "05_warmup", ignore=shutil.ignore_patterns(".*")
    )
    return tmp_path / "lessons"


def spoil(lessons, change):
    path = lessons / "05_warmup" / "05_warmup.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "warmup_lr"]
    change(cell)
    nbformat.write(notebook, path)


def test_a_misspelt_marker_stops_the_package_and_nothing_is_written(lessons, tmp_path):
    spoil(lessons, lambda cell: cell.update(source=cell.source.replace("BEGIN SOLUTION", "BEGIN SOLUTON")))
    with pytest.raises(CommandError) as stopped:
        write_package(tmp_path / "class", lessons=lessons)
    assert 'cell warmup_lr: "### BEGIN SOLUTON" is not a marker that nbgrader knows' in str(stopped.value)
    assert "05_warmup.ipynb" in str(stopped.value)
    assert len(str(stopped.value).splitlines()) == 1
    assert not (tmp_path / "class").exists()


def test_a_solution_outside_an_answer_cell_stops_the_package(lessons, tmp_path):
    def forget(cell):
        cell.source = "def helper(epoch, peak_lr, warmup_epochs):\n    return peak_lr*min(1.0, (epoch+1)/warmup_epochs)"
        del cell.metadata["nbgrader"]

    spoil(lessons, forget)
    with pytest.raises(CommandError, match="would give away the reference of warmup_lr"):
        write_package(tmp_path / "class", lessons=lessons)
    assert not (tmp_path / "class").exists()


def test_a_solution_of_a_new_lesson_is_covered_by_itself(lessons):
    spoil(lessons, lambda cell: cell.update(source="def f(a):\n    return a * something_that_nobody_wrote_before(a)"))
    leak = "x = 3\nreturn a * something_that_nobody_wrote_before( a )"
    assert leaks(leak, lessons) == ["the solution of warmup_lr"]
    assert leaks(leak) == []


def test_a_folder_in_use_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    command = [Path(sys.executable).parent / "lrcourse", "package"]
    for folder, said in ((tmp_path, "is not empty"), (tmp_path / "file", "is a file")):
        done = subprocess.run([*command, folder], capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        (line,) = done.stderr.strip().splitlines()
        assert line == f"lrcourse: {folder} {said}. Name a folder that does not exist yet, or an empty one."
    assert files(tmp_path) == {"file": b"mine"}


RIGHT = "def warmup_lr(epoch, peak_lr, warmup_epochs):\n    return peak_lr * min(1, (epoch + 1) / warmup_epochs)"
EXAMPLES_ONLY = "def warmup_lr(epoch, peak_lr, warmup_epochs):\n    return {0: 0.02}.get(epoch, 0.1)"
WRONG = "def warmup_lr(epoch, peak_lr, warmup_epochs):\n    return peak_lr * min(1, epoch / warmup_epochs)"
CELLS = {
    "blank": 'check("warmup_lr")',
    "right": f'{RIGHT}\ncheck("warmup_lr")',
    "examples": f'{EXAMPLES_ONLY}\ncheck("warmup_lr")',
    "wrong": f'{WRONG}\ncheck("warmup_lr")',
    "raises": 'def warmup_lr(*arguments):\n    return 1 / 0\n\ncheck("warmup_lr")',
    "scheduler": (
        "def warmup_then(peak, k, after):\n"
        "    return lambda epoch, lr: peak * (epoch + 1) / k if epoch < k else after(epoch - k)\n\n"
        'check("warmup_then")'
    ),
    "keras": (
        "def per_update_decay(initial_lr, decay):\n"
        "    return keras.optimizers.schedules.InverseTimeDecay(initial_lr, 1, decay)\n\n"
        'check("per_update_decay")'
    ),
    "library": 'def warmup_lr(*a):\n    return lr.schedules.linear_warmup(0.1, warmup_steps=5)\n\ncheck("warmup_lr")',
    "hint 1": 'hint("warmup_lr")',
    "hint 2": 'hint("warmup_lr")',
    "asked": 'question("purpose")',
    "unanswered": 'check("purpose")',
    "answer": 'answer_purpose = "A"',
    "recorded": 'check("purpose")',
    "not for practice": 'check("purpose", practice=True)',
    "unreadable": 'answer_purpose = "X"',
    "no such option": 'check("purpose")',
    "practice answer": "answer_updates_in_two_epochs = 75",
    "practice": 'check("updates-in-two-epochs")',
    "misspelt": 'check("warmup_lrr")',
    "where": (
        "import sys\n"
        "ours = [module for name, module in sys.modules.items() if name.split('.')[0] == 'lrcourse']\n"
        "print({vars(module).get('__file__') for module in ours})"
    ),
}


@pytest.fixture(scope="module")
def kernel(made, installed):
    """The outputs of CELLS in a fresh kernel with the students' wheel, after the setup cell of a released lesson."""
    release = nbformat.read(made / "release" / "05_warmup" / "05_warmup.ipynb", as_version=4)
    setup = next(cell.source for cell in release.cells if cell.cell_type == "code")
    return run(installed, [setup, *CELLS.values()], CELLS, execution="")


def run(installed, sources, names, execution):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    # PYTHONPATH comes before the checkout that the environment knows; "where" shows that nothing came from there.
    environment = os.environ | {"PYTHONPATH": str(installed), "NBGRADER_EXECUTION": execution}
    client = NotebookClient(notebook, allow_errors=True, timeout=120, extra_arguments=["--log-level=ERROR"])
    client.execute(env=environment, cwd=str(installed))
    setup, *cells = (cell.outputs for cell in notebook.cells)
    assert setup == []
    return dict(zip(names, cells, strict=True))


def text(outputs):
    return "".join(output.text for output in outputs if output.output_type == "stream")


def error(outputs):
    return next((output.ename for output in outputs if output.output_type == "error"), None)


def test_the_library_comes_from_the_wheel_alone(kernel, installed):
    places = {str(Path(place)) for place in eval(text(kernel["where"])) if place}
    assert len(places) > 15
    assert all(place.startswith(str(installed)) for place in places), places


@pytest.mark.parametrize("name", ["right", "examples", "scheduler", "keras"])
def test_right_for_the_examples_is_no_mark(kernel, name):
    assert "right for the examples. The mark comes with grading" in text(kernel[name])
    assert "point" not in text(kernel[name])
    assert error(kernel[name]) is None


def test_what_is_not_right_is_said_without_points_or_the_mistake(kernel):
    said = text(kernel["wrong"])
    assert said.startswith("warmup_lr: incorrect.\n")
    assert "wrong: the warmup\n    warmup_lr(0, 0.1, 5): expected 0.02, got 0.0." in said
    assert "right for the examples: after the warmup" in said
    assert "point" not in said and "wasted" not in said
    assert "not attempted" in text(kernel["blank"])
    assert "your code raised ZeroDivisionError" in text(kernel["raises"])
    assert "not the course's own library" in text(kernel["library"])
    assert {error(kernel[name]) for name in ("wrong", "blank", "raises", "library")} == {"Incorrect"}


def test_hints_are_handed_out(kernel):
    assert text(kernel["hint 1"]).startswith("Hint 1 of 2: Epoch 0 has one part")
    assert text(kernel["hint 2"]).startswith("Hint 2 of 2")


def test_a_graded_question_is_shown_and_recorded_and_nothing_else(kernel):
    (shown,) = kernel["asked"]
    assert "primary purpose" in shown.data["text/markdown"]
    assert "not attempted" in text(kernel["unanswered"])
    for name in ("recorded", "not for practice"):
        assert text(kernel[name]).splitlines()[1] == "Recorded. The mark comes with grading."
        assert error(kernel[name]) is None
    assert "could not be read" in text(kernel["no such option"])


def test_a_practice_question_gives_feedback_at_once(kernel):
    assert "no batch reaches from one epoch into the next" in text(kernel["practice"])
    assert error(kernel["practice"]) == "Incorrect"


def test_a_misspelt_id_suggests_the_nearest(kernel):
    (output,) = kernel["misspelt"]
    assert 'Did you mean "warmup_lr"?' in output.evalue


def test_grading_without_keys_is_refused_and_gives_no_marks(installed):
    sources = ["from lrcourse import check", f'{RIGHT}\ncheck("warmup_lr")', 'answer_purpose = "B"', 'check("purpose")']
    graded = run(installed, sources, ["exercise", "answer", "question"], execution="autograde")
    assert error(graded["exercise"]) == error(graded["question"]) == "CannotGrade"


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_an_exercise_comes_back_from_data_with_its_examples_alone(exercise):
    data = json.loads(json.dumps(as_data(exercise)))
    handed = from_data(data)
    assert (handed.id, handed.hints, handed.points) == (exercise.id, exercise.hints, exercise.points)
    for mine, theirs in zip(handed.parts, exercise.parts, strict=True):
        assert [(probe.args, probe.then) for probe in mine.examples] == [(p.args, p.then) for p in theirs.examples]
        assert mine.draw(None) == []
    if exercise.result is not Result.KERAS_SCHEDULE:  # its reference is no Keras object
        student = LocalStudent({exercise.id: exercise.reference}, [])
        assert judge(handed, student, seed=1).outcome == "correct"


def test_every_kind_of_argument_travels_as_data():
    arguments = (np.int64(3), np.array([1.5, 2.5]), [1, 2.0], (0.1, None), True, "text", Table((0.1, 0.2)))
    parts = (Part("all", 1, (Probe(arguments),), draw=lambda random: []),)
    exercise = Exercise("f", "00", "f(*a)", Result.PAIR, "Do.", lambda *a: (np.float64(0.1), 2), parts, ("Hint.",))
    (probe,) = from_data(json.loads(json.dumps(as_data(exercise)))).parts[0].examples
    assert [type(value) for value in probe.args] == [type(value) for value in arguments]
    assert probe.args[1].tolist() == [1.5, 2.5]
    assert probe.args[:1] + probe.args[2:] == arguments[:1] + arguments[2:]
    assert probe.answers == ((0.1, 2),)
    with pytest.raises(TypeError, match="must be plain data"):
        as_data(Exercise("f", "00", "f(*a)", Result.PAIR, "Do.", lambda *a: object(), parts, ("Hint.",)))
