"""What the cells of a notebook define and assign, read from their text; nothing of it is executed."""

from __future__ import annotations

import ast
from functools import lru_cache

from lrcourse.student_code.messages import Reply, plain

LONGEST_CELL = 50_000  # characters; Python may need minutes to parse a longer one that is made for it


def read_answer(name: str, cells: list[str]) -> Reply:
    """The literal that the last top-level assignment to `name` in `cells` holds; nothing of it is executed.

    "missing" where there is none, "stub" where it is still None, "unreadable" where it is no literal.
    """
    reply = Reply("missing")
    for cell in cells:
        for statement in statements(cell):
            if name in _names_assigned_by(statement) and getattr(statement, "value", None) is not None:
                reply = _literal(statement.value, cell)
    return reply


def _literal(node: ast.expr, cell: str) -> Reply:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        # As it stands there: to write a deep expression anew could break the one who reads it.
        written = " ".join((ast.get_source_segment(cell, node) or "").split())[:80]
        return Reply("unreadable", note="".join(letter if letter.isprintable() else " " for letter in written))
    return Reply("stub") if value is None else plain(value)


def statements(cell: str) -> list[ast.stmt]:
    """The top-level statements of a cell; none where it does not parse, which Python has told the student already.

    None either where it is longer than LONGEST_CELL: such a cell is not run.
    """
    return [] if len(cell) > LONGEST_CELL else list(_parsed(cell))


@lru_cache(64)  # each check of a submission reads the same cells
def _parsed(cell: str) -> tuple[ast.stmt, ...]:
    # The cell as it is comes first: a line that begins with % may go on with a division's rest instead of a magic.
    without_magics = "\n".join("pass" if line.lstrip().startswith(("%", "!")) else line for line in cell.splitlines())
    for text in (cell, without_magics):
        try:
            return tuple(ast.parse(text).body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return ()


def _names_assigned_by(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return set()
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def names_bound_in(cell: str) -> set[str]:
    names: set[str] = set()
    for statement in statements(cell):
        names |= _names_assigned_by(statement)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
    return names
