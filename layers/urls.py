"""Where everything is mounted."""

from django.urls import URLPattern, URLResolver, include, path

from layers.api.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("", include("layers.api.urls")),
    path("", include("layers.web.urls")),
]
