"""The attacks, grouped by what they are after. Importing this registers all of them."""

from against import (
    endless,
    exhaustion,
    files,
    flooding,
    forging_marks,
    forging_replies,
    notebook_format,
    presentation,
    processes,
    reading,
    signals,
    strange_but_honest,
    writing,
)

__all__ = [
    "endless",
    "exhaustion",
    "files",
    "flooding",
    "forging_marks",
    "forging_replies",
    "notebook_format",
    "presentation",
    "processes",
    "reading",
    "signals",
    "strange_but_honest",
    "writing",
]
