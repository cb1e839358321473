"""What a check found, as one record: made by the judge, carried unchanged to gradebook, export and table."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Remark:
    """A true sentence about an answer, with an id by which it can be counted.

    `kind` says what it is: "mistake" for a known one, which guesses at the cause; "misconception" for a wrong option of
    a question; "form" and "error" for the kind of an answer and for what the code raised; else "fact": what was seen in
    the answers. An `exact` one says what every single answer is, and not only something that is true of them.
    """

    id: str
    sentence: str
    kind: str = "fact"
    exact: bool = False


@dataclass(frozen=True)
class Mark:
    """The mark of one graded cell: what became of it, points earned and possible, and all that explains it, in order.

    `outcome` is "correct", "incorrect", "not attempted", "raised", "timeout", "died", "refused", "recorded" or "could
    not be read".
    """

    grade_id: str
    outcome: str
    points: float
    of: float
    remarks: tuple[Remark, ...] = ()

    def as_data(self) -> dict:
        """The mark in JSON's own types."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict) -> Mark:
        """The mark that `as_data` wrote."""
        return cls(**data | {"remarks": tuple(Remark(**remark) for remark in data.get("remarks", ()))})
