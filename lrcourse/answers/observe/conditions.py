"""Where the answers are wrong: a plain condition on the arguments that parts the wrong ones from the right ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

from lrcourse.answers.observe.rows import Row, is_count, numeric
from lrcourse.checking.exercise import show

_VARIED = 3  # how many different values of its arguments a condition must have been tried with, on either side


@dataclass(frozen=True)
class Condition:
    """Words such as "step is 0" that hold for exactly the wrong rows; or for the right ones, if `of_right`.

    It is `trivial` where it says only that nearly every formula is right there, as at step 0.
    """

    id: str
    words: str
    of_right: bool = False
    trivial: bool = False

    def sentence(self, wrong: str = "is wrong") -> str:
        """The condition as a full sentence; `wrong` says what happens in the wrong places."""
        if self.of_right and wrong == "is wrong":
            return f"It is right only where {self.words}."
        if self.of_right:
            return f"It {wrong} except where {self.words}."
        return f"It {wrong} where {self.words}" + ("." if ":" in self.words else ", and nowhere else.")


@dataclass(frozen=True)
class _Test:
    """A condition on the arguments `names`. A `special` one, such as a zero, needs no variety of values."""

    words: str
    names: tuple[str, ...]
    holds: Callable[[dict], Any]
    special: bool = False


def condition(rows: list[Row]) -> Condition | None:
    """The simplest condition that holds for exactly the wrong rows, or for exactly the right ones."""
    wrong = _bits(not row.right for row in rows)
    everywhere = (1 << len(rows)) - 1
    right = everywhere & ~wrong
    if not wrong or not right:
        return None
    trivial = _says_little([row for row in rows if row.right])
    tests = [(test, _bits(test.holds(row.values | {"omitted": row.omitted}) for row in rows)) for test in _tests(rows)]
    for test, held in tests:
        if held == wrong and _varied(rows, wrong, test):
            return Condition(_id(test.words), test.words, trivial=trivial)
    for test, held in tests:
        if held == right and _varied(rows, wrong, test) and right.bit_count() >= 2:
            return Condition(_id(test.words), test.words, of_right=True, trivial=trivial)
    if min(wrong.bit_count(), right.bit_count()) < _VARIED:
        return None
    if words := _threshold(rows):
        return Condition(_id(words.partition(":")[0]), words, trivial=trivial)
    covering = [(test, held) for test, held in tests if held & wrong == wrong]
    for (one, held), (other, also) in combinations(covering, 2):
        if held & also == wrong and all(_varied(rows, wrong, test) for test in (one, other)):
            words = f"{one.words} and {other.words}"
            return Condition(_id(words), words, trivial=trivial)
    return None


def conditions_around(rows: list[Row]) -> Iterator[tuple[Condition, list[Row]]]:
    """Conditions on every wrong row and some right ones, or on right ones alone, with the rows concerned."""
    seen = set()
    for test in _tests(rows):
        held = [bool(test.holds(row.values | {"omitted": row.omitted})) for row in rows]
        for of_right in (False, True):
            concerned = [row for row, one in zip(rows, held, strict=True) if one is not of_right]
            others = [row for row, one in zip(rows, held, strict=True) if one is of_right]
            if not all(row.right for row in others) or len({row.wanted for row in others}) < _VARIED:
                continue
            if (key := _bits(held) if of_right else ~_bits(held)) not in seen:
                seen.add(key)
                yield Condition(_id(test.words), test.words, of_right=of_right), concerned


def _bits(truths) -> int:
    """Truth values as the bits of a number, so that two lists of them are compared at once."""
    return sum(1 << place for place, truth in enumerate(truths) if truth)


def _id(words: str) -> str:
    return "where-" + words.replace(" ", "-")


def _says_little(right: list[Row]) -> bool:
    """Whether an argument is 0 in all the right rows, or one is 1, or itself the right answer, in all of them."""
    names = numeric(right)
    if all(any(row.values[name] == 0 for name in names) for row in right):
        return True
    return any(
        all(row.values[name] == 1 for row in right) or all(row.values[name] == row.wanted for row in right)
        for name in names
    )


def _varied(rows: list[Row], wrong: int, test: _Test) -> bool:
    """Whether the condition was tried with enough different values to be no chance."""
    if test.special:
        return True
    sides: tuple[set, set] = (set(), set())
    for place, row in enumerate(rows):
        sides[wrong >> place & 1].add(tuple(row.values[name] for name in test.names))
    return min(map(len, sides)) >= _VARIED


def _tests(rows: list[Row]) -> Iterator[_Test]:
    values = rows[0].values
    names = numeric(rows)
    flags = [name for name in values if all(isinstance(row.values[name], bool) for row in rows)]
    for name in values:
        yield _Test(f"{name} is left out", (name,), lambda v, n=name: n in v["omitted"], special=True)
    for name in flags:
        yield _Test(f"{name} is True", (name,), lambda v, n=name: v[n], special=True)
        yield _Test(f"{name} is False", (name,), lambda v, n=name: not v[n], special=True)
    for name in reversed(names):  # where an epoch and the length of a warmup are both 1, it is rather the length
        yield _Test(f"{name} is 0", (name,), lambda v, n=name: v[n] == 0, special=True)
        yield _Test(f"{name} is 1", (name,), lambda v, n=name: v[n] == 1, special=True)
        yield _Test(f"{name} is negative", (name,), lambda v, n=name: v[n] < 0, special=True)
        yield _Test(f"{name} is 0 or negative", (name,), lambda v, n=name: v[n] <= 0, special=True)
        yield _Test(f"{name} is a NumPy number", (name,), lambda v, n=name: hasattr(v[n], "dtype"), special=True)
    counts = [name for name in names if all(is_count(row.values[name]) for row in rows)]
    for name in counts:
        for every in (10, 5, 2, 20):
            words = f"{name} is a multiple of {every}"
            yield _Test(words, (name,), lambda v, n=name, k=every: v[n] % k == 0)
            yield _Test(f"{words} above 0", (name,), lambda v, n=name, k=every: v[n] % k == 0 < v[n])
    for one, other in permutations(counts, 2):
        yield from _of_two_counts(one, other)
    for pair in combinations(names, 2):
        words, both = " or ".join(pair), " and ".join(pair)
        yield _Test(f"{words} is 0", pair, lambda v, p=pair: 0 in (v[p[0]], v[p[1]]), special=True)
        yield _Test(f"{both} are negative", pair, lambda v, p=pair: max(v[p[0]], v[p[1]]) < 0, special=True)
        yield _Test(f"{words} is negative", pair, lambda v, p=pair: min(v[p[0]], v[p[1]]) < 0, special=True)


def _of_two_counts(one: str, other: str) -> Iterator[_Test]:
    """Conditions on two whole numbers, such as an epoch and the length of a warmup."""
    compared: tuple[tuple[str, Callable[[Any, Any], bool]], ...] = (
        ("is below {}", lambda a, b: a < b),
        ("is above {}", lambda a, b: a > b),
        ("is {}", lambda a, b: a == b),
        ("is at least {}", lambda a, b: a >= b),
        ("is at most {}", lambda a, b: a <= b),
        ("is {} - 1", lambda a, b: a == b - 1),
        ("is {} + 1", lambda a, b: a == b + 1),
        ("is a multiple of {}", lambda a, b: b and a % b == 0),
        ("is a multiple of {} above 0", lambda a, b: b and a % b == 0 < a),
        ("is one below a multiple of {}", lambda a, b: b and a % b == b - 1),
        ("is in the later half between two multiples of {}", lambda a, b: b and 2 * (a % b) >= b),
        *((f"is {times} * {{}} or more", lambda a, b, times=times: a >= times * b) for times in range(2, 8)),
    )
    for words, holds in compared:
        yield _Test(f"{one} {words.format(other)}", (one, other), lambda v, h=holds: h(v[one], v[other]))


def _threshold(rows: list[Row]) -> str | None:
    """A number from which on, or up to which, all is wrong, for an argument or a product of two: the clearest one."""
    found = []
    for words, value in _features(rows):
        good = [value(row.values) for row in rows if row.right]
        bad = [value(row.values) for row in rows if not row.right]
        if min(len(set(good)), len(set(bad))) < _VARIED + 2 * (" " in words):
            continue
        width = max(*good, *bad) - min(*good, *bad)
        if min(bad) > max(good):
            told = f"{words} is large: right up to {_short(max(good))}, wrong from {_short(min(bad))} on"
            found.append(((min(bad) - max(good)) / width, told))
        if max(bad) < min(good):
            told = f"{words} is small: wrong up to {_short(max(bad))}, right from {_short(min(good))} on"
            found.append(((min(good) - max(bad)) / width, told))
    return max(found)[1] if found else None


def _features(rows: list[Row]) -> Iterator[tuple[str, Callable[[dict], float]]]:
    names = numeric(rows)
    for name in names:
        yield name, lambda v, n=name: v[n]
    for one, other in combinations(names, 2):
        yield f"{one} * {other}", lambda v, a=one, b=other: v[a] * v[b]
    for one, other in permutations(names, 2):
        if all(row.values[other] for row in rows):
            yield f"{one} / {other}", lambda v, a=one, b=other: v[a] / v[b]


def _short(value: float) -> str:
    return show(float(f"{value:.4g}")) if isinstance(value, float) else str(value)
