"""Name the mistake behind wrong answers: one of the exercise's own, or one that any function can have."""

from __future__ import annotations

import inspect
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

from lrcourse.answers.observe import observe
from lrcourse.answers.observe.rows import rows_of
from lrcourse.answers.observe.substitutions import value
from lrcourse.checking.exercise import Exercise, Mistake, Part, Probe, Result, show
from lrcourse.checking.plan import Plan
from lrcourse.checking.probing import Exchange, ask, ask_each, expected, first_difference, same
from lrcourse.marks import Remark
from lrcourse.student_code import LocalStudent, Reply, Student, plain


class OwnCode(LocalStudent):
    """`function`, answering to `name` as a student's code would.

    It neither prints nor runs for ever, so it needs no time limit and no closed stderr: a question to it takes
    microseconds, where one to a student takes a third of a millisecond.
    """

    def __init__(self, name: str, function: Callable):
        super().__init__({name: function}, [])

    def applied(self, handle: Any, steps: tuple[int, ...]) -> Reply:
        """The rates that a real optimizer applies at `steps`. Guarded: TensorFlow writes to stderr."""
        return LocalStudent({}, []).applied(handle, steps)

    def _reply(self, question: Callable[[], Any], seconds: float | None = None) -> Reply:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # NumPy's of an overflow: a wrong form may well have one
                return plain(question())
        except Exception as error:  # whatever it raises is its answer
            return Reply("raised", [cls.__name__ for cls in type(error).__mro__], f"{type(error).__name__}: {error}")


_FAR = {"rel_tol": 1e-3, "abs_tol": 1e-30}  # float32 does not lead as far from a formula
_LARGEST = 1e30


class KnownAnswers:
    """What the known mistakes answer, each form asked each probe at most once: a Keras schedule takes its time."""

    def __init__(self, exercise: Exercise):
        self._exercise = exercise
        self._known: dict[tuple[Callable, int], tuple[Reply, ...]] = {}

    def explain(self, mistake: Mistake, exchanges: list[Exchange]) -> bool:
        """Whether one form of `mistake` answers every probe as the student's code did."""
        return any(
            not self._ruled_out(form, exchanges)
            and all(same(self._of(form, exchange.probe), exchange.replies) for exchange in exchanges)
            for form in mistake.implementations
        )

    def _ruled_out(self, form: Callable, exchanges: list[Exchange]) -> bool:
        """Whether a plain formula shows already that a wrong Keras schedule answers otherwise."""
        keras = self._exercise.result is Result.KERAS_SCHEDULE
        return keras and any(_differs(form, exchange) for exchange in exchanges)

    def _of(self, form: Callable, probe: Probe) -> tuple[Reply, ...]:
        key = (form, id(probe))  # by identity: 1, True and np.int64(1) are equal, and asked apart
        if key not in self._known:
            self._known[key] = ask(self._exercise, OwnCode(self._exercise.id, form), probe)
        return self._known[key]


def _differs(form: Callable, exchange: Exchange) -> bool:
    """Whether the plain formula of a wrong Keras schedule, if it has one, answers otherwise."""
    try:
        plain = getattr(form(*exchange.probe.args), "plain", None)
        if plain is None:
            return False
        rates = [plain(step) for step in exchange.probe.then]
    except (ArithmeticError, TypeError, ValueError):
        return False  # it is asked in earnest
    if len(rates) != len(exchange.replies):
        return True
    return any(
        abs(rate) < _LARGEST and (reply.kind != "number" or not math.isclose(reply.value, rate, **_FAR))
        for rate, reply in zip(rates, exchange.replies, strict=True)
    )


__all__ = ["observe", "recognise", "recognise_plan"]

_DECIMALS = (1, 2, 3, 4, 5, 6)
_ENOUGH = 2


def recognise(exercise: Exercise, wrong: dict[str, list[Exchange]], everything: list[Exchange]) -> dict[str, Mistake]:
    """The mistake behind each part that is `wrong`, by the part's name; parts whose mistake nobody knows are left out.

    A mistake is named only if it answers every probe as the student's code did: best all probes of the exercise, else
    all probes of the part.
    """
    if same_answer := _same_answer(everything):
        return dict.fromkeys(wrong, same_answer)
    if all(reply.kind == "none" for exchange in everything for reply in exchange.replies):
        return {}  # a missing return, and no mistake about rates
    named: dict[str, Mistake] = {}
    answers = KnownAnswers(exercise)
    whole = [mistake for mistake in exercise.mistakes if answers.explain(mistake, everything)]
    if len(whole) == 1:
        named = {part: whole[0] for part in wrong if whole[0].part in (None, part)}
    elif not whole and (common := _common_mistake(exercise, exercise.parts[0], everything)):
        return dict.fromkeys(wrong, common)
    for part in exercise.parts:
        if part.name not in wrong or part.name in named:
            continue
        exchanges = wrong[part.name]
        fitting = [
            mistake
            for mistake in exercise.mistakes
            if mistake.part in (None, part.name) and answers.explain(mistake, exchanges)
        ]
        if fitting:
            # Where several answer alike here, none of them explains the rest: what is said of this part is true of all.
            of_this_part = [mistake for mistake in fitting if mistake.part == part.name]
            named[part.name] = (of_this_part or fitting)[0]
        elif common := _same_answer(exchanges) or _common_mistake(exercise, part, exchanges):
            named[part.name] = common
    return named


def recognise_plan(exercise: Exercise, part: Part, plan: Plan) -> Mistake | None:
    """The first known mistake of a wrong `part` that the rates of `plan` show."""
    return next((one for one in exercise.mistakes if one.part == part.name and one.seen and one.seen(plan)), None)


def _common_mistake(exercise: Exercise, part: Part, exchanges: list[Exchange]) -> Mistake | None:
    """The mistake of any function that explains the answers: what the reference would say, twisted in one way."""
    if exercise.result is Result.TRUTH:
        return None  # two answers only: too many twists would fit
    if value(rows_of(exercise, exchanges)):
        return None  # a plain product such as initial_lr: other arguments can make the right answer one, too
    for id, sentence, twisted in (*_arguments(exercise, part), *_answers(exercise), *_factor(exercise, exchanges)):
        fits = all(first_difference(twisted(exchange.probe), exchange.replies) is None for exchange in exchanges)
        if fits and _shown(exercise, exchanges, twisted) >= _ENOUGH:
            return Mistake(id, sentence, twisted)
    return None


def _shown(exercise: Exercise, exchanges: list[Exchange], twisted: Callable[[Probe], tuple]) -> int:
    """In how many answers the twist makes a difference: few could be chance."""
    return sum(
        one != other and not isinstance(one, type | str)
        for exchange in exchanges
        for one, other in zip(twisted(exchange.probe), expected(exercise, exchange.probe), strict=False)
    )


def _same_answer(everything: list[Exchange]) -> Mistake | None:
    """The mistake of a function that gives one and the same number whatever it is asked."""
    replies = [reply for exchange in everything for reply in exchange.replies]
    values = {reply.value for reply in replies if reply.kind == "number"}
    if len(values) != 1 or len(replies) < 4 or any(reply.kind != "number" for reply in replies):
        return None
    value = values.pop()
    also = "" if value else " // and int() also cut every small rate to 0."
    return Mistake("same-answer", f"It gives {show(value)} whatever it is asked.{also}", lambda probe: ())


_Twist = tuple[str, str, Callable[[Probe], tuple]]


def _arguments(exercise: Exercise, part: Part) -> Iterator[_Twist]:
    """An argument without effect, because a number is typed in; two arguments in each other's place."""
    example = part.examples[0].args
    names = list(inspect.signature(exercise.reference).parameters)[: len(example)]
    for place, name in enumerate(names):
        if not isinstance(example[place], int | float) or isinstance(example[place], bool):
            continue
        typed = example[place]

        def fixed(probe: Probe, place=place, typed=typed) -> tuple:
            args = (*probe.args[:place], typed, *probe.args[place + 1 :])
            return _or_nan(exercise, Probe(args, probe.then, probe.refusal_only))

        sentence = f"{name} has no effect: is a number such as {show(typed)} typed in where {name} belongs?"
        yield f"typed-in-{name}", sentence, fixed
    names = [name for place, name in enumerate(names) if not isinstance(example[place], bool)]  # a flag is no number
    for order in permutations(range(len(names))):
        moved = [names[place] for place in range(len(names)) if order[place] != place]
        if moved:
            sentence = f"The arguments are mixed up: {', '.join(moved[:-1])} and {moved[-1]} are in the wrong places."
            yield f"mixed-up-{'-'.join(moved)}", sentence, _reorder(exercise, order)


def _reorder(exercise: Exercise, order: tuple[int, ...]) -> Callable[[Probe], tuple]:
    def reordered(probe: Probe) -> tuple:
        given = probe.args[: len(order)]
        if len(given) < len(order):
            return expected(exercise, probe)
        args = (*(given[place] for place in order), *probe.args[len(order) :])
        return _or_nan(exercise, Probe(args, probe.then, probe.refusal_only))

    return reordered


def _or_nan(exercise: Exercise, probe: Probe) -> tuple:
    try:
        return expected(exercise, probe)
    except (ArithmeticError, TypeError):
        return (math.nan,)  # agrees with nothing


def _answers(exercise: Exercise) -> Iterator[_Twist]:
    """The right answer, changed on its way out."""
    for decimals in _DECIMALS:
        yield (
            f"rounded-{decimals}",
            f"The answer is rounded to {decimals} decimal{'s' * (decimals > 1)}: return it as it is computed.",
            _each(exercise, lambda answer, decimals=decimals: round(float(answer), decimals)),
        )
    yield "cut", "The answer is cut to a whole number: return it as it is computed.", _each(exercise, math.trunc)
    yield "sign", "The sign is flipped.", _each(exercise, lambda answer: -answer)


def _each(exercise: Exercise, change: Callable) -> Callable[[Probe], tuple]:
    def changed(probe: Probe) -> tuple:
        return tuple(_changed(value, change) for value in expected(exercise, probe))

    return changed


def _changed(value, change: Callable):
    if isinstance(value, tuple):
        return tuple(change(item) for item in value)
    return value if isinstance(value, type | str) else change(value)


def _factor(exercise: Exercise, exchanges: list[Exchange]) -> Iterator[_Twist]:
    """Every answer the same multiple of the right one."""
    factors = []
    for exchange in exchanges:
        for right, reply in zip(expected(exercise, exchange.probe), exchange.replies, strict=False):
            if reply.kind != "number" or isinstance(right, tuple | type | str) or not right:
                continue
            factors.append((reply.value / right, right))
    if len({right for _, right in factors}) < 4 or not factors[0][0]:
        return
    factor = factors[0][0]
    sentence = f"Every answer is {show(float(f'{factor:.4g}'))} times the right one."
    yield "factor", sentence, _each(exercise, lambda answer: answer * factor)


_BASES = 6  # on how many probes an argument is given all its values
_AXES = ("step", "epoch")  # many values of these were not asked; the curve along them tells more


def without_effect(exercise: Exercise, student: Student, exchanges: list[Exchange]) -> Remark | None:
    """The first argument that changes the right answer and never the student's; None if each has an effect."""
    if exercise.result not in (Result.NUMBER, Result.SCHEDULER) or exercise.examples_only:
        return None
    probes = [
        exchange.probe
        for exchange in exchanges
        if all(reply.kind == "number" for reply in exchange.replies) and not exchange.probe.refusal_only
    ]
    for place, name in enumerate(inspect.signature(exercise.reference).parameters):
        if name in _AXES:
            continue
        having = [probe for probe in probes if len(probe.args) > place]
        bases = having[:: len(having) // _BASES + 1]
        if _never_matters(exercise, student, bases, place, _distinct([probe.args[place] for probe in having])):
            sentence = (
                f"{name} has no effect on your answer: is there a number, or something else, where {name} belongs?"
            )
            return Remark(f"no-effect-{name}", sentence)
    return None


def _never_matters(exercise: Exercise, student: Student, bases: list[Probe], place: int, values: list) -> bool:
    """Whether the student's answer is the same for all values of one argument, and the right one often is not."""
    seen = 0
    for base in bases:
        changed = [replace(base, args=(*base.args[:place], value, *base.args[place + 1 :])) for value in values]
        got = list(ask_each(exercise, student, changed))
        if any(reply.kind != "number" for replies in got for reply in replies):
            return False
        if len({tuple(reply.value for reply in replies) for replies in got}) > 1:
            return False
        seen += len({expected(exercise, probe) for probe in changed}) > 1
    return seen > 1


def _distinct(values: list) -> list:
    return list(dict.fromkeys(values))
