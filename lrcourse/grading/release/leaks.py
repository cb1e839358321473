"""Find what students must not be given: solutions, references, keys, known mistakes, and markers that nbgrader missed.

What to look for is taken from the catalog, the bank and the lessons themselves, so a new exercise is covered by itself.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lrcourse.checking.catalog import find_exercise, ids
from lrcourse.locations import notebooks_dir
from lrcourse.quiz.bank import load_course
from lrcourse.quiz.questions import Number, Question

_MARKERS = (
    *(f"### {end} {what}" for what in ("SOLUTION", "HIDDEN TESTS") for end in ("BEGIN", "END")),
    *(f"=== {end} MARK SCHEME ===" for end in ("BEGIN", "END")),
)
_SHORTEST = 20  # characters without spaces; a shorter line of code, such as `return lr * 0.5`, a lesson may show


def leaks(text: str, lessons: Path | None = None) -> list[str]:
    """What `text` gives away, a line each; empty if nothing. It may be plain text, code, YAML, JSON or a notebook.

    `lessons` is the folder of the lessons whose solutions must not appear, the course's own by default.
    """
    squeezed = _squeeze(text)
    found = [what for secret, what in _secrets(lessons or notebooks_dir()) if secret in squeezed]
    left = [f'a marker of nbgrader is left: "{line}"' for line in _marker_like(text)]
    return list(dict.fromkeys(found + left))


def misspelt_markers(source: str) -> list[str]:
    """What is wrong with nbgrader's markers in a cell of a lesson, a line each; empty if they are well written.

    nbgrader says nothing about a marker that it does not know. It leaves the line, or clears too much of the cell.
    """
    lines = [(line, _exact(line)) for line in _marker_like(source)]
    faults = [f'"{line}" is not a marker that nbgrader knows' for line, marker in lines if marker is None]
    known = [marker for _, marker in lines if marker]
    opens = None
    for marker in known:
        if opens and marker != opens.replace("BEGIN", "END"):
            faults.append(f'"{opens}" is followed by "{marker}"')
        if not opens and " END " in marker:
            faults.append(f'"{marker}" has no BEGIN above it')
        opens = marker if " BEGIN " in marker else None
    return faults + ([f'"{opens}" has no END below it'] if opens else [])


def _marker_like(text: str) -> Iterator[str]:
    """The lines that are markers or look as if they were meant to be."""
    for line in text.splitlines():
        line = line.strip().strip("\",'").removesuffix("\\n").strip()  # a notebook's JSON holds a line in quotes
        words = " ".join(re.sub(r"[^a-z ]", " ", line.casefold()).split())
        if not line.startswith(("#", "===")) or not words:
            continue
        likeness = max(SequenceMatcher(None, words, _words(marker)).ratio() for marker in _MARKERS)
        if likeness >= 0.85 or re.match(r"(#{2,}|={3})\s*(BEGIN|END)\b", line):
            yield line


def _words(marker: str) -> str:
    return marker.strip("#= ").casefold()


def _exact(line: str) -> str | None:
    """The marker that nbgrader finds in `line`."""
    return next((marker for marker in _MARKERS if marker in line), None)


def _squeeze(text: str) -> str:
    """`text` without what its format adds: spaces, quotes, backslashes, brackets; so code is the same in JSON."""
    return re.sub(r"[\\\s\"'`{}\[\](),]+", "", text.replace("\\n", " ")).casefold()


@cache
def _secrets(lessons: Path) -> tuple[tuple[str, str], ...]:
    """Squeezed texts that must not be given away, each with the words that name it."""
    notebooks = [nbformat.read(path, as_version=4) for path in sorted(lessons.glob("*/*.ipynb"))]
    shown = _squeeze("\n".join(cell.source for nb in notebooks for cell in nb.cells if cell.cell_type == "markdown"))
    found = [*_of_exercises(), *_of_questions(), *(secret for nb in notebooks for secret in _of_solutions(nb))]
    squeezed = ((_squeeze(text), what, quotable) for text, what, quotable in found)
    return tuple(
        (text, what) for text, what, quotable in squeezed if len(text) >= _SHORTEST and not (quotable and text in shown)
    )


def _of_exercises() -> Iterator[tuple[str, str, bool]]:
    """Each text with its name, and whether a lesson may quote it: it may show what a check says about a mistake."""
    for exercise in map(find_exercise, ids()):
        for statement in _statements(inspect.getsource(exercise.reference)):
            yield statement, f"the reference of {exercise.id}", False
        for part in exercise.parts:
            for statement in _statements(inspect.getsource(part.draw)):
                yield statement, f"the hidden probes of {exercise.id}", False
        for mistake in exercise.mistakes:
            yield mistake.sentence, f"the sentence of the known mistake {mistake.id} of {exercise.id}", True


def _of_solutions(lesson: NotebookNode) -> Iterator[tuple[str, str, bool]]:
    for cell in lesson.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution") and cell.cell_type == "code":
            for statement in _statements(cell.source):
                yield statement, f"the solution of {about['grade_id']}", False


def _statements(code: str) -> Iterator[str]:
    """Each simple statement and each condition in `code`, as written; its lines where it is not plain Python."""
    code = textwrap.dedent(code)
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:
        yield from code.splitlines()
        return
    for node in nodes:
        if isinstance(node, ast.If | ast.While):
            yield ast.get_source_segment(code, node.test)
        elif isinstance(node, ast.Return | ast.Assign | ast.AugAssign | ast.Raise):
            yield ast.get_source_segment(code, node)


def _of_questions() -> Iterator[tuple[str, str, bool]]:
    for lesson in load_course():
        for question in lesson.questions:
            if not question.practice:  # its key is handed out on purpose
                yield from ((text, f"{what} of question {question.id}", False) for text, what in _of_question(question))


def _of_question(question: Question) -> Iterator[tuple[str, str]]:
    if isinstance(question, Number):
        yield f"answer: {question.answer!r} tolerance: {question.tolerance!r}", "the key"
        yield question.compute, "the code of the key"
        for wrong in question.wrong:
            yield wrong.misconception, "a misconception"
            yield from ((text, "the feedback on a wrong number") for text in wrong.feedback.model_dump().values())
        for text in (question.feedback, question.hint):
            yield from ((one, "the feedback") for one in text.model_dump().values())
        return
    for option in question.options:
        yield from ((text, f"the feedback of option {option.id}") for text in option.feedback.model_dump().values())
        if option.correct:
            yield f"{option.text.es} correct: true", "the key"
        else:
            yield option.misconception, f"the misconception of option {option.id}"
