"""What the exports of the bank have in common: the file made, and a text that stays one paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Markdown takes these at the start of a text for a heading, a quote, a list, a rule or a block of code.
_BLOCK = re.compile(r"(?=#|>|[-+*](?:\s|$)|-{3}|={3}|~{3}|`{3})|(?<=\d)(?=[.)]\s)")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Exported:
    """A lesson's questions in another system's format.

    `content` is the whole file, `questions` the ids that are in it, and `notes` holds a sentence for everything that
    the format cannot say, with the question's id first.
    """

    content: bytes
    questions: tuple[str, ...]
    notes: tuple[str, ...]


def one_paragraph(text: str) -> str:
    """`text` of the bank, which is Markdown inside a line, as Markdown that stands alone and means the same.

    >>> print(one_paragraph("# of steps"))
    \\# of steps
    >>> print(one_paragraph("1. halving"))
    1\\. halving
    """
    text = re.sub(r"\r\n?", "\n", text)
    number = _NUMBER.match(text)
    start = number.end() if number else 0
    return text[:start] + "\\" + text[start:] if _BLOCK.match(text, start) else text
