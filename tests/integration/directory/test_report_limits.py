"""A flood of reports is stopped, and nobody can tell afterwards who sent any."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from layers.directory.report_limits import admit, forget_senders
from layers.errors import TooManyReports
from layers.models import SenderKey, SenderTally

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def limit(settings: Any) -> int:
    settings.REPORTS_PER_HOUR = 3
    return 3


def send(sender: str, times: int, at: datetime = NOON) -> None:
    for _ in range(times):
        admit(sender, at)


def test_the_limit_itself_is_still_taken(limit: int) -> None:
    send("192.0.2.1", limit)
    with pytest.raises(TooManyReports) as caught:
        admit("192.0.2.1", NOON)
    assert caught.value.retry_after_s == 50 * 60  # the hour ends at 13:00


def test_senders_do_not_spend_each_others_limit(limit: int) -> None:
    send("192.0.2.1", limit)
    admit("192.0.2.2", NOON)


def test_a_new_hour_starts_anew(limit: int) -> None:
    send("192.0.2.1", limit)
    admit("192.0.2.1", NOON + timedelta(minutes=50))


def test_refused_ones_do_not_count_without_end(limit: int) -> None:
    send("192.0.2.1", limit)
    for _ in range(5):
        with pytest.raises(TooManyReports):
            admit("192.0.2.1", NOON)
    assert SenderTally.objects.get().n == limit + 1


def test_no_address_is_stored_in_any_form(limit: int) -> None:
    admit("192.0.2.1", NOON)
    stored = bytes(SenderTally.objects.get().sender)
    assert len(stored) == 16
    assert b"192" not in stored


def test_the_same_sender_is_another_one_the_next_day(limit: int) -> None:
    admit("192.0.2.1", NOON)
    before = bytes(SenderTally.objects.get().sender)
    admit("192.0.2.1", NOON + timedelta(days=1))
    assert bytes(SenderTally.objects.get().sender) != before


def test_the_first_report_of_a_day_forgets_those_before(limit: int) -> None:
    admit("192.0.2.1", NOON)
    admit("192.0.2.9", NOON + timedelta(days=3))
    assert [row.day for row in SenderKey.objects.all()] == [
        (NOON + timedelta(days=3)).date()
    ]


def test_the_command_forgets_without_a_report(limit: int) -> None:
    admit("192.0.2.1", datetime(2020, 1, 1, tzinfo=UTC))
    call_command("forget_senders")
    assert SenderKey.objects.count() == SenderTally.objects.count() == 0


def test_today_is_not_forgotten(limit: int) -> None:
    admit("192.0.2.1", NOON)
    assert forget_senders(NOON.date()) == 0
    assert SenderTally.objects.count() == 1


def test_the_day_is_utc_whatever_the_clock_of_the_caller(limit: int) -> None:
    athens = NOON.astimezone(tz=None)
    send("192.0.2.1", limit - 1)
    admit("192.0.2.1", athens)
    with pytest.raises(TooManyReports):
        admit("192.0.2.1", athens)
