"""Guesses: asked, kept, answered by what happened and by the idea behind a usual wrong guess; never marked."""

import re

import pytest

import lrcourse as lr
from lrcourse import predictions
from lrcourse.locations import notebooks_dir

NUMBER = {
    "lesson": "x",
    "short": {"en": "distance", "es": "distancia"},
    "ask": {"en": "How far?", "es": "¿Cuánto?"},
    "near": 1.5,
    "usual": [{"from": -1, "to": 0, "idea": {"en": "You thought of rest.", "es": "Pensaste en reposo."}}],
    "answer": {"en": "It trembles.", "es": "Tiembla."},
}
CHOICE = {
    "lesson": "x",
    "short": {"en": "way", "es": "camino"},
    "ask": {"en": "Which?", "es": "¿Cuál?"},
    "options": {"up": {"en": "it rises", "es": "sube"}, "down": {"en": "it falls", "es": "baja"}},
    "usual": [{"option": "up", "idea": {"en": "You thought of heat.", "es": "Pensaste en calor."}}],
    "answer": {"en": "It cools.", "es": "Se enfría."},
}


@pytest.fixture
def asked(monkeypatch):
    monkeypatch.setattr(predictions, "texts", lambda: {"far": NUMBER, "which": CHOICE})
    monkeypatch.setattr(predictions, "_made", {})
    monkeypatch.setattr(predictions, "_happened", {})


def test_a_guess_is_asked_and_kept_and_answered_with_the_idea_behind_it(asked):
    assert repr(lr.guess("far", 0)).splitlines() == ["How far?", "Your guess: 0. Read on."]
    answer = lr.guess("far", happened=0.0526)
    assert answer.lines == ["You expected 0; it was 0.0526.", "You thought of rest.", "It trembles."]
    assert "<p>You thought of rest.</p>" in answer._repr_html_()


@pytest.mark.parametrize("value", [0.04, 0.0526, 0.078, 9])
def test_a_guess_that_is_near_or_not_a_usual_one_gets_no_idea(asked, value):
    lr.guess("far", value)
    assert lr.guess("far", happened=0.0526).lines[1:] == ["It trembles."]


def test_a_guess_may_be_left_open(asked):
    assert "Put your guess in place of None" in repr(lr.guess("far", None))
    assert lr.guess("far", happened=0.0526).lines == ["It was 0.0526.", "It trembles.", "You made no guess."]


def test_a_choice_shows_its_options_and_is_answered(asked):
    assert lr.guess("which", "up").lines == ["Which?", "up: it rises", "down: it falls", 'Your guess: "up". Read on.']
    assert lr.guess("which", happened="down").lines == [
        'You expected "up"; it was "down".',
        "You thought of heat.",
        "It cools.",
    ]
    lr.guess("which", "down")
    assert lr.guess("which", happened="down", language="es").lines == ['Esperabas "down"; fue "down".', "Se enfría."]


def test_the_summary_shows_what_was_expected_and_what_was(asked):
    lr.guess("which", "up")
    lr.guess("far", None)
    lr.guess("far", happened=0.0526)
    assert lr.guess().rows == [["distance", "-", "0.0526"]]
    lr.guess("which", happened="down")
    assert lr.guess().rows == [["way", '"up"', '"down"'], ["distance", "-", "0.0526"]]


@pytest.mark.parametrize(
    ("id", "value", "said"),
    [
        ("far", "0.1", "your guess for 'far' must be a finite number; got '0.1'."),
        ("far", True, "your guess for 'far' must be a finite number; got True."),
        ("far", float("nan"), "your guess for 'far' must be a finite number; got nan."),
        ("which", "sideways", "your guess for 'which' must be one of up, down; got 'sideways'."),
        ("which", ["up"], r"your guess for 'which' must be one of up, down; got \['up'\]."),
        ("never", 1, "guess must be one of far, which; got 'never'."),
    ],
)
def test_what_is_no_guess_is_refused(asked, id, value, said):
    with pytest.raises(ValueError, match=said):
        lr.guess(id, value)


def test_a_guess_needs_a_value_or_what_happened(asked):
    with pytest.raises(ValueError, match="got neither"):
        lr.guess("far")


TEXTS = predictions.texts()


def test_every_text_is_whole_and_in_two_languages():
    for asked in TEXTS.values():
        _whole(asked)


def _whole(asked):
    wanted = {"lesson", "short", "ask", "answer", "usual"} | ({"options"} if "options" in asked else {"near"})
    assert set(asked) == wanted, asked
    for said in (asked["ask"], asked["answer"], *(usual["idea"] for usual in asked["usual"])):
        assert set(said) == {"en", "es"} and all(said.values())
    if "options" in asked:
        # Every option but the right one, which the lesson measures, has the idea behind it.
        ideas = [usual["option"] for usual in asked["usual"]]
        assert set(ideas) < set(asked["options"]) and len(ideas) == len(set(ideas)) == len(asked["options"]) - 1
    else:
        assert asked["near"] > 1 and all(usual["from"] <= usual["to"] for usual in asked["usual"])


def test_lessons_ask_each_guess_once_leave_it_open_and_answer_it_below():
    for lesson in sorted(notebooks_dir().glob("*/*.md")):
        text = lesson.read_text(encoding="utf-8")
        made = re.findall(r'lr\.guess\("([a-z-]+)", None\)', text)
        assert made == [id for id, asked in TEXTS.items() if asked["lesson"] == lesson.parent.name]
        for id in made:
            assert text.index(f'lr.guess("{id}", None)') < text.index(f'lr.guess("{id}", happened=')
        assert ("lr.guess()" in text) == bool(made)
