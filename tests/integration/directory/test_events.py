"""Activities and open calls are written once, and refused by the field at fault."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from layers.directory.events import (
    ActivityRecord,
    CallRecord,
    Source,
    local_time,
    write_activities,
    write_calls,
)
from layers.errors import InvalidRecord
from layers.models import Activity, DataVersion, Municipality, OpenCall
from tests import factories as make

pytestmark = pytest.mark.django_db
SOURCE = Source("test", "CC0-1.0", is_demo=True)


@pytest.fixture
def city() -> Municipality:
    make.TaxonomyTermFactory(slug="greek-courses")
    make.TaxonomyTermFactory(slug="health", taxonomy__slug="committee")
    city = make.MunicipalityFactory()
    make.DistrictFactory(municipality=city, code="N07")
    return city


@pytest.fixture
def record(city: Municipality) -> ActivityRecord:
    return ActivityRecord(
        source_id="a1",
        organization=make.OrganizationFactory(municipality=city),
        names={"en": "Circle"},
        descriptions={},
        starts_at=datetime(2026, 9, 8, 15, tzinfo=UTC),
        ends_at=datetime(2026, 9, 8, 16, tzinfo=UTC),
        recurrence="FREQ=WEEKLY;BYDAY=TU",
        categories=("greek-courses",),
    )


@pytest.fixture
def call(city: Municipality) -> CallRecord:
    return CallRecord(
        source_id="c1",
        organization=make.OrganizationFactory(municipality=city),
        kind="need",
        names={"en": "Room wanted"},
        descriptions={},
        committee="health",
        district="N07",
        opens_on=date(2026, 11, 1),
        closes_on=date(2026, 11, 1),
    )


def version() -> int:
    found = DataVersion.objects.filter(name="events").first()
    return found.version if found else 0


def test_a_second_writing_changes_nothing(
    city: Municipality, record: ActivityRecord, call: CallRecord
) -> None:
    assert write_activities([record], city, SOURCE, publish=True) == 1
    assert write_calls([call], city, SOURCE, publish=True) == 1
    before = version(), Activity.objects.get().updated_at
    assert write_activities([record], city, SOURCE, publish=True) == 0
    assert write_calls([call], city, SOURCE, publish=True) == 0
    assert (version(), Activity.objects.get().updated_at) == before


def test_a_change_is_written_and_known(
    city: Municipality, record: ActivityRecord
) -> None:
    write_activities([record], city, SOURCE, publish=True)
    before = version()
    other = replace(record, categories=())
    assert write_activities([other], city, SOURCE, publish=True) == 1
    assert version() == before + 1
    assert not Activity.objects.get().categories.exists()


def test_what_a_moderator_withdrew_stays_withdrawn(
    city: Municipality, record: ActivityRecord
) -> None:
    write_activities([record], city, SOURCE, publish=True)
    Activity.objects.update(moderation_state="withdrawn")
    write_activities(
        [replace(record, url="https://example.org")], city, SOURCE, publish=True
    )
    assert Activity.objects.get().moderation_state == "withdrawn"


def test_without_publishing_it_is_a_draft(
    city: Municipality, record: ActivityRecord
) -> None:
    write_activities([record], city, SOURCE, publish=False)
    assert Activity.objects.get().moderation_state == "draft"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"categories": ("cakes",)}, "category"),
        ({"ends_at": datetime(2026, 9, 8, 14, tzinfo=UTC)}, "ends_at"),
        ({"recurrence": "every tuesday"}, "recurrence"),
        ({"recurrence": "FREQ=SECONDLY"}, "recurrence"),
        ({"recurrence": "FREQ=DAILY;BYHOUR=1,2,3"}, "recurrence"),
        ({"recurrence": "FREQ=WEEKLY;UNTIL=20261231"}, "recurrence"),
        ({"recurrence": "FREQ=WEEKLY;BYDAY=XX"}, "recurrence"),
    ],
)
def test_an_activity_is_refused_by_the_field(
    city: Municipality, record: ActivityRecord, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRecord) as caught:
        write_activities([replace(record, **change)], city, SOURCE, publish=True)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "wish"}, "kind"),
        ({"committee": "cakes"}, "committee"),
        ({"committee": "greek-courses"}, "committee"),
        ({"district": "N99"}, "district"),
        ({"closes_on": date(2026, 10, 31)}, "closes_on"),
    ],
)
def test_a_call_is_refused_by_the_field(
    city: Municipality, call: CallRecord, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRecord) as caught:
        write_calls([replace(call, **change)], city, SOURCE, publish=True)
    assert caught.value.field == field
    assert OpenCall.objects.count() == 0


def test_a_local_time_is_that_of_the_city(city: Municipality) -> None:
    assert local_time("2026-09-08T18:00", city).astimezone(UTC).hour == 15
    assert local_time("2026-12-08T18:00", city).astimezone(UTC).hour == 16
