"""What `manage.py locate` is asked: options, checked against what a model needs."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from layers.errors import InvalidParameter
from layers.measures.location_models.partial_lscp import TARGET
from layers.measures.location_models.solution import TIME_LIMIT_S

COVERING = frozenset(("mclp", "lscp", "partial_lscp"))
"""Models that ask who is within a radius."""

COUNTED = frozenset(("mclp", "p_median", "p_center"))
"""Models that are told how many sites to choose."""

WITH_CAPACITY = frozenset(("mclp", "p_median"))

MODELS = ("mclp", "lscp", "partial_lscp", "p_median", "p_center")

_ONLY = {
    "sites-count": COUNTED,
    "target": frozenset(("partial_lscp",)),
    "supply-value": WITH_CAPACITY,
}
"""Models that an option means something to."""

_PLACES = ("x", "y", "srid", "detour")
_COLUMNS = ("cost-from", "cost-to", "cost-value")


@dataclass(frozen=True, slots=True)
class LocateQuestion:
    """The options of one call, as given; None is not given.

    Fields are named as the options of `manage.py locate`; docs/how-to/
    locate-on-files.md says what each means.
    """

    model: str
    demand: Path
    sites: Path
    demand_id: str | None = None
    demand_value: str | None = None
    supply_id: str | None = None
    supply_value: str | None = None
    fixed: Path | None = None
    sites_count: int | None = None
    radius: float | None = None
    target: float | None = None
    time_limit: float | None = None
    x: str | None = None
    y: str | None = None
    srid: int | None = None
    detour: float | None = None
    cost: Path | None = None
    cost_from: str | None = None
    cost_to: str | None = None
    cost_value: str | None = None
    graph: Path | None = None

    @property
    def demand_ids(self) -> str:
        """Column with the ids of demand; `id` unless named."""
        return self.demand_id or "id"

    @property
    def site_ids(self) -> str:
        """Column with the ids of sites; that of demand unless named."""
        return self.supply_id or self.demand_ids

    @property
    def is_straight(self) -> bool:
        """Whether costs are straight lines between places."""
        return self.cost is None and self.graph is None

    @property
    def has_capacity(self) -> bool:
        """Whether sites have a capacity that this model respects."""
        return self.supply_value is not None and self.model in WITH_CAPACITY

    @property
    def seconds(self) -> float:
        """The time limit."""
        return TIME_LIMIT_S if self.time_limit is None else self.time_limit

    @property
    def share(self) -> float:
        """The target of a partial cover."""
        return TARGET if self.target is None else self.target

    @property
    def reach(self) -> float:
        """The radius; inf where none was given."""
        return math.inf if self.radius is None else self.radius

    def unused(self) -> Iterator[str]:
        """Yield the options that were given and mean nothing here."""
        for option, models in _ONLY.items():
            if self.given(option) and self.model not in models:
                yield option
        others = _COLUMNS if self.is_straight else _PLACES
        yield from (option for option in others if self.given(option))

    def given(self, option: str) -> bool:
        """Return whether an option was given."""
        return getattr(self, option.replace("-", "_")) is not None


def model_name(text: str) -> str:
    """Return a model's name; hyphens and underscores are the same.

    Raises
    ------
    InvalidParameter
        There is no such model.
    """
    name = text.strip().casefold().replace("-", "_")
    if name not in MODELS:
        raise InvalidParameter("model", text, f"one of {', '.join(MODELS)}")
    return name


def check(question: LocateQuestion) -> None:
    """Refuse a question that lacks an option, or whose numbers make no sense.

    Raises
    ------
    InvalidParameter
        Names the option, the value and what is allowed.
    """
    if question.model in COVERING:
        _need(question, "radius")
    if question.model in COUNTED:
        _need(question, "sites-count")
    if question.cost is not None:
        if question.graph is not None:
            raise InvalidParameter("graph", str(question.graph), "not with --cost")
        _need(question, *_COLUMNS)
    _check_numbers(question)


def _need(question: LocateQuestion, *options: str) -> None:
    for option in options:
        if not question.given(option):
            raise InvalidParameter(option, "", f"{question.model} needs it")


def _check_numbers(question: LocateQuestion) -> None:
    for option, low, high, is_open in (
        ("radius", 0.0, math.inf, False),
        ("sites-count", 0.0, math.inf, False),
        ("target", 0.0, 1.0, True),
        ("time-limit", 0.0, math.inf, True),
        ("detour", 0.0, math.inf, True),
    ):
        value = getattr(question, option.replace("-", "_"))
        if value is None:
            continue
        fits = (value > low if is_open else value >= low) and value <= high
        if not (fits and (math.isfinite(value) or option == "radius")):
            more = f"above {low:g}" if is_open else f"of {low:g} or more"
            upper = f", up to {high:g}" if math.isfinite(high) else ""
            raise InvalidParameter(option, value, f"a number {more}{upper}")
