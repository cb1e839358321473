"""Where cells stand: which of several copies is in the release's place, and that a check comes after its answers."""

from __future__ import annotations

from collections.abc import Callable

from nbformat import NotebookNode

from lrcourse.grading.matching import Match
from lrcourse.grading.release_record import Record


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
