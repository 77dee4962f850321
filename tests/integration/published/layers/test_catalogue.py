"""What the database says of its layers."""

import pytest
from django.db import connection

from layers.errors import NotFound
from layers.published.layers import catalogue
from layers.published.layers.catalogue import kind_of
from layers.published.layers.layer import GeometryKind, Kind

pytestmark = pytest.mark.django_db

BUILT_IN = {
    "activities", "coverage", "demand", "gaps", "municipal-communities",
    "municipalities", "neighbourhoods", "open-calls", "service-points",
    "services-without-place",
}  # fmt: skip


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def raised() -> None:
    run("UPDATE layers_dataversion SET version = version + 1 WHERE name = 'catalogue'")


def test_the_layers_of_the_design_are_there() -> None:
    assert {layer.id for layer in catalogue.layers()} == BUILT_IN


def test_every_column_of_a_built_in_layer_has_a_title_in_both_languages() -> None:
    untitled = [
        f"{layer.id}.{column.name}"
        for layer in catalogue.layers()
        for column in layer.columns
        if not {"el", "en"} <= set(column.titles)
    ]
    assert untitled == []


def test_every_layer_has_a_title_in_both_languages() -> None:
    assert all({"el", "en"} <= set(layer.titles) for layer in catalogue.layers())


def test_what_is_hidden_is_no_column() -> None:
    layer = catalogue.layer("service-points")
    assert layer.feature_text == "_feature"
    assert layer.column("_feature") is None
    assert layer.column("_search") is None
    assert layer.geometry is not None
    assert not layer.geometry.is_nullable


def test_columns_keep_their_names_and_types(trees: str) -> None:
    layer = catalogue.layer(trees)
    assert [(c.name, c.kind) for c in layer.columns] == [
        ("No", Kind.INTEGER),
        ("Είδος", Kind.STRING),
        ("height_m", Kind.NUMBER),
        ("girth_cm", Kind.INTEGER),
        ("is_old", Kind.BOOLEAN),
        ("planted", Kind.DATE),
        ("seen_at", Kind.DATETIME),
        ("tags", Kind.STRINGS),
        ('50 % "a" ', Kind.STRING),
    ]
    assert layer.key.name == "No"
    assert layer.is_import


def test_geometry_says_kind_system_and_whether_it_may_be_missing(
    trees: str, areas: str
) -> None:
    points, squares = (catalogue.layer(id_).geometry for id_ in (trees, areas))
    assert points is not None
    assert (points.kind, points.srid, points.is_nullable) == (
        GeometryKind.POINT,
        4326,
        True,
    )
    assert squares is not None
    assert (squares.kind, squares.srid, squares.is_nullable) == (
        GeometryKind.MULTIPOLYGON,
        2100,
        False,
    )


def test_an_unknown_layer_is_not_found() -> None:
    with pytest.raises(NotFound, match="'pg_class'"):
        catalogue.layer("pg_class")


@pytest.mark.parametrize(
    "comment",
    [
        "a table of mine",
        '{"layer": false}',
        '{"layer": true, "key": "none"}',
        "{",
        "[]",
    ],
)
def test_a_relation_without_a_layer_s_comment_is_none(comment: str) -> None:
    run("CREATE TABLE published.other (id integer)")
    run(f"COMMENT ON TABLE published.other IS '{comment}'")
    catalogue.forget()
    assert {layer.id for layer in catalogue.layers()} == BUILT_IN


def test_a_new_layer_appears_when_the_catalogue_was_raised(trees: str) -> None:
    assert catalogue.layer(trees)
    run('ALTER TABLE published.trees ADD "new" text')
    assert catalogue.layer(trees).column("new") is None  # from memory
    raised()
    catalogue.layers()
    assert catalogue.layer(trees).column("new") is not None


@pytest.mark.parametrize(
    ("sql_type", "kind"),
    [
        ("character varying(20)", Kind.STRING),
        ("numeric(10,2)", Kind.NUMBER),
        ("timestamp(3) with time zone", Kind.DATETIME),
        ("time without time zone", Kind.STRING),
        ("integer[]", Kind.INTEGERS),
        ("uuid[]", Kind.STRINGS),
        ("jsonb[]", Kind.JSON),
        ("interval", Kind.STRING),
    ],
)
def test_kinds_of_types(sql_type: str, kind: Kind) -> None:
    assert kind_of(sql_type) is kind
