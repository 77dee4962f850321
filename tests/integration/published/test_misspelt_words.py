"""A word that occurs nowhere finds those that are one slip of the finger beside it."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from layers.published import kept_counts
from layers.published.filters import ServicePointFilters
from layers.published.finder import Found, Slice, find
from tests.web.city import City, standing_city

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with standing_city(django_db_blocker) as built:
        yield built


def ask(**filters: object) -> Found:
    return find(
        ServicePointFilters(municipality=("athens",), **filters),  # type: ignore[arg-type]
        "en",
        now=timezone.now(),
        placed=Slice(10),
        placeless=Slice(10),
    )


@pytest.mark.parametrize(
    "words",
    [
        "hospital",
        "HOSPITÁL",
        "hozpital",  # a wrong letter
        "hosptal",  # one left out
        "hosspital",  # one too many
        "hopsital",  # two swapped
        "Νοσοκομειο",
        "nosokomio",
        "nosokommio",
        "νοσοκωμείο",  # the same sound
        "organisation hosptal",  # one right, one wrong
    ],
)
def test_one_slip_finds_what_was_meant(city: City, words: str) -> None:
    assert [entry.name.value for entry in ask(q=words).placed] == ["Hospital"]


@pytest.mark.parametrize(
    "words",
    [
        "hzpitl",  # three slips
        "hospitalx y",  # a letter that is nowhere
        "kilnic pharmasyy",
        "clim",  # too short to tell what was meant
    ],
)
def test_more_than_a_slip_finds_nothing(city: City, words: str) -> None:
    found = ask(q=words)
    assert (found.placed, found.placeless) == ([], [])


def test_a_word_that_occurs_stands_for_itself_alone(city: City) -> None:
    # "clinic" occurs, so that "clinik" in another name would not be meant.
    assert [entry.name.value for entry in ask(q="clinic").placed] == ["Omonia clinic"]


def test_counts_are_kept_until_the_data_change(city: City) -> None:
    kept_counts.forget()
    first = ask(category=("health",))
    assert ask(category=("health",)).facets is first.facets
    city.clinic.names = {"en": "Another name"}
    city.clinic.save()
    from layers.directory import read_model

    read_model.rebuild()
    again = ask(category=("health",))
    assert again.facets is not first.facets
    assert again.facets == first.facets


def test_counts_of_other_questions_are_not_mixed_up(city: City) -> None:
    kept_counts.forget()
    health, hospital = ask(category=("health",)), ask(category=("hospital",))
    women = ask(committee=("gender",))
    assert health.facets["category"] == hospital.facets["category"]
    assert women.facets != health.facets
    assert ask(category=("health",)).facets is health.facets


def test_what_the_clock_decides_is_counted_anew(city: City) -> None:
    moment = timezone.now()
    assert ask(open_at=moment).facets is not ask(open_at=moment).facets


def test_no_more_than_a_few_questions_are_kept(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_counts.forget()
    monkeypatch.setattr(kept_counts, "MOST_KEPT", 2)
    first = ask(q="hospital").facets
    ask(q="clinic")
    ask(q="pharmacy")
    assert ask(q="hospital").facets is not first
