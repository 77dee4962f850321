"""Walks all models: an invariant of a kind of field is a constraint on every such field."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.gis.db.models import MultiPolygonField, PointField
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import IntegrityError, InternalError, connection, models, transaction

from tests import factories as make

pytestmark = pytest.mark.django_db
MODELS = [
    m for m in apps.get_app_config("layers").get_models() if not m._meta.auto_created
]
FACTORIES = {
    f._meta.model: f
    for f in vars(make).values()
    if isinstance(f, type) and issubclass(f, make.DjangoModelFactory) and f._meta.model
}
DERIVED = {
    "Timetable", "ServicePoint", "ServicePointText", "ServicePointFeature",
    "ServicePointCategory",
}  # fmt: skip
# Free-form by design: parameters, snapshots and sets that have no fixed languages.
NOT_TEXT = {
    "Municipality.settings", "TaxonomyTerm.path", "DemandPoint.groups", "Timetable.week",
    "AnalysisRun.parameters", "AnalysisRun.data_versions", "AnalysisRun.summary",
    "ResultRow.interval", "ResultRow.figures", "ServiceRevision.before",
    "ServiceRevision.after", "ServicePoint.language_modes", "ServicePoint.names",
    "ServicePoint.organization_names", "ServicePoint.address",
    "StreetNetwork.calibration", "AnalysisStep.parameters", "ListedPlace.districts",
}  # fmt: skip


def constraint_names(model: type[models.Model]) -> set[str]:
    return {c.name for c in model._meta.constraints}


def fields(kind: Any) -> list[Any]:
    return list(_fields(kind))


def _fields(kind: Any) -> Iterator[Any]:
    for model in MODELS:
        for field in model._meta.get_fields():
            if isinstance(field, kind):
                yield pytest.param(model, field, id=f"{model.__name__}.{field.name}")


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_each_model_has_a_docstring_and_a_str_without_personal_text(model: Any) -> None:
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")
    assert "__str__" in vars(model)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_each_model_has_a_factory_that_makes_a_row(model: Any) -> None:
    if model.__name__ in DERIVED:
        assert model not in FACTORIES, "the read model is written by directory only"
        return
    row = FACTORIES[model]()
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("model", "field"), fields(models.CharField))
def test_each_field_with_choices_is_held_to_them_by_the_database(
    model: Any, field: Any
) -> None:
    if field.choices:
        assert f"{model._meta.model_name}_{field.name}_known" in constraint_names(model)


@pytest.mark.parametrize(("model", "field"), fields(models.JSONField))
def test_each_text_in_languages_is_held_to_its_shape(model: Any, field: Any) -> None:
    if f"{model.__name__}.{field.name}" not in NOT_TEXT:
        assert f"{model._meta.model_name}_{field.name}_map" in constraint_names(model)


@pytest.mark.parametrize(("model", "field"), fields(PointField))
def test_each_point_in_degrees_is_held_to_the_globe(model: Any, field: Any) -> None:
    if field.srid == 4326:
        assert f"{model._meta.model_name}_{field.name}_lon_lat" in constraint_names(
            model
        )


@pytest.mark.parametrize(("model", "field"), fields(MultiPolygonField))
def test_each_polygon_is_held_valid(model: Any, field: Any) -> None:
    if model.__name__ not in DERIVED:
        assert f"{model._meta.model_name}_{field.name}_valid" in constraint_names(model)


def test_each_constraint_of_the_models_is_in_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class"
        )
        stored = {row[0] for row in cursor.fetchall()}
    wanted = {name for model in MODELS for name in constraint_names(model)}
    assert wanted - stored == set()


def made_for_good(factory: Any, values: dict[str, Any]) -> None:
    with transaction.atomic():
        factory(**values)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(factory: Any, **values: Any) -> None:
    with pytest.raises((IntegrityError, InternalError)):
        made_for_good(factory, values)


BOWTIE = MultiPolygon(
    Polygon(((0, 0), (1, 1), (1, 0), (0, 1), (0, 0)), srid=4326), srid=4326
)


@pytest.mark.parametrize(
    ("factory", "values"),
    [
        pytest.param(make.DistrictFactory, {"boundary": BOWTIE}, id="crossed polygon"),
        pytest.param(
            make.DistrictFactory, {"boundary": MultiPolygon(srid=4326)}, id="empty polygon"
        ),
        pytest.param(make.DistrictFactory, {"level": "planet"}, id="unknown level"),
        pytest.param(make.DistrictFactory, {"names": {}}, id="no name"),
        pytest.param(make.DistrictFactory, {"names": {"en": "  "}}, id="blank name"),
        pytest.param(make.DistrictFactory, {"names": {"English": "x"}}, id="no language code"),
        pytest.param(make.DistrictFactory, {"names": ["x"]}, id="names are a list"),
        pytest.param(make.DistrictFactory, {"names": {"en": 1}}, id="name is a number"),
        pytest.param(make.LocationFactory, {"precision": None}, id="point without precision"),
        pytest.param(make.LocationFactory, {"point": None}, id="precision without point"),
        pytest.param(
            make.LocationFactory, {"location_type": "virtual"}, id="virtual place with a point"
        ),
        pytest.param(
            make.LocationFactory,
            {
                "location_type": "postal", "point": None, "precision": None,
                "visibility": "hidden",
            },
            id="hidden postal address",
        ),
        pytest.param(make.LocationFactory, {"visibility": "secret"}, id="unknown visibility"),
        pytest.param(make.ServiceFactory, {"status": "open"}, id="unknown status"),
        pytest.param(
            make.ServiceFactory, {"minimum_age": 18, "maximum_age": 12}, id="ages swapped"
        ),
        pytest.param(make.ScheduleFactory, {"opens_at": None}, id="closes but never opens"),
        pytest.param(
            make.ScheduleFactory,
            {"opens_at": None, "closes_at": None},
            id="neither hours nor appointment",
        ),
        pytest.param(make.ScheduleFactory, {"interval": 2}, id="every 2nd week of no start"),
        pytest.param(make.PhoneFactory, {"service": None}, id="phone of nobody"),
        pytest.param(make.DemandPointFactory, {"population": -1}, id="negative people"),
        pytest.param(
            make.ResultRowFactory, {"share_served": 1.5}, id="more than everybody served"
        ),
        pytest.param(
            make.ScenarioChangeFactory,
            {"kind": "open", "service_at_location": None},
            id="opening nowhere",
        ),
        pytest.param(make.MembershipFactory, {"role": "editor"}, id="editor of nothing"),
        pytest.param(make.MembershipFactory, {"role": "moderator"}, id="moderator of nothing"),
        pytest.param(make.SearchLogRowFactory, {"n_without_result": 21}, id="more than all"),
    ],
)  # fmt: skip
def test_the_database_refuses(factory: Any, values: dict[str, Any]) -> None:
    refused(factory, **values)


@pytest.mark.parametrize(
    ("lon", "lat"), [(181, 0), (-181, 0), (0, 91), (500, 500), (float("inf"), 0)]
)
def test_the_database_refuses_points_off_the_globe(lon: float, lat: float) -> None:
    refused(make.LocationFactory, point=Point(lon, lat, srid=4326))


def test_the_read_model_can_hold_no_hidden_place_and_no_protected_point() -> None:
    names = {c.name for c in apps.get_model("layers.ServicePoint")._meta.constraints}
    assert {"servicepoint_never_hidden", "servicepoint_protected_has_no_place"} <= names
