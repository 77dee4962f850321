"""Which coordinate systems PostGIS can compute with."""

from functools import lru_cache

from layers.published.connection import read_one


@lru_cache(maxsize=1024)
def is_computable(srid: int) -> bool:
    """Tell whether PostGIS has a definition of the system; asked once per number."""
    found = read_one(
        "SELECT EXISTS (SELECT FROM spatial_ref_sys WHERE srid = %s)", (srid,)
    )
    return found is not None and bool(found[0])
