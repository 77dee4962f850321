"""Services come in with all their parts, a second time nothing changes."""

import json
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import Workbook

from layers.errors import ImportRefused, LayersError, NotFound
from layers.ingest.report import Mode
from layers.ingest.services import ServiceOptions, import_services
from layers.models import (
    DataVersion,
    Location,
    LocationDistrict,
    Municipality,
    Organization,
    Phone,
    ScheduleException,
    Service,
    ServiceAtLocation,
    ServicePoint,
    VerificationEvent,
)
from tests.integration.ingest.conftest import GOOD, Load, service_file

FULL: dict[str, Any] = {
    "name_en": "Clinic",
    "name_fa": "درمانگاه",
    "description_el": "Γιατρός\nκαι νοσηλευτής",
    "categories": "pharmacy;hospital",
    "groups": "women;refugees-migrants",
    "languages": "el;fa:interpreter",
    "status": "temporarily closed",
    "audience": "professionals",
    "gender": "women",
    "referral_required": "ναι",
    "referral_method": "phone;letter",
    "step_free": "partial",
    "minimum_age": "17.5",
    "maximum_age": "99",
    "fees": "20 EUR",
    "eligibility_en": "Women only",
    "phone": "210 1234567;2109232044.0",
    "email": "a@example.org",
    "url": "www.example.org",
    "hours": "Mo-Fr 08:00-15:00; Sa[1] 10:00-14:00; PH open; Aug off",
    "address_el": "Σοφοκλέους 70",
    "postal_code": "10552",
    "city": "Αθήνα",
    "precision": "A",
    "service_area": "N01;N02",
    "capacity": "30",
    "capacity_unit": "places",
    "verified_on": "5/11/2026",
    "update_frequency": "6",
    "licence": "CC0-1.0",
    "demo": "true",
}


def only_service() -> Service:
    return Service.objects.get()


def test_every_part_of_a_row_is_stored(load: Load) -> None:
    load(FULL).checked()
    s = only_service()
    assert s.names == {"el": "Ιατρείο", "en": "Clinic", "fa": "درمانگاه"}
    assert s.descriptions == {"el": "Γιατρός\nκαι νοσηλευτής"}
    assert (s.status, s.audience, s.gender) == (
        "temporarily closed", "professionals", "women",
    )  # fmt: skip
    assert (s.referral_required, s.referral_method) == (True, ["phone", "letter"])
    assert (s.minimum_age, s.maximum_age) == (Decimal("17.5"), Decimal(99))
    assert (s.email, s.url) == ("a@example.org", "https://www.example.org")
    assert (s.assured_date, s.update_frequency) == (date(2026, 11, 5), 6)
    assert (s.licence, s.is_demo, s.open_on_holidays) == ("CC0-1.0", True, True)
    terms = s.attributes.values_list("term__slug", flat=True)
    assert list(terms) == ["pharmacy", "hospital", "women", "refugees-migrants"]
    assert set(s.languages.values_list("code", "mode")) == {
        ("el", "staff"), ("fa", "interpreter"),
    }  # fmt: skip
    assert [p.number for p in s.phones.order_by("id")] == ["210 1234567", "2109232044"]
    hours = s.schedules.order_by("id").values_list("byday", "opens_at", "freq")
    assert list(hours) == [
        (["1SA"], time(10), "MONTHLY"),
        (["MO", "TU", "WE", "TH", "FR"], time(8), "WEEKLY"),
    ]
    assert s.schedule_exceptions.count() == 3
    assert s.cost_options.get().amount == 20
    assert (s.capacities.get().maximum, s.capacities.get().unit) == (30, "places")
    area = s.service_areas.get()
    assert area.scope == "district"
    assert set(area.districts.values_list("code", flat=True)) == {"N01", "N02"}


def test_the_place_of_a_row_is_stored_and_given_its_district(load: Load) -> None:
    load(FULL).checked()
    place = Location.objects.get()
    assert place.point is not None
    assert place.point.coords == (23.725, 37.985)
    assert (place.precision, place.visibility) == ("rooftop", "public")
    assert (place.address, place.city) == ({"el": "Σοφοκλέους 70"}, {"el": "Αθήνα"})
    assert LocationDistrict.objects.get().district.code == "N01"  # type: ignore[union-attr]


def test_a_published_service_is_in_the_read_model(load: Load) -> None:
    load(FULL).checked()
    point = ServicePoint.objects.get()
    assert point.category == "pharmacy"
    assert point.neighbourhood_code == "N01"
    assert point.hours_known


def test_a_verification_is_kept_as_an_event(load: Load) -> None:
    load(FULL).checked()
    event = VerificationEvent.objects.get()
    assert (event.verified_on, event.method) == (date(2026, 11, 5), "import")


def test_without_publish_services_are_drafts_and_the_report_says_so(load: Load) -> None:
    report = load({}, publish=False).checked()
    assert only_service().moderation_state == "draft"
    assert not ServicePoint.objects.exists()
    assert "drafts" in report.findings["noted"].kept[-1].reason


def test_publish_publishes_drafts_but_not_what_a_moderator_withdrew(load: Load) -> None:
    load({}, {}, publish=False)
    Service.objects.filter(source_id="2").update(moderation_state="withdrawn")
    assert load({}, {}).updated == 1
    states = Service.objects.order_by("source_id").values_list(
        "moderation_state", flat=True
    )
    assert list(states) == ["published", "withdrawn"]


# --- A second time ----------------------------------------------------------------


def contents() -> list[Any]:
    tables = (Service, Location, ServiceAtLocation, Organization, Phone)
    return [list(table.objects.order_by("pk").values()) for table in tables]  # type: ignore[attr-defined]


def test_a_second_run_changes_nothing_and_says_so(load: Load) -> None:
    load(FULL, {}).checked()
    before = contents()
    versions = list(DataVersion.objects.values())
    report = load(FULL, {}).checked()
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert contents() == before
    assert list(DataVersion.objects.values()) == versions


@pytest.mark.parametrize(
    "change",
    [
        {"name_el": "Άλλο"},
        {"name_fa": ""},
        {"categories": "hospital;pharmacy"},
        {"groups": ""},
        {"languages": "el"},
        {"hours": "Mo 08:00-09:00"},
        {"phone": "210 7654321"},
        {"fees": "free"},
        {"fees": "According to income"},
        {"capacity": "31"},
        {"service_area": "municipality"},
        {"address_el": "Αθηνάς 1"},
        {"lon": "23.735"},
        {"lon": "", "lat": "", "precision": ""},
        {"precision": "C"},
        {"visibility": "district_only"},
        {"status": ""},
        {"minimum_age": ""},
        {"organization": "Ερυθρός Σταυρός", "organization_type": "ngo_local"},
        {"verified_on": "2026-11-06"},
        {"demo": "no"},
    ],
    ids=str,
)
def test_a_change_of_one_cell_is_an_update_and_then_none(
    load: Load, change: dict[str, Any]
) -> None:
    load(FULL, {}).checked()
    service_ids = set(Service.objects.values_list("pk", flat=True))
    point_ids = set(ServiceAtLocation.objects.values_list("pk", flat=True))
    report = load({**FULL, **change}, {}).checked()
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    assert set(Service.objects.values_list("pk", flat=True)) == service_ids
    assert set(ServiceAtLocation.objects.values_list("pk", flat=True)) == point_ids
    assert load({**FULL, **change}, {}).checked().unchanged == 2


def test_a_moved_place_changes_district_in_the_read_model(load: Load) -> None:
    load(FULL).checked()
    load({**FULL, "lon": "23.735"}).checked()
    assert ServicePoint.objects.get().neighbourhood_code == "N02"


def test_a_place_that_loses_its_point_loses_its_district(load: Load) -> None:
    load(FULL).checked()
    load({**FULL, "lon": "", "lat": "", "precision": ""}).checked()
    assert not LocationDistrict.objects.exists()
    assert ServicePoint.objects.get().point is None


def test_columns_that_the_file_has_not_are_left_alone(load: Load) -> None:
    load(FULL).checked()
    same = {name: FULL[name] for name in ("address_el", "categories")}
    assert load(same).checked().unchanged == 1
    assert only_service().licence == "CC0-1.0"
    assert only_service().languages.count() == 2
    assert only_service().schedules.count() == 2
    assert only_service().names["fa"] == "درمانگاه"


def test_what_people_added_stays(load: Load, city: Municipality) -> None:
    load(FULL).checked()
    service = only_service()
    strike = date(2026, 12, 3)
    ScheduleException.objects.create(service=service, starts_on=strike, ends_on=strike)
    other = Location.objects.create(municipality=city, names={"en": "Second door"})
    ServiceAtLocation.objects.create(service=service, location=other)
    assert load(FULL).checked().unchanged == 1
    load({**FULL, "hours": "Mo 08:00-09:00", "address_el": "Αθηνάς 1"}).checked()
    assert service.schedule_exceptions.filter(starts_on=strike).exists()
    assert service.service_at_locations.count() == 2


def test_a_later_verification_is_not_overwritten_by_an_older_file(load: Load) -> None:
    load(FULL).checked()
    Service.objects.update(assured_date=date(2026, 11, 20))
    assert load(FULL).checked().unchanged == 1
    assert only_service().assured_date == date(2026, 11, 20)


def test_what_the_file_has_no_more_is_named_and_left(load: Load) -> None:
    load({}, {"name_el": "Δεύτερο"}).checked()
    report = load({}).checked()
    assert report.absent == 1
    assert Service.objects.count() == 2
    assert "not in the file any more" in report.findings["noted"].kept[-1].reason


def test_one_id_of_two_sources_is_two_services(load: Load) -> None:
    load({}).checked()
    load({}, source="other").checked()
    assert Service.objects.count() == 2
    assert Organization.objects.count() == 1


# --- Places ---------------------------------------------------------------------


def test_rows_with_one_location_id_share_a_place(load: Load) -> None:
    load(
        {"location_id": "house"}, {"name_el": "Άλλο", "location_id": "house"}
    ).checked()
    assert Location.objects.count() == 1
    assert ServiceAtLocation.objects.count() == 2


def test_a_service_without_a_place_has_none(load: Load) -> None:
    load({"lon": "", "lat": "", "delivery_mode": "remote"}).checked()
    assert not Location.objects.exists()
    point = ServicePoint.objects.get()
    assert point.point is None
    assert point.serves_everywhere


def test_a_hidden_service_without_an_address_stays_hidden(load: Load) -> None:
    load({"lon": "", "lat": "", "visibility": "hidden"}).checked()
    assert Location.objects.get().visibility == "hidden"
    assert not ServicePoint.objects.exists()


def test_a_file_that_says_nothing_of_visibility_keeps_a_place_hidden(
    load: Load,
) -> None:
    load({"address_el": "Σοφοκλέους 70"}).checked()
    Location.objects.update(visibility="hidden")
    assert (
        load({"address_el": "Σοφοκλέους 70", "visibility": ""}).checked().unchanged == 1
    )
    load({"address_el": "", "lon": "", "lat": ""}).checked()
    assert Location.objects.get().visibility == "hidden"
    assert ServiceAtLocation.objects.count() == 1


def test_only_the_word_public_makes_a_hidden_place_public(load: Load) -> None:
    load({"visibility": "hidden"}).checked()
    load({"visibility": "public"}).checked()
    assert ServicePoint.objects.get().point is not None


def test_a_place_without_a_point_may_say_its_district(load: Load) -> None:
    place = {"lon": "", "lat": "", "address_el": "Κοζάνης 4", "district": "N02"}
    load({**place, "visibility": "district_only"}).checked()
    assert ServicePoint.objects.get().neighbourhood_code == "N02"
    assert load({**place, "visibility": "district_only"}).checked().unchanged == 1


# --- Formats ----------------------------------------------------------------------


def options(city: Municipality, **given: Any) -> ServiceOptions:
    return ServiceOptions(municipality=city.slug, source="test", **given)


def test_a_workbook_comes_in(city: Municipality, tmp_path: Path) -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.append([*GOOD, "phone", "verified_on"])
    page.append([*GOOD.values(), 2101234567, date(2026, 11, 5)])
    book.save(tmp_path / "a.xlsx")
    import_services(tmp_path / "a.xlsx", options(city)).checked()
    assert Phone.objects.get().number == "2101234567"
    assert only_service().assured_date == date(2026, 11, 5)


def test_geojson_comes_in_with_its_points(city: Municipality, tmp_path: Path) -> None:
    values = {k: v for k, v in GOOD.items() if k not in ("lon", "lat")}
    point = {"type": "Point", "coordinates": [23.735, 37.985]}
    feature = {"type": "Feature", "properties": values, "geometry": point}
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    import_services(file, options(city)).checked()
    assert LocationDistrict.objects.get().district.code == "N02"  # type: ignore[union-attr]


def test_a_mapping_reads_a_strangers_table(city: Municipality, tmp_path: Path) -> None:
    table = tmp_path / "domes.csv"
    table.write_text(
        "Επωνυμία;Φορέας;Είδος;X;Y\r\nΙατρείο;Δήμος;Νοσοκομείο;475973,1;4203808,9\r\n",
        encoding="cp1253",
    )
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        """
        [file]
        crs = "EPSG:2100"
        [columns]
        "Επωνυμία" = "name_el"
        "Φορέας" = "organization"
        "Είδος" = "categories"
        "X" = "lon"
        "Y" = "lat"
        [constants]
        organization_type = "municipal"
        [values.categories]
        "Νοσοκομείο" = "hospital"
        [id]
        from = ["name_el", "organization"]
        """,
        encoding="utf-8",
    )
    import_services(table, options(city, mapping=mapping)).checked()
    point = Location.objects.get().point
    assert point is not None
    # Omonia: the inverse of ST_Transform(…, 2100) in tests/unit/ingest/test_vector.py
    assert point.coords == pytest.approx((23.7281, 37.9842), abs=1e-5)
    assert (
        import_services(table, options(city, mapping=mapping)).checked().unchanged == 1
    )


# --- All or nothing -----------------------------------------------------------------


def test_one_bad_row_keeps_all_out(load: Load) -> None:
    report = load({}, {"categories": "hospitel"}, {})
    assert not report.written
    assert not Service.objects.exists()
    assert not Organization.objects.exists()
    assert (report.read, report.accepted, len(report.refused_rows)) == (3, 2, 1)


def test_the_good_rows_are_written_when_asked_for(load: Load) -> None:
    report = load({}, {"categories": "hospitel"}, {}, mode=Mode(accept_partial=True))
    assert report.written
    assert Service.objects.count() == 2


def test_a_dry_run_reports_all_and_writes_nothing(load: Load) -> None:
    report = load({}, mode=Mode(dry_run=True))
    assert (report.created, report.written) == (1, False)
    assert not Service.objects.exists()
    assert not DataVersion.objects.exists()


def test_an_interrupt_leaves_nothing_behind(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("layers.directory.read_model.refresh", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load({})
    assert not Service.objects.exists()
    assert not Location.objects.exists()


def test_what_only_the_database_knows_is_refused_without_the_row(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unchecked(self: object, x: float, y: float) -> tuple[float, float]:
        return (200.0, 37.9)

    monkeypatch.setattr("layers.ingest.places.PointRules.point", unchecked)
    with pytest.raises(ImportRefused) as refusal:
        load({"name_el": "Κρυφό"})
    assert "location_point_lon_lat" in refusal.value.detail
    assert "nothing was written" in refusal.value.detail
    assert "Κρυφό" not in refusal.value.detail
    assert not Service.objects.exists()


# --- The command --------------------------------------------------------------------


def command(city: Municipality, file: Path, *more: str) -> None:
    call_command(
        "import_services",
        str(file),
        "--municipality",
        city.slug,
        "--source",
        "t",
        *more,
    )


def test_the_command_prints_its_report_and_writes_it(
    city: Municipality, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = service_file(tmp_path / "a.csv", [{}])
    command(city, file, "--publish", "--report", str(tmp_path / "r.json"))
    assert "1 read: 1 accepted (1 created" in capsys.readouterr().out
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (report["created"], report["written"]) == (1, True)


def test_the_command_ends_with_one_line_when_a_row_is_refused(
    city: Municipality, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = service_file(tmp_path / "a.csv", [{"lon": "NaN"}])
    with pytest.raises(CommandError, match="nothing was written"):
        command(city, file, "--report", str(tmp_path / "r.json"))
    assert "row 2, lon 'NaN': not a number" in capsys.readouterr().out
    assert json.loads((tmp_path / "r.json").read_text())["refused"]["count"] == 1


def test_a_report_that_could_not_be_written_is_refused_before(
    city: Municipality, tmp_path: Path
) -> None:
    file = service_file(tmp_path / "a.csv", [{}])
    with pytest.raises(CommandError, match="report"):
        command(city, file, "--report", str(tmp_path / "missing" / "r.json"))
    assert not Service.objects.exists()


def test_an_unknown_city_is_refused(db: None, tmp_path: Path) -> None:
    file = service_file(tmp_path / "a.csv", [{}])
    with pytest.raises(NotFound, match="'nowhere'"):
        import_services(file, ServiceOptions(municipality="nowhere", source="t"))


def test_an_interrupted_command_says_that_nothing_was_written(
    city: Municipality,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("layers.ingest.services.write_services", interrupted)
    with pytest.raises(SystemExit) as end:
        command(city, service_file(tmp_path / "a.csv", [{}]))
    assert end.value.code == 130
    assert "nothing was written" in capsys.readouterr().err
    assert not Service.objects.exists()


def test_tomorrow_is_not_a_day_of_verification(load: Load) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert load({"verified_on": tomorrow.isoformat()}).refused == 1


def test_a_refused_file_is_an_error_of_ours(city: Municipality, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x;y\n1;2\n")
    with pytest.raises(LayersError, match="no column source_id, organization"):
        import_services(tmp_path / "a.csv", options(city))
