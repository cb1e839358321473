"""An answer is marked by the option it names, in the order in which the release shows the options."""

import pytest

from lrcourse.quiz.bank import find_question
from lrcourse.quiz.marking import mark
from lrcourse.quiz.questions import MultipleChoice
from lrcourse.student_code import Reply, plain

PURPOSE = find_question("purpose")  # its correct option is b


@pytest.mark.parametrize(
    ("answer", "order", "outcome", "points"),
    [
        ("B", None, "correct", 1),
        (" b ", None, "correct", 1),
        ("A", None, "incorrect", 0),
        ("A", "badc", "correct", 1),
        ("B", "badc", "incorrect", 0),
        ("E", None, "could not be read", 0),
        ("", None, "could not be read", 0),
        ("AB", None, "could not be read", 0),
        (2, None, "could not be read", 0),
        (True, None, "could not be read", 0),
        (["B"], None, "could not be read", 0),
    ],
)
def test_the_letter_is_looked_up_as_shown(answer, order, outcome, points):
    marked = mark(PURPOSE, plain(answer), order=order, reveal=True)
    assert (marked.outcome, marked.points) == (outcome, points)


def test_grading_tells_the_feedback_of_the_chosen_option_and_of_no_other():
    for letter, option in PURPOSE.shown().items():
        text = mark(PURPOSE, plain(letter), order=None, reveal=True).text
        assert option.feedback.en in text
        assert not [other for other in PURPOSE.options if other != option and other.feedback.en in text]


def test_the_students_notebook_only_records():
    for letter, option in PURPOSE.shown().items():
        marked = mark(PURPOSE, plain(letter), order=None, reveal=False)
        assert marked.recorded
        assert option.text.en in marked.text
        assert option.feedback.en not in marked.text
        assert "orrect" not in marked.text


@pytest.mark.parametrize(
    ("reply", "outcome", "words"),
    [
        (Reply("missing"), "not attempted", "answer_purpose"),
        (Reply("stub"), "not attempted", '"A", "B", "C" or "D"'),
        (Reply("unreadable", note="open('key')"), "could not be read", "open('key')"),
    ],
)
def test_an_answer_that_is_none_is_told_apart(reply, outcome, words):
    marked = mark(PURPOSE, reply, order=None, reveal=True)
    assert (marked.outcome, marked.points, marked.recorded) == (outcome, 0, False)
    assert words in marked.text


def test_the_words_come_in_spanish_too():
    marked = mark(PURPOSE, plain("A"), order=None, reveal=True, language="es")
    assert PURPOSE.options[0].feedback.es in marked.text


def several(credit):
    """Options a and c are right, b and d wrong."""
    option = {"text": {"en": "t", "es": "t"}, "feedback": {"en": "f", "es": "f"}}
    options = [option | {"id": id} | ({"correct": True} if id in "ac" else {"misconception": "m"}) for id in "abcd"]
    text = {"en": "s", "es": "s"}
    return MultipleChoice(id="q", kind="multiple", credit=credit, evidence="e", stem=text, points=2, options=options)


@pytest.mark.parametrize(
    ("answer", "off", "each_answer", "net_correct"),
    [
        (["A", "C"], 2, 2, 2),
        (["c", "a", "A"], 2, 2, 2),
        ("A", 0, 1.5, 1),
        (["A", "B"], 0, 1, 0),
        (["A", "B", "C"], 0, 1.5, 1),
        (["A", "B", "C", "D"], 0, 1, 0),
        (["B", "D"], 0, 0, 0),
    ],
)
def test_several_letters_are_worth_what_the_credit_says(answer, off, each_answer, net_correct):
    for credit, points in (("off", off), ("each-answer", each_answer), ("net-correct", net_correct)):
        marked = mark(several(credit), plain(answer), reveal=True)
        assert marked.points == points, credit
        assert marked.outcome == ("correct" if points == 2 else "incorrect")


@pytest.mark.parametrize("answer", [[], ["E"], ["A", "E"], [1], 3, True])
def test_letters_that_are_no_options_could_not_be_read(answer):
    assert mark(several("off"), plain(answer), reveal=True).outcome == "could not be read"


NUMBER = find_question("quarter-of-the-rate")  # 300


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (300, "correct", "The divisor"),
        (300.2, "correct", "The divisor"),
        (301, "incorrect", "Solve 1 + 0.01 n = 4"),
        (400, "incorrect", "Do not forget the 1"),
        (-300, "incorrect", "Solve"),
        ("300", "could not be read", "a number"),
        ([300], "could not be read", "a number"),
        (float("nan"), "could not be read", "a number"),
        (None, "not attempted", "a number"),
    ],
)
def test_a_number_is_right_within_its_tolerance_and_known_wrong_ones_are_explained(answer, outcome, words):
    reply = Reply("stub") if answer is None else plain(answer)
    marked = mark(NUMBER, reply, reveal=True)
    assert marked.outcome == outcome
    assert words in marked.text


def test_practice_tells_at_once_and_speaks_of_no_points():
    text = mark(PURPOSE, plain("A"), reveal=True, points=False).text
    assert "Not right yet." in text
    assert "of 1" not in text
