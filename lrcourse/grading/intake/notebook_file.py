"""Read a submitted notebook file: what can be read in it becomes a clean notebook, whatever else is in it.

nbformat's own reader is made for files that a Jupyter wrote; here every value may be anything.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from lrcourse.grading.repair.cells import code_cell, markdown_cell, raw_cell

MOST_CELLS = 500
LONGEST_TEXT = 1_000_000  # characters in all cells together, without outputs
MOST_STRINGS = 16_000_000  # quotes in the file; with MOST_NESTS it bounds the memory that reading takes
MOST_NESTS = 1_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SURROGATES = re.compile("[\ud800-\udfff]")
_IMAGES = ("image/png", "image/jpeg")


class NotANotebook(Exception):
    """A file that cannot be read as a notebook. Its text goes on where a sentence has named the file: "is empty"."""


def read_notebook(data: bytes) -> NotebookNode:
    """The notebook in `data`, format 4.5: its cells' types, texts, ids, images, and the grade_ids that they claim.

    Outputs and all other metadata are left out. Formats 2 and 3 are understood, as are a byte order mark, UTF-16 and
    texts that are no UTF-8. Raises NotANotebook.
    """
    if not data.strip():
        raise NotANotebook("is empty")
    if data.count(b'"') > MOST_STRINGS or data.count(b"[") + data.count(b"{") > MOST_NESTS:
        raise NotANotebook("has more in it than a notebook of this course can have")
    try:
        content = json.loads(_decoded(data), parse_constant=lambda name: None, parse_int=_integer)
    except RecursionError:
        raise NotANotebook("is nested too deeply") from None
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise NotANotebook(f"is not a notebook: its text is not complete JSON{where}") from None
    cells = _cells(content)
    if not cells:
        raise NotANotebook("has no cells")
    if len(cells) > MOST_CELLS or sum(len(cell.source) for cell in cells) > LONGEST_TEXT:
        raise NotANotebook("has more text in it than a notebook of this course can have")
    return new_notebook(cells=cells)


def _decoded(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\0" in data[:4]:
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what an old Windows editor leaves


def _integer(digits: str) -> int:
    return int(digits) if len(digits) < 20 else 0  # Python refuses to read numbers of thousands of digits


def _cells(content: Any) -> list[NotebookNode]:
    if not isinstance(content, dict):
        raise NotANotebook("is not a notebook: its JSON is something else")
    if isinstance(content.get("cells"), list):
        cells = content["cells"]
    elif isinstance(content.get("worksheets"), list):  # formats 2 and 3
        sheets = [sheet.get("cells") for sheet in content["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    else:
        raise NotANotebook("is not a notebook: it has no list of cells")
    return [_cell(cell) for cell in cells if isinstance(cell, dict)]


def _cell(cell: dict) -> NotebookNode:
    kind = cell.get("cell_type")
    text = _text(cell.get("source", cell.get("input")))
    about = cell.get("metadata")
    about = about.get("nbgrader") if isinstance(about, dict) else None
    claim = about.get("grade_id") if isinstance(about, dict) else None
    if kind == "code":
        made = code_cell(text)
    elif kind == "heading":  # format 3
        level = cell.get("level")
        made = markdown_cell(f"{'#' * (level if level in range(1, 7) else 1)} {text}")
    elif kind in ("markdown", "html"):
        made = markdown_cell(text)
        if images := _images(cell.get("attachments")):
            made.attachments = images
    else:
        made = raw_cell(text)
    if isinstance(cell.get("id"), str) and _ID.fullmatch(cell["id"]):
        made.id = cell["id"]
    if isinstance(claim, str):
        made.metadata["nbgrader"] = NotebookNode(grade_id=_readable(claim)[:200])
    return made


def _text(value: Any) -> str:
    """The text of a cell: a string, or a list of them."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return _readable(value.replace("\r\n", "\n").replace("\0", "")) if isinstance(value, str) else ""


def _readable(text: str) -> str:
    """Without halves of characters, which no file can hold."""
    return _SURROGATES.sub("\ufffd", text)


def _images(attachments: Any) -> NotebookNode | None:
    if not isinstance(attachments, dict):
        return None
    kept = {}
    for name, bundle in attachments.items():
        images = {kind: bundle.get(kind) for kind in _IMAGES} if isinstance(bundle, dict) else {}
        images = {kind: _text(image) for kind, image in images.items() if image}
        if images:
            kept[_readable(name)] = images
    return NotebookNode(kept) if kept else None
