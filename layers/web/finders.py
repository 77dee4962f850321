"""Static files out of `node_modules`: an allow-list, so that 60 MB stay where they are."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

_MAPLIBRE = "maplibre-gl/dist"
_SANS = "@fontsource/noto-sans"
_ARABIC = "@fontsource/noto-sans-arabic"

SERVED: dict[str, str] = {
    # The worker is looked for beside the main module; both keep their published names.
    "vendor/maplibre-gl.mjs": f"{_MAPLIBRE}/maplibre-gl.mjs",
    "vendor/maplibre-gl-worker.mjs": f"{_MAPLIBRE}/maplibre-gl-worker.mjs",
    "vendor/maplibre-gl.css": f"{_MAPLIBRE}/maplibre-gl.css",
    # Only where the base map is a PMTiles file. As .mjs they are served as they are.
    "vendor/pmtiles.mjs": "pmtiles/dist/esm/index.js",
    "vendor/fflate.mjs": "fflate/esm/browser.js",
    "vendor/fonts/noto-sans-licence.txt": f"{_SANS}/LICENSE",
    "vendor/fonts/noto-sans-arabic-licence.txt": f"{_ARABIC}/LICENSE",
    **{
        f"vendor/fonts/noto-sans-{subset}-{weight}.woff2": (
            f"{_SANS}/files/noto-sans-{subset}-{weight}-normal.woff2"
        )
        for subset in ("latin", "latin-ext", "greek")
        for weight in (400, 700)
    },
    **{
        f"vendor/fonts/noto-sans-arabic-{weight}.woff2": (
            f"{_ARABIC}/files/noto-sans-arabic-arabic-{weight}-normal.woff2"
        )
        for weight in (400, 700)
    },
}
"""Name under /static/ -> path inside node_modules."""


def missing_files() -> list[str]:
    """Return the served names whose file is absent (then `npm ci` was not run)."""
    root = Path(settings.NODE_MODULES)
    return [name for name, path in SERVED.items() if not (root / path).is_file()]


class NodeModulesStorage(FileSystemStorage):
    """NODE_MODULES as a storage that knows the files of SERVED by their served names."""

    def __init__(self) -> None:
        super().__init__(location=settings.NODE_MODULES)

    def path(self, name: str) -> str:
        """Return the absolute path behind a served name."""
        return super().path(SERVED.get(name, name))


class NodeModulesFinder(BaseFinder):
    """Finds the files of SERVED in NODE_MODULES and nothing else there."""

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:  # noqa: FBT001, FBT002 (Django's signature)
        """Return the absolute path of a served file that exists, else an empty list."""
        if path not in SERVED:
            return []
        storage = NodeModulesStorage()
        if not storage.exists(path):
            return []
        return [storage.path(path)] if find_all else storage.path(path)

    def check(self, **_: Any) -> list[Any]:
        """Return no messages; missing files are named by `layers.checks`."""
        return []

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, Storage]]:
        """Yield each served file that exists, with the storage that opens it."""
        storage = NodeModulesStorage()
        for name in SERVED:
            if storage.exists(name):
                yield name, storage
