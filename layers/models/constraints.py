"""Database constraints that several nouns share, named alike everywhere.

An invariant that only Python knows is broken by the first bulk import; so each is a
CHECK, and `tests/integration/models/test_every_model.py` walks all models to see that
no field of a kind goes without its own.
"""

from typing import Any

from django.contrib.gis.db.models import PointField
from django.db.models import (
    BooleanField,
    CheckConstraint,
    F,
    Func,
    Q,
    TextChoices,
)


class IsLanguageMap(Func):
    """SQL: the jsonb is an object of language code -> non-blank text."""

    function = "layers_is_language_map"
    output_field = BooleanField()


class IsOnGlobe(Func):
    """SQL: the 4326 point has finite lon/lat within -180..180 and -90..90."""

    function = "layers_is_on_globe"
    output_field = BooleanField()


def known_values(table: str, field: str, choices: type[TextChoices]) -> CheckConstraint:
    """Return the constraint that `field` holds one of `choices`."""
    condition = Q(**{f"{field}__in": choices.values})
    return CheckConstraint(condition=condition, name=f"{table}_{field}_known")


def language_map(table: str, field: str, *, blank: bool = False) -> CheckConstraint:
    """Return the constraint that `field` maps languages to texts.

    With `blank` the empty map is allowed too.
    """
    condition = Q(IsLanguageMap(F(field)))
    condition = condition | Q(**{field: {}}) if blank else condition & ~Q(**{field: {}})
    return CheckConstraint(condition=condition, name=f"{table}_{field}_map")


def lon_lat(table: str, field: str) -> CheckConstraint:
    """Return the constraint that a 4326 point lies on the globe (null is allowed)."""
    return CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(IsOnGlobe(F(field))),
        name=f"{table}_{field}_lon_lat",
    )


def valid_polygon(table: str, field: str) -> CheckConstraint:
    """Return the constraint that a polygon is valid and not empty (null is allowed)."""
    empty = Func(F(field), function="ST_IsEmpty", output_field=BooleanField())
    return CheckConstraint(
        condition=Q(**{f"{field}__isnull": True})
        | (Q(**{f"{field}__isvalid": True}) & ~Q(empty)),
        name=f"{table}_{field}_valid",
    )


def together(table: str, *fields: str) -> CheckConstraint:
    """Return the constraint that `fields` are all null or all given."""
    none = Q(**{f"{f}__isnull": True for f in fields})
    every = Q(**{f"{f}__isnull": False for f in fields})
    return CheckConstraint(
        condition=none | every, name=f"{table}_{'_'.join(fields)}_pair"
    )


def ordered(table: str, low: str, high: str) -> CheckConstraint:
    """Return the constraint `low <= high`, where both are given."""
    unset = Q(**{f"{low}__isnull": True}) | Q(**{f"{high}__isnull": True})
    return CheckConstraint(
        condition=unset | Q(**{f"{low}__lte": F(high)}),
        name=f"{table}_{low}_{high}_order",
    )


def at_least(table: str, field: str, low: float) -> CheckConstraint:
    """Return the constraint `field >= low` (null is allowed)."""
    condition = Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": low})
    return CheckConstraint(condition=condition, name=f"{table}_{field}_min")


def exactly_one(table: str, *fields: str) -> CheckConstraint:
    """Return the constraint that just one of `fields` is given."""
    condition = Q()
    for given in fields:
        condition |= Q(**{f"{f}__isnull": f != given for f in fields})
    return CheckConstraint(condition=condition, name=f"{table}_one_owner")


def lon_lat_point(**options: Any) -> "PointField[Any, Any]":
    """Return a 4326 point column; give its table `lon_lat()` too."""
    return PointField(srid=4326, **options)
