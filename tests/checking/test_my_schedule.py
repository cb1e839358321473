"""Forms in which students write `my_schedule`, right and wrong, and what the check says of them."""

import json
import math

import pytest

from lrcourse import capstone
from lrcourse.answers.mistakes.my_schedule import GAIN, MISTAKES, RATES
from lrcourse.answers.recognition import OwnCode, recognise_plan
from lrcourse.checking.catalog import find_exercise
from lrcourse.checking.judge import judge
from lrcourse.checking.plan import Plan
from lrcourse.checking.public import as_data, from_data
from lrcourse.checking.verdict import explain
from lrcourse.student_code import LocalStudent, Question
from lrcourse.student_code.agent import Agent
from lrcourse.student_code.remote import RemoteStudent

EXERCISE = find_exercise("my_schedule")
HEAD = "import math\nimport numpy as np\nimport lrcourse as lr\n"
FORMULA = "def my_schedule(step):\n    return 0.6 * 0.5 * (1 + math.cos(math.pi * step / 1500))"


def verdict_of(source, seed="one", exercise=EXERCISE):
    namespace = {}
    exec(HEAD + source, namespace)
    return judge(exercise, LocalStudent(namespace, [HEAD + source]), seed)


RIGHT = {
    "formula": FORMULA,
    "the course's own library": (
        "warm = lr.schedules.linear_warmup(0.6, warmup_steps=100)\n"
        "down = lr.schedules.linear(0.6, decay_steps=1400)\n"
        "joined = lr.schedules.join([warm, down], boundaries=[100])\n"
        "def my_schedule(step):\n    return joined(step)"
    ),
    "Keras, as a tensor": (
        "import keras\nplan = keras.optimizers.schedules.CosineDecay(0.6, 1500)\n"
        "def my_schedule(step):\n    return plan(step)"
    ),
    "a table of float32": (
        "table = (0.6 * np.linspace(1, 0, 1500)).astype('float32')\ndef my_schedule(step):\n    return table[step]"
    ),
    "steps": "def my_schedule(step):\n    return 0.4 if step < 750 else 0.1 if step < 1125 else 0.025",
}


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_every_right_form_passes_and_sees_its_gain(source, capfd):
    verdict = verdict_of(source)
    text = explain(verdict)
    assert (verdict.outcome, verdict.points) == ("correct", 3), text
    first, leaderboard = text.splitlines()
    assert first == "my_schedule: correct. 3 of 3 points."
    assert leaderboard.startswith("my_schedule: +")
    assert leaderboard.endswith(" points over the best constant rate 0.3 (20 seeds)")
    assert capfd.readouterr() == ("", "")


NO_RATES = {
    "none": ("return None", "`return` missing"),
    "NaN": ("return math.nan", "NaN means 'not a number'"),
    "infinite": ("return math.inf", "infinite number"),
    "negative": ("return -0.1", "expected a rate of at least 0, got -0.1"),
    "too large": ("return 1e30", "expected a rate of at most 1000000, got 1e+30"),
    "text": ("return '0.1'", "not text"),
    "a function": ("return lambda: 0.1", "not a function"),
    "truth": ("return True", "not rates"),
    "raises late": ("return [0.1] * 1000 and list(range(1000))[step]", "my_schedule(1000)"),
    "raises": ("return rate", "NameError"),
}


@pytest.mark.parametrize(("body", "words"), NO_RATES.values(), ids=NO_RATES)
def test_what_is_no_rate_is_told_and_not_trained_with(body, words):
    verdict = verdict_of(f"def my_schedule(step):\n    {body}")
    text = explain(verdict)
    assert verdict.points == 0
    assert words in text
    assert "Not trained: training needs a rate for every step." in text
    assert verdict.leaderboard == ""


def test_chance_is_no_schedule():
    verdict = verdict_of("import random\ndef my_schedule(step):\n    return 0.3 + 0.1 * random.random()")
    assert [mistake.id for mistake in verdict.mistakes] == ["counts-calls"]
    assert "asked again after all the others" in explain(verdict)


def test_without_an_answer_nothing_was_attempted():
    assert verdict_of("x = 1").outcome == "not attempted"
    assert verdict_of("def my_schedule(step):\n    raise NotImplementedError()").outcome == "not attempted"


def test_valid_rates_earn_their_point_and_the_gain_is_shown():
    verdict = verdict_of("def my_schedule(step):\n    return 0.05")
    text = explain(verdict)
    assert verdict.points == 1
    assert "right: rates (1 of 1 point)" in text
    assert "the gain on 20 fresh seeds: expected an interval above 0, got -" in text
    assert "It counts as a constant, lower than the best one." in text
    assert text.splitlines()[-1] == verdict.leaderboard


def test_a_constant_never_passes_however_lucky_its_seeds():
    # With these seeds the whole interval of 0.26 lies above 0 (0.66 ± 0.38); over 160 others it does no better than 0.3.
    verdict = verdict_of("def my_schedule(step):\n    return 0.26", "two")
    assert (verdict.outcome, verdict.points) == ("incorrect", 1)
    assert [mistake.id for mistake in verdict.mistakes] == ["best-constant"]
    assert "expected a schedule, not a constant rate, got +" in explain(verdict)


def plan_of(form):
    student = OwnCode("my_schedule", form)
    questions = [Question("my_schedule", (step,)) for step in range(capstone.BUDGET)]
    return Plan(tuple(replies[0] for replies in student.converse(questions)))


FORMS = [
    pytest.param(mistake, form, id=f"{mistake.id}-{number}")
    for mistake in MISTAKES
    for number, form in enumerate(mistake.implementations)
]


# That these plans gain nothing is seen by the gate, which trains with the first form of each.
@pytest.mark.parametrize(("mistake", "form"), FORMS)
def test_a_known_mistake_is_named_by_what_its_rates_show(mistake, form):
    if mistake.part == GAIN:
        plan = plan_of(form)
        (gain,) = [part for part in EXERCISE.parts if part.name == GAIN]
        assert plan.whole
        assert recognise_plan(EXERCISE, gain, plan) is mistake
        return
    assert mistake.part == RATES
    verdict = judge(EXERCISE, OwnCode("my_schedule", form), "one")
    assert verdict.points == 0
    assert verdict.mistakes == (mistake,)


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (lambda step: 0.6 * 0.5 ** (step // 3), "over-early"),
        (lambda step: 0.3 * (step // 125) / 11, "first-epoch-lost"),
        (lambda step: 0.25 if step < 12 else 0.26, "best-constant"),
        (lambda step: 0.1 if step % 125 else 0.11, "constant-too-low"),
        (lambda step: 0.08 * math.exp(-step / 1500), "low-throughout"),
        (lambda step: 0.3 if step % 2 else 0.6, "high-at-the-end"),
        (lambda step: 0.3 * min(1, (step + 1) / 100), "rises"),
        (lambda step: 0.7 - 0.0001 * step / 10, "constant-too-high"),
        (lambda step: 3.0 * 0.9995**step, "high-throughout"),
    ],
)
def test_other_rates_with_the_same_mistake_are_named_too(form, name):
    (gain,) = [part for part in EXERCISE.parts if part.name == GAIN]
    assert recognise_plan(EXERCISE, gain, plan_of(form)).id == name


def test_rates_that_show_no_mistake_are_given_none():
    (gain,) = [part for part in EXERCISE.parts if part.name == GAIN]
    assert recognise_plan(EXERCISE, gain, plan_of(lambda step: 1.6 * (1 - step / 1500))) is None


def test_the_seed_decides_the_training():
    one, again, other = (verdict_of(FORMULA, seed).leaderboard for seed in ("one", "one", "two"))
    assert one == again != other


def test_a_student_in_another_process_is_judged_alike():
    namespace = {}
    exec(HEAD + FORMULA, namespace)
    student = RemoteStudent(Agent(namespace).obey, [HEAD + FORMULA])
    assert explain(judge(EXERCISE, student, "one")) == explain(verdict_of(FORMULA))


def test_without_references_practice_seeds_train_and_grading_is_said_to_use_others():
    handed_out = from_data(json.loads(json.dumps(as_data(EXERCISE))))
    right, wrong = (
        explain(verdict_of(source, exercise=handed_out))
        for source in (FORMULA, "def my_schedule(step):\n    return 0.05")
    )
    assert "right for the practice seeds. The mark comes with grading, which trains with other seeds." in right
    assert str(capstone.gain(plan_of(lambda step: 0.05).rates)) in wrong
    assert "the gain on 20 practice seeds: expected an interval above 0" in wrong
    assert "points." not in wrong  # no marks here
    assert "constant, lower" not in wrong


def test_only_this_exercise_lets_the_library_do_the_work():
    assert EXERCISE.refused == ()
    other = find_exercise("planned_equals_applied")
    source = "import lrcourse as lr\ndef planned_equals_applied(p, a):\n    return lr.compare_rates(p, a).agree"
    namespace = {}
    exec(source, namespace)
    assert judge(other, LocalStudent(namespace, [source]), "one").outcome == "refused"
    assert from_data(as_data(other)).refused == other.refused
