"""The Django app that holds everything."""

from django.apps import AppConfig


class LayersConfig(AppConfig):
    """GeoACCMR's one app."""

    name = "layers"
    verbose_name = "GeoACCMR"

    def ready(self) -> None:
        """Register the system checks."""
        import layers.checks  # noqa: F401 (registers by import)
