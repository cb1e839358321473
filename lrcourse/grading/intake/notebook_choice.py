"""Which file of a submission is the notebook: by its name, or, where that has been changed, by its content."""

from __future__ import annotations

from dataclasses import dataclass

from nbformat import NotebookNode

from lrcourse.grading.intake.notebook_file import NotANotebook, read_notebook
from lrcourse.grading.intake.submission_folder import CannotRead, File, Folder
from lrcourse.grading.release.record import Record
from lrcourse.grading.repair.matching import recognised

MOST_CANDIDATES = 20


@dataclass
class _Candidate:
    file: File
    notebook: NotebookNode | None
    problem: str = ""

    @property
    def shown(self) -> str:
        """Its path for a sentence; a name may hold anything."""
        return self.file.path if self.file.path.isprintable() else ascii(self.file.path)


def choose(folder: Folder, records: dict[str, Record], most: int) -> tuple[dict[str, NotebookNode] | str, list[str]]:
    """The notebook for each name in `records` that has one, and notes; or a sentence that says why there is none.

    The file with the right name is taken, unless it is broken, another notebook, or untouched while another one has
    answers. Then the one with most of the release in it counts, of equal ones the newest.
    """
    candidates = [_read(folder, file, most) for file in _candidates(folder, records, most)]
    chosen: dict[str, NotebookNode] = {}
    notes: list[str] = []
    for name, record in records.items():
        reserved = {f"{other}.ipynb" for other in records if other != name}
        free = [item for item in candidates if item.file.path not in reserved]
        best, others = _best(name, record, free)
        if best is None:
            problem = _why_none(name, folder, free)
            if len(records) == 1 or any(item.file.path == f"{name}.ipynb" for item in free):
                return problem, notes
            notes.append(problem)
            continue
        candidates.remove(best)
        chosen[name] = best.notebook
        if best.file.path != f"{name}.ipynb":
            notes.append(f"{best.shown} was taken for {name}.ipynb, by its content.")
        notes += [f"{other.shown} also holds {name} and was not graded." for other in others]
    return (chosen, notes) if chosen else (" ".join(notes), [])


def _candidates(folder: Folder, records: dict[str, Record], most: int) -> list[File]:
    """Those with a right name first, then all that may be notebooks under another name."""
    right = {f"{name}.ipynb" for name in records}
    possible = [
        file
        for file in folder.files
        if ".ipynb" in file.name.lower() or (file.name.lower().endswith((".json", ".txt")) and file.size > 200)
    ]
    possible.sort(key=lambda file: (file.path not in right, ".ipynb" not in file.name.lower(), -file.modified))
    room, kept = 2 * most, []
    for file in possible[:MOST_CANDIDATES]:
        if file.size <= room or not kept:
            kept.append(file)
            room -= file.size
    return kept


def _read(folder: Folder, file: File, most: int) -> _Candidate:
    try:
        return _Candidate(file, read_notebook(folder.read(file, most)))
    except (CannotRead, NotANotebook) as error:
        return _Candidate(file, None, str(error))


def _best(name: str, record: Record, candidates: list[_Candidate]) -> tuple[_Candidate | None, list[_Candidate]]:
    scored = [(recognised(item.notebook, record), item) for item in candidates if item.notebook is not None]
    fitting = [(score, item) for score, item in scored if any(score)]
    if not fitting:
        return None, []
    fitting.sort(key=lambda pair: (pair[0][1] > 0, pair[0], pair[1].file.modified), reverse=True)
    named = [(score, item) for score, item in fitting if item.file.path == f"{name}.ipynb"]
    best = fitting[0][1]
    if named and (named[0][0][1] > 0 or fitting[0][0][1] == 0):
        best = named[0][1]
    return best, [item for _, item in fitting if item is not best]


def _why_none(name: str, folder: Folder, candidates: list[_Candidate]) -> str:
    path = f"{name}.ipynb"
    if path in folder.left_out:
        return f"{path} {folder.left_out[path]}."
    if any(file.path.startswith(f"{path}/") for file in folder.files):
        return f"{path} is a folder, not a notebook."
    broken = [item for item in candidates if item.notebook is None and ".ipynb" in item.file.name.lower()]
    broken.sort(key=lambda item: item.file.path != path)
    other = [item for item in candidates if item.notebook is not None]
    if broken:
        return f"{broken[0].shown} {broken[0].problem}."
    if other:
        return f"{other[0].shown} is a different notebook: it holds nothing of {name} as it was released."
    return f"There isn't a notebook in it; {path} is expected."
