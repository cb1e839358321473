"""Numbers of steps that Keras divides by as one does by hand: on others its own staircase drops a step late.

In a graph TensorFlow turns `step / decay_steps` into a multiplication by the float32 reciprocal. Where that is rounded
down, 41 steps are 0.99999994 times 41, and `InverseTimeDecay(..., decay_steps=41, staircase=True)` first drops at step
42 (TensorFlow 2.21). A right answer must not fail for that, so no hidden probe asks for such a number.
"""

from __future__ import annotations

from fractions import Fraction


def even_lengths(least: int, below: int) -> list[int]:
    """The numbers from `least` to `below - 1` that Keras divides by as one does by hand.

    So it does by their neighbours and by ten times them: wrong answers too must drop where a known mistake says.
    """
    return [n for n in range(least, below) if all(map(_rounded_up, (n - 1, n, n + 1, 10 * n)))]


def _rounded_up(n: int) -> bool:
    import numpy as np

    return Fraction(float(np.float32(1) / np.float32(n))) >= Fraction(1, n)
