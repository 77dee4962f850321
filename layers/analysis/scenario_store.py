"""Scenarios that are kept: the only writer of Scenario and ScenarioChange.

Nobody signs in, so whoever stores one is given a token once; only its hash is kept. What
is stored is a set of changes with a name, never a result: an answer is always made of the
data of today.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from layers.analysis.scenario_changes import (
    Changes,
    Move,
    NewCapacity,
    NewHours,
    Opening,
)
from layers.errors import NotAllowed, NotFound, Unavailable
from layers.models import Municipality, Scenario, ScenarioChange, TaxonomyTerm
from layers.models.run import ChangeKind, TermKind
from layers.selectors.public_places import public_ids

TOKEN_BYTES = 24

TOUCH_AFTER = timedelta(hours=1)
"""How much later a use is written down: reading stays cheap."""


@dataclass(frozen=True, slots=True)
class StoredScenario:
    """A scenario as anybody may read it.

    Attributes
    ----------
    id : UUID
    municipality : str
        Slug.
    names : Mapping
        Language map.
    created_at, last_used_at : datetime
    changes : Changes or None
        Less those of service points that are public no more; None where none is left.
    n_gone : int
        How many those are.
    """

    id: UUID
    municipality: str
    names: Mapping[str, str]
    created_at: datetime
    last_used_at: datetime
    changes: Changes | None
    n_gone: int

    @property
    def expires_at(self) -> datetime:
        """When it is deleted unless somebody asks for it before."""
        return self.last_used_at + timedelta(days=settings.SCENARIOS_KEPT_DAYS)


def store(
    municipality: str, names: Mapping[str, str], changes: Changes
) -> tuple[StoredScenario, str]:
    """Store a scenario; return it and the token that deletes it.

    Parameters
    ----------
    municipality : str
        Slug.
    names : Mapping
        Language map, checked already.
    changes : Changes
        Changes that were answered already, so that every service point is public.

    Raises
    ------
    NotFound
        No such municipality.
    Unavailable
        SCENARIOS_MOST of this municipality are kept, and none of them has expired.
    """
    city = Municipality.objects.filter(slug=municipality).first()
    if city is None:
        raise NotFound("municipality", municipality)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        # One at a time for a municipality, so that the limit holds.
        Municipality.objects.select_for_update().get(pk=city.pk)
        forget_unused(timezone.now())
        if (
            Scenario.objects.filter(municipality=city).count()
            >= settings.SCENARIOS_MOST
        ):
            raise Unavailable(
                f"{settings.SCENARIOS_MOST} scenarios are kept, and no more; those that "
                "nobody asks for are deleted by and by"
            )
        kept = Scenario.objects.create(
            municipality=city,
            names=dict(names),
            token_hash=_hash(token),
            last_used_at=timezone.now(),
        )
        ScenarioChange.objects.bulk_create(_rows(kept, changes))
    return _told([kept])[0], token


def stored_scenarios(municipality: str, *, limit: int) -> list[StoredScenario]:
    """Return the scenarios of a municipality, those used last first; four queries.

    To be listed is no use: it keeps nothing from expiring.
    """
    kept = _in_force().filter(municipality__slug=municipality)
    return _told(list(kept.order_by("-last_used_at", "pk")[:limit]))


def stored_scenario(id_: UUID, *, is_use: bool = False) -> StoredScenario:
    """Return one scenario; with `is_use` it is kept for longer.

    Raises
    ------
    NotFound
        There is none of that id, or it has expired.
    """
    kept = _in_force().filter(pk=id_).first()
    if kept is None:
        raise NotFound("scenario", id_)
    now = timezone.now()
    if is_use and _used_at(kept) < now - TOUCH_AFTER:
        Scenario.objects.filter(pk=id_).update(last_used_at=now)
        kept.last_used_at = now
    return _told([kept])[0]


def delete(id_: UUID, token: str) -> None:
    """Delete a scenario.

    Raises
    ------
    NotFound
        There is none of that id, or it has expired.
    NotAllowed
        Another token than was given when it was stored.
    """
    kept = _in_force().filter(pk=id_).first()
    if kept is None:
        raise NotFound("scenario", id_)
    if not kept.token_hash or not hmac.compare_digest(kept.token_hash, _hash(token)):
        raise NotAllowed(
            "a scenario is deleted with the token given when it was stored"
        )
    kept.delete()


def forget_unused(now: datetime) -> int:
    """Delete the scenarios that nobody asked for in SCENARIOS_KEPT_DAYS; return how many."""
    before = now - timedelta(days=settings.SCENARIOS_KEPT_DAYS)
    unused = Scenario.objects.filter(last_used_at__lt=before)
    n = unused.count()
    unused.delete()
    return n


def _in_force() -> "QuerySet[Scenario]":
    since = timezone.now() - timedelta(days=settings.SCENARIOS_KEPT_DAYS)
    found: QuerySet[Scenario] = Scenario.objects.filter(
        last_used_at__gte=since
    ).select_related("municipality")
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _used_at(kept: Scenario) -> datetime:
    return kept.last_used_at or kept.created_at


def _rows(kept: Scenario, changes: Changes) -> list[ScenarioChange]:
    slugs = {one.category for one in changes.open}
    category = {
        term.slug: term
        for term in TaxonomyTerm.objects.filter(
            taxonomy__slug=TermKind.CATEGORY.value, slug__in=slugs
        )
    }

    def row(kind: ChangeKind, **given: object) -> ScenarioChange:
        return ScenarioChange(scenario=kept, kind=kind, **given)

    def at(id_: UUID) -> dict[str, UUID]:
        return {"service_at_location_id": id_}

    return [
        *(row(ChangeKind.CLOSE, **at(id_)) for id_ in changes.close),
        *(
            row(
                ChangeKind.OPEN,
                category=category[one.category],
                lon=one.lon,
                lat=one.lat,
                capacity=one.capacity,
            )
            for one in changes.open
        ),
        *(
            row(ChangeKind.MOVE, lon=one.lon, lat=one.lat, **at(one.id))
            for one in changes.move
        ),
        *(
            row(ChangeKind.HOURS, hours=list(one.hours), **at(one.id))
            for one in changes.hours
        ),
        *(
            row(ChangeKind.CAPACITY, capacity=one.capacity, **at(one.id))
            for one in changes.capacity
        ),
    ]


def _told(kept: Sequence[Scenario]) -> list[StoredScenario]:
    rows = list(
        ScenarioChange.objects.filter(scenario__in=kept)
        .select_related("category")
        .order_by("pk")
    )
    ids = {row.service_at_location_id for row in rows} - {None}
    public = public_ids(id_ for id_ in ids if id_ is not None)
    found = []
    for one in kept:
        mine = [row for row in rows if row.scenario_id == one.pk]
        left = [
            row
            for row in mine
            if row.service_at_location_id is None
            or row.service_at_location_id in public
        ]
        found.append(
            StoredScenario(
                id=one.pk,
                municipality=one.municipality.slug,
                names=one.names,
                created_at=one.created_at,
                last_used_at=_used_at(one),
                changes=_changes(left) if left else None,
                n_gone=len(mine) - len(left),
            )
        )
    return found


def _changes(rows: Iterable[ScenarioChange]) -> Changes:
    by_kind: dict[str, list[ScenarioChange]] = {kind: [] for kind in ChangeKind.values}
    for row in rows:
        by_kind[row.kind].append(row)
    return Changes(
        close=tuple(_id(row) for row in by_kind["close"]),
        open=tuple(
            Opening(
                "" if row.category is None else row.category.slug,
                *_spot(row),
                row.capacity,
            )
            for row in by_kind["open"]
        ),
        move=tuple(Move(_id(row), *_spot(row)) for row in by_kind["move"]),
        hours=tuple(NewHours(_id(row), tuple(row.hours)) for row in by_kind["hours"]),
        capacity=tuple(
            NewCapacity(_id(row), row.capacity or 0.0) for row in by_kind["capacity"]
        ),
    )


def _id(row: ScenarioChange) -> UUID:
    id_: UUID | None = row.service_at_location_id
    assert id_ is not None  # noqa: S101 (a CHECK of the table)
    return id_


def _spot(row: ScenarioChange) -> tuple[float, float]:
    assert row.lon is not None and row.lat is not None  # noqa: S101, PT018 (as above)
    return row.lon, row.lat
