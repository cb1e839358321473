"""TensorFlow and Keras, imported late, quietly and with one thread.

`import lrcourse` must stay under 0.3 s, and TensorFlow takes seconds to load; so every module that needs it asks here,
inside the function that uses it. The variables act only when they are set before TensorFlow is first imported.
"""

import os

SETTINGS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",  # nbgrader would count its start-up notices as an error in a graded cell
    "TF_ENABLE_ONEDNN_OPTS": "0",  # fixes the order of additions
    # The course's networks are so small that to hand work from thread to thread costs more than it gains: lesson 06
    # takes a third less CPU time and a fifth less time with one thread than with two.
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


def prepare() -> None:
    """Set the variables that TensorFlow reads on import, where the user has not set them."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)


def tensorflow():
    """The `tensorflow` module."""
    prepare()
    import tensorflow

    return tensorflow


def keras():
    """The `keras` module, on the TensorFlow backend."""
    prepare()
    import keras

    return keras
