"""Measures the detour of a city on its streets, and keeps it with them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from layers.analysis.calibration import Calibration, city_detour, local_detours
from layers.analysis.street_facts import LONG_DETOUR
from layers.analysis.street_graphs import PreparedStreets, prepared_streets
from layers.directory import read_model
from layers.errors import InvalidParameter, NotFound
from layers.measures.arrays import FloatArray
from layers.models import Municipality, StreetNetwork
from layers.selectors.demand import homes
from layers.selectors.streets import streets

PAIRS = 2_000
"""Walks of the sample: the median of 2,000 is good to about one percent."""

MOST_DETOUR = 3.0
"""What questions take; a city with more has streets that are not all loaded."""

_STORE_LOCAL = """
UPDATE layers_streetnode n SET local_detour = found.local_detour
FROM unnest(%(ids)s::bigint[], %(detours)s::float8[]) found(source_id, local_detour)
WHERE n.municipality_id = %(municipality)s AND n.source_id = found.source_id
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a calibration found: the city's detour, and junctions with long ones."""

    calibration: Calibration
    junctions: int
    junctions_measured: int
    junctions_long: int


def calibrate_detour(
    slug: str,
    *,
    pairs: int = PAIRS,
    seed: int = 1,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Measured:
    """Measure the detour of a municipality, and keep it unless `dry_run`.

    Parameters
    ----------
    slug : str
        The municipality.
    pairs, seed : int
        Of the sample.
    dry_run : bool
        Measure only.
    progress : callable, optional
        Is told how many junctions of how many are done.

    Raises
    ------
    NotFound
        No such municipality.
    InvalidParameter
        No streets, or none that a detour can be measured on.
    """
    if not 1 <= pairs <= 1_000_000:
        raise InvalidParameter("pairs", pairs, "1 to 1,000,000")
    municipality = Municipality.objects.filter(slug=slug).first()
    if municipality is None:
        raise NotFound("municipality", slug)
    prepared = prepared_streets(municipality.pk)
    if prepared is None:
        raise InvalidParameter(
            "municipality", slug, "one with streets (import_streets loads them)"
        )
    found = city_detour(prepared, *homes(municipality.pk), pairs=pairs, seed=seed)
    if found.detour > MOST_DETOUR:
        raise InvalidParameter(
            "streets", found.detour, f"streets with a detour of {MOST_DETOUR:g} at most"
        )
    local = _local(prepared, progress)
    if not dry_run:
        _store(municipality, found, local)
    is_known = ~np.isnan(local)
    return Measured(
        found,
        junctions=len(local),
        junctions_measured=int(is_known.sum()),
        junctions_long=int((local[is_known] > LONG_DETOUR).sum()),
    )


def _local(
    prepared: PreparedStreets, progress: Callable[[int, int], None] | None
) -> FloatArray:
    local = np.full(len(prepared.xy), np.nan)
    done = 0
    for junctions, detours in local_detours(prepared):
        local[junctions] = detours
        done += len(junctions)
        if progress is not None:
            progress(done, len(local))
    return local


@transaction.atomic
def _store(municipality: Municipality, found: Calibration, local: FloatArray) -> None:
    now = timezone.now()
    StreetNetwork.objects.filter(municipality=municipality).update(
        detour=found.detour,
        calibration={**asdict(found), "at": now.isoformat(timespec="seconds")},
    )
    values = {
        "ids": streets(municipality.pk).node_ids.tolist(),
        "detours": [None if np.isnan(d) else round(d, 3) for d in local.tolist()],
        "municipality": municipality.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE_LOCAL, values)
    read_model.bump("streets")
