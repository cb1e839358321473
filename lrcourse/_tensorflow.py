"""TensorFlow and Keras, imported late and quietly.

`import lrcourse` must stay under 0.3 s, and TensorFlow takes seconds to load; so every module that needs it asks here,
inside the function that uses it. The two variables act only when they are set before TensorFlow is first imported: they
silence its start-up notices, which nbgrader would count as an error in a graded cell, and fix the order of additions.
"""

import os

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}


def quiet() -> None:
    """Set the variables that TensorFlow reads on import, where the user has not set them."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)


def tensorflow():
    """The `tensorflow` module."""
    quiet()
    import tensorflow

    return tensorflow


def keras():
    """The `keras` module, on the TensorFlow backend."""
    quiet()
    import keras

    return keras
