"""Figures about districts from which their need is told, as arrays for the analysis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from layers.models import DistrictIndicator, Municipality

SETTING = "need_indicators"
"""Key of `Municipality.settings` under which a municipality names its own indicators."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One indicator of the districts of a level.

    Attributes
    ----------
    values : ndarray, (n,)
        By district, in the order asked for; NaN where it is not known.
    years : tuple of int
        Of the figures, ascending, each once.
    sources : tuple of str
        The same for where they come from.
    """

    values: NDArray[np.float64]
    years: tuple[int, ...]
    sources: tuple[str, ...]


def indicators_of(
    municipality_id: UUID, level: str, codes: Sequence[str], names: Sequence[str]
) -> dict[str, Measured]:
    """Return some indicators of the districts in force; one query.

    Parameters
    ----------
    municipality_id : UUID
        Whose districts.
    level : str
        District level.
    codes : sequence of str
        The districts, in the order of the values.
    names : sequence of str
        The indicators; those that no district has a value of are left out.

    Notes
    -----
    Of several figures about a district the latest year counts, and of one year the
    source that comes first by name.
    """
    at = {code: n for n, code in enumerate(codes)}
    rows = (
        DistrictIndicator.objects.filter(
            district__municipality_id=municipality_id,
            district__level=level,
            district__valid_to__isnull=True,
            name__in=list(names),
            value__isnull=False,
        )
        .order_by("name", "district__code", "-year", "source")
        .distinct("name", "district__code")
        .values_list("name", "district__code", "year", "source", "value")
    )
    by_name: dict[str, list[tuple[str, int, str, float]]] = {}
    for name, code, year, source, value in rows:
        if value is not None:
            by_name.setdefault(name, []).append((code, year, source, value))
    found = {}
    for name, listed in by_name.items():
        values = np.full(len(codes), np.nan)
        for code, _, _, value in listed:
            if code in at:
                values[at[code]] = value
        found[name] = Measured(
            values,
            tuple(sorted({year for _, year, _, _ in listed})),
            tuple(sorted({source for _, _, source, _ in listed})),
        )
    return found


def own_indicators(municipality_id: UUID) -> Mapping[str, Any] | None:
    """Return what a municipality calls need, None where it did not say; one query."""
    found = (
        Municipality.objects.filter(pk=municipality_id)
        .values_list(f"settings__{SETTING}", flat=True)
        .first()
    )
    return found if isinstance(found, dict) else None
