"""The attacks, grouped by what they are after. Importing this registers all of them."""

from against import (
    endless,
    exhaustion,
    files,
    forging_marks,
    forging_replies,
    notebook_format,
    presentation,
    processes,
    reading,
    signals,
    writing,
)

__all__ = [
    "endless",
    "exhaustion",
    "files",
    "forging_marks",
    "forging_replies",
    "notebook_format",
    "presentation",
    "processes",
    "reading",
    "signals",
    "writing",
]
