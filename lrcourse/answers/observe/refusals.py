"""Which impossible arguments are not refused, where an exercise asks to refuse them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from lrcourse.answers.observe.rows import Row, numeric
from lrcourse.checking.exercise import show
from lrcourse.checking.probing import ACCEPTED
from lrcourse.marks import Remark
from lrcourse.student_code import describe

_MOST = 3  # how many conditions a sentence may hold


def unrefused(rows: list[Row], possible: list[Row]) -> Remark | None:
    """What the code does with impossible arguments in place of a refusal, or which of them it does not refuse.

    No condition is told that holds for one of the `possible` arguments, too.
    """
    impossible = [row for row in rows if row.wanted is ValueError]
    wrong = [row for row in impossible if not row.right]
    if not wrong:
        return None
    if all(row.got.kind == "raised" for row in wrong) and len(wrong) == len(impossible):
        return None  # the kind of the error says it
    if len(wrong) == len(impossible):
        answers = {row.got.note if row.got.value == ACCEPTED else describe(row.got) for row in wrong}
        if len(answers) == 1:
            sentence = f"It returns {answers.pop()} where it must refuse: raise an error instead of returning."
            return Remark("returns-for-refusal", sentence)
        return Remark(
            "refuses-nothing", "It refuses nothing: look at the arguments first, and raise before the formula."
        )
    right = [row for row in impossible if row.right] + [
        row for row in [*rows, *possible] if row.wanted is not ValueError
    ]
    words = _covering(wrong, right) or _calls(wrong)
    return Remark("unrefused-" + "-".join(words).replace(" ", "-"), f"Not refused: {'; '.join(words)}.")


def _calls(wrong: list[Row]) -> list[str]:
    calls = list(dict.fromkeys(row.exercise.describe(tuple(row.values[name] for name in row.named)) for row in wrong))
    return [*calls[:_MOST], *([f"{len(calls) - _MOST} more of the calls tried"] if len(calls) > _MOST else [])]


def _covering(wrong: list[Row], right: list[Row]) -> list[str]:
    """Few conditions that hold for all the wrong rows and for none of the right ones; none if many would be needed."""
    left, words = list(wrong), []
    for test, holds in _conditions(wrong, right):
        covered = [row for row in left if holds(row)]
        if covered and not any(holds(row) for row in right):
            left = [row for row in left if row not in covered]
            words.append(test)
    return words if not left and len(words) <= _MOST else []


def _conditions(wrong: list[Row], right: list[Row]) -> Iterator[tuple[str, Callable[[Row], bool]]]:
    names = numeric(wrong + right)
    for name in names:
        seen = {row.values[name] < 0 for row in wrong if row.values[name] <= 0}
        if len(seen) == 2:
            yield f"{name} of 0 or below", lambda row, n=name: row.values[n] <= 0
        yield f"{name} of 0", lambda row, n=name: row.values[n] == 0
        yield f"{name} below 0", lambda row, n=name: row.values[n] < 0
    for one, other in combinations(names, 2):
        yield f"{one} and {other} both below 0", lambda row, a=one, b=other: max(row.values[a], row.values[b]) < 0
    for one, other in combinations(names, 2):
        products = [row.values[one] * row.values[other] for row in wrong]
        reached = max((row.values[one] * row.values[other] for row in right), default=0)
        above = [value for value in products if value > reached]
        if above and min(above) > 0:
            least = min(above)
            yield (
                f"{one} * {other} of {show(least)} or more",
                lambda row, a=one, b=other, least=least: row.values[a] * row.values[b] >= least,
            )
