"""Validators, compression and what every response carries."""

import datetime as dt

import pytest
from django.test import RequestFactory

from layers.answers.answer import (
    Answer,
    etag,
    finished,
    is_known,
    response_of,
)
from layers.published.versions import DataState

STATE = DataState("7.123", dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC))


def test_a_tag_changes_with_data_question_and_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = etag(STATE, "path", "en")
    assert first == etag(STATE, "path", "en")
    assert first != etag(STATE, "path", "el")
    assert first != etag(DataState("8.124", STATE.changed_at), "path", "en")

    class Tomorrow(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Tomorrow":
            return cls.fromtimestamp(dt.datetime.now(tz).timestamp() + 86_400, tz)

    monkeypatch.setattr("layers.answers.answer.datetime", Tomorrow)
    assert first != etag(STATE, "path", "en")


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ('W/"a"', True),
        ('"a"', True),
        ('"x", W/"a"', True),
        ("*", True),
        ('W/"b"', False),
        ("a", False),
        ("", False),
    ],
)
def test_tags_are_compared_weakly(header: str, known: bool) -> None:
    request = RequestFactory().get("/", headers={"if-none-match": header})
    assert is_known(request, 'W/"a"') is known


def test_what_nobody_may_keep_has_no_tag() -> None:
    response = response_of(Answer(b"{}"), None)
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_what_may_be_kept_says_since_when_it_is_so() -> None:
    response = response_of(Answer(b"{}", state=STATE), 'W/"a"')
    assert response["Last-Modified"] == "Sat, 21 Nov 2026 10:00:00 GMT"
    assert response["ETag"] == 'W/"a"'


def test_data_that_never_changed_has_no_date() -> None:
    response = response_of(Answer(b"{}", state=DataState("0", None)), 'W/"a"')
    assert "Last-Modified" not in response.headers


def test_a_small_body_is_not_worth_packing() -> None:
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    response = finished(request, response_of(Answer(b"{}"), None))
    assert "Content-Encoding" not in response.headers
    assert response["Content-Length"] == "2"


def test_the_same_body_packs_to_the_same_bytes() -> None:
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    one, other = (
        finished(request, response_of(Answer(b"x" * 5000), None)).content for _ in "ab"
    )
    assert one == other
