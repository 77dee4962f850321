"""Codes that filters know: held for a minute, looked for again before they are refused."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from layers.errors import InvalidParameter
from layers.published import vocabulary
from layers.published.vocabulary import check_codes
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the seconds of the process, which a test may turn."""
    now = [1000.0]
    monkeypatch.setattr("layers.published.vocabulary.time.monotonic", lambda: now[0])
    return now


def n_reads(ask: object) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()  # type: ignore[operator]
    return sum("published.taxonomy_term" in q["sql"] for q in captured)


def test_it_is_read_once_a_minute(clock: list[float]) -> None:
    first = vocabulary.vocabulary()
    clock[0] += vocabulary.KEPT_S
    assert vocabulary.vocabulary() is first
    clock[0] += 0.1
    assert vocabulary.vocabulary() is not first


def test_a_new_code_works_without_waiting(clock: list[float]) -> None:
    vocabulary.vocabulary()
    make.TaxonomyTermFactory(slug="brand-new")
    clock[0] += vocabulary.LOOKED_AGAIN_S + 0.1
    check_codes({"category": ("brand-new",)})


def test_junk_cannot_make_it_look_all_the_time(clock: list[float]) -> None:
    first = vocabulary.vocabulary()
    for n in range(5):
        with pytest.raises(InvalidParameter):
            check_codes({"category": (f"junk-{n}",)})
    assert vocabulary.vocabulary() is first


def test_a_group_is_related_to_those_above_and_below_it_only() -> None:
    top = make.TaxonomyTermFactory(taxonomy__slug="population_group", slug="top")
    middle = make.TaxonomyTermFactory(taxonomy=top.taxonomy, slug="middle", parent=top)
    for slug in ("leaf", "other-leaf"):
        make.TaxonomyTermFactory(taxonomy=top.taxonomy, slug=slug, parent=middle)
    make.TaxonomyTermFactory(taxonomy=top.taxonomy, slug="aunt", parent=top)
    lineage = vocabulary.vocabulary().lineage
    assert lineage["leaf"] == ("leaf", "middle", "top")
    assert lineage["middle"] == ("leaf", "middle", "other-leaf", "top")
    assert lineage["aunt"] == ("aunt", "top")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"category": ("women",)}, "category"),
        ({"group": ("health",)}, "group"),
        ({"municipality": ("sparta",)}, "municipality"),
        ({"parent": ("N1",)}, "parent"),
        ({"organization": ("9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c",)}, "organization"),
    ],
)
def test_a_code_of_another_kind_is_none(
    given: dict[str, tuple[str, ...]], name: str
) -> None:
    make.TaxonomyTermFactory(slug="health")
    make.TaxonomyTermFactory(taxonomy__slug="population_group", slug="women")
    with pytest.raises(InvalidParameter) as caught:
        check_codes(given)
    assert caught.value.name == name
    assert "/api/v1/" in caught.value.detail


def test_names_without_codes_are_passed_over() -> None:
    check_codes({"language": ("xx",), "status": ("active",)})
