"""Which cell of a release a submitted cell is, by what it says; its metadata is a claim that anybody can make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nbformat import NotebookNode
from rapidfuzz import fuzz

from lrcourse.grading.release.record import Record, ReleasedCell
from lrcourse.student_code.source import names_bound_in

ALIKE = 85.0  # per cent; below it a locked cell that was changed counts as a text of the student's own
_AROUND_SIGNS = re.compile(" ?([(),=:]) ?")
LONGEST = 20_000  # characters; texts beyond it are not compared letter by letter, which would take too long


@dataclass(frozen=True)
class Match:
    """What a submitted cell is. `place` is its cell in the release, None for a cell of the student's own.

    `exact`: its text is the released one. `claimed`: its metadata or its id says so too.
    """

    place: int | None = None
    exact: bool = False
    claimed: bool = False


class Matcher:
    """Finds for the cells of a submission their places in one release."""

    def __init__(self, record: Record):
        self.record = record
        # Each text is parsed once, however often it is asked about.
        self._names_in = cache(names_in)
        self._canonical = cache(canonical)
        cells = list(enumerate(record.cells))
        self._by_grade_id = {cell.grade_id: place for place, cell in cells if cell.nbgrader}
        self._by_id = {cell.id: place for place, cell in cells if cell.id}
        self._names = {place: names_bound_in(cell.source) for place, cell in cells if _is_code_answer(cell)}
        texts: dict[tuple[str, str], list[int]] = {}
        for place, cell in sorted(cells, key=lambda item: item[1].nbgrader is None):  # a locked cell before its like
            texts.setdefault((cell.cell_type, self._canonical(cell.cell_type, cell.source)), []).append(place)
        self._by_text = texts

    def match(self, nb: NotebookNode) -> list[Match]:
        """What each cell is, in the notebook's order."""
        return [self._match(cell) for cell in nb.cells]

    def binds(self, cell: NotebookNode, place: int) -> bool:
        """Whether the cell defines what the answer cell at `place` is to define."""
        names = self._names.get(place)
        if not names or cell.cell_type != "code" or not all(name in cell.source for name in names):
            return False
        return names <= self._names_in(cell.source)

    def is_untouched(self, cell: NotebookNode, place: int) -> bool:
        """Whether the cell says no more than the release."""
        released = self.record.cells[place]
        return self._canonical(released.cell_type, cell.source) == self._canonical(released.cell_type, released.source)

    def is_alike(self, cell: NotebookNode, place: int) -> bool:
        """Whether the cell is a locked one with a changed text, and not a text of the student's own in its place."""
        return len(cell.source) <= LONGEST and fuzz.ratio(self.record.cells[place].source, cell.source) > ALIKE

    def _match(self, cell: NotebookNode) -> Match:
        claim = self._claim(cell)
        same = self._by_text.get((cell.cell_type, self._canonical(cell.cell_type, cell.source)), [])
        if same and cell.source.strip():
            place = claim if claim in same else same[0]
            return Match(place, exact=True, claimed=claim == place)
        bound = [place for place in self._names if self.binds(cell, place)]
        if bound:
            place = claim if claim in bound else bound[0]
            return Match(place, claimed=claim == place)
        if claim is not None:
            return Match(claim, exact=self._retyped(cell, claim), claimed=True)
        return Match(self._alike(cell))

    def _claim(self, cell: NotebookNode) -> int | None:
        about = cell.metadata.get("nbgrader")
        grade_id = about.get("grade_id") if isinstance(about, dict) else None
        if isinstance(grade_id, str) and grade_id in self._by_grade_id:
            return self._by_grade_id[grade_id]
        id = cell.get("id")
        return self._by_id.get(id) if isinstance(id, str) else None

    def _retyped(self, cell: NotebookNode, place: int) -> bool:
        """Whether a cell of another type has the released text."""
        return not self.record.cells[place].is_answer and self.is_untouched(cell, place)

    def _alike(self, cell: NotebookNode) -> int | None:
        """The locked cell whose text was changed a little into this one."""
        if not cell.source.strip() or len(cell.source) > LONGEST:
            return None
        best, most = None, ALIKE
        for place, released in enumerate(self.record.cells):
            if released.nbgrader and not released.is_answer and released.cell_type == cell.cell_type:
                ratio = fuzz.ratio(released.source, cell.source, score_cutoff=most)
                if ratio > most:
                    best, most = place, ratio
        return best


def recognised(nb: NotebookNode, record: Record) -> tuple[int, int]:
    """How much of the release is in `nb`: cells that students answer in or are graded by; answers that are filled.

    (0, 0) means that it is another notebook. Where only ordinary cells are left, more than half of them must be there.
    """
    matcher = Matcher(record)
    matches = matcher.match(nb)
    places = {match.place for match in matches if match.place is not None}
    special = {place for place in places if record.cells[place].nbgrader}
    filled = {
        match.place
        for cell, match in zip(nb.cells, matches, strict=True)
        if match.place in special and record.cells[match.place].is_answer and not match.exact
    }
    ordinary = sum(1 for cell in record.cells if not cell.nbgrader)
    if special or 2 * len(places) > ordinary > 0:
        return max(1, len(special)), len(filled)
    return 0, 0


def canonical(cell_type: str, source: str) -> str:
    """A text without what does not count: spaces at the ends of lines; in code also comments, blanks and quotes.

    By patterns, roughly: to parse every cell would take seconds of a long submission.
    """
    lines = source.strip().splitlines()
    if cell_type == "code":
        lines = [_code_line(line) for line in lines]
    return "\n".join(line.rstrip() for line in lines if line.strip() or cell_type != "code")


def _code_line(line: str) -> str:
    line = line.replace("'", '"')
    comment = line.find("#", line.rfind('"') + 1)  # what looks like one inside a string has a quote behind it
    line = re.sub("[ \t]+", " ", line if comment < 0 else line[:comment])
    return _AROUND_SIGNS.sub(r"\1", line)


def names_in(source: str) -> set[str]:
    """The names that a cell defines at its top level, also where it does not parse."""
    names = names_bound_in(source)
    if names:
        return names
    found = re.findall(r"^(?:(?:async\s+)?def\s+(\w+)\s*\(|(\w+)\s*(?::[^=\n]*)?=(?!=))", source, re.MULTILINE)
    return {name for pair in found for name in pair if name}


def _is_code_answer(cell: ReleasedCell) -> bool:
    return cell.is_answer and cell.cell_type == "code"
