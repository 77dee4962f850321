"""Figures and how they are shown: a ratio each, its promise, and what stands behind it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Promise:
    """What a figure has to be: at least, or at most, so much."""

    value: float
    at_least: bool = True

    def holds(self, figure: float) -> bool:
        """Tell whether a figure keeps the promise."""
        return figure >= self.value if self.at_least else figure <= self.value

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the result.

    `ours` and `theirs` are medians over rounds in `unit`; `ratio` is the median of the
    rounds' own ratios, so that a busy minute touches both sides of each. `cpu_ratio` is
    the same of processor time, which other work on the machine disturbs less.
    """

    name: str
    ours: float
    theirs: float | None
    unit: str
    ratio: float
    promise: Promise | None = None
    cpu_ratio: float = math.nan

    @property
    def verdict(self) -> str:
        """Return `met`, `MISSED`, or nothing where nothing was promised."""
        if self.promise is None:
            return ""
        return "met" if self.promise.holds(self.ratio) else "MISSED"


@dataclass(frozen=True, slots=True)
class Detail:
    """What one contender did: medians over its turns; NaN where it does not apply."""

    name: str
    connections: int
    per_s: float
    p50_ms: float
    p99_ms: float
    mb_per_s: float
    kb: float
    server_cpu_ms: float
    database_cpu_ms: float
    peak_rss_mb: float


@dataclass(slots=True)
class Result:
    """All that a run of the bench found."""

    conditions: dict[str, Any]
    figures: list[Figure] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "conditions": self.conditions,
            "figures": [
                {
                    **_plain(figure),
                    "promise": str(figure.promise) if figure.promise else None,
                    "verdict": figure.verdict or None,
                }
                for figure in self.figures
            ],
            "details": [_plain(detail) for detail in self.details],
        }

    def missed(self) -> list[str]:
        """Return the names of figures that break their promise."""
        return [figure.name for figure in self.figures if figure.verdict == "MISSED"]


def _plain(row: Figure | Detail) -> dict[str, Any]:
    """Return a row as plain values; JSON has no NaN."""
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in asdict(row).items()
    }


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of pairwise ratios; NaN where a turn was too short to tell."""
    if not all(theirs):
        return math.nan
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def figure_table(figures: Iterable[Figure]) -> str:
    """Return the figures as a table of text."""
    head = ("figure", "ours", "against", "unit", "ratio", "promise", "", "by CPU")
    rows = [
        (
            f.name,
            _number(f.ours),
            "" if f.theirs is None else _number(f.theirs),
            f.unit,
            _number(f.ratio),
            "" if f.promise is None else str(f.promise),
            f.verdict,
            "" if math.isnan(f.cpu_ratio) else _number(f.cpu_ratio),
        )
        for f in figures
    ]
    return _table(head, rows)


def detail_table(details: Iterable[Detail]) -> str:
    """Return what each contender did as a table of text."""
    head = (
        "contender", "conns", "req/s", "p50 ms", "p99 ms", "MB/s", "kB/req",
        "server CPU ms", "database CPU ms", "peak RSS MB",
    )  # fmt: skip
    rows = [
        (d.name, str(d.connections), *map(_number, list(asdict(d).values())[2:]))
        for d in details
    ]
    return _table(head, rows)


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| "
        + " | ".join(
            text.ljust(width) if n == 0 else text.rjust(width)
            for n, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in lines
    )
