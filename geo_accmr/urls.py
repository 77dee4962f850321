"""Everything is routed by `layers`; the project only mounts it."""

from django.urls import include, path

urlpatterns = [path("", include("layers.urls"))]
