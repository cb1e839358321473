"""The table of lesson 07: what PyTorch, optax, transformers and timm really apply, from the very calls that it shows.

These libraries are no part of the course's environment: `make libraries` makes one of their own and runs this file.
"""

import importlib.util
import os
import re
import sys
import types

import pytest

from lrcourse import schedules as s
from lrcourse.libraries import STEPS, rows
from lrcourse.locations import notebooks_dir

MODULES = {
    "PyTorch": "torch.optim.lr_scheduler",
    "optax": "optax",
    "transformers": "transformers.optimization",
    "timm": "timm.scheduler",
}
MISSING = [name for name in ("torch", "optax", "transformers", "timm") if importlib.util.find_spec(name) is None]
if MISSING and os.environ.get("LRCOURSE_LIBRARIES"):
    raise RuntimeError(f"`make libraries` was to install {', '.join(MISSING)}.")
pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {', '.join(MISSING)}; `make libraries` runs this"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),  # the libraries' own
]


def names(library):
    if library == "timm" and "timm" not in sys.modules:
        # timm's own __init__ imports torchvision and all of its models. Its schedulers need neither: with a package of
        # the same name and place but without that code they are imported as they are.
        package = types.ModuleType("timm")
        package.__path__ = importlib.util.find_spec("timm").submodule_search_locations
        sys.modules["timm"] = package
    return vars(importlib.import_module(MODULES[library]))


def applied(library, call, n_steps, peak=0.1):
    """The rates that plain SGD is given, update by update; shorter where the library refuses to go on."""
    if library == "optax":
        schedule = eval(call, dict(names(library)))
        return [float(schedule(step)) for step in range(n_steps)]
    import torch

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=peak)
    scheduler = eval(call, dict(names(library)), {"optimizer": optimizer})
    rates = []
    for step in range(n_steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        try:
            scheduler.step_update(step + 1) if library == "timm" else scheduler.step()
        except ValueError as error:
            assert "The specified number of total steps is" in str(error)
            break
    return rates


@pytest.mark.parametrize(
    "row", [row for row in rows() if row.library != "Keras"], ids=lambda row: row.call.split("(")[0]
)
def test_the_table_holds_what_the_library_applies(row):
    rates = applied(row.library, row.call, STEPS[-1] + 1)
    found = [rates[step] if step < len(rates) else None for step in STEPS]
    assert [rate is None for rate in found] == [rate is None for rate in row.rates]
    for rate, shown in zip(found, row.rates, strict=True):
        assert shown is None or rate == pytest.approx(shown, abs=6e-6)


SAME = {
    "cosine": (s.cosine(0.1, decay_steps=1000), "optax", "cosine_decay_schedule(0.1, 1000)"),
    "linear": (s.linear(0.1, decay_steps=1000), "optax", "linear_schedule(0.1, 0.0, 1000)"),
    "one-cycle": (
        s.one_cycle(0.1, rise_steps=300, fall_steps=700),
        "optax",
        "cosine_onecycle_schedule(1000, 0.1)",
    ),
    # PyTorch counts the last step in, so its ways are one step shorter.
    "one-cycle, PyTorch": (
        s.one_cycle(0.1, rise_steps=299, fall_steps=700),
        "PyTorch",
        "OneCycleLR(optimizer, 0.1, 1000)",
    ),
    "linear warmup": (
        s.linear_warmup(0.1, warmup_steps=100),
        "PyTorch",
        "LinearLR(optimizer, 0.01, total_iters=99)",
    ),
    "WSD": (
        s.warmup_stable_decay(0.1, warmup_steps=100, stable_steps=500, decay_steps=400),
        "PyTorch",
        next(row.call for row in rows() if row.library == "PyTorch" and row.schedule == "warmup-stable-decay"),
    ),
    "restarts": (
        s.cosine_with_restarts(0.1, first_steps=500),
        "PyTorch",
        "CosineAnnealingWarmRestarts(optimizer, 500)",
    ),
    "longer restarts": (
        s.cosine_with_restarts(0.1, first_steps=100, longer=2),
        "PyTorch",
        "CosineAnnealingWarmRestarts(optimizer, 100, 2)",
    ),
    "lower restarts": (
        s.cosine_with_restarts(0.1, first_steps=200, lower=0.5),
        "timm",
        "CosineLRScheduler(optimizer, 200, cycle_decay=0.5, cycle_limit=9, t_in_epochs=False)",
    ),
}


@pytest.mark.parametrize("ours, library, call", SAME.values(), ids=SAME.keys())
def test_our_schedule_is_theirs(ours, library, call):
    assert s.rates(ours, 1000) == pytest.approx(applied(library, call, 1000), rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("library", ["PyTorch", "transformers"])
def test_some_cosines_rise_again_after_their_end(library):
    call = next(row.call for row in rows() if row.library == library and row.schedule == "cosine")
    rates = applied(library, call, 2001)
    assert rates[1000] == pytest.approx(0, abs=1e-9)
    assert rates[1500] == pytest.approx(0.05)
    assert rates[2000] == pytest.approx(0.1)


def table_of_names():
    """By kind of schedule and library: the names that lesson 07's table has, none where it has a dash."""
    text = (notebooks_dir() / "07_choose_and_verify" / "07_choose_and_verify.md").read_text(encoding="utf-8")
    head, _, *lines = text.split("The names of the rest:\n\n")[1].split("\n\n")[0].splitlines()
    libraries = [cell.strip() for cell in head.strip("|").split("|")][1:]
    for line in lines:
        kind, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        yield from ((kind, library, cell) for library, cell in zip(libraries, cells, strict=True))


NAMES = [(kind, library, cell) for kind, library, cell in table_of_names() if library != "Keras"]
# What a library would call it, had it one.
WORDS = {"one-cycle": "cycle(?!_limit)", "WSD": "wsd|stable", "plateau": "plateau"}


@pytest.mark.parametrize(("kind", "library", "cell"), NAMES, ids=[f"{kind}, {library}" for kind, library, _ in NAMES])
def test_a_library_has_what_lesson_07_names_and_lacks_what_it_marks_with_a_dash(kind, library, cell):
    # CyclicLR goes up and down again and again: another schedule than one-cycle.
    known = {name for name in names(library) if not name.startswith("_") and name != "CyclicLR"}
    if library == "optax":
        known |= {f"contrib.{name}" for name in vars(importlib.import_module("optax.contrib"))}
    named = re.findall("`(.+?)`", cell)
    assert set(named) <= known
    assert named or cell in ("-", "three, joined")
    if not named:
        assert not [name for name in known if re.search(WORDS[kind], name.lower())]
