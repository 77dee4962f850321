"""What requests ask, in the words of the rooms below: filters, nearest, coverage, language."""

import datetime as dt

import pytest

from layers.errors import InvalidParameter
from layers.params.languages import chosen_language
from layers.params.nearest import NEAREST, nearest_question
from layers.params.service_points import SERVICE_POINT_FILTERS, filters_of
from layers.published.filters import SHOWN_STATUS, ServicePointFilters


def test_no_filter_shows_what_operates_or_will_again() -> None:
    filters = filters_of(SERVICE_POINT_FILTERS.read_query(""))
    assert filters == ServicePointFilters()
    assert filters.status == SHOWN_STATUS == ("active", "temporarily closed")


def test_every_filter_of_the_api_is_a_filter_of_the_store() -> None:
    names = set(SERVICE_POINT_FILTERS.by_name) - {"verified_within_days"}
    assert names | {"verified_since"} == set(ServicePointFilters.__dataclass_fields__)


def test_days_since_verification_become_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    today = dt.date(2026, 3, 1)
    monkeypatch.setattr("layers.params.service_points.localdate", lambda: today)
    values = SERVICE_POINT_FILTERS.read_query("verified_within_days=1")
    assert filters_of(values).verified_since == dt.date(2026, 2, 28)


def test_nearest_asks_for_what_operates_now() -> None:
    values = NEAREST.read_query("lon=23.7&lat=37.9")
    question = nearest_question(values, "en")
    assert question.filters.status == ("active",)
    assert (question.limit, question.walk_kmh) == (10, 4.5)
    assert question.max_distance_m is None


def test_open_now_is_open_at_this_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = dt.datetime(2026, 11, 21, 10, 20, 30, tzinfo=dt.UTC)
    monkeypatch.setattr("layers.params.nearest.now", lambda: now)
    values = NEAREST.read_query("lon=1&lat=1&open_now=true")
    assert nearest_question(values, "en").filters.open_at == now.replace(second=0)
    values = NEAREST.read_query("lon=1&lat=1&open_now=false")
    assert nearest_question(values, "en").filters.open_at is None


def test_two_moments_at_once_are_refused() -> None:
    values = NEAREST.read_query("lon=1&lat=1&open_now=true&open_at=2026-01-01T00:00Z")
    with pytest.raises(InvalidParameter):
        nearest_question(values, "en")


@pytest.mark.parametrize(
    ("lang", "header", "chosen"),
    [
        ("fa", "en", "fa"),
        (None, "", "el"),
        (None, "*", "el"),
        (None, "de,ja", "el"),
        (None, "fr-CA, en;q=0.9", "fr"),
        (None, "de, en;q=0.3, ur;q=0.4", "ur"),
        (None, "en;q=0, ar", "ar"),
        (None, "en;q=0", "el"),
        (None, "en;q=nonsense", "el"),
        (None, "x" * 2000, "el"),
        (None, ",,;;", "el"),
    ],
)
def test_the_language_is_asked_for_preferred_or_the_sites_own(
    lang: str | None, header: str, chosen: str
) -> None:
    assert chosen_language(lang, header) == chosen
