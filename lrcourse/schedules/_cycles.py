"""The rate rises, too: warmup, one cycle, warmup-stable-decay, warm restarts."""

import math

from lrcourse._arguments import count, fraction, not_negative, positive
from lrcourse.schedules._decays import constant, cosine, linear
from lrcourse.schedules._formula import Schedule, from_step_0
from lrcourse.schedules._joined import join


def linear_warmup(peak: float, *, warmup_steps: int) -> Schedule:
    """Rise in equal parts to `peak`, then stay there: `peak * min(1, (step + 1) / warmup_steps)`.

    Step 0 already moves: it gets `peak / warmup_steps`, so that no update is wasted. Step `warmup_steps - 1` is the
    first with `peak`.

    >>> warmup = linear_warmup(0.1, warmup_steps=4)
    >>> [round(warmup(step), 3) for step in range(6)]
    [0.025, 0.05, 0.075, 0.1, 0.1, 0.1]
    """
    peak = positive("peak", peak)
    warmup_steps = count("warmup_steps", warmup_steps)
    return from_step_0(lambda step: peak * min(1.0, (step + 1) / warmup_steps))


def one_cycle(
    peak: float, *, rise_steps: int, fall_steps: int, start_divisor: float = 25.0, end_divisor: float = 10_000.0
) -> Schedule:
    """Up to `peak` and down again, far below the start; both ways are half a cosine wave, and the end stays.

    Step 0 gets `start = peak / start_divisor`, step `rise_steps` gets `peak`, step `rise_steps + fall_steps` and all
    later ones get `start / end_divisor`. Both divisors are at least 1. Smith and Topin, "Super-Convergence", 2017, rise
    and fall in straight lines; the wave and the two divisors are those of PyTorch's `OneCycleLR` and optax.

    >>> schedule = one_cycle(0.1, rise_steps=2, fall_steps=4)
    >>> [round(schedule(step), 4) for step in range(7)]
    [0.004, 0.052, 0.1, 0.0854, 0.05, 0.0146, 0.0]
    """
    peak = positive("peak", peak)
    rise_steps, fall_steps = count("rise_steps", rise_steps), count("fall_steps", fall_steps)
    start = peak / _divisor("start_divisor", start_divisor)
    end = start / _divisor("end_divisor", end_divisor)
    rise = cosine(start, decay_steps=rise_steps, final=peak)
    return join([rise, cosine(peak, decay_steps=fall_steps, final=end)], boundaries=[rise_steps])


def warmup_stable_decay(
    peak: float, *, warmup_steps: int, stable_steps: int, decay_steps: int, final: float = 0.0
) -> Schedule:
    """Rise to `peak`, stay there, and fall in a straight line to `final` at the end; WSD for short.

    The three counts add up to the length of the run. `linear_warmup` fills the first `warmup_steps`, so step 0 moves;
    the line begins with `peak` at step `warmup_steps + stable_steps` and reaches `final` `decay_steps` later. Only
    the last part depends on when training ends, so that the end can be decided late. Hu and others, "MiniCPM", 2024,
    who decay exponentially; the line is that of Hagele and others, 2024.

    >>> schedule = warmup_stable_decay(0.1, warmup_steps=2, stable_steps=2, decay_steps=2)
    >>> [round(schedule(step), 3) for step in range(7)]
    [0.05, 0.1, 0.1, 0.1, 0.1, 0.05, 0.0]
    """
    warmup = linear_warmup(peak, warmup_steps=warmup_steps)
    starts = [warmup_steps, warmup_steps + count("stable_steps", stable_steps)]
    return join([warmup, constant(peak), linear(peak, decay_steps=decay_steps, final=final)], boundaries=starts)


def cosine_with_restarts(
    initial: float, *, first_steps: int, longer: int = 1, lower: float = 1.0, final: float = 0.0
) -> Schedule:
    """A cosine from `initial` towards `final`, which jumps up and begins again as soon as it would get there.

    The first fall takes `first_steps` steps, each later one `longer` times the one before it, and starts at `lower`
    times the height above `final`. The step of a restart has the high rate, so `final` itself never appears. The rate
    never stops falling and jumping: choose the steps so that training ends just before a restart. Loshchilov and
    Hutter, SGDR, 2017; Keras' `CosineDecayRestarts` with `t_mul=longer`, `m_mul=lower`, `alpha=final / initial`.

    >>> schedule = cosine_with_restarts(0.1, first_steps=2, longer=2, lower=0.5)
    >>> [round(schedule(step), 4) for step in range(7)]
    [0.1, 0.05, 0.05, 0.0427, 0.025, 0.0073, 0.025]
    """
    initial, final = positive("initial", initial), not_negative("final", final)
    first_steps, longer = count("first_steps", first_steps), count("longer", longer)
    lower = fraction("lower", lower)

    def restarting(step: int) -> float:
        cycle, length = (step // first_steps, first_steps) if longer == 1 else (0, first_steps)
        since = step - cycle * first_steps
        while since >= length:  # whole numbers: a logarithm would round to the wrong side of a restart
            since, length, cycle = since - length, length * longer, cycle + 1
        return final + (initial - final) * lower**cycle * (1.0 + math.cos(math.pi * since / length)) / 2.0

    return from_step_0(restarting)


def _divisor(name: str, value: float) -> float:
    number = positive(name, value)
    if number < 1:
        raise ValueError(f"{name} must be at least 1; got {value!r}.")
    return number
