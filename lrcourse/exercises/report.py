"""A verdict in words: what was asked, what was expected, what came back, and what that usually means."""

from __future__ import annotations

from lrcourse.exercises.definition import Result
from lrcourse.exercises.kinds import error_in_words
from lrcourse.exercises.probing import ACCEPTED
from lrcourse.exercises.verdict import PartVerdict, Verdict
from lrcourse.student import Reply, describe

# What an answer is tried on where there is no reference, and what grading does.
_EXAMPLES = ("the examples", "tries other numbers too")
_PRACTICE = ("the practice seeds", "trains with other seeds")


def explain(verdict: Verdict) -> str:
    """The outcome as a student reads it, in a few lines of plain text."""
    return "\n".join(filter(None, (_outcome(verdict), verdict.leaderboard)))


def _outcome(verdict: Verdict) -> str:
    exercise = verdict.exercise
    tried, others = _PRACTICE if exercise.result is Result.PLAN else _EXAMPLES
    if verdict.outcome == "correct" and exercise.examples_only:
        return f"{exercise.id}: right for {tried}. The mark comes with grading, which {others}."
    if verdict.outcome == "correct":
        return f"{exercise.id}: correct. {_points(exercise.points, exercise.points)}"
    if verdict.outcome == "not attempted":
        return f'{exercise.id}: not attempted. {verdict.note} hint("{exercise.id}") helps.'
    if verdict.outcome == "refused":
        return f"{exercise.id}: incorrect. {verdict.note}"
    headline = {
        "raised": "your code raised an error.",
        "timeout": "your code did not return in time.",
        "died": "the process in which your code ran has ended.",
        "incorrect": "incorrect.",
    }[verdict.outcome]
    marked = not exercise.examples_only
    lines = [f"{exercise.id}: {headline}" + (f" {_points(verdict.points, exercise.points)}" if marked else "")]
    alone = len(verdict.parts) == 1
    said: set[str] = set()
    for part in verdict.parts:
        lines.append(_part_line(part, tried, alone=alone, marked=marked))
        if part.difference:
            lines.append("    " + _difference_line(part, said))
        cause = part.mistake or part.observation
        if cause and cause.sentence not in said:
            lines.append(("  " if alone else "    ") + cause.sentence)
            said.add(cause.sentence)
    if verdict.note:
        lines.append("  " + verdict.note)
    return "\n".join(line for line in lines if line)


def _points(points: float, of: float) -> str:
    return f"{points:g} of {of:g} point{'s' if of != 1 else ''}."


def _part_line(part: PartVerdict, tried: str, *, alone: bool, marked: bool) -> str:
    if alone:
        return ""
    outcome = "wrong" if part.difference else "right" if marked else f"right for {tried}"
    points = f" ({_points(part.points, part.part.points).rstrip('.')})" if marked else ""
    return f"  {outcome}: {part.part.name}{points}"


def _difference_line(part: PartVerdict, said: set[str]) -> str:
    difference = part.difference
    if not difference.asked:
        return difference.expected or "Not asked any more after that."
    line = f"{difference.asked}: expected {difference.expected}"
    line += f"; {_failure(difference.got)}" if difference.got.failed else f", got {_described(difference.got)}."
    # A known mistake says more than the kind of the answer; and the same words once are enough.
    if difference.advice and not part.mistake and difference.advice.sentence not in said:
        said.add(difference.advice.sentence)
        line += f" {difference.advice.sentence}"
    return line.rstrip()


def _failure(reply: Reply) -> str:
    return {
        "raised": f"your code raised {error_in_words(reply.note)}",
        "timeout": f"your code {reply.note}. Does a loop never end?",
        "died": reply.note or "the process in which your code ran has ended",
        "rejected": f"an optimizer cannot train with what you returned: {error_in_words(reply.note)}",
        "stub": "this part is not written yet",
        "missing": "there is no such function",
    }[reply.kind].rstrip(".") + ("" if reply.kind == "timeout" else ".")


def _described(reply: Reply) -> str:
    """What came back, whole numbers as such, and what stands for any number as the number that it was."""
    if reply.kind == "number" and reply.note.startswith(("int", "uint")):
        return str(int(reply.value))
    if reply.kind == "list":
        items = [_described(item) for item in reply.value[:4]] + (["..."] if len(reply.value) > 4 else [])
        return "[" + ", ".join(items) + "]"
    return reply.note if reply.kind == "text" and reply.value == ACCEPTED else describe(reply)
