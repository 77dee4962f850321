"""What is asked of a coverage analysis: checked once, then never changed."""

import hashlib
import json
import math
import re
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from layers.errors import InvalidParameter
from layers.measures.decay_text import parse_decay
from layers.measures.walking import (
    DETOUR,
    WALK_KMH,
    minutes_to_metres,
    straight_line_reach_m,
)
from layers.models.district import DistrictLevel
from layers.models.run import TermKind
from layers.selectors.eligibility import Eligibility

STRAIGHT_LINE = "straight_line"
"""Code of the engine that needs no streets; the only one that uses a detour."""

METHOD = "coverage-4"
"""Version of the method; raised whenever equal data would give other numbers."""

STREET_NETWORK = "street_network"

ENGINES = (STRAIGHT_LINE, STREET_NETWORK)
"""Codes of the engines there are (`travel_cost.py` holds them to it). Named here, so that
a server can read questions without loading the mathematics that answer them."""

SUPPLIES = ("public", "all")

THRESHOLDS = ("given", "standard")
"""Whose longest walk counts: the question's, or that of the committee's standards."""

ACCESS_MEASURES = (
    "enhanced_two_step_fca",
    "two_step_fca",
    "three_step_fca",
    "balanced_fca",
)
"""Measures of places per person, by their names in `measures`."""

STEPPED = "stepped"
"""The decay of Luo and Qi, scaled: 1, 0.68 and 0.22 in the thirds of the threshold."""
MAX_CODES = 100
MAX_DECAY = 100

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class CoverageParameters:
    """The question "who reaches it on foot?", complete.

    Attributes
    ----------
    municipality : str
        Slug.
    level : str
        District level in which people are summed.
    by : str
        `category` or `committee`.
    codes : tuple of str
        Slugs of categories or committees; sorted, each once. Empty is all of them.
    group : str or None
        Slug of the population group asked about; None is everybody.
    threshold_min : float
        Longest walk in minutes that still counts as reached, 1 to 120, inclusive.
    walk_kmh : float
        Walking speed, 1 to 10.
    detour : float
        Walking metres for a metre of straight line, 1 to 3. On streets walks are
        measured, so it is 1 there whatever is given.
    engine : str
        Code of the travel-cost engine.
    supply : str
        `public`: what anybody may know. `all`: protected places, too; such a run is
        restricted and cannot be asked for by the public.
    eligibility : Eligibility
        What the people asked about need of a service; nothing in particular by default.
    threshold : str
        `given`: `threshold_min` for every term. `standard`: the longest walk that the
        municipality's standard for the term allows; `threshold_min` where it has none.
    access : str
        Measure of places per person, of `ACCESS_MEASURES`.
    decay : str
        How much less a farther place counts, by minutes on foot: `stepped`, or a text
        that `measures.decay_text` reads.
    places_per_1000 : float or None
        Places per 1,000 people that are enough, in place of the standards'; above 0.

    Raises
    ------
    InvalidParameter
        Any value out of its range, by name. Numbers are rounded to 3 decimals, so
        that equal questions are equal.
    """

    municipality: str
    level: str = DistrictLevel.NEIGHBOURHOOD.value
    by: str = TermKind.CATEGORY.value
    codes: tuple[str, ...] = ()
    group: str | None = None
    threshold_min: float = 15.0
    walk_kmh: float = WALK_KMH
    detour: float = DETOUR
    engine: str = STRAIGHT_LINE
    supply: str = "public"
    eligibility: Eligibility = field(default_factory=Eligibility)
    threshold: str = "given"
    access: str = ACCESS_MEASURES[0]
    decay: str = STEPPED
    places_per_1000: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be computed; bring the rest into one form."""
        _check_slug("municipality", self.municipality)
        _check_choice("level", self.level, DistrictLevel.values)
        _check_choice("by", self.by, TermKind.values)
        _check_choice("supply", self.supply, SUPPLIES)
        _check_choice("threshold", self.threshold, THRESHOLDS)
        _check_choice("access", self.access, ACCESS_MEASURES)
        self._check_decay()
        if self.places_per_1000 is not None:
            places = _checked_number("places_per_1000", self.places_per_1000, 0, 1000)
            if not places:
                raise InvalidParameter("places_per_1000", places, "above 0, to 1000")
            self._set("places_per_1000", places)
        _check_slug("engine", self.engine)
        if self.group is not None:
            _check_slug("group", self.group)
        self._set("codes", _checked_codes(self.codes))
        self._set(
            "threshold_min",
            _checked_number("threshold_min", self.threshold_min, 1, 120),
        )
        self._set("walk_kmh", _checked_number("walk_kmh", self.walk_kmh, 1, 10))
        detour = _checked_number("detour", self.detour, 1, 3)
        self._set("detour", detour if self.engine == STRAIGHT_LINE else 1.0)
        if self.group is not None and self.access != ACCESS_MEASURES[0]:
            # Only this one knows of places that are shared with others.
            raise InvalidParameter(
                "access", self.access, f"with `group` {ACCESS_MEASURES[0]}"
            )
        if self.is_restricted and not self.eligibility.asks_nothing:
            raise InvalidParameter(
                "supply", self.supply, "public, where something is needed of a service"
            )

    def _check_decay(self) -> None:
        text = str(self.decay).strip().casefold()
        if text != STEPPED:
            if len(text) > MAX_DECAY:
                raise InvalidParameter("decay", text, f"at most {MAX_DECAY} characters")
            parse_decay(text)
        self._set("decay", text)

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Return parameters from what `as_dict` gave; unknown keys are refused."""
        known = [known.name for known in fields(cls)]
        for name in values:
            if name not in known:
                raise InvalidParameter(name, values[name], f"known: {', '.join(known)}")
        return cls(
            **{
                **values,
                "codes": tuple(values.get("codes", ())),
                "eligibility": Eligibility.from_dict(values.get("eligibility") or {}),
            }
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            **asdict(self),
            "codes": list(self.codes),
            "eligibility": self.eligibility.as_dict(),
        }

    def as_json(self) -> str:
        """Return the one JSON text of these parameters: keys sorted, no blanks."""
        return json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"))

    @property
    def hash(self) -> str:
        """SHA-256 of `as_json`, 64 hexadecimal digits; the same on every machine."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    @property
    def is_default(self) -> bool:
        """Whether this is the question that a committee page asks unprompted.

        How far it is on foot is the city's to say, by its streets or its own detour;
        everything else is as nobody chose it.
        """
        return self == type(self)(
            self.municipality,
            level=self.level,
            by=self.by,
            detour=self.detour,
            engine=self.engine,
        )

    @property
    def is_restricted(self) -> bool:
        """Whether the answer could betray a place that is not public."""
        return self.supply != "public"

    @property
    def threshold_m(self) -> float:
        """The threshold in walking metres."""
        return minutes_to_metres(self.threshold_min, self.walk_kmh)

    @property
    def reach_m(self) -> float:
        """The straight-line radius in metres that the threshold stands for."""
        return straight_line_reach_m(self.threshold_min, self.walk_kmh, self.detour)

    def with_level(self, level: str) -> Self:
        """Return the same question summed at another level."""
        return replace(self, level=level)


def _check_choice(
    name: str, value: object, allowed: tuple[str, ...] | list[str]
) -> None:
    if value not in allowed:
        raise InvalidParameter(name, value, f"one of {', '.join(allowed)}")


def _check_slug(name: str, value: object) -> None:
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        raise InvalidParameter(
            name, value, "a slug of at most 60 lower-case letters, digits, - and _"
        )


def _checked_codes(codes: object) -> tuple[str, ...]:
    if isinstance(codes, str) or not isinstance(codes, tuple | list):
        raise InvalidParameter("codes", codes, "several slugs")
    for code in codes:
        _check_slug("codes", code)
    if len(codes) > MAX_CODES:
        raise InvalidParameter("codes", len(codes), f"at most {MAX_CODES} slugs")
    return tuple(sorted(set(codes)))


def _checked_number(name: str, value: object, low: float, high: float) -> float:
    allowed = f"a number from {low} to {high}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidParameter(name, value, allowed)
    if not math.isfinite(value) or not low <= value <= high:
        raise InvalidParameter(name, value, allowed)
    return round(float(value), 3)
