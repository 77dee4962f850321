"""The planner knows how many rows an import wrote as soon as it is done."""

import pytest
from django.db import connection

from layers.directory.bulk import update_statistics
from layers.models import DemandPoint
from tests.factories import DemandPointFactory

pytestmark = pytest.mark.django_db


def test_the_planner_knows_new_rows_at_once() -> None:
    DemandPointFactory.create_batch(7)
    update_statistics(DemandPoint)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = 'layers_demandpoint'::regclass"
        )
        assert cursor.fetchone() == (7.0,)
