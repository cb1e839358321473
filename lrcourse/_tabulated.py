"""The Keras schedule behind `bridge.as_keras`. It imports Keras, so `bridge` imports it late."""

import numpy as np

from lrcourse import _tensorflow

keras = _tensorflow.keras()


@keras.saving.register_keras_serializable(package="lrcourse")
class TabulatedSchedule(keras.optimizers.schedules.LearningRateSchedule):
    """A table of rates, one a step, as a Keras schedule. After the last one, the last one stays.

    `rates` is a sequence of finite numbers of at least 0, kept as float32: the precision in which Keras applies a rate.
    """

    def __init__(self, rates):
        self.rates = np.array(rates, dtype="float32")
        if self.rates.ndim != 1 or not len(self.rates):
            raise ValueError(f"rates must be a sequence of at least one number; got shape {self.rates.shape}.")

    def __call__(self, step):
        # An index into a table, so that a plan with any Python in it also works inside TensorFlow's graph.
        last = len(self.rates) - 1
        index = keras.ops.minimum(keras.ops.cast(step, "int32"), last)
        return keras.ops.take(keras.ops.convert_to_tensor(self.rates), index)

    def get_config(self):
        return {"rates": self.rates.tolist()}
