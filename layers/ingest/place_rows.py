"""The place of one row of a table of services."""

from layers.directory.service_record import PlaceRecord
from layers.errors import InvalidRecord
from layers.ingest import fields
from layers.ingest.cells import Cells
from layers.ingest.fields import one_of
from layers.ingest.places import Point, PointRules
from layers.ingest.service_columns import PRECISION_GRADES, TEXT_LANGUAGES
from layers.ingest.vocabulary import Vocabulary
from layers.models.location import Precision, Visibility


def is_protected(visibility: str) -> bool:
    """Tell whether a row's place must not be shown; when in doubt it must not."""
    return visibility.strip().casefold() not in ("", Visibility.PUBLIC.value)


def read_place(
    cells: Cells, source_id: str, vocabulary: Vocabulary, points: PointRules
) -> PlaceRecord | None:
    """Return the place of a row; None when nothing is said of one.

    A protected row has a place even when nothing else is said of it, so that the rule of
    visibility has something to hold on to. An empty visibility leaves a stored one: no
    import makes a protected place public without saying so.
    """
    visibility = cells.parsed(
        "visibility", lambda t: one_of(t, "visibility", Visibility.values), None
    )
    names = cells.texts("location_name", TEXT_LANGUAGES)
    address = cells.texts("address", TEXT_LANGUAGES)
    point = _point(cells, points)
    shared = cells.text("location_id", limit=190)
    protected = visibility not in (None, Visibility.PUBLIC)
    said = any((*names.values(), *address.values(), point, shared))
    precision = _precision(cells, has_point=point is not None)
    if not said and not protected:
        return None
    return PlaceRecord(
        source_id=f"place {shared}" if shared else f"of {source_id}"[:200],
        given=_given(cells, has_visibility=visibility is not None),
        names=names,
        address=address,
        city=_city(cells),
        postal_code=cells.text("postal_code", limit=20),
        point=point,
        precision=precision,
        visibility=visibility or Visibility.PUBLIC.value,
        district_codes=_said_districts(cells, point, vocabulary),
    )


def _given(cells: Cells, *, has_visibility: bool) -> frozenset[str]:
    columns = {
        "postal_code": "postal_code",
        "point": "lon",
        "precision": "precision",
        "district_codes": "district",
    }
    given = {name for name, column in columns.items() if cells.has(column)}
    return frozenset(given | {"visibility"}) if has_visibility else frozenset(given)


def _city(cells: Cells) -> dict[str, str | None]:
    if not cells.has("city"):
        return {}
    city = cells.text("city", limit=100)
    nothing: dict[str, str | None] = dict.fromkeys(TEXT_LANGUAGES)
    return nothing | {fields.language_of(city): city} if city else nothing


def _precision(cells: Cells, *, has_point: bool) -> str | None:
    precision = cells.parsed("precision", _grade, None)
    if not has_point and precision is not None:
        cells.find("repaired", "precision", precision, "left out, there is no point")
        return None
    return precision


def _grade(text: str) -> str:
    grade = PRECISION_GRADES.get(text.casefold())
    return grade or one_of(text, "precision", Precision.values)


def _said_districts(
    cells: Cells, point: Point | None, vocabulary: Vocabulary
) -> tuple[str, ...]:
    codes = cells.each("district", lambda t: vocabulary.district(t, "district"))
    if point is not None and codes:
        cells.find("repaired", "district", ";".join(codes), "left out, the point tells")
        return ()
    return tuple(sorted(codes))


def _point(cells: Cells, points: PointRules) -> Point | None:
    x = cells.parsed("lon", lambda t: fields.number(t, "lon"), None)
    y = cells.parsed("lat", lambda t: fields.number(t, "lat"), None)
    if x is None and y is None:
        return None
    if x is None or y is None:
        if not cells.is_refused:
            cells.refuse(InvalidRecord("lon, lat", "", "both or none"))
        return None
    try:
        return points.point(x, y)
    except InvalidRecord as error:
        cells.refuse(error)
        return None
