"""Writes a walking network: as a whole, or not at all."""

import hashlib
from collections.abc import Mapping, Sequence

from django.contrib.gis.geos import LineString, Point
from django.utils import timezone

from layers.directory import read_model
from layers.directory.bulk import copy_rows
from layers.geo import WGS84
from layers.ingest.report import Report
from layers.ingest.street_building import Stretch
from layers.ingest.street_drawing import Drawing, StreetOptions
from layers.ingest.writing import may_write
from layers.models import Municipality, StreetEdge, StreetNetwork, StreetNode

Spot = tuple[float, float]

Key = tuple[int, int, int]
"""Both junctions, and the length in millimetres."""


def write_streets(
    kept: Sequence[Stretch],
    drawing: Drawing,
    municipality: Municipality,
    options: StreetOptions,
    report: Report,
) -> None:
    """Replace the stored network by the streets, count what changes, and say so.

    A street is the same if it joins the same junctions and is as long. A network of
    which nothing changes is left alone, with what was measured on it; after any change
    the detour is to be measured anew.
    """
    spots = _spots(kept)
    digest = _digest(kept, spots, drawing.elevation_m)
    network = StreetNetwork.objects.filter(municipality=municipality).first()
    is_same = network is not None and network.digest == digest
    before = _stored(municipality)
    _count(kept, before, report)
    if not may_write(report) or (is_same and before):
        if network is not None and may_write(report):
            _rename(network, options)
        return
    _note_stale_detour(network, report)
    _replace(kept, spots, drawing, municipality)
    StreetNetwork.objects.update_or_create(
        municipality=municipality,
        defaults={
            "source": options.source,
            "licence": options.licence,
            "digest": digest,
            "imported_at": timezone.now(),
            "detour": None,
            "calibration": {},
        },
    )
    read_model.bump("streets")


def _note_stale_detour(network: StreetNetwork | None, report: Report) -> None:
    if network is not None and network.detour is not None:
        report.find(
            "noted",
            None,
            "detour",
            f"{network.detour:g}",
            "measured on the streets before; measure it anew with calibrate_detour",
        )


def _replace(
    kept: Sequence[Stretch],
    spots: Mapping[int, Spot],
    drawing: Drawing,
    municipality: Municipality,
) -> None:
    StreetEdge.objects.filter(municipality=municipality).delete()
    StreetNode.objects.filter(municipality=municipality).delete()
    copy_rows(
        StreetNode(
            municipality=municipality,
            source_id=number,
            point=Point(*spot, srid=WGS84),
            elevation_m=drawing.elevation_m.get(number),
        )
        for number, spot in spots.items()
    )
    _write_edges(kept, municipality)


def _rename(network: StreetNetwork, options: StreetOptions) -> None:
    """Keep the network, under the source and licence that it is given now."""
    if (network.source, network.licence) != (options.source, options.licence):
        network.source, network.licence = options.source, options.licence
        network.save(update_fields=["source", "licence"])
        read_model.bump("streets")


def _write_edges(kept: Sequence[Stretch], municipality: Municipality) -> None:
    place = dict(
        StreetNode.objects.filter(municipality=municipality).values_list(
            "source_id", "pk"
        )
    )
    copy_rows(
        StreetEdge(
            municipality=municipality,
            start_id=place[stretch.start],
            end_id=place[stretch.end],
            line=_line(stretch),
            length_m=stretch.length_m,
            highway=stretch.way.highway,
            name=stretch.way.name,
        )
        for stretch in kept
    )


def _line(stretch: Stretch) -> LineString | None:
    """Return the line to store: none where it is the straight one."""
    if len(stretch.lonlat) <= 2:
        return None
    return LineString(stretch.lonlat.tolist(), srid=WGS84)


def _spots(kept: Sequence[Stretch]) -> dict[int, Spot]:
    """Return where the junctions are, by id in order."""
    spots: dict[int, Spot] = {}
    for stretch in kept:
        (lon0, lat0), (lon1, lat1) = (
            stretch.lonlat[0].tolist(),
            stretch.lonlat[-1].tolist(),
        )
        spots.setdefault(stretch.start, (lon0, lat0))
        spots.setdefault(stretch.end, (lon1, lat1))
    return dict(sorted(spots.items()))


def _digest(
    kept: Sequence[Stretch], spots: Mapping[int, Spot], heights: Mapping[int, float]
) -> str:
    """Return the hash of everything that is stored of a network, 64 hex digits."""
    found = hashlib.sha256()
    for number, (lon, lat) in spots.items():
        found.update(f"{number} {lon:.7f} {lat:.7f} {heights.get(number)}\n".encode())
    for stretch in sorted(kept, key=lambda s: (s.start, s.end, s.length_m, s.key)):
        start, end, line = stretch.key
        way = stretch.way
        text = f"{start} {end} {stretch.length_m:.3f} {way.highway} {way.name}\n"
        found.update(text.encode() + line)
    return found.hexdigest()


def _stored(municipality: Municipality) -> frozenset[Key]:
    rows = StreetEdge.objects.filter(municipality=municipality).values_list(
        "start__source_id", "end__source_id", "length_m"
    )
    return frozenset(_key(*row) for row in rows)


def _key(start: int, end: int, length_m: float) -> Key:
    return start, end, round(length_m * 1000)


def _count(kept: Sequence[Stretch], before: frozenset[Key], report: Report) -> None:
    """Count the file's streets as new, changed or neither, by their stretches."""
    states: dict[int, set[bool]] = {}
    keys = set()
    for stretch in kept:
        key = _key(stretch.start, stretch.end, stretch.length_m)
        keys.add(key)
        states.setdefault(stretch.way.row, set()).add(key in before)
    for known in states.values():
        if known == {True}:
            report.unchanged += 1
        elif known == {False}:
            report.created += 1
        else:
            report.updated += 1
    report.retired = len(before - keys)
