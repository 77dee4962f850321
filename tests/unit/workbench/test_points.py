"""Points from plain files: what is read, and what is refused with its row."""

import warnings

import numpy as np
import pyogrio
import pytest
import shapely

from layers.errors import InvalidParameter, InvalidRecord, UnreadableFile
from layers.workbench.files import read_points

TABLE = "id,people,x,y\nb,10,0,0\na,2.5,3,4\n"
COLUMNS = ("id", "people", "x", "y")

# SELECT ST_AsText(ST_Transform(ST_SetSRID(ST_Point(23.7281, 37.9842), 4326), 2100))
OMONIA, OMONIA_2100 = (23.7281, 37.9842), (475_973.085, 4_203_808.926)


def vector(path, geometries, *, crs="EPSG:2100", kind="Unknown", **more):
    wkb = shapely.to_wkb(np.asarray(geometries, dtype=object))
    fields = [
        np.arange(1, len(wkb) + 1, dtype=np.int64),
        np.array([10.0] * len(wkb)),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a file without a system is what is tested
        pyogrio.raw.write(
            path, wkb, fields, ["id", "people"], geometry_type=kind, crs=crs, **more
        )
    return path


def test_a_table_keeps_its_order_and_its_ids_as_written(write):
    points = read_points(write("d.csv", TABLE), *COLUMNS, 2100)

    assert points.ids == ("b", "a")
    assert points.values.tolist() == [10, 2.5]
    assert points.xy.tolist() == [[0, 0], [3, 4]]
    assert not points.from_areas


@pytest.mark.parametrize(
    "text",
    [
        TABLE.replace(",", ";"),
        TABLE.replace(",", "\t"),
        "\ufeff" + TABLE,
        TABLE.replace("\n", "\r\n"),
        TABLE.replace("2.5", '" 2.5 "'),
        TABLE.replace(",", ";").replace("2.5", "2,5"),
    ],
)
def test_tables_are_read_as_people_keep_them(write, text):
    points = read_points(write("d.csv", text), *COLUMNS, 2100)

    assert (points.ids, points.values.tolist()) == (("b", "a"), [10, 2.5])


def test_without_a_value_column_every_point_counts_one(write):
    points = read_points(write("d.csv", TABLE), "id")

    assert points.values.tolist() == [1, 1]
    assert points.xy is None


def test_greek_ids_are_ids_like_any_other(write):
    points = read_points(write("d.csv", "id\nΚυψέλη\nΓκάζι\n"), "id")

    assert points.ids == ("Κυψέλη", "Γκάζι")


def test_columns_called_longitude_and_latitude_hold_degrees(write):
    file = write("d.csv", f"id,lon,lat\na,{OMONIA[0]},{OMONIA[1]}\n")

    points = read_points(file, "id", None, "lon", "lat", 2100)

    # PROJ and PostGIS choose among several transformations; they differ by a metre.
    np.testing.assert_allclose(points.xy, [OMONIA_2100], atol=2)


@pytest.mark.parametrize("swapped", [False, True])
def test_degrees_that_are_not_called_so_are_refused(write, swapped):
    x, y = OMONIA[::-1] if swapped else OMONIA
    file = write("d.csv", f"id,x,y\na,{x},{y}\n")

    with pytest.raises(InvalidParameter, match="seems to hold degrees"):
        read_points(file, "id", None, "x", "y", 2100)


def test_latitude_before_longitude_is_refused(write):
    file = write("d.csv", f"id,lon,lat\na,{OMONIA[0]},{OMONIA[1]}\n")

    with pytest.raises(InvalidParameter, match="longitude first"):
        read_points(file, "id", None, "lat", "lon", 2100)


def test_metres_in_columns_called_degrees_are_refused(write):
    file = write("d.csv", "id,lon,lat\na,475973,4203808\n")

    with pytest.raises(InvalidRecord, match=r"d.csv, row 2, lon, lat"):
        read_points(file, "id", None, "lon", "lat", 2100)


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "fgb"])
def test_a_vector_file_in_the_metric_system_keeps_its_coordinates(tmp_path, suffix):
    file = vector(
        tmp_path / f"d.{suffix}", [shapely.Point(476000.1, 4203000.3)], kind="Point"
    )

    points = read_points(file, "id", "people", srid=2100)

    assert points.ids == ("1",)
    assert points.xy.tolist() == [[476000.1, 4203000.3]]  # to the last bit


def test_a_vector_file_in_another_system_is_transformed(tmp_path):
    file = vector(tmp_path / "d.geojson", [shapely.Point(OMONIA)], crs="EPSG:4326")

    points = read_points(file, "id", "people", srid=2100)

    np.testing.assert_allclose(points.xy, [OMONIA_2100], atol=2)


def test_polygons_stand_for_their_centroid_and_it_is_said(tmp_path):
    file = vector(tmp_path / "d.gpkg", [shapely.box(0, 0, 10, 20)])

    points = read_points(file, "id", "people", srid=2100)

    assert (points.xy.tolist(), points.from_areas) == ([[5, 10]], True)


def test_a_point_in_a_multipoint_is_a_point(tmp_path):
    file = vector(tmp_path / "d.gpkg", [shapely.MultiPoint([(3, 4)])])

    points = read_points(file, "id", srid=2100)

    assert (points.xy.tolist(), points.from_areas) == ([[3, 4]], False)


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        shapely.Point(),
        shapely.LineString([(0, 0), (1, 1)]),
        shapely.MultiPoint([(0, 0), (1, 1)]),
    ],
    ids=str,
)
def test_what_is_no_place_is_refused_with_its_row(tmp_path, geometry):
    file = vector(tmp_path / "d.gpkg", [shapely.Point(1, 1), geometry])

    with pytest.raises(InvalidRecord, match=r"d\.gpkg, row 2, geometry"):
        read_points(file, "id", srid=2100)


def test_of_several_layers_one_is_named_as_qgis_names_it(tmp_path):
    file = tmp_path / "d.gpkg"
    for name, at in (("one", 1), ("δύο", 2)):
        vector(file, [shapely.Point(at, at)], layer=name, append=file.exists())

    found = read_points(tmp_path / "d.gpkg|layername=δύο", "id", srid=2100)

    assert found.xy.tolist() == [[2, 2]]
    with pytest.raises(
        UnreadableFile, match=r"choose one with FILE\|layername=NAME: one"
    ):
        read_points(file, "id", srid=2100)
    with pytest.raises(InvalidParameter, match="layer: 'three'"):
        read_points(tmp_path / "d.gpkg|layername=three", "id", srid=2100)


def test_a_vector_file_that_does_not_say_its_system_is_refused(tmp_path):
    file = vector(tmp_path / "d.gpkg", [shapely.Point(1, 1)], crs=None)

    with pytest.raises(InvalidParameter, match="does not say its reference system"):
        read_points(file, "id", srid=2100)
    # Where costs are given nobody measures, so nobody has to know.
    assert read_points(file, "id").ids == ("1",)


@pytest.mark.parametrize("srid", [4326, 4258, 4979, 4978, 99, -1])
def test_a_system_that_is_not_projected_is_refused(write, srid):
    with pytest.raises(InvalidParameter, match="srid"):
        read_points(write("d.csv", TABLE), *COLUMNS, srid)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,people,x,y\na,-1,0,0\n", r"d.csv, row 2, people: '-1': below 0"),
        ("id,people,x,y\na,1,0,0\nb,,0,0\n", r"row 3, people: '': missing"),
        ("id,people,x,y\na,nan,0,0\n", "row 2, people: 'nan': not a number"),
        ("id,people,x,y\na,inf,0,0\n", "row 2, people: 'inf': not a number"),
        ("id,people,x,y\na,1_000,0,0\n", "row 2, people: '1_000': not a number"),
        ('id,people,x,y\na,"1,000",0,0\n', "thousands or decimals"),
        ("id,people,x,y\na,many,0,0\n", "row 2, people: 'many': not a number"),
        ("id,people,x,y\na,1,,0\n", "row 2, x: '': missing"),
        ("id,people,x,y\na,1,0,NaN\n", "row 2, y: 'NaN': not a number"),
        ("id,people,x,y\na,1,0,0\n\na,2,1,1\n", "row 4, id: 'a': the id of row 2"),
        ("id,people,x,y\n ,1,0,0\n", "row 2, id: '': an id is missing"),
    ],
)
def test_a_bad_cell_is_refused_with_its_file_row_and_column(write, text, message):
    with pytest.raises(InvalidRecord, match=message):
        read_points(write("d.csv", text), *COLUMNS, 2100)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "d.csv: the file is empty"),
        ("\n\n", "no header"),
        ("id,people,x,y\n", "a header, and no row below it"),
        ("id,id,x,y\na,1,0,0\n", "two columns are called"),
        ("id,people\x00" * 40, "NUL bytes"),
    ],
)
def test_a_file_without_points_is_refused(write, text, message):
    with pytest.raises(UnreadableFile, match=message):
        read_points(write("d.csv", text), *COLUMNS, 2100)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableFile, match=r"nowhere\.csv"):
        read_points(tmp_path / "nowhere.csv", *COLUMNS, 2100)


@pytest.mark.parametrize(
    ("columns", "option"),
    [
        (("ID", "people", "x", "y"), "supply-id: 'ID'"),
        (("id", "pop", "x", "y"), "supply-value: 'pop'"),
        (("id", "people", "lon", "y"), "x: 'lon'"),
    ],
)
def test_a_column_that_is_not_there_is_named_with_its_option(write, columns, option):
    with pytest.raises(InvalidParameter, match=f"{option}.* id, people, x, y"):
        read_points(write("d.csv", TABLE), *columns, 2100, kind="supply")


def test_further_columns_are_read_beside(write):
    points = read_points(write("d.csv", TABLE), "id", further={"rank-column": "x"})

    assert points.columns.numbers("x").tolist() == [0, 3]
    with pytest.raises(InvalidParameter, match="rank-column: 'income'"):
        read_points(write("d.csv", TABLE), "id", further={"rank-column": "income"})


def test_a_table_needs_to_say_where_its_places_are(write):
    with pytest.raises(InvalidParameter, match=r"y: .* a column of d\.csv"):
        read_points(write("d.csv", TABLE), "id", x="x", srid=2100)
