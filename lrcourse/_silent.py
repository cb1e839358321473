"""`check`, `hint` and `question` where a submission is being graded: a student's own call of them says nothing.

The graded cells run elsewhere, with the real ones.
"""

from __future__ import annotations


def check(id: str, **options) -> None:
    """Nothing; the mark comes from the graded cell."""


def hint(id: str) -> None:
    """Nothing."""


def question(id: str, **options) -> None:
    """Nothing."""
