"""Name the mistake behind wrong answers: one of the exercise's own, or one that any function can have."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from itertools import permutations

from lrcourse.exercises.definition import Exercise, Mistake, Part, Probe, Result, show
from lrcourse.exercises.known_answers import KnownAnswers
from lrcourse.exercises.observe import observe
from lrcourse.exercises.observe.monomials import value
from lrcourse.exercises.observe.rows import rows_of
from lrcourse.exercises.plan import Plan
from lrcourse.exercises.probing import Exchange, expected, first_difference

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
    also = "" if value else " // and int() cut every small rate to 0, too."
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
            sentence = f"The arguments are mixed up: {', '.join(moved[:-1])} and {moved[-1]} are not in their places."
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
    yield "sign", "The sign is turned.", _each(exercise, lambda answer: -answer)


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
