"""New cells, made without the check that nbformat makes of each: it costs more than all else that reading needs.

A notebook is checked as a whole when it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from nbformat import NotebookNode


def code_cell(source: str, outputs: Sequence[NotebookNode] = ()) -> NotebookNode:
    """A code cell that has not run."""
    return _cell("code", source, execution_count=None, outputs=list(outputs))


def markdown_cell(source: str) -> NotebookNode:
    """A cell of text."""
    return _cell("markdown", source)


def raw_cell(source: str) -> NotebookNode:
    """A cell that is neither shown as text nor run."""
    return _cell("raw", source)


def _cell(kind: str, source: str, **more: object) -> NotebookNode:
    return NotebookNode(id=uuid4().hex[:8], cell_type=kind, metadata=NotebookNode(), source=source, **more)
