"""An answer is marked by the option it names, in the order in which the release shows the options."""

import pytest

from lrcourse.quiz.bank import find_question
from lrcourse.quiz.marking import mark
from lrcourse.student import Reply, plain

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
