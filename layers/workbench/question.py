"""What `manage.py measure` is asked: options, checked against what a measure needs."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from layers.errors import InvalidParameter
from layers.measures.decay import Binary, Decay
from layers.measures.decay_text import parse_decay
from layers.measures.raam import MAX_CYCLES, TAU

MAX_K = 100
"""Nearest sites that are looked for; memory grows with points times this."""

COST = frozenset(("cost_to_closest", "raam"))
"""Measures where lower is better, and unreachable is infinite."""

NEEDS_THRESHOLD = frozenset(("two_step_fca", "cumulative_cutoff", "coverage"))
WITH_DECAY = frozenset(
    (
        "enhanced_two_step_fca",
        "three_step_fca",
        "balanced_fca",
        "spatial_availability",
        "gravity",
    )
)
PAIR_MEASURES = COST | NEEDS_THRESHOLD | WITH_DECAY

COLUMN_MEASURES = frozenset(
    ("gini_index", "theil_t", "concentration_index", "palma_ratio", "fgt")
)

MEASURES = tuple(sorted(PAIR_MEASURES | COLUMN_MEASURES))

_ONLY = {
    "decay": WITH_DECAY,
    "k": frozenset(("cost_to_closest",)),
    "rho": frozenset(("raam",)),
    "tau": frozenset(("raam",)),
    "max-cycles": frozenset(("raam",)),
    "value-column": COLUMN_MEASURES,
    "rank-column": frozenset(("concentration_index", "palma_ratio")),
    "standard": frozenset(("fgt",)),
    "alpha": frozenset(("fgt",)),
    "group-column": COLUMN_MEASURES,
    "supply": PAIR_MEASURES,
    "cost": PAIR_MEASURES,
    "threshold": PAIR_MEASURES,
}
"""Measures that an option means something to."""


@dataclass(frozen=True, slots=True)
class Question:
    """The options of one call, as given; None is not given.

    Fields are named as the options of `manage.py measure`; docs/how-to/
    measure-on-files.md says what each means.
    """

    measure: str
    demand: Path
    demand_id: str
    demand_value: str | None = None
    supply: Path | None = None
    supply_id: str | None = None
    supply_value: str | None = None
    x: str | None = None
    y: str | None = None
    srid: int | None = None
    detour: float | None = None
    cost: Path | None = None
    cost_from: str | None = None
    cost_to: str | None = None
    cost_value: str | None = None
    threshold: float | None = None
    decay: str | None = None
    k: int | None = None
    rho: float | None = None
    tau: float | None = None
    max_cycles: int | None = None
    value_column: str | None = None
    rank_column: str | None = None
    group_column: str | None = None
    standard: float | None = None
    alpha: float | None = None

    @property
    def reach(self) -> float:
        """The largest cost that counts: the threshold, or where the decay ends."""
        return min(self.threshold_or_none, self.weights.reach)

    @property
    def threshold_or_none(self) -> float:
        """The threshold; inf where none was given."""
        return math.inf if self.threshold is None else self.threshold

    @property
    def weights(self) -> Decay:
        """The decay; binary where none was given."""
        return Binary() if self.decay is None else parse_decay(self.decay)

    def unused(self) -> Iterator[str]:
        """Yield the options that were given and mean nothing to this measure."""
        for option, measures in _ONLY.items():
            if self.given(option) and self.measure not in measures:
                yield option
        if self.cost is not None:
            yield from (o for o in ("x", "y", "srid", "detour") if self.given(o))
        elif self.measure in PAIR_MEASURES:
            costs = ("cost-from", "cost-to", "cost-value")
            yield from (o for o in costs if self.given(o))

    def given(self, option: str) -> bool:
        """Return whether an option was given."""
        return getattr(self, option.replace("-", "_")) is not None


def measure_name(text: str) -> str:
    """Return a measure's name; hyphens, blanks and underscores are the same.

    Raises
    ------
    InvalidParameter
        There is no such measure.
    """
    name = text.strip().casefold().replace("-", "_").replace(" ", "_")
    if name not in MEASURES:
        raise InvalidParameter("measure", text, f"one of {', '.join(MEASURES)}")
    return name


def check(question: Question) -> None:
    """Refuse a question that lacks an option, or whose numbers make no sense.

    Raises
    ------
    InvalidParameter
        Names the option, the value and what is allowed.
    """
    if question.measure in COLUMN_MEASURES:
        _need(question, "value-column")
        if question.measure == "concentration_index":
            _need(question, "rank-column")
        if question.measure == "fgt":
            _need(question, "standard")
    else:
        _need(question, "supply", "supply-id")
        if question.cost is not None:
            _need(question, "cost-from", "cost-to", "cost-value")
        if question.measure in NEEDS_THRESHOLD:
            _need(question, "threshold")
        _check_decay(question)
    _check_numbers(question)


def _need(question: Question, *options: str) -> None:
    for option in options:
        if not question.given(option):
            raise InvalidParameter(option, "", f"{question.measure} needs it")


def _check_decay(question: Question) -> None:
    weights = question.weights  # refuses a text that is no decay
    flat = isinstance(weights, Binary) and math.isinf(weights.reach)
    if question.measure in WITH_DECAY or flat:
        return
    nearest = {
        "two_step_fca": "; use enhanced_two_step_fca",
        "cumulative_cutoff": "; use gravity",
    }.get(question.measure, "")
    raise InvalidParameter(
        "decay", question.decay, f"none: {question.measure} has no weights{nearest}"
    )


def _check_numbers(question: Question) -> None:
    for option, low, is_open in (
        ("threshold", 0.0, False),
        ("detour", 0.0, True),
        ("rho", 0.0, True),
        ("tau", 0.0, True),
        ("standard", 0.0, True),
        ("alpha", 0.0, False),
        ("k", 1.0, False),
        ("max-cycles", 1.0, False),
    ):
        value = getattr(question, option.replace("-", "_"))
        if value is None:
            continue
        fits = value > low if is_open else value >= low
        if option == "k" and value > MAX_K:
            raise InvalidParameter(option, value, f"a whole number from 1 to {MAX_K}")
        if not (fits and (math.isfinite(value) or option == "threshold")):
            more = f"above {low:g}" if is_open else f"of {low:g} or more"
            raise InvalidParameter(option, value, f"a number {more}")


DEFAULTS: dict[str, float] = {
    "k": 1,
    "tau": TAU,
    "max_cycles": MAX_CYCLES,
    "alpha": 1.0,
}
"""What an option is where it was not given and the measure uses it."""
