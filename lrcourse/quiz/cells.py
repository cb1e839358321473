"""A question as a lesson shows it."""

from __future__ import annotations

import re

from lrcourse.quiz.bank import find_question
from lrcourse.quiz.questions import Asked
from lrcourse.quiz.words import points_in_words

_CALL = re.compile(r"""question\(\s*(["'])(?P<id>[a-z0-9-]+)\1\s*\)""")


def question(id: str, language: str = "en") -> None:
    """Show the question `id` in a lesson. The release has an answer cell and a graded cell in place of this call."""
    from IPython.display import Markdown, display

    found = find_question(id)
    if found is None:
        raise ValueError(f'There is no question "{id}" in the bank.')
    display(Markdown(as_markdown(found, language)))


def as_markdown(question: Asked, language: str = "en", order: str | None = None) -> str:
    """Stem and options, without any sign of which is right."""
    lines = [f"**{question.stem[language]}** ({points_in_words(question, language)})"]
    if question.kind != "number":
        options = (f"- **{letter}** {option.text[language]}" for letter, option in question.shown(order).items())
        lines.append("\n".join(options))
    return "\n\n".join(lines)


def asked_in(source: str) -> str | None:
    """The id of the question that a lesson's cell asks, or None if the cell is anything else."""
    match = _CALL.fullmatch(source.strip())
    return match["id"] if match else None
