"""A table in a lesson: HTML for the notebook, and the same as plain text for a terminal and for nbval."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real


class Table:
    """Rows of written cells below a header; the first column names the rows. A notebook shows it as a table."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "", notes: str = ""):
        self.header, self.rows, self.caption, self.notes = list(header), [list(row) for row in rows], caption, notes

    def __repr__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.header, *self.rows, strict=True)]
        lines = [
            "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
            for row in [self.header, *self.rows]
        ]
        return "\n".join([*([self.caption, ""] if self.caption else []), *lines, *filter(None, [self.notes])])

    def _repr_html_(self) -> str:
        escaped = [[html.escape(cell) for cell in row] for row in [self.header, *self.rows]]
        head = "".join(f'<th scope="col">{cell}</th>' for cell in escaped[0])
        body = "".join(
            f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:]) + "</tr>"
            for row in escaped[1:]
        )
        caption = f"<caption>{html.escape(self.caption)}</caption>" if self.caption else ""
        notes = f"<p>{html.escape(self.notes)}</p>" if self.notes else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"


def table(
    columns: Mapping[str, Iterable],
    *,
    caption: str = "",
    digits: int = 3,
    decimals: int | Mapping[str, int] | None = None,
) -> Table:
    """A table from its columns, for people to read.

    columns: by its heading, the cells of each column, all of one length. The first column names the rows. Whole numbers
        and words are shown as they are.
    caption: a line above the table.
    digits: significant digits of other numbers, where `decimals` says nothing.
    decimals: places behind the point, for all columns or by heading.

    ValueError: no columns, or columns of different lengths.

    >>> table({"step": [0, 10, 100], "rate": [0.1, 1 / 11, 1 / 110]}, decimals=4)
    step    rate
    0     0.1000
    10    0.0909
    100   0.0091
    """
    cells = {name: list(column) for name, column in columns.items()}
    lengths = {name: len(column) for name, column in cells.items()}
    if len(set(lengths.values())) != 1:
        raise ValueError(f"columns must all have the same length, and there must be one at least; got {lengths}.")

    def places(name: str) -> int | None:
        return decimals.get(name) if isinstance(decimals, Mapping) else decimals

    written = [[_written(value, places(name), digits) for value in column] for name, column in cells.items()]
    return Table(list(cells), list(zip(*written, strict=True)), caption=caption)


def _written(value: object, places: int | None, digits: int) -> str:
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    if isinstance(value, Integral):
        return f"{int(value):,}" if abs(value) >= 100_000 else str(int(value))
    number = float(value)
    if not math.isfinite(number):
        return "not finite"
    if places is not None:
        return f"{number:.{places}f}"
    if number == 0:
        return "0"
    scientific = f"{number:.{digits - 1}e}"  # rounded to the digits that count, with the power of ten
    power = int(scientific.split("e")[1])
    return scientific if not -5 < power < 6 else f"{number:.{max(digits - 1 - power, 0)}f}"
