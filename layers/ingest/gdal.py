"""GDAL opens the file it is given, where it lies, and nothing else.

Drivers that follow references to other files or to the network are taken out of GDAL
before it opens anything; what it says of a fault never tells where a file lies.
"""

from pathlib import Path

import pyogrio
from pyogrio._ogr import _register_drivers
from pyogrio.errors import (
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
)

from layers.errors import Unavailable, UnreadableFile, shown
from layers.ingest.limits import is_zip

FOLLOWING_DRIVERS = (
    "OGR_VRT",
    "VRT",
    "GDALG",
    "HTTP",
    "WFS",
    "OAPIF",
    "OGCAPI",
    "CSW",
    "EEDA",
    "Elasticsearch",
    "Carto",
    "AmigoCloud",
    "PLSCENES",
    "NGW",
    "ADBC",
    "GPSBabel",
    "MapML",
)
"""GDAL drivers that read something else than the file they are given."""

FAULTS = (
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
    ValueError,
    OverflowError,
    RuntimeError,
)
"""What pyogrio raises for a file that GDAL cannot read."""


def close_the_doors() -> None:
    """Take the following drivers out of GDAL, whoever loaded it before.

    Raises
    ------
    Unavailable
        This GDAL keeps one of them.
    """
    if set(FOLLOWING_DRIVERS).isdisjoint(pyogrio.list_drivers()):
        return
    pyogrio.set_gdal_config_options(
        {
            "OGR_SKIP": ",".join(FOLLOWING_DRIVERS),
            "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
            "GML_DOWNLOAD_SCHEMA": "NO",  # a GML file may name one anywhere
        }
    )
    _register_drivers()  # the only call that makes GDAL look at OGR_SKIP again
    left = set(FOLLOWING_DRIVERS) & set(pyogrio.list_drivers())
    if left:
        raise Unavailable(f"GDAL drivers cannot be switched off: {sorted(left)}")


def gdal_path(real: Path) -> str:
    """Return how GDAL calls a file that `checked_file` let pass.

    "/vsizip/" comes before an absolute path of ours; nobody else's virtual path gets
    here.

    Raises
    ------
    UnreadableFile
        See `plain_path`.
    """
    return f"/vsizip/{real}" if is_zip(real) else plain_path(real)


def plain_path(real: Path) -> str:
    """Return how GDAL calls a file that it reads as it lies, packed or not.

    Raises
    ------
    UnreadableFile
        The path has an exclamation mark, which pyogrio takes for the end of an archive:
        it would open another file.
    """
    if "!" in str(real):
        raise UnreadableFile(
            f"{shown(real.name)}: no '!' in the name of a file or its folders, please"
        )
    return str(real)


def reason(error: Exception, real: Path) -> str:
    """Return what GDAL said, without where on this machine the file lies."""
    text = str(error).replace("/vsizip/", "").replace(f"{real.parent}/", "")
    text = text.split("; It might help", maxsplit=1)[0]
    return f"GDAL cannot read it ({shown(text, limit=200)})"
