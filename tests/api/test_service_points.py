"""`/api/v1/service-points`: filters, counts, paging, validators. Answers: `world.py`."""

import datetime as dt
import gzip
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.published import vocabulary
from tests.api.conftest import Get
from tests.api.world import World

pytestmark = pytest.mark.django_db

SHOWN = {
    "hospital", "clinic", "kitchen", "lawyer", "closed_clinic", "helpline", "visits",
    "refuge",
}  # fmt: skip
"""Active or closed for a time, and not hidden."""

STATEMENTS = 1
"""A page is one statement, whatever is counted along."""


def names(world: World, collection: dict[str, Any]) -> set[str]:
    return set(world.names(collection["features"]))


def test_everything_that_may_be_seen_is_listed_once(world: World, get: Get) -> None:
    found = get("service-points")
    assert sorted(world.names(found["features"])) == sorted(SHOWN)
    assert found["numberReturned"] == found["numberMatched"] == len(SHOWN)


def test_what_cannot_be_drawn_is_listed_and_counted(world: World, get: Get) -> None:
    found = get("service-points")
    unmapped = {
        world.name_of(f["id"]) for f in found["features"] if f["geometry"] is None
    }
    assert unmapped == {"helpline", "visits", "refuge"}
    assert found["unmapped_count"] == 3


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"category": "hospital"}, {"hospital"}),
        ({"category": "health"}, {"hospital", "clinic", "closed_clinic", "visits"}),
        ({"category": ["hospital", "food"]}, {"hospital", "kitchen"}),
        ({"category": "hospital,food"}, {"hospital", "kitchen"}),
        ({"committee": "rights-legal"}, {"lawyer", "helpline"}),
        ({"category": "health", "committee": "rights-legal"}, set()),
        ({"group": "women"}, SHOWN - {"lawyer"}),
        ({"group": "unaccompanied-minors"}, SHOWN - {"clinic", "refuge"}),
        ({"group": "older-people"}, SHOWN - {"clinic", "lawyer", "refuge"}),
        ({"group": "general-public"}, SHOWN - {"clinic", "lawyer", "refuge"}),
        ({"language": "fa"}, {"clinic"}),
        ({"language": "el,ar"}, {"hospital", "clinic", "lawyer", "helpline"}),
        ({"language": "xx"}, set()),
        ({"audience": "professionals"}, SHOWN),
        ({"audience": "beneficiaries"}, SHOWN - {"lawyer"}),
        ({"audience": "both"}, SHOWN - {"lawyer"}),
        ({"gender": "women"}, SHOWN),
        ({"gender": "men"}, SHOWN - {"clinic"}),
        ({"gender": "any"}, SHOWN - {"clinic"}),
        ({"age": "15.9"}, SHOWN - {"clinic"}),
        ({"age": "16"}, SHOWN),
        ({"age": "17"}, SHOWN),
        ({"age": "17.1"}, SHOWN - {"lawyer"}),
        ({"step_free": "yes"}, {"clinic"}),
        ({"step_free": "yes,unknown"}, SHOWN),
        ({"delivery_mode": "remote"}, {"helpline"}),
        ({"referral_required": "true"}, {"lawyer"}),
        ({"referral_required": "false"}, set()),
        ({"referral_required": "unknown"}, SHOWN - {"lawyer"}),
        ({"status": "active"}, SHOWN - {"closed_clinic"}),
        ({"status": "inactive"}, {"old_office"}),
        ({"status": "temporarily closed,inactive"}, {"closed_clinic", "old_office"}),
        ({"municipality": "athens"}, SHOWN),
        (
            {"district": "N1"},
            {"hospital", "clinic", "kitchen", "closed_clinic", "helpline"},
        ),
        ({"district": "N2"}, {"refuge", "helpline"}),
        ({"district": "N3"}, {"helpline"}),
        ({"district": "N4"}, {"lawyer", "helpline", "visits"}),
        ({"district": "N1,N4", "category": "legal-aid"}, {"lawyer", "helpline"}),
        ({"q": "CLINIC"}, {"clinic", "closed_clinic"}),
        ({"q": "Ypiresia lawyer"}, {"lawyer"}),
        ({"q": "Υπηρεσία hospital"}, {"hospital"}),
        ({"q": "hospital nonsense"}, set()),
        ({"q": "100%_'; DROP"}, set()),
    ],
)
def test_filters_keep_what_the_city_says(
    world: World, get: Get, query: dict[str, Any], expected: set[str]
) -> None:
    assert names(world, get("service-points", **query)) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # Saturday 2026-11-21, 01:30 in Athens: Friday's kitchen is still open.
        ("2026-11-20T23:30:00Z", {"hospital", "kitchen"}),
        ("2026-11-21T02:00:00+02:00", {"hospital"}),  # closing is not open any more
        ("2026-11-20T22:00:00+02:00", {"hospital", "kitchen"}),  # opening is
        ("2026-11-23T10:00:00+02:00", {"hospital", "clinic"}),  # a Monday
        ("2026-11-23T10:00:00 02:00", {"hospital", "clinic"}),  # + lost in the query
        ("2026-11-23t08:00z", {"hospital", "clinic"}),
        # 28 October is a public holiday (a Wednesday): the clinic keeps it.
        ("2026-10-28T10:00:00+02:00", {"hospital"}),
        # Orthodox Easter Monday 2027: 3 May.
        ("2027-05-03T10:00:00+03:00", {"hospital"}),
        # 1 May 2027 is Holy Saturday, so that Labour Day is kept on Tuesday the 4th.
        ("2027-05-04T10:00:00+03:00", {"hospital"}),
        ("2027-05-05T10:00:00+03:00", {"hospital", "clinic"}),
    ],
)
def test_open_at_knows_nights_clocks_and_holidays(
    world: World, get: Get, moment: str, expected: set[str]
) -> None:
    assert names(world, get("service-points", open_at=moment)) == expected


def test_open_now_is_the_clock_of_the_municipality(
    world: World, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    friday_night = dt.datetime(2026, 11, 20, 20, 30, 59, tzinfo=dt.UTC)
    monkeypatch.setattr("layers.params.moments.now", lambda: friday_night)
    assert names(world, get("service-points", open_at="now")) == {"hospital", "kitchen"}


@pytest.mark.parametrize(
    ("days", "expected"), [(20, {"clinic"}), (19, set()), (0, set())]
)
def test_verified_within_days_includes_the_last_day(
    world: World,
    get: Get,
    monkeypatch: pytest.MonkeyPatch,
    days: int,
    expected: set[str],
) -> None:
    # The clinic was verified on 1 November, 20 days before the 21st.
    today = dt.date(2026, 11, 21)
    monkeypatch.setattr("layers.params.service_points.localdate", lambda: today)
    found = get("service-points", verified_within_days=days)
    assert names(world, found) == expected


UNMAPPED = {"helpline", "visits", "refuge"}


@pytest.mark.parametrize(
    ("bbox", "expected"),
    [
        ("23.72,37.97,23.73,37.97", {"hospital", "clinic"}),  # edges are inside
        ("23.7200001,37.97,23.7299999,37.97", set()),  # finer than float32
        ("23.77,38.02,23.77,38.02", {"lawyer"}),
        ("23.75,0,23.72,90", {"lawyer", "hospital"}),  # west of east: around the globe
        ("177,-90,-177,90", set()),
        ("-180,-90,180,90", SHOWN - UNMAPPED),
        ("23.77,38.02,0,23.77,38.02,1000", {"lawyer"}),  # heights are ignored
    ],
)
def test_bbox_is_exact_and_keeps_what_has_no_point(
    world: World, get: Get, bbox: str, expected: set[str]
) -> None:
    assert names(world, get("service-points", bbox=bbox)) == expected | UNMAPPED


def test_pages_follow_each_other_without_gap_or_repeat(
    world: World, client: Client
) -> None:
    address, seen = "/api/v1/service-points?limit=3&lang=en", []
    while address:
        found = client.get(address).json()
        seen += world.names(found["features"])
        links = {link["rel"]: link["href"] for link in found["links"]}
        address = links.get("next", "")
    assert len(seen) == len(SHOWN)
    assert set(seen) == SHOWN


def test_the_next_link_keeps_the_question_and_stands_in_the_header(
    world: World, client: Client
) -> None:
    answer = client.get("/api/v1/service-points?limit=1&category=health,food&q=The")
    (link,) = [one for one in answer.json()["links"] if one["rel"] == "next"]
    assert "category=health%2Cfood" in link["href"]
    assert "q=The" in link["href"]
    assert f'<{link["href"]}>; rel="next"' in answer["Link"]


def test_a_page_exactly_full_has_no_next(world: World, get: Get) -> None:
    found = get("service-points", limit=len(SHOWN))
    assert [link["rel"] for link in found["links"]] == ["self"]
    assert found["numberMatched"] == len(SHOWN)


def test_a_limit_above_the_most_is_taken_as_the_most(world: World, get: Get) -> None:
    assert get("service-points", limit=999_999_999)["numberReturned"] == len(SHOWN)


def test_matches_are_counted_when_asked_for(world: World, get: Get) -> None:
    assert "numberMatched" not in get("service-points", limit=2)
    assert get("service-points", limit=2, count="true")["numberMatched"] == len(SHOWN)


def test_each_facet_is_counted_without_its_own_filter(world: World, get: Get) -> None:
    found = get(
        "service-points", category="hospital", language="el", facets="category,language"
    )
    # Greek is spoken in hospital, clinic and by the lawyer: one of each leaf.
    assert found["facets"]["category"] == {
        "health": 2, "hospital": 1, "legal-advice": 1, "legal-aid": 1, "primary-care": 1,
    }  # fmt: skip
    assert found["facets"]["language"] == {"el": 1, "en": 1}
    assert names(world, found) == {"hospital"}


FACETS = [
    "category", "committee", "group", "language", "audience", "gender", "municipality",
    "status", "step_free", "delivery_mode", "referral_required",
]  # fmt: skip


@pytest.mark.parametrize("facet", FACETS)
def test_a_facet_counts_what_the_filter_then_finds(
    world: World, get: Get, facet: str
) -> None:
    counts = get("service-points", facets=facet)["facets"][facet]
    assert counts
    for value, n in counts.items():
        assert get("service-points", **{facet: value})["numberMatched"] == n, value


@pytest.mark.parametrize("query", [{}, {"facets": ",".join(FACETS), "count": "true"}])
def test_a_page_is_one_statement(
    world: World, client: Client, query: dict[str, str]
) -> None:
    vocabulary.vocabulary()  # held for a minute
    with CaptureQueriesContext(connection) as captured:
        client.get("/api/v1/service-points", query)
    selects = [q["sql"] for q in captured if q["sql"].lstrip().startswith("SELECT")]
    assert len(selects) <= STATEMENTS


def test_an_unchanged_page_is_not_sent_again(world: World, client: Client) -> None:
    first = client.get("/api/v1/service-points?limit=3")
    again = client.get(
        "/api/v1/service-points?limit=3", headers={"if-none-match": first["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert first["Last-Modified"].endswith("GMT")


def test_another_question_or_other_data_has_another_tag(
    world: World, client: Client
) -> None:
    first = client.get("/api/v1/service-points?limit=3&lang=en")["ETag"]
    assert client.get("/api/v1/service-points?limit=4&lang=en")["ETag"] != first
    assert client.get("/api/v1/service-points?limit=3&lang=el")["ETag"] != first
    with connection.cursor() as cursor:
        cursor.execute("UPDATE layers_dataversion SET version = version + 1")
    answer = client.get(
        "/api/v1/service-points?limit=3&lang=en", headers={"if-none-match": first}
    )
    assert answer.status_code == 200


def test_head_answers_like_get_without_a_body(world: World, client: Client) -> None:
    got, head = (getattr(client, m)("/api/v1/service-points") for m in ("get", "head"))
    assert head.status_code == 200
    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Content-Language"):
        assert head[name] == got[name], name


def test_gzip_is_given_to_who_takes_it(world: World, client: Client) -> None:
    plain = client.get("/api/v1/service-points")
    packed = client.get("/api/v1/service-points", headers={"accept-encoding": "gzip"})
    refused = client.get(
        "/api/v1/service-points", headers={"accept-encoding": "gzip;q=0"}
    )
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content == refused.content
    assert "Content-Encoding" not in refused.headers


def test_other_sites_may_read(world: World, client: Client) -> None:
    answer = client.get(
        "/api/v1/service-points", headers={"origin": "https://a.example"}
    )
    assert answer["Access-Control-Allow-Origin"] == "*"
    asked = client.options("/api/v1/service-points")
    assert asked.status_code == 204
    assert asked["Allow"] == "GET, HEAD, OPTIONS"


def test_texts_come_in_the_language_asked_for_and_say_when_not(
    world: World, client: Client
) -> None:
    id_ = world.points["hospital"]
    greek = client.get(
        f"/api/v1/service-points/{id_}", headers={"accept-language": "de, el;q=0.8"}
    )
    assert greek["Content-Language"] == "el"
    assert greek.json()["properties"]["name"] == "Υπηρεσία hospital"
    persian = client.get(f"/api/v1/service-points/{id_}?lang=fa")
    said = persian.json()["properties"]
    assert (persian["Content-Language"], said["lang"]) == ("fa", "fa")
    assert (said["name"], said["name_lang"]) == ("The hospital", "en")
    assert "Accept-Language" in persian["Vary"]


def test_lang_goes_before_the_header(world: World, client: Client) -> None:
    answer = client.get(
        "/api/v1/service-points?lang=en", headers={"accept-language": "el"}
    )
    assert answer["Content-Language"] == "en"


def test_one_service_point_is_the_feature_of_the_list(world: World, get: Get) -> None:
    listed = get("service-points", category="hospital", lang="en")["features"][0]
    alone = get(f"service-points/{listed['id']}", lang="en")
    assert {key: alone[key] for key in listed} == listed
    assert alone["demo"] is True


def test_an_answer_says_that_it_is_for_show_and_whom_it_is_owed_to(
    world: World, get: Get
) -> None:
    found = get("service-points", lang="en")
    assert found["demo"] is True
    assert found["notice"].startswith("Demonstration data")
    assert "Made for tests (CC0-1.0)" in found["attribution"]


def test_features_are_valid_geojson_with_lon_first(world: World, get: Get) -> None:
    feature = get(f"service-points/{world.points['clinic']}")
    assert feature["type"] == "Feature"
    assert feature["geometry"] == {"type": "Point", "coordinates": [23.73, 37.97]}


@pytest.mark.parametrize("kind", ["application/json", "application/geo+json", "*/*"])
def test_both_media_types_hold_the_same(
    world: World, client: Client, kind: str
) -> None:
    answer = client.get("/api/v1/service-points", headers={"accept": kind})
    assert answer["Content-Type"] == kind.replace("*/*", "application/geo+json")
    assert orjson.loads(answer.content)["numberReturned"] == len(SHOWN)
