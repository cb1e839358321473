"""Learning-rate scheduling: a course in notebooks. Lessons write `import lrcourse as lr`.

The names below are imported when they are first used, so that `import lrcourse` is quick and loads no TensorFlow.
"""

from importlib import import_module

from lrcourse import _tensorflow

# A lesson imports lrcourse first and Keras after it. TensorFlow reads these variables once, on import, so they must be
# set by now; otherwise it writes start-up notices to stderr, into the lesson's output.
_tensorflow.prepare()

__version__ = "0.1.0"

_MODULES = ("schedules", "plots")
_NAMES = {
    "RateRecorder": "lrcourse.recorder",
    "applied_rates": "lrcourse.recorder",
    "as_keras": "lrcourse.bridge",
    "assert_applied": "lrcourse.recorder",
    "batches": "lrcourse.data",
    "check": "lrcourse.checking.checks",
    "compare": "lrcourse.comparison",
    "compare_rates": "lrcourse.recorder",
    "digits": "lrcourse.data",
    "digits_mlp": "lrcourse.data",
    "guess": "lrcourse.predictions",
    "hint": "lrcourse.checking.checks",
    "library_table": "lrcourse.libraries",
    "mnist1d": "lrcourse.data",
    "optimizer_grid": "lrcourse.grid_results",
    "per_epoch": "lrcourse.bridge",
    "playground": "lrcourse.interactive.schedule_playground",
    "question": "lrcourse.quiz.cells",
    "range_test": "lrcourse.rate_range",
    "register": "lrcourse.bridge",
    "set_seed": "lrcourse.data",
    "sharpness": "lrcourse.curvature",
    "sweep": "lrcourse.tuning",
    "table": "lrcourse.tabular",
    "tuning_and_test": "lrcourse.data",
}

__all__ = ["__version__", *_MODULES, *_NAMES]


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"lrcourse.{name}")
    if name in _NAMES:
        return getattr(import_module(_NAMES[name]), name)
    raise AttributeError(f"module 'lrcourse' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
