"""Rows as a stream: flat, in one state, cancelled when nobody reads, faults named."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from layers.errors import InvalidParameter, NotFound, Unavailable
from layers.published import connection as reader
from layers.published.layers import catalogue
from layers.published.layers.copying import BATCH_BYTES, ReaderGone
from layers.published.layers.layer import Condition
from layers.published.layers.streams import LayerReading, open_layer

ALL = Condition("true")


@pytest.fixture(autouse=True)
def fresh_catalogue() -> Iterator[None]:
    catalogue.forget()
    yield
    catalogue.forget()


def texts(reading: LayerReading, item: str, condition: Condition = ALL) -> bytes:
    return b"".join(reading.json_lines(item, condition))


def test_json_comes_as_it_is_one_to_a_line(odd: str) -> None:
    with open_layer(odd) as reading:
        item = r"""'{"a":"x\\y \"z\" \u00e9 ' || r.id || '"}'"""
        lines = texts(reading, item).split(b"\n")
    assert lines == [
        *(rb'{"a":"x\\y \"z\" \u00e9 %d"}' % n for n in (1, 2, 3, 4)),
        b"",
    ]


def test_a_line_break_within_json_is_a_blank(odd: str) -> None:
    with open_layer(odd) as reading:
        text = texts(reading, "coalesce(r.said::text, 'null')")
    assert text == b'{"a":  "x\\ny"}\n[]\nnull\n"text"\n'
    assert text.count(b"\n") == 4


def test_records_tell_null_from_empty(odd: str) -> None:
    with open_layer(odd) as reading:
        batches = list(reading.records(["r.id", 'r."όνομα"', "r.tag"], ALL))
    records = [bytes(record) for batch in batches for record in batch]
    assert records[1] == b'2,"",\n'
    assert records[2] == b"3,@x,\n"


def test_values_are_bound_and_names_are_quoted(odd: str) -> None:
    hostile = Condition('r."Όνομα" = %(v)s', {"v": "'; DROP TABLE published.odd; --%s"})
    percent = Condition('r."a ""quoted"" 100%%" = %(v)s', {"v": "=1+1"})
    with open_layer(odd) as reading:
        assert list(reading.records(["r.id"], hostile)) == []
        ((record,),) = list(reading.records(["r.id"], percent))
        assert bytes(record) == b"2\n"
        assert reading.one("count(*)", percent) == (1,)


def test_a_stream_comes_in_pieces_of_a_quarter_megabyte(squares: str) -> None:
    with open_layer(squares) as reading:
        batches = list(reading.records(["repeat('x', 10000)"], ALL))
    sizes = [sum(map(len, batch)) for batch in batches]
    assert sum(sizes) == 500 * 10_001
    assert max(sizes) < BATCH_BYTES + 10_001
    assert len(batches) == 19  # 27 rows of 10,001 bytes are the first to be enough


def test_the_state_is_that_of_the_layer_s_own_data(squares: str) -> None:
    with open_layer(squares) as reading:
        assert reading.state.version.startswith("1.")
        assert reading.state.changed_at is not None
        assert reading.layer.id == squares


def test_a_layer_that_is_none_is_not_found(db: None) -> None:
    with pytest.raises(NotFound, match="no layer 'nothing'"), open_layer("nothing"):
        pass


def test_a_condition_that_cannot_be_computed_is_the_reader_s_fault(odd: str) -> None:
    broken = Condition("1 / (r.id - %(n)s) > 0", {"n": 3})
    with (
        pytest.raises(InvalidParameter, match="division by zero"),
        open_layer(odd) as reading,
    ):
        list(reading.records(["r.id"], broken))


def test_a_layer_that_went_is_not_found(odd: str) -> None:
    catalogue.layer(odd)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE published.odd RENAME TO gone")
    with pytest.raises(NotFound), open_layer(odd) as reading:
        list(reading.records(["r.id"], ALL))


def test_it_may_take_its_time_but_not_for_ever(odd: str, settings: Any) -> None:
    settings.EXPORT_TIMEOUT_MS = 100
    settings.STATEMENT_TIMEOUT_MS = 1
    with open_layer(odd) as reading:
        assert len(next(reading.records(["pg_sleep(0.01)"], ALL))) == 4
    with (
        pytest.raises(Unavailable, match="took too long"),
        open_layer(odd) as reading,
    ):
        list(reading.records(["pg_sleep(1)"], ALL))


def test_only_the_published_schema_can_be_read(odd: str) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        open_layer(odd) as reading,
    ):
        list(reading.records(["(SELECT count(*) FROM layers_location)"], ALL))


# What follows runs on connections of its own, as the server does: no test's transaction.


@pytest.fixture
def standing(transactional_db: None) -> Iterator[str]:
    """Return a layer that every connection sees."""
    from django.conf import settings

    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS published.standing; CREATE TABLE published.standing AS SELECT n AS id, repeat('x', 1000) AS text"
            " FROM generate_series(1, 20000) n"
        )
        cursor.execute(
            "COMMENT ON TABLE published.standing IS "
            """'{"layer": true, "counters": ["layer:standing"]}'"""
        )
        cursor.execute(
            f'GRANT SELECT ON published.standing TO "{settings.PUBLISHED_ROLE}"'
        )
    yield "standing"
    reader.close_pool()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE published.standing")


def running(text: str) -> int:
    """Return how many statements of the public reader run that hold a text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name ="
            " 'geoaccmr-public' AND state = 'active' AND datname = current_database()"
            " AND position(%s IN query) > 0",
            [text],
        )
        return int(cursor.fetchone()[0])


def within(seconds: float, text: str, expected: int) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if running(text) == expected:
            return True
        time.sleep(0.02)
    return False


def test_a_reading_that_is_left_stops_the_query(standing: str) -> None:
    with open_layer(standing) as reading:
        rows = reading.records(["r.text", "'left early'"], ALL)
        next(rows)
        assert running("left early") == 1
    assert within(2, "left early", 0)
    with open_layer(standing) as reading:  # the connection is whole
        assert reading.one("count(*)", ALL) == (20_000,)


def test_a_reader_who_hangs_up_ends_the_reading_between_rows(standing: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, open_layer(standing, hangup=ours.fileno()) as reading:
        rows = reading.records(["r.text"], ALL)
        next(rows)
        theirs.close()
        with pytest.raises(ReaderGone):
            list(rows)


def test_a_reader_who_hangs_up_ends_the_search_for_a_first_row(standing: str) -> None:
    ours, theirs = socket.socketpair()
    hanging_up = threading.Timer(0.3, theirs.close)
    hanging_up.start()
    began = time.monotonic()
    with (
        ours,
        pytest.raises(ReaderGone),
        open_layer(standing, hangup=ours.fileno()) as reading,
    ):
        list(reading.records(["pg_sleep(60)", "'no row yet'"], ALL))
    assert time.monotonic() - began < 10
    assert within(2, "no row yet", 0)
    hanging_up.join()


def test_a_reader_who_waits_is_not_taken_for_gone(standing: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, open_layer(standing, hangup=ours.fileno()) as reading:
        batches = list(reading.records(["r.id"], ALL))
    assert sum(map(len, batches)) == 20_000


def test_every_read_of_a_reading_sees_the_same_rows(standing: str) -> None:
    with open_layer(standing) as reading:
        before = reading.one("count(*)", ALL)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM published.standing WHERE id > 10")
        assert reading.one("count(*)", ALL) == before
    with open_layer(standing) as reading:
        assert reading.one("count(*)", ALL) == (10,)


def test_rows_come_in_the_order_of_the_table_every_time(standing: str) -> None:
    def read() -> bytes:
        with open_layer(standing) as reading:
            return b"".join(b"".join(b) for b in reading.records(["r.id"], ALL))

    assert read() == read()
    assert read().startswith(b"1\n2\n3\n")


def test_no_more_than_the_allowed_number_read_at_once(
    standing: str, settings: Any
) -> None:
    settings.EXPORTS_AT_ONCE = 2
    with open_layer(standing), open_layer(standing):
        with pytest.raises(Unavailable, match="try again soon"), open_layer(standing):
            pass
        with open_layer(standing, is_counted=False) as uncounted:
            assert uncounted.one("count(*)", ALL) == (20_000,)
    with open_layer(standing):
        pass


def test_a_server_that_ends_the_connection_is_unavailable(standing: str) -> None:
    def read() -> None:
        with open_layer(standing) as reading:
            rows = reading.records(["r.text", "'ended'"], ALL)
            next(rows)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
                    " application_name = 'geoaccmr-public' AND query LIKE %s"
                    " AND datname = current_database()",
                    ["COPY%ended%"],
                )
            list(rows)

    with pytest.raises(Unavailable, match="busy or away"):
        read()
