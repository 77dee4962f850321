"""OGC API - Features (and what Tiles hangs on it) at `/ogc/`."""
