"""Cells that say nothing about themselves, and what the release says of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from uuid import uuid4

from nbformat import NotebookNode

from lrcourse.grading.release.record import ReleasedCell


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


_MAKE = {"code": code_cell, "markdown": markdown_cell, "raw": raw_cell}
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def make(cell_type: str, source: str) -> NotebookNode:
    """A new cell of this type."""
    return _MAKE[cell_type](source)


def bare(cell: NotebookNode) -> NotebookNode:
    """A cell without anything that it says about itself."""
    kind = cell.cell_type if cell.cell_type in _MAKE else "raw"
    made = make(kind, cell.source)
    if isinstance(cell.get("id"), str) and _ID.fullmatch(cell.id):
        made.id = cell.id
    if kind == "markdown" and cell.get("attachments"):
        made.attachments = deepcopy(cell.attachments)
    return made


def rewrite(cell: NotebookNode, cell_type: str, source: str) -> None:
    """Make it a cell of this type with this text."""
    id = cell.id
    cell.clear()
    cell.update(make(cell_type, source))
    cell.id = id


def stamp(cell: NotebookNode, released: ReleasedCell) -> None:
    """Give it the metadata and the id of the released cell."""
    cell.metadata["nbgrader"] = NotebookNode(released.nbgrader)
    if not released.is_answer:
        cell.metadata |= {"deletable": False, "editable": False}
    if released.id:
        cell.id = released.id


def unique_ids(cells: list[NotebookNode], stamped: set[int]) -> None:
    """A released cell keeps its id; another cell with the same id gets a number behind it."""
    seen = {cell.id for cell in cells if id(cell) in stamped}
    for cell in cells:
        if id(cell) in stamped:
            continue
        name, number = cell.id, 1
        while cell.id in seen:
            number += 1
            cell.id = f"{name[:58]}-{number}"
        seen.add(cell.id)
