"""What the author's gate finds: how often each rule was tried, and what broke it, by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import StringIO


@dataclass
class Rule:
    """How often a rule was tried, and the names of what broke it."""

    tried: int = 0
    broken: list[str] = field(default_factory=list)


class Findings:
    """Rules by name, in the order in which they were first tried."""

    def __init__(self):
        self.rules: dict[str, Rule] = defaultdict(Rule)

    def hold(self, rule: str, ok: bool, what: str) -> None:
        """Note that `rule` was tried; unless `ok`, `what` broke it."""
        self.rules[rule].tried += 1
        if not ok:
            self.rules[rule].broken.append(what)

    def add(self, other: Findings) -> None:
        """Take over what another process found."""
        for name, rule in other.rules.items():
            self.rules[name].tried += rule.tried
            self.rules[name].broken += rule.broken

    @property
    def broken(self) -> bool:
        """Whether any rule was broken."""
        return any(rule.broken for rule in self.rules.values())

    def table(self) -> str:
        """One line a rule: how often it was tried, and how often it was broken; then what broke it."""
        from rich import box
        from rich.console import Console
        from rich.table import Table

        table = Table("rule", box=box.SIMPLE)
        table.add_column("tried", justify="right")
        table.add_column("broken", justify="right")
        for name, rule in self.rules.items():
            table.add_row(name, str(rule.tried), str(len(rule.broken)))
        text = StringIO()
        Console(file=text, width=110).print(table)
        return "\n".join([text.getvalue().strip("\n"), *self._broken_by_name()])

    def _broken_by_name(self) -> Iterable[str]:
        for name, rule in self.rules.items():
            for what in rule.broken:
                yield f"BROKEN: {name}: {what}"
