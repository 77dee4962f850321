"""The finder as the server writes it: whole without scripts, and silent on what is hidden."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from layers.web import languages
from layers.web.finder import page as finder_module
from tests.web.city import City, standing_city

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with standing_city(django_db_blocker) as built:
        yield built


def get(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


def names(page: str) -> list[str]:
    """Return the names of the entries of both lists, in order."""
    return re.findall(r'<h3[^>]*><a href="/\w\w/service/[^"]+">([^<]+)</a></h3>', page)


@pytest.mark.parametrize(
    ("asks", "gets"),
    [
        ("", "/el/"),
        ("fr-CH, en;q=0.5", "/fr/"),
        ("ar", "/ar/"),
        ("de, en;q=0.1", "/en/"),
        ("xx;q=nonsense,,,", "/el/"),
    ],
)
def test_the_front_door_leads_to_the_readers_language(asks: str, gets: str) -> None:
    answer = Client().get("/", headers={"accept-language": asks})
    assert answer.status_code == 302
    assert answer["Location"] == gets
    assert "Accept-Language" in answer["Vary"]


def test_services_at_a_place_and_without_one_stand_apart_with_counts(
    city: City,
) -> None:
    page = get("/en/")
    placed, apart = page.split('aria-labelledby="apart-heading"')
    assert names(placed) == [
        "Hospital",
        "Omonia clinic",
        "Pharmacy",
        "Women&#x27;s refuge",
    ]
    assert names(apart) == ["Helpline"]
    assert "4 services at a place" in placed
    assert "1 service without a place" in apart


def test_a_protected_place_shows_its_district_and_nothing_else(city: City) -> None:
    page = get("/en/?q=refuge")
    assert names(page) == ["Women&#x27;s refuge"]
    entry = page[page.index('class="entry"') :]
    assert "District 2" in entry
    assert "only the district is shown" in entry
    assert "Street of" not in page
    assert "geo:" not in page
    for digits in ("23.713", "37.987"):
        assert digits not in page


@pytest.mark.parametrize("lang", ["el", "en", "fr", "ar", "fa", "ur"])
def test_what_is_hidden_is_on_no_page(city: City, lang: str) -> None:
    for path in ("", "?q=secret", "?category=women-shelter", "?list=without_place"):
        page = get(f"/{lang}/{path}")
        assert "Secret" not in page.replace('value="secret"', "")
        assert "Κρυφό" not in page
        assert "23.7011" not in page
        assert "37.9811" not in page


def test_the_state_is_said_in_words(city: City) -> None:
    page = get("/en/")
    states = dict(
        zip(names(page), re.findall(r'class="state \w+">([^<]+)<', page), strict=True)
    )
    assert states == {
        "Hospital": "Closed now",
        "Omonia clinic": "Open now",
        "Pharmacy": "Hours not known",
        "Women&#x27;s refuge": "Hours not known",
        "Helpline": "Hours not known",
    }
    whens = re.findall(r'class="when">([^<]+)<', page)
    # The clinic is open day and night; the hospital opens for a minute on Mondays.
    assert "all day and night" in whens
    assert set(whens) <= {"all day and night", "opens at 09:00"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=iatreio", ["Omonia clinic"]),  # Ιατρείο in Latin letters
        ("category=health", ["Hospital", "Omonia clinic", "Pharmacy"]),
        ("category=hospital&category=medicines", ["Hospital", "Pharmacy"]),
        ("district=D1", ["Omonia clinic", "Helpline"]),
        ("open_at=now", ["Omonia clinic"]),
        ("language=fa", ["Omonia clinic"]),
        ("committee=gender", ["Women&#x27;s refuge"]),
        ("verified_within_days=3650", ["Omonia clinic"]),
        ("q=&category=&district=D1&open_at=", ["Omonia clinic", "Helpline"]),
        ("q=nothing-like-that", []),
        ("q=hosptal", ["Hospital"]),  # a letter left out
        ("q=Νοσοκομειο", ["Hospital"]),
        # What has no point lies in every box (OGC API - Features 7.15.3).
        (
            "bbox=23.70,37.98,23.71,37.99",
            ["Omonia clinic", "Women&#x27;s refuge", "Helpline"],
        ),
        ("step_free=yes", []),
    ],
)
def test_filters_keep_what_they_say(city: City, query: str, found: list[str]) -> None:
    assert names(get(f"/en/?{query}")) == found


def test_options_say_how_many_they_would_find(city: City) -> None:
    page = get("/en/?district=D2")
    options = re.findall(r'<option value="([\w-]+)"[^>]*>[^<]* \((\d+)\)', page)
    # Two of health in D2, and the helpline, which serves every district.
    assert ("hospital", "1") in options
    assert ("health", "2") in options
    assert ("helpline", "1") in options
    assert "primary-care" not in dict(options)


def test_a_filter_without_a_field_is_carried_along(city: City) -> None:
    page = get(
        "/en/?gender=women&step_free=unknown&bbox=23.7,37.98,23.72,37.99"
        "&open_at=2026-11-23T10:00:00%2B02:00"
    )
    assert '<input type="hidden" name="gender" value="women">' in page
    assert '<input type="hidden" name="step_free" value="unknown">' in page
    assert '<input type="hidden" name="bbox" value="23.7,37.98,23.72,37.99">' in page
    assert '<input type="hidden" name="open_at" value="2026-11-23T10:00:00' in page


def test_pages_neither_skip_nor_repeat(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = names(get("/el/").split('aria-labelledby="apart-heading"')[0])
    monkeypatch.setattr(finder_module, "ENTRIES", 1)
    found: list[str] = []
    path: str | None = "/el/"
    while path:
        page = get(path)
        found += names(page.split('aria-labelledby="apart-heading"')[0])
        following = re.search(r'href="(\?[^"]+)" rel="next"', page)
        path = "/el/" + following[1].replace("&amp;", "&") if following else None
    assert found == whole
    assert len(found) == 4


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("foo=1", "foo"),
        ("category=no-such", "category"),
        ("district=9999", "district"),
        ("audience=everyone", "audience"),
        ("open_at=yesterday", "open_at"),
        ("verified_within_days=-1", "verified_within_days"),
        ("q=%00", "q"),
        ("q=" + "x" * 101, "q"),
        ("cursor=abc", "cursor"),
        ("cursor=WyJhIiwiYiJd", "cursor"),  # ["a","b"]: b is no id
        ("list=other", "list"),
        ("bbox=0,0,1", "bbox"),
        ("bbox=0,2,1,1", "bbox"),
        ("municipality=athens", "municipality"),
        ("lon=23.7", "lon"),
        ("q=a&q=b", "q"),
        ("q=%ff", "query"),
    ],
)
def test_what_cannot_be_read_is_named_on_a_page(
    city: City, query: str, named: str
) -> None:
    page = get(f"/en/?{query}", status=400)
    assert "<h1>This address cannot be answered</h1>" in page
    assert named in page[page.index("notice warn") :]


def test_script_in_words_stays_words(city: City) -> None:
    page = get("/en/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("lang", "direction"),
    [
        ("el", "ltr"),
        ("en", "ltr"),
        ("fr", "ltr"),
        ("ar", "rtl"),
        ("fa", "rtl"),
        ("ur", "rtl"),
    ],
)
def test_six_languages_have_pages(city: City, lang: str, direction: str) -> None:
    answer = Client().get(f"/{lang}/")
    assert f'<html lang="{lang}" dir="{direction}">' in answer.content.decode()
    assert answer["Content-Language"] == lang


def test_words_that_fall_back_say_so(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "INTERFACE", ("el", "en"))
    page = get("/ar/")
    assert "have not been translated" in page
    assert '<h1 lang="en" dir="ltr">Find a service</h1>' in page
    # The categories are there in Arabic and need no mark; the name is not.
    assert '<h3 lang="en" dir="ltr"><a href="/ar/service/' in page
    assert "الرعاية الصحية الأولية" in page
    assert "have not been translated" not in get("/en/")


def test_every_page_of_a_demo_says_so(city: City) -> None:
    assert '<aside class="demo"' in get("/en/")
    city.municipality.is_demo = False
    city.municipality.save()
    assert '<aside class="demo"' not in get("/en/")


def test_the_map_is_told_the_address_of_the_same_question(city: City) -> None:
    page = get("/en/?category=health&open_at=now")
    assert (
        "/api/v1/service-points?municipality=athens\\u0026category=health" in page
        or ("/api/v1/service-points?municipality=athens&category=health" in page)
    )


def test_before_a_city_is_loaded_a_page_says_so(settings: Any) -> None:
    settings.DEFAULT_MUNICIPALITY = "nowhere"
    assert "none has been loaded yet" in get("/en/", status=503)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_are_read_only(method: str, city: City) -> None:
    assert getattr(Client(), method)("/en/").status_code == 405


def test_the_list_takes_no_more_statements_for_more_entries(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from layers.published import connection as reader

    statements: list[object] = []
    borrowed = reader.borrowed

    def counted():  # type: ignore[no-untyped-def]
        statements.append(None)
        return borrowed()

    monkeypatch.setattr(reader, "borrowed", counted)
    get("/en/")  # codes are read along once a minute
    counts = []
    for path in ("/en/?q=clinic", "/en/"):
        statements.clear()
        get(path)
        counts.append(len(statements))
    # The municipality, the list with its counts, names of terms, names of districts.
    assert counts == [4, 4]
