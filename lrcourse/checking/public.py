"""The public side of an exercise, as data: what it asks, its hints, and its examples with the answers expected.

No code is in it, so neither the reference nor a known mistake; nor are the hidden probes.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from lrcourse.checking.exercise import Exercise, Part, Probe, Result, Table
from lrcourse.checking.probing import expected


def as_data(exercise: Exercise) -> dict:
    """What JSON can hold of `exercise` and a student may see. The reference answers the examples now, for good."""
    return {
        "id": exercise.id,
        "lesson": exercise.lesson,
        "signature": exercise.signature,
        "result": exercise.result.name,
        "prompt": exercise.prompt,
        "hints": list(exercise.hints),
        "refused": list(exercise.refused),
        "parts": [
            {
                "name": part.name,
                "points": part.points,
                "examples": [
                    {name: _plain(value) for name, value in _example(exercise, probe).items()}
                    for probe in part.examples
                ],
            }
            for part in exercise.parts
        ],
    }


def from_data(data: dict) -> Exercise:
    """The exercise that `as_data` wrote: without a reference, without hidden probes, without known mistakes."""
    parts = [
        Part(
            part["name"],
            part["points"],
            tuple(Probe(**{name: _value(value) for name, value in example.items()}) for example in part["examples"]),
            draw=_nothing_hidden,
        )
        for part in data["parts"]
    ]
    return Exercise(
        id=data["id"],
        lesson=data["lesson"],
        signature=data["signature"],
        result=Result[data["result"]],
        prompt=data["prompt"],
        reference=None,
        parts=tuple(parts),
        hints=tuple(data["hints"]),
        refused=tuple(data["refused"]),
    )


def _example(exercise: Exercise, probe: Probe) -> dict[str, Any]:
    return {field.name: getattr(probe, field.name) for field in fields(Probe)} | {"answers": expected(exercise, probe)}


def _nothing_hidden(random) -> list[Probe]:
    return []


def _plain(value: Any) -> Any:
    """`value` in JSON's own types; what they lack is an object whose one key, or first key, says what it is."""
    if value is ValueError:
        return {"raises": "ValueError"}
    if isinstance(value, Table):
        return {"table": list(value.values), "name": value.name}
    if isinstance(value, tuple):
        return {"tuple": [_plain(item) for item in value]}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if hasattr(value, "dtype"):
        return {"np": str(value.dtype), "value": value.tolist()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"An example must be plain data, such as numbers and lists; got {value!r}.")


def _value(data: Any) -> Any:
    if isinstance(data, list):
        return [_value(item) for item in data]
    if not isinstance(data, dict):
        return data
    if "raises" in data:
        return ValueError
    if "table" in data:
        return Table(tuple(data["table"]), data["name"])
    if "tuple" in data:
        return tuple(_value(item) for item in data["tuple"])
    import numpy as np

    array = np.array(data["value"], dtype=data["np"])
    return array if array.shape else array[()]
