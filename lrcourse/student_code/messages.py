"""What passes between a check and a student's code: the questions it is asked, and what comes back, plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Any, Protocol


@dataclass(frozen=True)
class Table:
    """A function of k = 0, 1, 2, ... given by its values. Beyond the last value it stays there."""

    values: tuple[float, ...]
    name: str = "after"

    def __call__(self, k: int) -> float:
        """The value at `k`."""
        return self.values[min(int(k), len(self.values) - 1)]

    def as_function(self) -> Callable[[int], float]:
        """A plain function for a student's code, so that its errors speak of `after()` and not of this class."""
        values = self.values

        def after(k):
            return values[min(int(k), len(values) - 1)]

        after.__name__ = after.__qualname__ = self.name
        return after


@dataclass(frozen=True)
class Question:
    """Call `name(*args)`; then ask what it returned.

    `then` is empty for a function that answers with a value. For one that returns a function it holds the arguments of
    further calls; with `applied`, for one that returns a Keras schedule, the steps whose applied rates are wanted.
    """

    name: str
    args: tuple
    then: tuple = ()
    applied: bool = False


LONGEST = 10_000  # the most values that one reply may hold


@dataclass(frozen=True)
class Reply:
    """What came back: `kind` says what it is, `value` holds it where it is plain data (a float, a list, a text).

    For "raised" and "rejected" `value` holds the names of the error's classes, its own first.

    Kinds of answers: "number", "truth", "list", "none", "text", "nan", "infinite", "array", "handle" (something that
    can be asked in turn) and "other". Kinds of failure: "missing" (not defined), "stub" (nothing written yet),
    "raised", "timeout", "rejected" (Keras would not train with it) and "died" (the process is gone); for a literal also
    "unreadable".
    """

    kind: str
    value: Any = None
    note: str = ""

    @property
    def failed(self) -> bool:
        """Whether the code gave no answer at all."""
        return self.kind in FAILURES


FAILURES = ("missing", "stub", "raised", "timeout", "rejected", "died")


class Student(Protocol):
    """What `check` needs of a student's code, wherever it runs."""

    def call(self, name: str, *args) -> Reply:
        """The reply of `name(*args)`."""

    def ask(self, handle: Any, *args) -> Reply:
        """The reply of calling what an earlier call returned."""

    def applied(self, handle: Any, steps: tuple[int, ...]) -> Reply:
        """The rates that a real optimizer applies at `steps` when it is given what an earlier call returned."""

    def converse(self, questions: Iterable[Question]) -> Iterator[tuple[Reply, ...]]:
        """The replies to each question, one or one for each entry of its `then`.

        It ends early after one that ran out of time or took the process with it.
        """

    def answer(self, name: str) -> Reply:
        """The literal last assigned to `name`."""

    def source(self, name: str) -> str | None:
        """The text of the cell that defines `name`; None if no cell does."""


def plain(value: Any) -> Reply:
    """`value` as plain data with its kind. Any real scalar counts as a number, whoever made it."""
    if value is None:
        return Reply("none")
    if isinstance(value, bool):
        return Reply("truth", value)
    if isinstance(value, str):
        return Reply("text", str.__str__(value))
    if isinstance(value, list | tuple) and len(value) > LONGEST:
        return Reply("other", note=f"{len(value)} values")
    if isinstance(value, list | tuple):
        items = [plain(item) for item in value]
        return Reply("list", items)
    shape = getattr(value, "shape", None)
    if shape is not None and tuple(shape) == () and hasattr(value, "dtype"):
        value = _item(value)
    if isinstance(value, bool):
        return Reply("truth", value)
    if isinstance(value, Real):
        return _number(value)
    if shape is not None and len(shape) == 1 and shape[0] <= LONGEST and hasattr(value, "tolist"):
        return Reply("list", [plain(item) for item in value.tolist()], f"an array of shape {tuple(shape)}")
    if shape is not None and len(shape):
        return Reply("array", note=f"an array of shape {tuple(shape)}")
    return (
        Reply("handle", value) if callable(value) else Reply("other", note=f"an object of type {type(value).__name__}")
    )


def _item(value: Any) -> Any:
    try:
        return value.numpy().item() if hasattr(value, "numpy") else value.item()
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return value


def _number(value: float) -> Reply:
    try:
        number = float(value)
    except OverflowError:
        return Reply("infinite")
    if number != number:
        return Reply("nan")
    return (
        Reply("infinite") if number in (float("inf"), float("-inf")) else Reply("number", number, type(value).__name__)
    )


def short(value: Any) -> str:
    """A value in writing, numbers to six digits."""
    if isinstance(value, bool) or not isinstance(value, float):
        return repr(value)
    return repr(float(f"{value:.6g}"))


def describe(reply: Reply) -> str:
    """A reply as a reader would name it."""
    if reply.kind == "number":
        return short(reply.value)
    if reply.kind in ("truth", "text"):
        return repr(reply.value)[:80]
    if reply.kind == "list":
        items = [describe(item) for item in reply.value[:4]] + (["..."] if len(reply.value) > 4 else [])
        return "[" + ", ".join(items) + "]"
    return {
        "none": "None",
        "nan": "NaN",
        "infinite": "an infinite number",
        "handle": "a function or another callable object",
    }.get(reply.kind, reply.note or reply.kind)
