"""The SQL rule of "open now" against `measures/opening_hours.py`, on random timetables."""

import datetime as dt
import random

import pytest
from django.db import connection

from layers.directory.read_model import horizon, refresh
from layers.directory.timetables import _exception, _rule
from layers.measures.opening_hours import is_open_at, timetable
from layers.models import Schedule, ScheduleException, ServicePoint
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.reference]
TODAY = dt.date(2026, 11, 21)
HOLIDAYS = {dt.date(2026, 12, 25), dt.date(2026, 12, 26), dt.date(2027, 1, 1)}
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
ASK = """
SELECT layers_is_open(hours_known, base_hours, segment_days, segment_hours, segment_explicit,
                      open_on_holidays, t, t::date = ANY (%(holidays)s),
                      t::date - 1 = ANY (%(holidays)s))
FROM layers_servicepoint, unnest(%(times)s::timestamp[]) WITH ORDINALITY AS u(t, n) ORDER BY n
"""


def clock(chance: random.Random) -> dt.time:
    return dt.time(chance.randrange(24), chance.choice([0, 0, 15, 30, 59]))


def plant(chance: random.Random) -> Schedule:
    service = make.ServiceFactory(open_on_holidays=chance.random() < 0.3)
    for _ in range(chance.randrange(1, 4)):
        monthly = chance.random() < 0.2
        start = TODAY + dt.timedelta(days=chance.randrange(-40, 40))
        bounded = chance.random() < 0.3
        schedule = make.ScheduleFactory(
            service=service,
            freq="MONTHLY" if monthly else "WEEKLY",
            byday=["1MO", "-1FR"]
            if monthly
            else chance.sample(DAYS, chance.randrange(1, 6)),
            opens_at=clock(chance),
            closes_at=clock(chance),
            valid_from=start if bounded else None,
            valid_to=start + dt.timedelta(days=20) if bounded else None,
            by_appointment=chance.random() < 0.1,
        )
    for _ in range(chance.randrange(3)):
        start = TODAY + dt.timedelta(days=chance.randrange(60))
        closed = chance.random() < 0.6
        make.ScheduleExceptionFactory(
            service=service,
            starts_on=start,
            ends_on=start + dt.timedelta(days=chance.randrange(4)),
            is_closed=closed,
            opens_at=None if closed else clock(chance),
            closes_at=None if closed else clock(chance),
        )
    return schedule


@pytest.mark.parametrize("seed", range(25))
def test_sql_and_python_agree_about_every_minute_asked(seed: int) -> None:
    chance = random.Random(seed)
    service = plant(chance).service
    refresh([service.id], today=TODAY)
    table = timetable(
        [_rule(s) for s in Schedule.objects.order_by("id")],
        [_exception(e) for e in ScheduleException.objects.order_by("id")],
        horizon=horizon(TODAY),
    )
    start = dt.datetime.combine(TODAY, dt.time())
    times = [
        start + dt.timedelta(minutes=chance.randrange(60 * 24 * 60)) for _ in range(400)
    ]
    with connection.cursor() as cursor:
        cursor.execute(ASK, {"holidays": sorted(HOLIDAYS), "times": times})
        in_sql = [row[0] for row in cursor.fetchall()]
    in_python = [
        is_open_at(
            table, t, holidays=HOLIDAYS, open_on_holidays=service.open_on_holidays
        )
        for t in times
    ]
    assert ServicePoint.objects.count() == 1
    assert dict(zip(times, in_sql, strict=True)) == dict(
        zip(times, in_python, strict=True)
    )
