"""A verdict in words: what was asked, what was expected, what came back, and what that usually means."""

from __future__ import annotations

from lrcourse.exercises.definition import Result
from lrcourse.exercises.judge import Difference, PartVerdict, Verdict
from lrcourse.student import Reply, describe


def explain(verdict: Verdict) -> str:
    """The outcome as a student reads it, in a few lines of plain text."""
    exercise = verdict.exercise
    if verdict.outcome == "correct" and exercise.examples_only:
        return f"{exercise.id}: right for the examples. The mark comes with grading, which tries other numbers too."
    if verdict.outcome == "correct":
        return f"{exercise.id}: correct. {_points(exercise.points, exercise.points)}"
    if verdict.outcome == "not attempted":
        what = verdict.note or "Write your code in its answer cell."
        return f'{exercise.id}: not attempted. {what} hint("{exercise.id}") helps.'
    if verdict.outcome == "refused":
        return f"{exercise.id}: incorrect. {verdict.note}"
    headline = {
        "raised": "your code raised an error.",
        "timeout": "your code did not return in time.",
        "incorrect": "incorrect.",
    }[verdict.outcome]
    marked = not exercise.examples_only
    lines = [f"{exercise.id}: {headline}" + (f" {_points(verdict.points, exercise.points)}" if marked else "")]
    for part in verdict.parts:
        lines.append(_part_line(part, alone=len(verdict.parts) == 1, marked=marked))
        if part.difference:
            lines.append("    " + _difference_line(part.difference, exercise.result))
    lines += [f"  {mistake.sentence}" for mistake in verdict.mistakes]
    if verdict.note:
        lines.append("  " + verdict.note)
    return "\n".join(line for line in lines if line)


def _points(points: float, of: float) -> str:
    return f"{points:g} of {of:g} point{'s' if of != 1 else ''}."


def _part_line(part: PartVerdict, *, alone: bool, marked: bool) -> str:
    if alone:
        return ""
    outcome = "wrong" if part.difference else "right" if marked else "right for the examples"
    points = f" ({_points(part.points, part.part.points).rstrip('.')})" if marked else ""
    return f"  {outcome}: {part.part.name}{points}"


def _difference_line(difference: Difference, result: Result) -> str:
    if difference.got.failed:
        return f"{difference.asked}: expected {difference.expected}; {_failure(difference.got)}"
    got = describe(difference.got)
    advice = (
        "Refuse with raise ValueError(...)."
        if difference.expected == "a ValueError"
        else _advice(difference.got, result)
    )
    return f"{difference.asked}: expected {difference.expected}, got {got}." + (f" {advice}" if advice else "")


def _failure(reply: Reply) -> str:
    return {
        "raised": f"your code raised {reply.note}",
        "timeout": f"your code {reply.note}. Does a loop never end?",
        "rejected": f"an optimizer cannot train with what you returned: {reply.note}",
        "stub": "this part is not written yet",
        "missing": "there is no such function",
    }[reply.kind]


def _advice(reply: Reply, result: Result) -> str:
    """The sentence for an answer of the wrong kind."""
    if reply.kind == "none":
        where = ", in the function or in the one that it returns" if result is Result.SCHEDULER else ""
        return f"Is a `return` missing{where}? Printing a value does not return it."
    if reply.kind == "nan":
        return "NaN is no number: look for a division of zero by zero."
    if reply.kind == "infinite":
        return "Look for a division by zero or a power that grows without end."
    if reply.kind == "text" and result in (Result.NUMBER, Result.PAIR, Result.SCHEDULER):
        return "Return the number itself, not text."
    if reply.kind == "handle" and result is Result.NUMBER:
        return "Return the number, not a function."
    if reply.kind == "truth" and result is not Result.TRUTH:
        return "True and False are no rates."
    wrong_kind = {
        Result.NUMBER: ("list", "array", "other"),
        Result.PAIR: ("number", "array", "other", "handle"),
        Result.TRUTH: ("number", "list", "array", "other", "handle"),
        Result.KERAS_SCHEDULE: ("list", "array", "other"),
        Result.SCHEDULER: ("list", "array", "other"),
    }[result]
    return f"Return {result.value}." if reply.kind in wrong_kind else ""
