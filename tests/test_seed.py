"""What the one-page lesson taught that this course grew out of: its numbers, lesson by lesson, and three questions."""

import re

import numpy as np
import pytest

import lrcourse as lr
from lrcourse.answers import EXERCISES
from lrcourse.locations import notebooks_dir
from lrcourse.quiz.bank import find_question, load_course

REFERENCE = {exercise.id: exercise.reference for exercise in EXERCISES}
STEMS = {
    "purpose": "What is the primary purpose of learning rate scheduling in neural network training?",
    "which-optimizers": (
        "In the context of learning rate decay, which type of optimizers benefit most from learning rate scheduling?"
    ),
    "warmup-first": "What does the Learning Rate Warmup method initially do to the learning rate?",
}


def text_of(lesson):
    return (notebooks_dir() / lesson / f"{lesson}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("id", STEMS)
def test_a_question_of_the_original_is_asked_word_for_word(id):
    assert find_question(id).stem.en == STEMS[id]
    (lesson,) = [lesson.lesson for lesson in load_course() if id in [question.id for question in lesson.questions]]
    assert f'question("{id}")' in text_of(lesson)


def test_its_four_kinds_are_named_where_the_course_begins():
    text = text_of("01_why_schedule").lower()
    for kind in ("time-based", "exponential", "custom", "warmup"):
        assert kind in text


def test_time_based_decay_from_0_1_by_0_01():
    assert "`SGD(lr=0.1, decay=0.01)`" in text_of("02_time_based_decay")
    rates = [REFERENCE["time_based_decay"](0.1, 0.01, n) for n in (0, 1, 100)]
    assert rates == pytest.approx([0.1, 0.1 / 1.01, 0.05])


def test_exponential_decay_by_0_96_every_10_steps_as_a_staircase():
    text = text_of("03_exponential_decay")
    assert re.search(r"initial_learning_rate=0\.1,\s+decay_steps=10,\s+decay_rate=0\.96,\s+staircase=True", text)
    rates = [REFERENCE["exponential_decay"](0.1, 10, 0.96, step, staircase=True) for step in (0, 9, 10, 25)]
    assert rates == pytest.approx([0.1, 0.1, 0.096, 0.1 * 0.96**2])


def test_a_custom_scheduler_that_halves_every_10_epochs_but_not_at_0():
    scheduler = REFERENCE["custom_lr_scheduler"]
    assert [scheduler(epoch, 0.1) for epoch in (0, 1, 9, 10, 11, 20)] == [0.1, 0.1, 0.1, 0.05, 0.1, 0.05]
    assert "LearningRateScheduler(" in text_of("04_custom_decay")
    assert "`model.fit(..., callbacks=[lr_scheduler])`" in text_of("04_custom_decay")


def test_warmup_rises_in_a_line_epoch_by_epoch_and_then_any_schedule_follows():
    warmup = REFERENCE["warmup_lr"]
    assert [warmup(epoch, 0.1, 5) for epoch in range(7)] == pytest.approx([0.02, 0.04, 0.06, 0.08, 0.1, 0.1, 0.1])
    joined = lr.schedules.join(
        [lr.schedules.linear_warmup(0.1, warmup_steps=5), lr.schedules.halving(0.1, every=2)], boundaries=[5]
    )
    np.testing.assert_allclose([joined(step) for step in (0, 4, 5, 7)], [0.02, 0.1, 0.1, 0.05])
