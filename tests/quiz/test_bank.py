"""The question bank: the course's own files are sound, and a broken file is named with path, question and rule."""

import re

import pytest

import lrcourse as lr
from lrcourse.locations import notebooks_dir
from lrcourse.quiz import bank
from lrcourse.quiz.bank import BankError, find_question, load, load_course
from lrcourse.quiz.questions import LANGUAGES, Number

GOOD = """\
lesson: demo
questions:
  - id: first
    evidence: Run
    stem: {en: Why?, es: "¿Por qué?"}
    options:
      - id: a
        text: {en: Because., es: Porque sí.}
        correct: true
        feedback: {en: "Yes.", es: Sí.}
      - id: b
        text: {en: Never., es: Nunca.}
        misconception: it never happens
        feedback: {en: "No.", es: "No."}
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "demo.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_good_file_is_read(write):
    (question,) = load(write(GOOD)).questions
    assert question.stem["es"] == "¿Por qué?"
    assert question.shown("ba")["A"].id == "b"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('stem: {en: Why?, es: "¿Por qué?"}', "stem: {en: Why?}", 'question "first": stem.es: Field required'),
        ("misconception: it never happens", "correct: true", "exactly one correct option; got 2"),
        ("        correct: true\n", "        misconception: what\n", "exactly one correct option; got 0"),
        ("        misconception: it never happens\n", "", 'option "b": a wrong option names its misconception'),
        ("id: b", "id: a", "option ids must differ; got a, a"),
        ("id: first", "id: First one", 'question "First one": id:'),
        ("evidence: Run", "evidence: ''", 'question "first": evidence:'),
        ("lesson: demo", "lesson: other", "named after its lesson"),
        ("text: {en: Never., es: Nunca.}", "text: {en: Never., es: Nunca., fr: Jamais}", "options.1.text.fr"),
        ("questions:", "questions: [", "not valid YAML"),
        ("    evidence: Run\n", "    evidence: Run\n    evidence: Run\n", "not valid YAML"),
        ("lesson: demo\nquestions:", "- lesson: demo\n- questions:", "demo.yaml"),
    ],
)
def test_a_broken_file_is_named_with_path_question_and_rule(write, old, new, words):
    assert old in GOOD
    path = write(GOOD.replace(old, new, 1))
    with pytest.raises(BankError) as error:
        load(path)
    assert str(path) in str(error.value)
    assert words in str(error.value)


def test_two_questions_with_one_id_are_refused(write):
    path = write(GOOD + GOOD.split("questions:\n")[1])
    with pytest.raises(BankError, match="question ids must differ"):
        load(path)


def test_an_id_that_another_lesson_has_is_refused(tmp_path, monkeypatch):
    (tmp_path / "demo.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "more.yaml").write_text(GOOD.replace("lesson: demo", "lesson: more"), encoding="utf-8")
    monkeypatch.setattr(bank, "quizzes_dir", lambda: tmp_path)
    load_course.cache_clear()
    try:
        with pytest.raises(BankError, match='question "first": the id is taken by lesson demo'):
            load_course()
    finally:
        load_course.cache_clear()


def test_an_order_names_every_option_once():
    question = find_question("purpose")
    assert [option.id for option in question.shown("dcba").values()] == ["d", "c", "b", "a"]
    with pytest.raises(ValueError, match="order must name each option"):
        question.shown("abc")


def test_the_original_questions_are_there_word_for_word():
    wanted = [
        ("purpose", "What is the primary purpose of learning rate scheduling in neural network training?"),
        (
            "which-optimizers",
            "In the context of learning rate decay, which type of optimizers benefit most from learning rate "
            "scheduling?",
        ),
        ("warmup-first", "What does the Learning Rate Warmup method initially do to the learning rate?"),
    ]
    assert [(name, find_question(name).stem.en) for name, _ in wanted] == wanted


COURSE = [(lesson.lesson, question) for lesson in load_course() for question in lesson.questions]


@pytest.mark.parametrize(("lesson", "question"), COURSE, ids=[question.id for _, question in COURSE])
def test_the_heading_that_answers_a_question_is_in_its_lesson(lesson, question):
    text = (notebooks_dir() / lesson / f"{lesson}.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    assert question.evidence in headings


@pytest.mark.parametrize(
    ("lesson", "id"), [("01_why_schedule", "purpose"), ("05_warmup", "which-optimizers"), ("05_warmup", "warmup-first")]
)
def test_a_question_of_the_original_lesson_is_always_asked_and_said_to_be_one(lesson, id):
    text = (notebooks_dir() / lesson / f"{lesson}.md").read_text(encoding="utf-8")
    assert f'question("{id}")' in text and "of the original lesson" in text


CHOICES = [question for _, question in COURSE if not isinstance(question, Number)]
NUMBERS = [question for _, question in COURSE if isinstance(question, Number)]


@pytest.mark.parametrize("question", CHOICES, ids=lambda question: question.id)
def test_no_option_stands_out(question):
    assert len(question.options) == 4
    for language in LANGUAGES:
        texts = [option.text[language] for option in question.options]
        assert len(set(texts)) == 4
        longest_wrong = max(len(option.text[language]) for option in question.options if not option.correct)
        longest_right = max(len(option.text[language]) for option in question.options if option.correct)
        assert longest_right <= 1.6 * longest_wrong, "a correct option stands out by its length"


@pytest.mark.parametrize("question", NUMBERS, ids=lambda question: question.id)
def test_the_key_of_a_number_is_what_its_code_computes(question):
    value = eval(question.compute, {"lr": lr})
    assert value == pytest.approx(question.answer, rel=question.tolerance / 100)


def test_every_lesson_but_the_first_has_graded_questions():
    graded = {lesson.lesson: sum(not question.practice for question in lesson.questions) for lesson in load_course()}
    assert [lesson for lesson, number in graded.items() if not number] == ["00_start_here"]
    assert len(graded) == 8
