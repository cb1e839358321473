"""Make each lesson's notebook from its text: `make notebooks`. One way only, from `x.md` to `x.ipynb`.

A lesson is run when one of its code cells has changed, or with --all. Time stamps decide nothing: a checkout sets them
at random. Needs jupytext, which is in the development lock.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import sys
import time
from pathlib import Path

import jupytext
import nbformat
from jupytext.combine import combine_inputs_with_outputs
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

LESSONS = Path(__file__).resolve().parent.parent / "notebooks"
PICTURE, PICTURED = LESSONS.parent / "docs" / "lesson-02.png", "02_time_based_decay"
SECONDS_A_CELL = 120


def texts() -> list[Path]:
    """The lessons' texts, in the order of the course."""
    return sorted(LESSONS.glob("*/*.md"))


def from_text(text: Path) -> NotebookNode:
    """The notebook that the text describes, without outputs. The same text gives the same cell ids."""
    notebook = jupytext.read(text)
    seen: set[str] = set()
    for cell in notebook.cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()
        number = 0
        while (id := f"{digest[:10]}-{number}" if number else digest[:10]) in seen:
            number += 1
        seen.add(id)
        cell.id = id
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata.pop("language_info", None)
    return notebook


def differences(text: Path) -> list[str]:
    """What of the lesson's notebook does not come from its text; empty when they are in step. Outputs do not count."""
    wanted = from_text(text)
    path = text.with_suffix(".ipynb")
    if not path.exists():
        return [f"{path.name} is missing"]
    found = nbformat.read(path, as_version=4)
    problems = []
    if len(wanted.cells) != len(found.cells):
        problems.append(f"{len(wanted.cells)} cells in the text, {len(found.cells)} in the notebook")
    for number, (one, other) in enumerate(zip(wanted.cells, found.cells, strict=False), start=1):
        for what in ("cell_type", "source", "id"):
            if one[what] != other[what]:
                problems.append(f"cell {number}: another {what}")
        if dict(one.metadata) != dict(other.metadata):
            problems.append(f"cell {number}: other metadata")
    return problems


def stale(text: Path) -> bool:
    """Whether the lesson must be run: a code cell is new, changed, or was never run."""
    path = text.with_suffix(".ipynb")
    if not path.exists():
        return True
    wanted, found = from_text(text), nbformat.read(path, as_version=4)
    code = [[cell.source for cell in notebook.cells if cell.cell_type == "code"] for notebook in (wanted, found)]
    return code[0] != code[1] or any(cell.cell_type == "code" and cell.execution_count is None for cell in found.cells)


def make(text: Path, *, run: bool) -> None:
    """Write the lesson's notebook, run anew or with the outputs that it has."""
    notebook, path = from_text(text), text.with_suffix(".ipynb")
    if run:
        execute(notebook, text.parent)
    else:
        ids = [cell.id for cell in notebook.cells]
        notebook = combine_inputs_with_outputs(notebook, nbformat.read(path, as_version=4))
        for cell, id in zip(notebook.cells, ids, strict=True):
            cell.id = id
    notebook.metadata.pop("language_info", None)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run the notebook in place. A lesson may neither fail nor write on stderr: SystemExit names the cell."""
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        record_timing=False,
        store_widget_state=False,  # the figure stands for the playground's widgets, wherever nothing runs
        coalesce_streams=True,  # else the kernel's timing decides how printed lines are split
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=ERROR"],  # or each kernel warns that its port is not encrypted
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise SystemExit(f"{folder.name}: a cell failed.\n{error}") from error
    for cell in notebook.cells:
        if "outputs" in cell:  # a progress bar that was there leaves an empty display behind
            cell.outputs = [output for output in cell.outputs if output.get("data") != {"text/plain": ""}]
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise SystemExit(f"{folder.name}: a cell writes on stderr.\n{cell.source}\n---\n{output.text}")


def readme_picture() -> bytes:
    """The figure in the README: accuracy with its band, and the rates, from lesson 02."""
    notebook = nbformat.read(LESSONS / PICTURED / f"{PICTURED}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.source.startswith("measured.plot("):
            return base64.b64decode(cell.outputs[0].data["image/png"])
    raise SystemExit(f"{PICTURED} has no cell `measured.plot(...)`, whose figure the README shows.")


def main() -> None:
    """Make the notebooks that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="folder names such as 05_warmup; all lessons by default")
    parser.add_argument("--all", action="store_true", help="run every lesson, changed or not")
    arguments = parser.parse_args()
    known = {text.parent.name: text for text in texts()}
    if unknown := [name for name in arguments.lessons if name not in known]:
        sys.exit(f"There is no lesson {unknown[0]} in {LESSONS}. It has: {', '.join(known) or 'none'}.")
    for name in arguments.lessons or known:
        run = arguments.all or stale(known[name])
        if not run and not differences(known[name]):
            print(f"{name}: in step")
            continue
        started = time.monotonic()
        make(known[name], run=run)
        print(f"{name}: {f'run in {time.monotonic() - started:.0f} s' if run else 'text updated'}", flush=True)
        if name == PICTURED:
            PICTURE.write_bytes(readme_picture())


if __name__ == "__main__":
    main()
