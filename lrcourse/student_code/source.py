"""What the cells of a notebook define and assign, read from their text; nothing of it is executed."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from lrcourse.student_code.messages import Reply, plain

LONGEST_CELL = 50_000  # characters; Python may need minutes to parse a longer one that is made for it
MOST_WORK = 30_000  # of reading a cell's magics as IPython does: about 50 ms at worst, for 100 of them in honest lines
# Magics of a whole cell that run it as Python where its names stay. (%%timeit runs it inside a function.)
RUNNING_MAGICS = ("time", "capture", "prun")
_MAGIC = re.compile(r"^\s*[%!?,;/]|=\s*[%!]|\?\s*$", re.MULTILINE)  # where one may be


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
    if isinstance(value, set):  # as clear as a list, and in no order of its own
        value = sorted(value, key=repr)
    return Reply("stub") if value is None else plain(value)


def statements(cell: str) -> list[ast.stmt]:
    """The top-level statements of a cell; none where it does not parse, which Python has told the student already.

    None either where it is longer than LONGEST_CELL: such a cell is not run.
    """
    return [] if len(cell) > LONGEST_CELL else list(_parsed(cell))


@lru_cache(64)  # each check of a submission reads the same cells
def _parsed(cell: str) -> tuple[ast.stmt, ...]:
    cell = _python_of(cell)
    # As it is comes first: what is Python already needs no second reading.
    for text in (lambda: cell, lambda: _without_magics(cell)):
        try:
            return tuple(ast.parse(text()).body)
        except (SyntaxError, ValueError, RuntimeError, MemoryError):  # too deep for Python, or for IPython
            continue
    return ()


def _python_of(cell: str) -> str:
    """The Python in a cell, which may have prompts or an indent in front, and a magic for all of it above.

    Nothing where that magic runs no Python, or not where names would stay: `%%writefile` with an old draft below.
    """
    from IPython.core.inputtransformer2 import TransformerManager, cell_magic  # takes a while, and not all need it

    lines = [f"{line}\n" for line in cell.split("\n")]
    for _ in range(4):  # %%time above %%capture
        for transform in TransformerManager().cleanup_transforms:
            lines = transform(lines)
        if cell_magic(lines) is lines:
            return "".join(lines)
        if re.split(r"\W", lines[0][2:], maxsplit=1)[0] not in RUNNING_MAGICS:
            return ""
        lines = lines[1:]
    return ""


def _without_magics(text: str) -> str:
    """The text as IPython hands it to Python: `%magic`, `!command`, `name?` and `x = !command` become calls."""
    from IPython.core.inputtransformer2 import TransformerManager, make_tokens_by_line

    lines, parts, at, left = [f"{line}\n" for line in text.split("\n")], [], 0, MOST_WORK
    # One statement at a time: IPython itself looks through the whole cell again for each magic.
    for tokens in make_tokens_by_line(lines):
        # In a string over several lines a token ends further below than it starts.
        end = max([at, *(token.end[0] - (token.end[1] == 0) for token in tokens)])
        own, at = lines[at:end], end
        statement = "".join(own)
        if magics := len(_MAGIC.findall(statement)):
            left -= magics * (len(statement) + 200)
            indent = statement[: len(statement) - len(statement.lstrip())]
            statement = f"{indent}pass\n" if left < 0 else "".join(TransformerManager().do_token_transforms(own))
        parts.append(statement)
    return "".join([*parts, *lines[at:]])


def _names_assigned_by(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return set()
    names = [node for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}  # in `why[name] = ...` it is only read


def names_bound_in(cell: str) -> set[str]:
    names: set[str] = set()
    for statement in statements(cell):
        names |= _names_assigned_by(statement)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
    return names
