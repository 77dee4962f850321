"""Rows that are copied are the rows that an insert would have made."""

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from layers.directory.bulk import copy_rows
from layers.models import DemandPoint, Location, Schedule, Service
from tests.factories import (
    DemandPointFactory,
    LocationFactory,
    ScheduleFactory,
    ServiceFactory,
)


def stored(model: Any, pk: object) -> dict[str, Any]:
    (values,) = model.objects.filter(pk=pk).values()
    return {k: v for k, v in values.items() if k not in ("created_at", "updated_at")}


@pytest.mark.parametrize("factory", [LocationFactory, ServiceFactory])
def test_a_copied_row_is_the_inserted_row(db: None, factory: Any) -> None:
    made = factory(
        source='a\tb\\N\n"c"', names={"el": "Κυψέλη\\n", "fa": "مراقبت\u200cهای"}
    )
    model = type(made)
    before = stored(model, made.pk)
    model.objects.filter(pk=made.pk).delete()
    copy_rows([made])
    assert stored(model, made.pk) == before


def test_generated_columns_and_times_are_filled_in(db: None) -> None:
    made = DemandPointFactory.build(
        municipality=LocationFactory().municipality, groups={"women": 3}
    )
    copy_rows([made])
    row = DemandPoint.objects.get()
    assert row.point_m is not None
    assert row.groups == {"women": 3}
    assert Location.objects.filter(updated_at__isnull=False).count() == 1


def test_arrays_times_and_nulls_survive(db: None) -> None:
    made = ScheduleFactory(byday=["MO", "1TU"], valid_from=None)
    before = stored(Schedule, made.pk)
    Schedule.objects.all().delete()
    copy_rows([made])
    after = stored(Schedule, Schedule.objects.get().pk)
    assert {**after, "id": None} == {**before, "id": None}


def test_many_rows_and_none(db: None) -> None:
    service = ServiceFactory()
    copy_rows([])
    copy_rows(ScheduleFactory.build(service=service) for _ in range(500))
    assert Schedule.objects.count() == 500


def test_constraints_hold(db: None) -> None:
    place = LocationFactory.build(
        municipality=ServiceFactory().municipality, point=Point(200, 0, srid=4326)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_rows([place])
    assert Service.objects.count() == 1
