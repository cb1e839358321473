"""A submitted notebook as its student meant it, whatever has become of its metadata.

Nothing that a submission says about itself is believed: which cell is graded, for how much and by what text comes from
the record of the release.
"""

from __future__ import annotations

from collections.abc import Callable

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from lrcourse.grading.release.record import Record, ReleasedCell
from lrcourse.grading.repair.cells import bare, make, rewrite, stamp, unique_ids
from lrcourse.grading.repair.matching import Match, Matcher


def index_of(cells: list[NotebookNode], cell: NotebookNode) -> int:
    """Where this very cell is; equal cells are other cells."""
    return next(index for index, other in enumerate(cells) if other is cell)


def best_copy(
    copies: list[NotebookNode], place: int, cells: list[NotebookNode], match_of: Callable[[NotebookNode], Match]
) -> NotebookNode:
    """The copy that stands where the release has it: between the same neighbours. A copy that claims nothing loses."""

    places = [match_of(cell).place for cell in cells]
    end = max(known for known in places if known is not None) + 1

    def key(cell: NotebookNode) -> tuple[bool, int, bool]:
        at = index_of(cells, cell)
        before = next((other for other in reversed(places[:at]) if other not in (None, place)), -1)
        after = next((other for other in places[at + 1 :] if other not in (None, place)), end)
        distance = abs(place - 1 - before) + abs(after - place - 1)
        return not match_of(cell).claimed, distance, not match_of(cell).exact

    return min(copies, key=key)


def answers_of(record: Record, check: int) -> list[int]:
    """The answers that the check at this place of the release is about.

    By its name, as the course has it (`check_x` is about `x` or `answer_x`); else those since the check before.
    """
    cells = record.cells
    name = cells[check].grade_id.removeprefix("check_")
    named = [place for place, cell in enumerate(cells) if cell.is_answer and cell.grade_id in (name, f"answer_{name}")]
    if named:
        return named
    found: list[int] = []
    for place in range(check - 1, -1, -1):
        if cells[place].is_answer:
            found.append(place)
        elif cells[place].is_check and found:
            break
    return found


def after_their_answers(
    cells: list[NotebookNode], chosen: dict[int, NotebookNode], record: Record
) -> tuple[list[NotebookNode], list[str]]:
    """The cells with every check behind the answers it is about, and the grade_ids of those that had to move."""
    cells, moved = list(cells), []
    for place in sorted(chosen, reverse=True):  # two checks behind one answer stay in the release's order
        if not record.cells[place].is_check:
            continue
        answers = [index_of(cells, chosen[answer]) for answer in answers_of(record, place)]
        at = index_of(cells, chosen[place])
        if answers and max(answers) > at:
            cells.insert(max(answers), cells.pop(at))
            moved.append(record.cells[place].grade_id)
    return cells, moved


ELSEWHERE = "# The answer is in another cell of this notebook."
LEFT_OUT = "*An untouched copy of the answer cell was here; it would have overwritten the answer.*"


def repair(nb: NotebookNode, record: Record) -> tuple[NotebookNode, list[str]]:
    """The notebook with every released cell that nbgrader knows exactly once, and a line for each thing repaired.

    The student's own texts stay, in their order. A locked cell has the released text again; of several copies the one
    in the release's place counts, the others are ordinary cells. Of several answers the last one before the check
    counts, as in Python. What was deleted comes back, an answer as its stub. A check comes after its answer.
    Repairing twice is repairing once.
    """
    return _Repair(nb, record).run()


class _Repair:
    def __init__(self, nb: NotebookNode, record: Record):
        self.record = record
        self.matcher = Matcher(record)
        self.cells = [bare(cell) for cell in nb.cells]
        self.matches = {id(cell): match for cell, match in zip(self.cells, self.matcher.match(nb), strict=True)}
        self.chosen: dict[int, NotebookNode] = {}  # place in the release -> the cell that stands for it
        self.notes: list[str] = []

    def run(self) -> tuple[NotebookNode, list[str]]:
        # The locked cells first: which answer counts depends on where its check stands.
        special = [(place, released) for place, released in enumerate(self.record.cells) if released.nbgrader]
        for step, answers in ((self._choose_locked, False), (self._choose_answer, True)):
            here = [(place, released) for place, released in special if released.is_answer is answers]
            for place, released in here:
                step(place, released)
            for place, released in here:
                if place not in self.chosen:
                    self._bring_back(place, released)
        self.cells, moved = after_their_answers(self.cells, self.chosen, self.record)
        self.notes += [f"{grade_id}: it was above the answer and now comes after it." for grade_id in moved]
        for cell in self.cells:
            match = self._match(cell)
            if match.exact and (tags := self.record.cells[match.place].tags):
                cell.metadata["tags"] = list(tags)  # a changed cell is another one
        for place, cell in self.chosen.items():
            stamp(cell, self.record.cells[place])
        unique_ids(self.cells, {id(cell) for cell in self.chosen.values()})
        return new_notebook(cells=self.cells), self.notes

    def _match(self, cell: NotebookNode) -> Match:
        return self.matches.get(id(cell), Match())

    def _standing_for(self, place: int) -> list[NotebookNode]:
        return [cell for cell in self.cells if self._match(cell).place == place]

    def _answering(self, place: int) -> list[NotebookNode]:
        """The cells that answer: by what they are, or by the names they define, if they are no cell of the lesson."""
        return [
            cell
            for cell in self.cells
            if self._match(cell).place == place or (self.matcher.binds(cell, place) and not self._match(cell).exact)
        ]

    def _choose_locked(self, place: int, released: ReleasedCell) -> None:
        standing = self._standing_for(place)
        copies = [cell for cell in standing if self._match(cell).exact or self.matcher.is_alike(cell, place)]
        if not copies:
            return
        cell = best_copy(copies, place, self.cells, self._match)
        if not self._match(cell).exact:
            self.notes.append(f"{released.grade_id}: its text was changed; the released text is back.")
        if len(standing) > 1:
            self.notes.append(f"{released.grade_id}: there are {len(standing)} copies; one counts.")
        rewrite(cell, released.cell_type, released.source)
        self.chosen[place] = cell

    def _choose_answer(self, place: int, released: ReleasedCell) -> None:
        taken = {id(cell) for cell in self.chosen.values()}
        copies = [cell for cell in self._answering(place) if id(cell) not in taken]
        if not copies:
            return
        filled = [cell for cell in copies if cell.source.strip() and not self.matcher.is_untouched(cell, place)]
        typed = [cell for cell in filled if cell.cell_type == released.cell_type]
        binding = [cell for cell in typed if self.matcher.binds(cell, place)]
        if filled:
            cell = self._last_before_its_check(binding or typed or filled, place)
            for other in copies:
                if other.cell_type == "code" and self.matcher.is_untouched(other, place):
                    rewrite(other, "markdown", LEFT_OUT)
        else:
            cell = best_copy(copies, place, self.cells, self._match)
        if cell.cell_type != released.cell_type:
            self.notes.append(f"{released.grade_id}: it was a {cell.cell_type} cell; it is {released.cell_type} again.")
            rewrite(cell, released.cell_type, cell.source)
        if len(copies) > 1:
            self.notes.append(f"{released.grade_id}: {len(copies)} cells answer it; they run in order.")
        self.chosen[place] = cell

    def _last_before_its_check(self, answers: list[NotebookNode], place: int) -> NotebookNode:
        checks = [
            index_of(self.cells, cell)
            for other, cell in self.chosen.items()
            if self.record.cells[other].is_check and place in answers_of(self.record, other)
        ]
        before = [cell for cell in answers if checks and index_of(self.cells, cell) < min(checks)]
        return (before or answers)[-1]

    def _bring_back(self, place: int, released: ReleasedCell) -> None:
        # An answer that stands in a cell with another one must not be overwritten by its stub.
        elsewhere = released.is_answer and self._answering(place)
        cell = make(released.cell_type, ELSEWHERE if elsewhere else released.source)
        self.cells.insert(self._where(place), cell)
        self.matches[id(cell)] = Match(place, exact=True, claimed=True)
        self.chosen[place] = cell
        what = "it is in the cell of another answer" if elsewhere else "it was missing; the released cell is back"
        self.notes.append(f"{released.grade_id}: {what}.")

    def _where(self, place: int) -> int:
        """Behind what is left of the cell, or behind what comes before it in the release, or before what follows."""
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for index, cell in enumerate(self.cells):
            stands_for = self._match(cell).place
            if stands_for is not None:
                first.setdefault(stands_for, index)
                last[stands_for] = index
        last |= {other: index_of(self.cells, cell) for other, cell in self.chosen.items()}
        before = [other for other in last if other <= place]
        if before:
            return last[max(before)] + 1
        return first[min(first)] if first else len(self.cells)
