"""Who needs it most? The need index of the districts of a level, and what it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from layers.errors import InvalidParameter
from layers.measures.arrays import FloatArray
from layers.measures.need import Indicator, need_index
from layers.selectors.need import SETTING, Measured, indicators_of, own_indicators

LEAST_DISTRICTS = 2
"""Fewer districts with people cannot be ranked against each other."""

DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Kind:
    """What an indicator tells: its theme, and whether more of it is more need."""

    theme: str
    more_is_need: bool = True


_BY_THEME = {
    "socioeconomic": (
        "unemployment_share",
        "low_income_share",
        "no_secondary_education_share",
        "uninsured_share",
    ),
    "household": (
        "older_people_share",
        "children_share",
        "disability_share",
        "single_parent_share",
    ),
    "origin_language": ("foreign_citizens_share", "language_barrier_share"),
    "housing": ("crowded_homes_share", "unheated_homes_share", "homeless_per_1000"),
}

KINDS: Mapping[str, Kind] = {
    **{name: Kind(theme) for theme, names in _BY_THEME.items() for name in names},
    "median_income": Kind("socioeconomic", more_is_need=False),
}
"""Indicators that count where a municipality does not name its own, after the themes of
the CDC/ATSDR Social Vulnerability Index. Others that are stored do not count."""


@dataclass(frozen=True, slots=True)
class Need:
    """The need of districts.

    Attributes
    ----------
    index : ndarray, (n,)
        0 (least) to 1 by district; NaN where nobody lives or an indicator is missing.
    n_flags : ndarray of int, (n,)
        Indicators in whose highest tenth the district is; -1 where the index is NaN.
    details : dict of str to dict
        By code: `themes`, `indicators` (ranks, 0 to 1) and `flags` (names).
    stands_on : dict
        By indicator its theme, years and sources; plain values, ready for JSON.
    """

    index: FloatArray
    n_flags: FloatArray
    details: dict[str, dict[str, Any]]
    stands_on: dict[str, Any]


def need_of(
    municipality_id: UUID, level: str, codes: Sequence[str], residents: FloatArray
) -> Need | None:
    """Return the need of the districts of a level, None where it cannot be told.

    Parameters
    ----------
    municipality_id : UUID
        Whose districts.
    level : str
        District level.
    codes : sequence of str
        The districts in force.
    residents : ndarray, (n,)
        Everybody who lives in each; nobody is no rank.

    Raises
    ------
    InvalidParameter
        The municipality's own list of indicators is none.

    Notes
    -----
    Two queries. None without indicators of these districts, and where fewer than two
    districts have people.
    """
    kinds = kinds_of(own_indicators(municipality_id))
    measured = indicators_of(municipality_id, level, codes, tuple(kinds))
    return computed(kinds, measured, codes, residents)


def computed(
    kinds: Mapping[str, Kind],
    measured: Mapping[str, Measured],
    codes: Sequence[str],
    residents: FloatArray,
) -> Need | None:
    """Return the same from arrays alone."""
    if not measured or int((residents > 0).sum()) < LEAST_DISTRICTS:
        return None
    names = [name for name in kinds if name in measured]
    found = need_index(
        [
            Indicator(
                name,
                kinds[name].theme,
                measured[name].values,
                more_is_need=kinds[name].more_is_need,
            )
            for name in names
        ],
        residents,
    )
    details = {
        code: {
            "index": _told(found.overall[n]),
            "themes": {theme: _told(rank[n]) for theme, rank in found.themes.items()},
            "indicators": {name: _told(found.indicators[name][n]) for name in names},
            "flags": [name for name in names if found.flags[name][n]],
        }
        for n, code in enumerate(codes)
    }
    stands_on = {
        name: {
            "theme": kinds[name].theme,
            "more_is_need": kinds[name].more_is_need,
            "years": list(measured[name].years),
            "sources": list(measured[name].sources),
        }
        for name in names
    }
    is_known = ~np.isnan(found.overall)
    flags = np.where(is_known, found.n_flags, -1.0)
    return Need(np.round(found.overall, DECIMALS), flags, details, stands_on)


def kinds_of(own: Mapping[str, Any] | None) -> Mapping[str, Kind]:
    """Return the indicators that count, those of the municipality where it names them.

    Raises
    ------
    InvalidParameter
        An entry is no object with the text `theme` and, if given, a true or false
        `more_is_need`.
    """
    if own is None:
        return KINDS
    return {name: _kind(name, said) for name, said in sorted(own.items())}


def _kind(name: str, said: object) -> Kind:
    if isinstance(said, dict):
        theme, more = said.get("theme"), said.get("more_is_need", True)
        if isinstance(theme, str) and theme and isinstance(more, bool):
            return Kind(theme, more)
    raise InvalidParameter(
        f"{SETTING}.{name}", said, "an object with `theme` and perhaps `more_is_need`"
    )


def _told(number: float) -> float | None:
    return None if np.isnan(number) else round(float(number), DECIMALS)
