"""Figures with their bounds, printed as they are found; and whether all of them kept within."""

import sys
from dataclasses import dataclass, field


@dataclass
class Verdicts:
    """`failed` holds the names of what did not keep within its bound."""

    failed: list[str] = field(default_factory=list)

    def at_most(self, name: str, figure: float, bound: float, unit: str = "") -> None:
        self._say(name, figure, f"at most {_number(bound)}", unit, good=figure <= bound)

    def at_least(self, name: str, figure: float, bound: float, unit: str = "") -> None:
        self._say(name, figure, f"at least {_number(bound)}", unit, good=figure >= bound)

    def holds(self, name: str, *, good: bool) -> None:
        """Something that is so or not."""
        say(f"{'PASS' if good else 'FAIL'}  {name}")
        if not good:
            self.failed.append(name)

    def _say(self, name: str, figure: float, bound: str, unit: str, *, good: bool) -> None:
        say(f"{'PASS' if good else 'FAIL'}  {name}: {_number(figure)}{unit} ({bound}{unit})")
        if not good:
            self.failed.append(name)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def say(text: str) -> None:
    """A line on standard output, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
