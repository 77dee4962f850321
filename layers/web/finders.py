"""Static files out of `node_modules`: an allow-list, so that 60 MB stay where they are."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

_MAPLIBRE = "maplibre-gl/dist"
_SANS = "@fontsource/noto-sans/files"
_ARABIC = "@fontsource/noto-sans-arabic/files"

SERVED: dict[str, str] = {
    "vendor/maplibre-gl.mjs": f"{_MAPLIBRE}/maplibre-gl.mjs",
    "vendor/maplibre-gl-shared.mjs": f"{_MAPLIBRE}/maplibre-gl-shared.mjs",
    "vendor/maplibre-gl-worker.mjs": f"{_MAPLIBRE}/maplibre-gl-worker.mjs",
    "vendor/maplibre-gl.css": f"{_MAPLIBRE}/maplibre-gl.css",
    **{
        f"vendor/fonts/noto-sans-{subset}-{weight}.woff2": (
            f"{_SANS}/noto-sans-{subset}-{weight}-normal.woff2"
        )
        for subset in ("latin", "greek")
        for weight in (400, 700)
    },
    **{
        f"vendor/fonts/noto-sans-arabic-{weight}.woff2": (
            f"{_ARABIC}/noto-sans-arabic-arabic-{weight}-normal.woff2"
        )
        for weight in (400, 700)
    },
}
"""Name under /static/ -> path inside node_modules."""


def missing_files() -> list[str]:
    """Return the served names whose file is absent (then `npm ci` was not run)."""
    root = Path(settings.NODE_MODULES)
    return [name for name, path in SERVED.items() if not (root / path).is_file()]


class NodeModulesFinder(BaseFinder):
    """Finds the files of SERVED in NODE_MODULES and nothing else there."""

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:  # noqa: FBT001, FBT002 (Django's signature)
        """Return the absolute path of a served file, or an empty list."""
        source = SERVED.get(path)
        full = Path(settings.NODE_MODULES) / source if source else None
        if full is None or not full.is_file():
            return []
        return [str(full)] if find_all else str(full)

    def check(self, **_: Any) -> list[Any]:
        """Return no messages; missing files are named by `layers.checks`."""
        return []

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, Storage]]:
        """Yield each served file that exists, with a storage that knows its name."""
        for name in SERVED:
            if self.find(name):
                yield name, _OneFile(name)


class _OneFile(FileSystemStorage):
    """A storage in which a served name opens its file in node_modules."""

    def __init__(self, name: str) -> None:
        super().__init__(location=settings.NODE_MODULES)
        self.served_name = name
        self.prefix = ""

    def path(self, name: str) -> str:
        return super().path(SERVED.get(name, name))
