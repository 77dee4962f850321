"""Services from a table or a point file, with all their parts."""

from dataclasses import dataclass
from pathlib import Path

from layers.ingest.report import Mode, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """What the one who imports says about a file of services.

    Attributes
    ----------
    municipality : str
        Slug of a municipality that is loaded.
    mapping : Path, optional
        TOML file: which column of the file is which of ours (docs/how-to/import.md).
    source, licence : str, optional
        For rows that do not say their own.
    layer : str, optional
        Layer of a vector file, or sheet of a workbook.
    publish : bool
        New services can be seen at once; without it they are drafts.
    """

    municipality: str
    mapping: Path | None = None
    source: str | None = None
    licence: str | None = None
    layer: str | None = None
    publish: bool = False


def import_services(
    path: Path, options: ServiceOptions, mode: Mode | None = None
) -> Report:
    """Load services from CSV, XLSX, GeoJSON, GeoPackage or any other point file."""
    raise NotImplementedError
