"""What graders and students get to see of a submission: nothing in it can act in their browser.

The notebook is built anew from what is known to be harmless. Code stays as it is: nbconvert escapes it.
"""

from __future__ import annotations

import re
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_notebook, new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Integer

from lrcourse.grading.clean.markdown import MOST_WORK, as_typed, clean_markdown, cost, image_data, is_settled
from lrcourse.grading.repair.cells import code_cell, markdown_cell

_NAME = re.compile(r"[\w.-]{1,100}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KERNEL = re.compile(r"[\w .()+-]{1,60}")
_FLAGS = ("grade", "locked", "solution", "task")
_CHECKSUM = re.compile(r"[0-9a-f]{32}")
_IMAGES = ("image/png", "image/jpeg")
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,30}m")
_CONTROL = re.compile("\x1b(?!\\[[0-9;]{0,30}m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\ud800-\udfff]")


class Clean(NbGraderPreprocessor):
    """Leaves of a notebook what cannot do anything. It comes last; cleaning twice is cleaning once."""

    longest_output = Integer(100_000, help="Characters of one text output.").tag(config=True)
    longest_image = Integer(8_000_000, help="Characters of one image, as base64.").tag(config=True)
    most_outputs = Integer(200, help="Outputs of one cell.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook built anew."""
        self._work = 3 * MOST_WORK  # for all of its markdown together
        return new_notebook(cells=[self._cell(cell) for cell in nb.cells], metadata=_about_notebook(nb)), resources

    def _cell(self, cell: NotebookNode) -> NotebookNode:
        if cell.cell_type == "code":
            outputs = [self._output(output) for output in cell.get("outputs", [])[: self.most_outputs]]
            clean = code_cell(cell.source, [output for output in outputs if output])
            clean.execution_count = _count(cell.get("execution_count"))
        elif cell.cell_type == "markdown":
            clean = self._markdown(cell)
        else:
            clean = markdown_cell(as_typed(cell.source))  # a raw cell would go into the page as it is
        if isinstance(cell.get("id"), str) and _ID.fullmatch(cell.id):
            clean.id = cell.id
        clean.metadata = _about_cell(cell)
        return clean

    def _markdown(self, cell: NotebookNode) -> NotebookNode:
        images: dict[str, dict[str, str]] = {}
        for name, bundle in cell.get("attachments", {}).items():
            kept = {kind: image_data(kind, bundle.get(kind), self.longest_image) for kind in _IMAGES}
            kept = {kind: data for kind, data in kept.items() if data}
            if kept:
                images[name] = kept
        clean = markdown_cell(clean_markdown(cell.source, images, min(self._work, MOST_WORK)))
        work = cost(cell.source)
        if work <= self._work and not is_settled(cell.source):
            self._work -= work
        if images:
            clean.attachments = NotebookNode(images)
        return clean

    def _output(self, output: NotebookNode) -> NotebookNode | None:
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            return new_output("stream", name=name, text=self._text(output.get("text")))
        if kind == "error":
            lines = output.get("traceback")
            traceback = self._text("\n".join(line for line in lines if isinstance(line, str)) if lines else "")
            name, value = self._text(output.get("ename")), self._text(output.get("evalue"))
            return new_output("error", ename=name, evalue=value, traceback=traceback.split("\n"))
        if kind not in ("display_data", "execute_result"):
            return None
        clean = new_output(kind, data=self._data(output.get("data", {})), metadata=_sizes(output.get("metadata", {})))
        if kind == "execute_result":
            clean.execution_count = _count(output.get("execution_count"))
        return clean

    def _data(self, data: NotebookNode) -> dict[str, str]:
        images = {kind: image_data(kind, data.get(kind), self.longest_image) for kind in _IMAGES}
        kept = {kind: image for kind, image in images.items() if image}
        if "text/plain" in data:
            kept["text/plain"] = self._text(data["text/plain"])
        return kept or {"text/plain": f"({ascii(', '.join(data))[:200]} is not shown here)"}

    def _text(self, text: Any) -> str:
        """Text of bounded length; of its control characters only the colours are left, which nbconvert knows."""
        if isinstance(text, list):
            text = "".join(part for part in text if isinstance(part, str))
        if not isinstance(text, str):
            return ""
        cut = text[: self.longest_output]
        text = _CONTROL.sub("", cut) + ("\n... cut off here" if len(text) > len(cut) else "")
        return text if text.count("\x1b") <= 1000 else _COLOUR.sub("", text)


def _about_notebook(nb: NotebookNode) -> dict:
    kernel = nb.metadata.get("kernelspec")
    kernel = kernel if isinstance(kernel, dict) else {}
    known = {key: kernel.get(key) for key in ("display_name", "language", "name")}
    if not all(isinstance(value, str) and _KERNEL.fullmatch(value) for value in known.values()):
        return {}
    return {"kernelspec": known}


def _about_cell(cell: NotebookNode) -> NotebookNode:
    kept = NotebookNode()
    tags = cell.metadata.get("tags")
    tags = [tag for tag in tags[:10] if isinstance(tag, str) and _NAME.fullmatch(tag)] if isinstance(tags, list) else []
    if tags:
        kept["tags"] = tags
    about = cell.metadata.get("nbgrader")
    if isinstance(about, dict) and isinstance(about.get("grade_id"), str) and _NAME.fullmatch(about["grade_id"]):
        kept["nbgrader"] = _about_grading(about)
    return kept


def _about_grading(about: dict) -> NotebookNode:
    kept: dict[str, Any] = {flag: about.get(flag) is True for flag in _FLAGS}
    kept |= {"grade_id": about["grade_id"], "schema_version": 3}
    if isinstance(about.get("points"), int | float):
        kept["points"] = about["points"]
    if isinstance(about.get("checksum"), str) and _CHECKSUM.fullmatch(about["checksum"]):
        kept["checksum"] = about["checksum"]
    if about.get("cell_type") in ("code", "markdown", "raw"):
        kept["cell_type"] = about["cell_type"]
    return NotebookNode(kept)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _sizes(metadata: Any) -> dict:
    """Width and height of images; the rest of an output's metadata names files, classes and frames."""
    kept = {}
    for kind in _IMAGES:
        about = metadata.get(kind) if isinstance(metadata, dict) else None
        sizes = {key: about.get(key) for key in ("width", "height")} if isinstance(about, dict) else {}
        sizes = {key: value for key, value in sizes.items() if _count(value) and 0 < value < 10_000}
        if sizes:
            kept[kind] = sizes
    return kept
