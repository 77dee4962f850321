"""What the table of a layer will be, decided when all rows were seen."""

from layers.ingest.layer_columns import table_columns
from layers.ingest.layer_key import layer_key
from layers.ingest.layer_names import free_name
from layers.ingest.layer_options import LayerOptions
from layers.ingest.layer_publishing import COUNTER
from layers.ingest.layer_shape import layer_geometry
from layers.ingest.layer_source import Source
from layers.ingest.layer_staging import Staging
from layers.ingest.layer_table import NO_LANGUAGE, TablePlan
from layers.ingest.layer_time import layer_time
from layers.ingest.report import Report
from layers.published.layers.layer import Layer

FEATURE_TEXT = "_feature"
"""Column of the ready-made GeoJSON features; readers do not see it."""


def table_plan(
    collection: str,
    source: Source,
    options: LayerOptions,
    staging: Staging,
    report: Report,
) -> TablePlan:
    """Return what the table will be, and say in the report what was decided.

    Raises
    ------
    InvalidParameter
        A column that was named does not exist or cannot serve.
    """
    columns = table_columns(staging, report)
    key = layer_key(source, options, columns, report)
    all_columns = (key.column, *columns.columns) if key.is_new else columns.columns
    taken = [column.name for column in all_columns]
    geometry = layer_geometry(source, staging.geometries, options, taken, report)
    if geometry is not None:
        taken.append(geometry.name)
    instant, interval = layer_time(columns, options, report)
    layer = Layer(
        id=collection,
        columns=all_columns,
        key=key.column,
        geometry=geometry,
        instant=instant,
        interval=interval,
        feature_text=free_name(FEATURE_TEXT, taken, any_case=True),
        counters=(f"{COUNTER}{collection}",),
        titles=options.titles or {NO_LANGUAGE: source.title or source.name},
        descriptions=options.descriptions
        or ({NO_LANGUAGE: source.description} if source.description else {}),
        attribution=options.attribution,
        licence=options.licence,
        source=report.source,
        is_import=True,
    )
    report.figures["key"] = key.column.name
    staged = dict(columns.staged)
    if key.is_new and key.staged is not None:
        staged[key.column.name] = key.staged
    return TablePlan(
        layer=layer,
        staged=staged,
        original_names=columns.originals,
        is_key_generated=key.staged is None,
        has_measures=_has_measures(staging),
        is_multi=options.is_multi and geometry is not None,
    )


def _has_measures(staging: Staging) -> bool:
    return staging.geometries is not None and staging.geometries.census.with_m > 0
