"""The playground in a notebook: a figure, and sliders, fields and a button that change it.

Figure, sentence and table are ordinary outputs, redrawn in place, so that they stand in a saved notebook; of the
widgets nothing is left there but a line that says how to get them back.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import ipywidgets as w
import numpy as np
from IPython import get_ipython
from IPython.display import display

from lrcourse.capstone import BEST_CONSTANT, BUDGET, STEPS_PER_EPOCH
from lrcourse.interactive.choices import SCHEDULES, SEEDS, Number
from lrcourse.interactive.figure import LiveFigure

WITHOUT = "Sliders, number fields and a button stand here while the notebook runs."


class Playground(Protocol):
    """What is shown: a schedule with its numbers, of which others can be chosen."""

    name: str
    values: Mapping[str, float]
    plan: np.ndarray
    text: str
    call: str

    def choose(self, name: str, given: Mapping[str, float]) -> None:
        """Another schedule, with the numbers given."""

    def train(self) -> Any:
        """The comparison with the best constant rate."""


def show(playground: Playground) -> None:
    """Display `playground` in the cell that runs now."""
    _Panel(playground).display()


class _Panel:
    def __init__(self, playground: Playground):
        self.playground = playground
        self.figure = LiveFigure(BUDGET, steps_per_epoch=STEPS_PER_EPOCH, constant=BEST_CONSTANT)
        self.chooser = w.Dropdown(options=list(SCHEDULES), value=playground.name, description="schedule", style=_WIDE)
        self.chooser.observe(lambda change: self.choose(change["new"]), "value")
        self.rows = w.VBox()
        self.button = w.Button(description=f"train {SEEDS} seeds", button_style="primary")
        self.button.on_click(lambda _: self.train())
        self.problem = w.HTML()
        self.panel = w.VBox([self.chooser, self.rows, self.button, self.problem])
        self.fields: dict[str, w.Widget] = {}
        self.busy = False  # while one of slider and field follows the other
        self.lay_out()

    def display(self) -> None:
        """Figure, sentence, widgets and result, in this order."""
        # What a button prints later has no cell of its own; it goes to the one that shows the panel.
        self.cell = getattr(get_ipython().display_pub, "parent_header", None)
        alternative = {"image/png": {"alt": self.playground.text}}
        self.picture = display(self.drawn(), metadata=alternative, raw=True, display_id=True)
        self.sentence = display({"text/plain": self.playground.text}, raw=True, display_id=True)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.panel.model_id}
        display({"text/plain": WITHOUT, "application/vnd.jupyter.widget-view+json": view}, raw=True)
        self.result = display({"text/plain": self.playground.call}, raw=True, display_id=True)

    def drawn(self) -> dict:
        return {"image/png": self.figure.png(self.playground.plan), "text/plain": "The learning rate over the steps."}

    def choose(self, name: str) -> None:
        self.playground.choose(name, {})
        self.lay_out()
        self.redraw()

    def lay_out(self) -> None:
        """A slider and a field for each number of the schedule."""
        rows, self.fields = [], {}
        for name, number in SCHEDULES[self.playground.name][1].items():
            slider, field = _slider(name, number), _field(name, number)
            slider.value = field.value = self.playground.values[name]
            slider.observe(lambda change, field=field: self.moved(field, change["new"]), "value")
            field.observe(lambda change, slider=slider: self.typed(slider, change["new"]), "value")
            self.fields[name] = field
            rows.append(w.HBox([slider, field]))
        self.rows.children = rows

    def moved(self, field: w.Widget, value: float) -> None:
        with self.following() as first:
            # In the browser a slider goes to its nearest step, and reports that as a move: what was typed stays.
            if first and not _same_step(value, field.value):
                field.value = value if isinstance(value, int) else float(f"{value:.3g}")
                self.take()

    def typed(self, slider: w.Widget, value: float) -> None:
        with self.following() as first:
            if first and self.take():
                slider.value = value  # outside of its range it stays at the end

    @contextmanager
    def following(self):
        first, self.busy = not self.busy, True
        try:
            yield first
        finally:
            self.busy = not first

    def take(self) -> bool:
        """The numbers in the fields; False, and a sentence, where the schedule refuses them."""
        try:
            self.playground.choose(self.playground.name, {name: field.value for name, field in self.fields.items()})
        except ValueError as error:
            self.problem.value = f'<p role="alert">{html.escape(str(error))}</p>'
            return False
        self.redraw()
        return True

    def redraw(self) -> None:
        self.problem.value = ""
        self.picture.update(self.drawn(), metadata={"image/png": {"alt": self.playground.text}}, raw=True)
        self.sentence.update({"text/plain": self.playground.text}, raw=True)
        self.result.update({"text/plain": self.playground.call}, raw=True)

    def train(self) -> None:
        self.button.disabled = True
        try:
            if self.cell:
                get_ipython().display_pub.set_parent({"header": self.cell})
            measured = self.playground.train()
            told = html.escape(self.playground.call)
            self.result.update(
                {
                    "text/plain": f"{self.playground.call}\n\n{measured.table()}",
                    "text/html": f"<p><code>{told}</code></p>{measured._repr_html_()}",
                },
                raw=True,
            )
        finally:
            self.button.disabled = False


def _same_step(slid: float, typed: float) -> bool:
    if isinstance(slid, int):
        return slid == typed
    return typed > 0 and abs(math.log10(slid / typed)) <= 0.501 * _STEP


_STEP = 0.02  # of a slider for a rate, in powers of ten: about 5 %
_WIDE = {"description_width": "110px"}


def _slider(name: str, number: Number) -> w.Widget:
    common = {"description": name, "readout": False, "style": _WIDE}
    if number.whole:
        return w.IntSlider(min=number.lowest, max=number.highest, **common)
    low, high = math.log10(number.lowest), math.log10(number.highest)
    return w.FloatLogSlider(min=low, max=high, step=_STEP, **common)


def _field(name: str, number: Number) -> w.Widget:
    kind = w.IntText if number.whole else w.FloatText
    return kind(tooltip=f"{name}, typed", layout={"width": "110px"}, step=None if not number.whole else 1)
