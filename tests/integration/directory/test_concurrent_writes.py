"""Writers of one service at the same time: no error, and the last word is the table's."""

import threading

import pytest
from django.db import connection, transaction

from layers.directory.read_model import rebuild, refresh
from layers.models import Service, ServicePoint
from tests import factories as make


@pytest.mark.django_db(transaction=True)
def test_refreshes_and_rebuilds_at_the_same_time_leave_one_true_row() -> None:
    service = make.ScheduleFactory().service
    make.ServiceAtLocationFactory(service=service)
    faults: list[Exception] = []

    def write(n: int) -> None:
        try:
            for _ in range(5):
                rebuild() if n == 0 else refresh([service.id])
        except Exception as fault:  # noqa: BLE001 (any fault at all fails the test below)
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert ServicePoint.objects.filter(service=service).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_write_that_fails_leaves_the_read_model_as_it_was() -> None:
    pair = make.ServiceAtLocationFactory()
    refresh([pair.service_id])

    @transaction.atomic
    def interrupted() -> None:
        Service.objects.update(moderation_state="withdrawn")
        refresh([pair.service_id])
        raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError, match="power"):
        interrupted()
    assert ServicePoint.objects.filter(id=pair.id).exists()
