"""What the cells of a notebook define and assign, read from their text; nothing of it is executed."""

from __future__ import annotations

import ast

from lrcourse.student.reply import Reply, plain


def read_answer(name: str, cells: list[str]) -> Reply:
    """The literal that the last top-level assignment to `name` in `cells` holds; nothing of it is executed.

    "missing" where there is none, "stub" where it is still None, "unreadable" where it is no literal.
    """
    reply = Reply("missing")
    for cell in cells:
        for statement in statements(cell):
            if name in _names_assigned_by(statement) and getattr(statement, "value", None) is not None:
                reply = _literal(statement.value)
    return reply


def _literal(node: ast.expr) -> Reply:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return Reply("unreadable", note=ast.unparse(node)[:80])
    return Reply("stub") if value is None else plain(value)


def statements(cell: str) -> list[ast.stmt]:
    """The top-level statements of a cell; none where it does not parse, which Python has told the student already."""
    # The cell as it is comes first: a line that begins with % may go on with a division's rest instead of a magic.
    without_magics = "\n".join("pass" if line.lstrip().startswith(("%", "!")) else line for line in cell.splitlines())
    for text in (cell, without_magics):
        try:
            return ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return []


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
